//! The ports of a server whose TLS is wrong on purpose.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{Tls, TlsFault};

/// A port whose TLS is wrong on purpose.
#[derive(Debug, Clone)]
pub struct FaultyPort {
    /// Its base URL, without a slash at the end.
    pub url: String,
    /// What it speaks.
    pub tls: Tls,
}

/// All such ports of a server; handlers may take them as an argument.
#[derive(Debug, Clone, Default)]
pub struct TlsPorts(Arc<[FaultyPort]>);

impl TlsPorts {
    /// The ports in the order in which they are listed.
    pub fn iter(&self) -> impl Iterator<Item = &FaultyPort> {
        self.0.iter()
    }

    /// The base URL of the port of a fault, where there is one.
    pub fn url_of(&self, fault: TlsFault) -> Option<&str> {
        let is_its = |port: &&FaultyPort| port.tls.met().is_some_and(|(found, _)| found == fault);
        self.iter().find(is_its).map(|port| port.url.as_str())
    }
}

impl FromIterator<FaultyPort> for TlsPorts {
    fn from_iter<I: IntoIterator<Item = FaultyPort>>(ports: I) -> Self {
        Self(ports.into_iter().collect())
    }
}

impl<S: Sync> FromRequestParts<S> for TlsPorts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
