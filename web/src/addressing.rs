//! Which world a request is for (Design, Addressing a world): `main` at the root, any other at `/w/{name}/…` or at
//! `http://{name}.localhost:PORT/…`.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use worlds::{Domain, World, WorldName};

use crate::{Problem, Settings, authority::Authority};

/// The way in which a request asked for its world. Every URL that is written stays inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldUrl {
    /// The world's name.
    pub world: WorldName,
    /// Scheme, host and port, and the path of a public base URL if one is set; no trailing slash.
    pub origin: String,
    /// Empty, or `/w/{name}`.
    pub prefix: String,
}

impl WorldUrl {
    /// An address on this server as links on pages use it; `path` begins with a slash.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The same address in full.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// What the `Path` of this world's cookies is.
    pub fn cookie_path(&self) -> &str {
        if self.prefix.is_empty() { "/" } else { &self.prefix }
    }
}

/// The world and the place of a request; handlers take it as their first argument.
pub struct InWorld<D: Domain> {
    /// The world, open while a request holds it.
    pub world: Arc<World<D>>,
    /// How it was asked for.
    pub world_url: WorldUrl,
}

impl<D: Domain, S: Sync> FromRequestParts<S> for InWorld<D> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let world_url = parts.extensions.get::<WorldUrl>().cloned();
        match (parts.extensions.get::<Arc<World<D>>>().cloned(), world_url) {
            (Some(world), Some(world_url)) => Ok(Self { world, world_url }),
            _ => Err(Problem::internal("a route was called outside of `Front`")),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for WorldUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let root = || Self { world: WorldName::main(), origin: String::new(), prefix: String::new() };
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(root))
    }
}

/// Finds the place that an authority and a path ask for, and the path inside it.
///
/// # Errors
/// A host that is not this server's, or a name that cannot be a world's.
pub(crate) fn locate<'p>(
    settings: &Settings,
    authority: &Authority,
    path: &'p str,
) -> Result<(WorldUrl, &'p str), Problem> {
    if !settings.answers_to(&authority.host) {
        return Err(Problem::misdirected(&authority.host));
    }
    let origin = match &settings.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => authority.origin(settings.scheme()),
    };
    let name = |text: &str| text.parse::<WorldName>().map_err(|error| Problem::no_world(&error));
    if let Some((segment, inner)) = world_in(path) {
        let prefix = format!("/w/{segment}");
        return Ok((WorldUrl { world: name(segment)?, origin, prefix }, inner));
    }
    let world = authority.label().map_or_else(|| Ok(WorldName::main()), name)?;
    Ok((WorldUrl { world, origin, prefix: String::new() }, path))
}

/// The name of a world that stands in a path, `/w/{name}/…`, and the path inside the world.
pub(crate) fn world_in(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/w/")?;
    let (segment, inner) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((segment, if inner.is_empty() { "/" } else { inner }))
}
