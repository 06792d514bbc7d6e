//! Mistakes in codes and tokens: another kind, something wrapped around the value, another issuer.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use worlds::mistakes::named;

use super::value::{is_placeholder, plain, trimmed, unquoted};

/// Kind of a code or token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    EsiaAccess,
    EsiaId,
    EsiaCode,
    EsiaRefresh,
    OpenIdAccess,
    OpenIdId,
    OpenIdCode,
    OpenIdRefresh,
    OpenIdLogout,
}

impl Kind {
    /// Name of the kind, as the value of a mistake.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::EsiaAccess => "esia-access-token",
            Self::EsiaId => "esia-id-token",
            Self::EsiaCode => "esia-code",
            Self::EsiaRefresh => "esia-refresh-token",
            Self::OpenIdAccess => "openid-access-token",
            Self::OpenIdId => "openid-id-token",
            Self::OpenIdCode => "openid-code",
            Self::OpenIdRefresh => "openid-refresh-token",
            Self::OpenIdLogout => "openid-logout-token",
        }
    }

    const fn is_openid(self) -> bool {
        !matches!(self, Self::EsiaAccess | Self::EsiaId | Self::EsiaCode | Self::EsiaRefresh)
    }

    /// Whether this is a grant, which is exchanged for tokens (code or refresh token), and not a token that opens data.
    const fn is_grant(self) -> bool {
        matches!(self, Self::EsiaCode | Self::EsiaRefresh | Self::OpenIdCode | Self::OpenIdRefresh)
    }

    /// The parameter that it comes in; of an access token its name in the answer.
    const fn parameter(self) -> &'static str {
        match self {
            Self::EsiaCode | Self::OpenIdCode => "code",
            Self::EsiaRefresh | Self::OpenIdRefresh => "refresh_token",
            Self::EsiaId | Self::OpenIdId => "id_token",
            Self::OpenIdLogout => "logout_token",
            Self::EsiaAccess | Self::OpenIdAccess => "access_token",
        }
    }

    /// Number of characters of this kind, if it is fixed.
    const fn length(self) -> Option<usize> {
        match self {
            Self::EsiaRefresh => Some(36),
            Self::OpenIdCode | Self::OpenIdRefresh => Some(64),
            _ => None,
        }
    }

    fn of_header(header: &Value) -> Option<Self> {
        match (header["sbt"].as_str(), header["typ"].as_str()) {
            (Some("access"), _) => Some(Self::EsiaAccess),
            (Some("id"), _) => Some(Self::EsiaId),
            (Some("authorization_code"), _) => Some(Self::EsiaCode),
            (_, Some("at+jwt")) => Some(Self::OpenIdAccess),
            (_, Some("logout+jwt")) => Some(Self::OpenIdLogout),
            (_, Some("JWT")) if header["kid"].is_string() => Some(Self::OpenIdId),
            _ => None,
        }
    }
}

/// Code or token as received, with everything around it removed.
#[derive(Debug, Clone)]
pub(crate) struct Came {
    /// Value without anything around it.
    pub(crate) core: String,
    /// Names of the mistakes that were removed.
    slips: Vec<String>,
    /// It is a word that stands for nothing.
    is_placeholder: bool,
    header: Option<Value>,
    claims: Option<Value>,
}

/// Removes what does not belong to a code or token: a scheme, quotation marks, a surrounding JSON answer, a second URL
/// encoding, blanks.
pub(crate) fn look(text: &str) -> Came {
    let (mut core, mut slips, is_placeholder) = (text.to_owned(), Vec::new(), is_placeholder(text.trim()));
    for _ in 0..4 {
        let peeled = scheme(&core)
            .map(|inner| ("token-doubled-bearer", inner))
            .or_else(|| trimmed(&core).map(|inner| ("token-line-end", inner)))
            .or_else(|| field(&core).map(|inner| ("token-json", inner)))
            .or_else(|| unquoted(&core).map(|inner| ("token-quoted", inner)))
            .or_else(|| plain(&core).map(|inner| ("token-encoded", inner)))
            .or_else(|| unbroken(&core).map(|inner| ("token-line-end", inner)));
        let Some((slip, inner)) = peeled else { break };
        slips.push(slip.to_owned());
        core = inner;
    }
    slips.dedup();
    let part = |at: usize| {
        let part = core.split('.').nth(at).filter(|_| core.starts_with("eyJ"))?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let (header, claims) = (part(0), part(1));
    Came { core, slips, is_placeholder, header, claims }
}

/// The beginning of a text, for a name.
fn short_of(text: &str) -> String {
    text.chars().take(16).collect()
}

fn scheme(text: &str) -> Option<String> {
    let (word, rest) = text.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then(|| rest.to_owned())
}

fn field(text: &str) -> Option<String> {
    let answer: Value = text.starts_with('{').then(|| serde_json::from_str(text).ok())??;
    let names = ["access_token", "code", "refresh_token", "id_token", "token"];
    names.iter().find_map(|name| answer[name].as_str().map(str::to_owned))
}

fn unbroken(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    (joined != text).then_some(joined)
}

/// Returns the token of `Authorization: Bearer`, and the names of tolerated mistakes.
///
/// # Errors
/// Returns the names of the mistakes if the header has no bearer token.
pub(crate) fn bearer(headers: &HeaderMap, query: &str) -> Result<(String, Vec<String>), Vec<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Err(elsewhere(headers, query)) };
    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
    let Some((scheme, token)) = value.split_once(' ') else {
        let after = value.get(..6).filter(|word| word.eq_ignore_ascii_case("bearer")).map(|_| &value[6..]);
        let mistake = match after.unwrap_or(&value) {
            "" => "token-missing",
            _ if after.is_some() => "token-no-blank",
            _ => "token-no-scheme",
        };
        return Err(vec![mistake.to_owned()]);
    };
    if scheme.eq_ignore_ascii_case("basic") {
        return Err(vec!["token-in-basic".to_owned()]);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(vec![named("token-scheme", scheme)]);
    }
    if token.trim().is_empty() {
        return Err(vec!["token-missing".to_owned()]);
    }
    let case = (scheme != "Bearer").then(|| named("token-scheme-case", scheme));
    let blanks = (token.trim() != token).then(|| "token-line-end".to_owned());
    Ok((token.trim().to_owned(), case.into_iter().chain(blanks).collect()))
}

