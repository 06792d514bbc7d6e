//! Parameters of a protocol request, in query, form body and `Authorization: Basic`.

use std::{collections::HashSet, convert::Infallible};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use esia::language::{Told, both};
use url::form_urlencoded::parse;
use worlds::mistakes::named;

/// Maximum number of parameters of one request. A request of ЕСИА has about fifteen.
const MAX_PARAMS: usize = 100;

/// Parameters of query and form together, with all repetitions: the endpoint decides what a repetition means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    unreadable: Option<Unreadable>,
    /// Number of parameters at the end of `pairs` that came as `Authorization: Basic`.
    basic: usize,
    /// Number of parameters at the start of `pairs` that came in the query.
    in_query: usize,
    /// Names of mistakes that are tolerated.
    tolerated: Vec<String>,
}

/// Reason why the parameters of a request cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) got: Told,
    /// Name of the mistake in the catalogue.
    pub(crate) mistake: String,
}

/// Reason why a parameter has no single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParamError {
    /// The parameter is missing or empty.
    Missing,
    /// The parameter is repeated.
    Repeated,
}

impl Params {
    /// Creates parameters from pairs that did not come as parameters of a request.
    pub(crate) fn of(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { pairs, ..Self::default() }
    }

    /// Drops the credentials of `Authorization: Basic`, for an endpoint that reads the header itself.
    pub(crate) fn without_basic(mut self) -> Self {
        self.pairs.truncate(self.pairs.len().saturating_sub(std::mem::take(&mut self.basic)));
        self
    }

    /// Returns the reason why the parameters cannot be read, if they cannot.
    pub(crate) fn unreadable(&self) -> Option<&Unreadable> {
        self.unreadable.as_ref()
    }

    /// Names of tolerated mistakes in the form of the request.
    pub(crate) fn tolerated(&self) -> &[String] {
        &self.tolerated
    }

    /// Whether some parameters came in the query, and whether some came as `Authorization: Basic`.
    pub(crate) fn came_in(&self) -> (bool, bool) {
        (self.in_query > 0, self.basic > 0)
    }

    /// Names of the parameters, in order of arrival.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the request has this parameter, empty or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// All parameters in order of arrival.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Removes repetitions with the same value: `timestamp` in both query and body is a habit of one real client
    /// (ESIA §3.1).
    pub(crate) fn merged(mut self) -> Self {
        let (mut seen, mut doubled) = (HashSet::new(), Vec::new());
        self.pairs.retain(|pair| {
            let is_new = seen.insert(pair.clone());
            if !is_new {
                doubled.push(named("parameter-doubled", &pair.0));
            }
            is_new
        });
        self.tolerated.extend(doubled);
        self
    }

    /// Whether a parameter has one value each time.
    pub(crate) fn is_same(&self, name: &str) -> bool {
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next();
        values.all(|value| Some(value) == first)
    }

    /// Returns the value of a parameter that occurs once; an empty value counts as missing.
    ///
    /// # Errors
    /// Fails if the parameter is missing, empty or repeated.
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
        let form = Form::of(request.headers());
        let credentials = basic(request.headers());
        let body = Bytes::from_request(request, state).await;
        let is_read = body.as_ref().is_ok_and(|body| form.is_read || body.is_empty());
        let has_body = body.as_ref().is_ok_and(|body| !body.is_empty());
        let body = body.ok().filter(|_| form.is_read).unwrap_or_default();
        let of_query: Vec<_> = parse(query.as_bytes()).take(MAX_PARAMS + 1).collect();
        let in_query = of_query.len();
        let pairs = of_query.into_iter().chain(parse(&body)).take(MAX_PARAMS + 1);
        let mut pairs: Vec<_> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let are_many = pairs.len() > MAX_PARAMS;
        pairs.truncate(MAX_PARAMS);
        let is_text = pairs.iter().all(|(name, value)| is_text(name) && is_text(value));
        let unreadable = match (is_read, is_text) {
            (false, _) => Some(form.unreadable()),
            (true, false) => {
                Some(Unreadable { got: both!("не UTF-8", "not UTF-8"), mistake: "form-not-utf8".to_owned() })
            }
            (true, true) if are_many => Some(Unreadable {
                got: both!("больше 100 параметров", "more than 100 parameters"),
                mistake: "form-too-many".to_owned(),
            }),
            (true, true) => None,
        };
        let tolerated = if has_body { form.tolerated() } else { Vec::new() };
        let own = pairs.len();
        // Some clients repeat their `client_id` in the body. A different `client_id` there means that the header is not
        // used.
        if let Some((id, secret)) = credentials
            && pairs.iter().all(|(name, value)| name != "client_secret" && (name != "client_id" || *value == id))
        {
            if pairs.iter().all(|(name, _)| name != "client_id") {
                pairs.push(("client_id".to_owned(), id));
            }
            pairs.push(("client_secret".to_owned(), secret));
        }
        let basic = pairs.len() - own;
        Ok(Self { pairs, unreadable, basic, in_query, tolerated })
    }
}

/// Declared content type of a body.
struct Form {
    essence: Option<String>,
    charset: Option<String>,
    /// Whether the body is read as a form. A body without a content type is: some clients leave the header out.
    is_read: bool,
}

impl Form {
    fn of(headers: &HeaderMap) -> Self {
        let Some(given) = headers.get(header::CONTENT_TYPE) else {
            return Self { essence: None, charset: None, is_read: true };
        };
        let given = String::from_utf8_lossy(given.as_bytes()).to_ascii_lowercase();
        let (essence, parameters) = given.split_once(';').unwrap_or((&given, ""));
        let charset = parameters.split(';').find_map(|one| one.trim().strip_prefix("charset="));
        let essence = essence.trim().to_owned();
        let is_read = essence == "application/x-www-form-urlencoded";
        Self { is_read, charset: charset.map(|name| name.trim_matches('"').to_owned()), essence: Some(essence) }
    }

    fn unreadable(&self) -> Unreadable {
        let essence = self.essence.clone().unwrap_or_default();
        let mistake = match essence.as_str() {
            _ if self.is_read => "form".to_owned(),
            kind if kind.ends_with("json") => "form-json".to_owned(),
            kind if kind.starts_with("multipart/") => "form-multipart".to_owned(),
            kind => named("form-content-type", kind),
        };
        let got = if self.is_read {
            both!("обрыв", "it breaks off")
        } else {
            Told::from(format!("Content-Type: {essence}"))
        };
        Unreadable { got, mistake }
    }

    fn tolerated(&self) -> Vec<String> {
        let foreign = self.charset.iter().filter(|name| !matches!(name.as_str(), "utf-8" | "utf8"));
        let missing = self.essence.is_none().then(|| "form-no-content-type".to_owned());
        missing.into_iter().chain(foreign.map(|name| named("form-charset", name))).collect()
    }
}

/// Whether a decoded text was valid UTF-8. The decoder writes U+FFFD for invalid bytes, and no parameter of ЕСИА
/// contains that character.
fn is_text(text: &str) -> bool {
    !text.contains(char::REPLACEMENT_CHARACTER)
}

/// Returns `client_id` and `client_secret` of `Authorization: Basic`, which the Ruby gem oauth2 sends instead of
/// parameters (ESIA §9, 10). Both are form-encoded first (RFC 6749 §2.3.1).
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
