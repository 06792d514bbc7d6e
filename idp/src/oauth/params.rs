//! The parameters of a request at ЕСИА's doors, as they came.

use std::{collections::HashSet, convert::Infallible};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::form_urlencoded::parse;

/// The most parameters of one request; ЕСИА's own have some fifteen.
const MAX_PARAMS: usize = 100;

/// Query and form together, with every repetition: whoever reads them says what a repetition means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    unreadable: Option<&'static str>,
    /// How many of the last came as `Authorization: Basic`.
    basic: usize,
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
    /// Parameters that came in another way than as a request's own.
    pub(crate) fn of(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { pairs, unreadable: None, basic: 0 }
    }

    /// Only what came as parameters, for a door that reads `Authorization` itself.
    pub(crate) fn without_basic(mut self) -> Self {
        self.pairs.truncate(self.pairs.len().saturating_sub(std::mem::take(&mut self.basic)));
        self
    }

    /// Why the parameters are not to be had, if they are not.
    pub(crate) fn unreadable(&self) -> Option<&'static str> {
        self.unreadable
    }

    /// All of them in the order of arrival.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Takes out repetitions that say the same: `timestamp` in query and body is one real client's habit (§3.1).
    pub(crate) fn merged(mut self) -> Self {
        let mut seen = HashSet::new();
        self.pairs.retain(|pair| seen.insert(pair.clone()));
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
        let credentials = basic(request.headers());
        let body = Bytes::from_request(request, state).await;
        let is_read = body.as_ref().is_ok_and(|body| is_form || body.is_empty());
        let body = body.ok().filter(|_| is_form).unwrap_or_default();
        let pairs = parse(query.as_bytes()).chain(parse(&body)).take(MAX_PARAMS + 1);
        let mut pairs: Vec<_> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let are_many = pairs.len() > MAX_PARAMS;
        pairs.truncate(MAX_PARAMS);
        let is_text = pairs.iter().all(|(name, value)| is_text(name) && is_text(value));
        let unreadable = match (is_read, is_text) {
            (false, _) => Some("другой Content-Type или обрыв"),
            (true, false) => Some("не UTF-8"),
            (true, true) if are_many => Some("больше 100 параметров"),
            (true, true) => None,
        };
        let own = pairs.len();
        // Some say their name in the body again; another name there is somebody else's.
        if let Some((id, secret)) = credentials
            && pairs.iter().all(|(name, value)| name != "client_secret" && (name != "client_id" || *value == id))
        {
            if pairs.iter().all(|(name, _)| name != "client_id") {
                pairs.push(("client_id".to_owned(), id));
            }
            pairs.push(("client_secret".to_owned(), secret));
        }
        let basic = pairs.len() - own;
        Ok(Self { pairs, unreadable, basic })
    }
}

/// A body of no declared type is taken for a form: some clients leave the header out.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(given) = headers.get(header::CONTENT_TYPE) else { return true };
    let essence = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The decoder writes U+FFFD for what is not UTF-8; no parameter of ЕСИА has one of its own.
fn is_text(text: &str) -> bool {
    !text.contains(char::REPLACEMENT_CHARACTER)
}

/// `client_id` and `client_secret` of `Authorization: Basic`, which the Ruby gem oauth2 sends instead of parameters (§9,
/// 10). Both are form-encoded first (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| parse(format!("={text}").as_bytes()).next().map(|(_, value)| value.into_owned());
    Some((plain(id)?, plain(secret)?))
}
