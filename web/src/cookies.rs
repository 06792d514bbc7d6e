//! Cookies of a world. Names carry the server and the world, since cookies are shared by all ports of a host.

use std::{convert::Infallible, fmt::Write as _};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use cookie::Cookie;

use crate::WorldUrl;

/// The cookies that came with a request.
#[derive(Debug, Clone, Default)]
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| Cookie::split_parse(value.to_owned()).flatten().collect::<Vec<_>>())
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect();
        Self(pairs)
    }

    /// The values of every cookie called just `name`, whichever world has set it: a browser sends along those of all worlds
    /// whose paths fit.
    pub fn bare(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of this world's cookie `name`.
    pub fn get(&self, world_url: &WorldUrl, name: &str) -> Option<&str> {
        let full = full_name(world_url, name);
        self.0.iter().find(|(name, _)| *name == full).map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(&parts.headers))
    }
}

fn full_name(world_url: &WorldUrl, name: &str) -> String {
    format!("{name}_{}", world_url.world)
}

/// A cookie to set: for this world's paths, out of reach of scripts, not sent along from other sites' forms.
#[derive(Debug, Clone)]
pub struct SetCookie(String);

impl SetCookie {
    /// Sets this world's cookie `name` until the browser closes.
    pub fn new(world_url: &WorldUrl, name: &str, value: &str) -> Self {
        let mut text =
            format!("{}={value}; Path={}; HttpOnly; SameSite=Lax", full_name(world_url, name), world_url.cookie_path());
        if world_url.origin.starts_with("https://") {
            text.push_str("; Secure");
        }
        Self(text)
    }

    /// A cookie called just `name`, where programs know it by that name: for `path` inside the world, for so many seconds
    /// or until the browser closes.
    pub fn bare(name: &str, value: &str, world_url: &WorldUrl, path: &str, max_age_s: Option<u32>) -> Self {
        let path = format!("{}{path}", world_url.prefix);
        let path = if path.is_empty() { "/" } else { &path };
        let mut text = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax");
        if let Some(max_age_s) = max_age_s {
            let _ = write!(text, "; Max-Age={max_age_s}");
        }
        if world_url.origin.starts_with("https://") {
            text.push_str("; Secure");
        }
        Self(text)
    }

    /// A cookie called just `name` for the whole server, that no other site's page sends along, not even a link.
    pub(crate) fn strict(name: &str, value: &str, world_url: &WorldUrl) -> Self {
        let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict");
        if world_url.origin.starts_with("https://") {
            text.push_str("; Secure");
        }
        Self(text)
    }

    /// Takes this world's cookie `name` away.
    pub fn remove(world_url: &WorldUrl, name: &str) -> Self {
        let mut cookie = Self::new(world_url, name, "");
        let _ = write!(cookie.0, "; Max-Age=0");
        cookie
    }

    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl IntoResponseParts for SetCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(value) = self.header() {
            parts.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(parts)
    }
}