/// Names the place other than the header in which a token was sent, or `token-missing`.
fn elsewhere(headers: &HeaderMap, query: &str) -> Vec<String> {
    let is_token = |name: &str| matches!(name, "access_token" | "token" | "accessToken" | "bearer");
    let in_query = url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| is_token(&name));
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut names = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split('=').next());
    let id = match (in_query, names.any(is_token)) {
        (true, _) => "token-in-query",
        (false, true) => "token-in-cookie",
        (false, false) => "token-missing",
    };
    vec![id.to_owned()]
}

impl Came {
    /// Kind according to the token's own header.
    fn kind(&self) -> Option<Kind> {
        self.header.as_ref().and_then(Kind::of_header)
    }

    /// Header parameter `alg`, or an empty string.
    fn algorithm(&self) -> &str {
        self.header.as_ref().and_then(|header| header["alg"].as_str()).unwrap_or_default()
    }

    /// Returns a claim that is a string.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.as_ref()?[name].as_str()
    }

    /// Bytes of a signature by the token's algorithm; 0 if that is not known.
    fn signature_size(&self) -> usize {
        match self.algorithm() {
            "RS256" => 256,
            "GOST3410_2012_256" => 64,
            _ => 0,
        }
    }

    /// A part of a JWT is missing, or its signature is shorter than those of its algorithm.
    fn is_cut(&self) -> bool {
        let parts: Vec<_> = self.core.split('.').collect();
        let signature = parts.get(2).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        self.core.starts_with("eyJ")
            && (parts.len() < 3
                || self.claims.is_none()
                || signature.is_none_or(|bytes| bytes.len() < self.signature_size()))
    }

    /// What follows a whole JWT.
    fn surplus(&self) -> Option<&str> {
        let size = self.signature_size();
        let (at, _) = self.core.match_indices('.').nth(1).filter(|_| size > 0 && self.claims.is_some())?;
        // Base64 without padding: four characters for three bytes.
        let (signature, surplus) = self.core[at + 1..].split_at_checked((4 * size).div_ceil(3))?;
        (!surplus.is_empty() && URL_SAFE_NO_PAD.decode(signature).is_ok()).then_some(surplus)
    }

    /// Names the reasons why this is not a value of the wanted kind. `known` is the kind of the value in this world,
    /// `iss` the right issuer. The list is empty if only the value's state (expired, used, revoked) can be wrong.
    pub(crate) fn mistakes(&self, wanted: Kind, known: Option<Kind>, iss: &str) -> Vec<String> {
        if self.is_placeholder {
            return vec![named("parameter-placeholder", wanted.parameter())];
        }
        let mut found = self.slips.clone();
        let (other, cut) = if wanted.is_grant() {
            ("grant-other-protocol", "grant-truncated")
        } else {
            ("token-other-protocol", "token-truncated")
        };
        let issuer = self.claim("iss").filter(|issuer| issuer.trim_end_matches('/') != iss.trim_end_matches('/'));
        match known.or_else(|| self.kind()) {
            _ if self.algorithm().eq_ignore_ascii_case("none") => found.push("token-unsigned".to_owned()),
            _ if self.surplus().is_some() => {
                found.push(named("token-surplus", &short_of(self.surplus().unwrap_or_default())));
            }
            _ if self.is_cut() => found.push(named(cut, &self.core.chars().count().to_string())),
            Some(kind) if kind.is_openid() != wanted.is_openid() => found.push(named(other, kind.name())),
            Some(kind) if kind != wanted => found.push(named("token-kind", kind.name())),
            // The issuer of this provider's own tokens depends on the address under which the world is called, so the
            // issuer is compared only for a token of unknown kind. A foreign token of a known kind fails by its key.
            None if self.header.is_some() && issuer.is_some() => {
                found.push(named("token-other-issuer", issuer.unwrap_or_default()));
            }
            None if self.header.is_some() && !matches!(self.algorithm(), "RS256" | "GOST3410_2012_256") => {
                found.push(named("token-algorithm", self.algorithm()));
            }
            None if self.is_short(wanted) => found.push(named(cut, &self.core.len().to_string())),
            _ => {}
        }
        found
    }

    /// Whether this is an opaque value that looks like the beginning of one of the wanted kind.
    fn is_short(&self, wanted: Kind) -> bool {
        let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        let length = self.core.len();
        wanted.length().is_some_and(|whole| (8..whole).contains(&length)) && self.core.bytes().all(is_part)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jwt(header: &Value, claims: &Value, signature: usize) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(vec![7; signature]))
    }

    #[test]
    fn what_came_instead_is_named() {
        let iss = "http://esia.gosuslugi.ru/";
        let header = |sbt: &str| json!({ "alg": "RS256", "sbt": sbt, "typ": "JWT" });
        let claims = json!({ "iss": iss });
        let access = jwt(&header("access"), &claims, 256);
        let check = |text: &str, wanted, expected: &str| {
            assert_eq!(look(text).mistakes(wanted, None, iss).join(" "), expected, "{text:.60}");
        };
        check(&access, Kind::EsiaAccess, "");
        check(&access, Kind::EsiaCode, "token-kind=esia-access-token");
        check(&access, Kind::OpenIdAccess, "token-other-protocol=esia-access-token");
        check(&access, Kind::OpenIdCode, "grant-other-protocol=esia-access-token");
        check(&jwt(&header("id"), &claims, 256), Kind::EsiaAccess, "token-kind=esia-id-token");
        check(
            &jwt(&json!({ "alg": "RS256", "typ": "JWT", "kid": "k" }), &claims, 256),
            Kind::OpenIdAccess,
            "token-kind=openid-id-token",
        );
        check(&jwt(&json!({ "alg": "none", "sbt": "access" }), &claims, 0), Kind::EsiaAccess, "token-unsigned");
        let foreign = jwt(&json!({ "alg": "ES256", "typ": "JWT" }), &json!({ "iss": "https://sso.example" }), 64);
        check(&foreign, Kind::EsiaAccess, "token-other-issuer=https://sso.example");
        check(&access[..access.len() - 40], Kind::EsiaAccess, &format!("token-truncated={}", access.len() - 40));
        check(&access[..80], Kind::EsiaAccess, "token-truncated=80");
        check(&"ab".repeat(20), Kind::OpenIdCode, "grant-truncated=40");
        check(&format!("{access},"), Kind::EsiaAccess, "token-surplus=,");
        check(&format!("{access}{access}"), Kind::EsiaAccess, &format!("token-surplus={}", &access[..16]));
        let code = jwt(&header("authorization_code"), &claims, 256);
        check(&format!("{code}&state=5"), Kind::EsiaCode, "token-surplus=&state=5");
        for nothing in ["null", "undefined", "None", "[object Object]"] {
            check(nothing, Kind::EsiaAccess, "parameter-placeholder=access_token");
            check(nothing, Kind::OpenIdRefresh, "parameter-placeholder=refresh_token");
        }
        check("hello", Kind::OpenIdCode, "");
    }

    #[test]
    fn what_is_wrong_with_the_word_before_a_token_is_named() {
        let check = |value: &str, expected: &str| {
            let headers = [(header::AUTHORIZATION, value.parse().unwrap())].into_iter().collect();
            assert_eq!(bearer(&headers, "").unwrap_err().join(" "), expected, "{value:?}");
        };
        check("Bearer: abc", "token-scheme=Bearer:");
        check("Token abc", "token-scheme=Token");
        for (word, rest) in [("Bearer", "abc"), ("bearer", ",abc"), ("Bearer", "=abc"), ("Bearer", "\tabc")] {
            check(&format!("{word}{rest}"), "token-no-blank");
        }
        check("abc", "token-no-scheme");
        check("Bearer", "token-missing");
        check("", "token-missing");
        check("Basic abc", "token-in-basic");
    }

    #[test]
    fn wrappings_are_taken_off_and_named() {
        let check = |text: &str, core: &str, slips: &str| {
            let came = look(text);
            assert_eq!((came.core.as_str(), came.slips.join(" ").as_str()), (core, slips), "{text:?}");
        };
        check("Bearer abc", "abc", "token-doubled-bearer");
        check("\"abc\"", "abc", "token-quoted");
        check("abc\r\n", "abc", "token-line-end");
        check("ab\ncd", "abcd", "token-line-end");
        check("ab%2Ecd", "ab.cd", "token-encoded");
        check("{\"access_token\":\"abc\"}", "abc", "token-json");
        check("Bearer \"abc\"", "abc", "token-doubled-bearer token-quoted");
        check("abc", "abc", "");
    }
}
