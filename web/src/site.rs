//! What makes a server this server and not the other.

use std::{borrow::Cow, sync::OnceLock};

use sha2::{Digest, Sha256};
use worlds::SeedDocument;

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
    /// Paths whose requests may be as large as an upload.
    uploads: &'static [&'static str],
    css_path: OnceLock<String>,
}

/// What a server starts its `main` world from, when the store has none.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The seed document of `main`.
    pub main: SeedDocument,
}

impl Site {
    /// A site.
    pub const fn new(key: &'static str, title: &'static str, ribbon: &'static str, css: &'static str) -> Self {
        Self::taking(&[], key, title, ribbon, css)
    }

    /// A site that takes large uploads at these paths.
    pub const fn taking(
        uploads: &'static [&'static str],
        key: &'static str,
        title: &'static str,
        ribbon: &'static str,
        css: &'static str,
    ) -> Self {
        Self { key, title, ribbon, css, uploads, css_path: OnceLock::new() }
    }

    /// Whether requests to a path may be as large as an upload.
    pub(crate) fn takes_uploads_at(&self, path: &str) -> bool {
        self.uploads.contains(&path)
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
