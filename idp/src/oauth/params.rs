//! The parameters of a request at ЕСИА's doors, as they came.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use url::form_urlencoded::parse;

/// Query and form together, with every repetition: whoever reads them says what a repetition means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    is_readable: bool,
}

/// Why a parameter has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParamError {
    /// Not there, or empty.
    Missing,
    /// There more than once.
    Repeated,
}

impl Params {
    /// Whether the body was a form, or nothing.
    pub(crate) fn is_readable(&self) -> bool {
        self.is_readable
    }

    /// Takes out repetitions that say the same: `timestamp` in query and body is one real client's habit (§3.1).
    pub(crate) fn merged(mut self) -> Self {
        let mut merged: Vec<(String, String)> = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs {
            if !merged.contains(&pair) {
                merged.push(pair);
            }
        }
        self.pairs = merged;
        self
    }

    /// The one value of a parameter; an empty one is none.
    ///
    /// # Errors
    /// None, or several.
    pub(crate) fn one(&self, name: &str) -> Result<&str, ParamError> {
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(ParamError::Repeated),
            (None | Some(""), None) => Err(ParamError::Missing),
            (Some(value), None) => Ok(value),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let is_form = is_form(request.headers());
        let body = Bytes::from_request(request, state).await;
        let is_readable = body.as_ref().is_ok_and(|body| is_form || body.is_empty());
        let body = body.ok().filter(|_| is_form).unwrap_or_default();
        let pairs =
            parse(query.as_bytes()).chain(parse(&body)).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Ok(Self { pairs: pairs.collect(), is_readable })
    }
}

/// A body of no declared type is taken for a form: some clients leave the header out.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(given) = headers.get(header::CONTENT_TYPE) else { return true };
    let essence = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
