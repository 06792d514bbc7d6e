//! What makes a server this server and not the other.

use std::{borrow::Cow, sync::OnceLock};

use sha2::{Digest, Sha256};

/// A server's name and look.
#[derive(Debug)]
pub struct Site {
    /// `idp` or `diary`: stands in cookies, logs and the `class` of pages.
    pub key: &'static str,
    /// What the site calls itself, in Russian.
    pub title: &'static str,
    /// The ribbon on every page, in Russian.
    pub ribbon: &'static str,
    /// The site's own rules, after those that both share.
    pub css: &'static str,
    /// Addresses that the front treats in a way of their own.
    addresses: Addresses,
    css_path: OnceLock<String>,
}

/// Addresses that [`crate::Front`] treats in a way of their own. One that ends with `/*` stands for all below it.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Where a body may be as large as an upload.
    pub uploads: &'static [&'static str],
    /// What programs call, those in browsers of any origin included (CORS). Nothing here may look at a cookie.
    pub programs: &'static [&'static str],
    /// Where other sites send a browser, by a form as well. Nothing here may change anything for whoever is signed in
    /// before it has asked them.
    pub arrivals: &'static [&'static str],
}

impl Addresses {
    /// No address of these kinds.
    pub const NONE: Self = Self { uploads: &[], programs: &[], arrivals: &[] };
}

impl Site {
    /// A site whose stylesheet has not been read yet.
    pub const fn new(
        addresses: Addresses,
        key: &'static str,
        title: &'static str,
        ribbon: &'static str,
        css: &'static str,
    ) -> Self {
        Self { key, title, ribbon, css, addresses, css_path: OnceLock::new() }
    }

    /// Whether requests to a path may be as large as an upload.
    pub(crate) fn takes_uploads_at(&self, path: &str) -> bool {
        covers(self.addresses.uploads, path)
    }

    /// Whether programs of any origin call a path.
    pub(crate) fn is_for_programs(&self, path: &str) -> bool {
        covers(self.addresses.programs, path)
    }

    /// Whether forms of other sites may lead to a path.
    pub(crate) fn is_arrival(&self, path: &str) -> bool {
        covers(self.addresses.arrivals, path)
    }

    /// The addresses of its protocols.
    pub(crate) fn protocol(&self) -> impl Iterator<Item = &'static str> {
        self.addresses.programs.iter().chain(self.addresses.arrivals).copied()
    }

    /// The whole stylesheet.
    pub(crate) fn stylesheet(&self) -> Cow<'static, str> {
        format!("{}{}", include_str!("../assets/base.css"), self.css).into()
    }

    /// Its address, which changes with its content, so that it can be kept for ever.
    pub(crate) fn css_path(&self) -> &str {
        self.css_path.get_or_init(|| {
            let hash = Sha256::digest(self.stylesheet().as_bytes());
            format!("/assets/{}-{}.css", self.key, hex::encode(&hash[..8]))
        })
    }
}

fn covers(patterns: &[&str], path: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(folder) => path.starts_with(folder),
        None => *pattern == path,
    })
}
