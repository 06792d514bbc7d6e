//! Where an answer to a system may go.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::EsiaError;
use url::{Host, Url};

use crate::clients::Client;

/// An address that a system has registered, by its domain (ЕСИА compares no more, ESIA §1.3). Only [`Callback::of`] makes one from
/// what a request says, so nothing can be sent to an unregistered address.
#[derive(Debug, Clone)]
pub(crate) struct Callback(Url);

impl Callback {
    /// The address, if it is the system's.
    ///
    /// # Errors
    /// What is wrong with it, in Russian.
    pub(crate) fn of(client: &Client, text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| format!("«{text}» — не полный адрес"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("схема «{}», а нужна http или https", url.scheme()));
        }
        if url.fragment().is_some() {
            return Err("в адресе есть часть после #".to_owned());
        }
        let host = url.host().map(|host| host.to_owned());
        let is_registered = |domain: &String| Host::parse(domain).ok() == host;
        if host.is_some() && client.spec.redirect_domains.iter().any(is_registered) {
            Ok(Self(url))
        } else {
            Err(format!("домен «{}» не зарегистрирован", url.host_str().unwrap_or_default()))
        }
    }

    /// The address of a request that was checked when it came.
    pub(crate) fn checked(redirect_uri: &str) -> Option<Self> {
        Url::parse(redirect_uri).ok().map(Self)
    }

    /// Back to the system with an error.
    pub(crate) fn refuse(self, error: &EsiaError, state: Option<&str>) -> Response {
        self.refusing(error, state).go()
    }

    /// The address with an error.
    pub(crate) fn refusing(self, error: &EsiaError, state: Option<&str>) -> Self {
        let description = error.description();
        self.with(&[("error", error.oauth_error()), ("error_description", &description)], state)
    }

    /// The address with parameters after those that it has already.
    pub(crate) fn with(self, parameters: &[(&str, &str)], state: Option<&str>) -> Self {
        let Self(mut url) = self;
        url.query_pairs_mut().extend_pairs(parameters).extend_pairs(state.map(|state| ("state", state)));
        Self(url)
    }

    /// To the address.
    pub(crate) fn go(self) -> Response {
        (StatusCode::FOUND, [(header::LOCATION, String::from(self.0)), (header::CACHE_CONTROL, "no-store".to_owned())])
            .into_response()
    }
}

impl From<Callback> for String {
    fn from(Callback(url): Callback) -> Self {
        url.into()
    }
}
