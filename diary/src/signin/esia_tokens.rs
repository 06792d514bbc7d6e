//! Verification of the tokens of ЕСИА's own protocol: signature, times, issuer, client and subject.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Oid, PublicKey, Scopes,
    language::{Told, both, pick, tr},
    token::{AccessClaims, IdClaims, Level, TokenVerifyError, verify},
};
use serde::{Deserialize, Deserializer};
use web::Checks;

use crate::config::ProviderConfig;

/// Tolerated difference between the provider's clock and the diary's, seconds: the clocks of the two worlds are
/// advanced one after the other.
const LEEWAY_S: i64 = 60;
const SOURCE: &str = "ESIA §3.6, §3.7";

/// Successful response of the token endpoint (ESIA §3.3); fields that the diary does not need may be missing.
#[derive(Debug, Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: String,
    pub(super) id_token: Option<String>,
    #[serde(default)]
    pub(super) state: String,
    pub(super) token_type: String,
    /// Lifetime of the access token, seconds. Some servers write it as a string.
    #[serde(default, deserialize_with = "seconds")]
    pub(super) expires_in: Option<u32>,
    pub(super) refresh_token: Option<String>,
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Number(u32),
        Text(String),
    }
    Ok(match Option::<Said>::deserialize(deserializer)? {
        Some(Said::Number(number)) => Some(number),
        Some(Said::Text(text)) => Some(text.parse().map_err(serde::de::Error::custom)?),
        None => None,
    })
}

/// Subject of verified tokens, the granted scopes and the level of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) oid: Oid,
    pub(crate) granted: Scopes,
    pub(crate) level: Option<Level>,
    pub(crate) is_trusted: bool,
}

/// Reason why a pair of tokens fails verification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokensError {
    /// Form, signature or times of one token are wrong.
    #[error("{token}: {error}")]
    Token {
        /// `access_token` or `id_token`.
        token: &'static str,
        /// The check that failed.
        error: TokenVerifyError,
    },
    /// A claim does not have the expected value.
    #[error(
        "{}",
        tr!(
            "{claim}: ожидалось «{expected}», получено «{got}»",
            "{claim}: expected «{expected}», got «{got}»"
        )
    )]
    Claim {
        /// Token and claim, such as `id_token aud`.
        claim: &'static str,
        /// Expected value of the claim.
        expected: Told,
        /// Value in the token.
        got: Told,
    },
    /// The response has no id token, although `openid` was requested.
    #[error("{}", pick("в ответе нет id_token", "the answer has no id_token"))]
    NoIdToken,
}

impl TokensError {
    /// Checks whether fetching the provider's certificate again could help.
    pub(crate) fn is_signature(&self) -> bool {
        matches!(self, Self::Token { error: TokenVerifyError::Signature, .. })
    }
}

/// Values that tokens are verified against.
pub(super) struct TokenCheck<'a> {
    /// Issuer and client of the tokens.
    pub(super) provider: &'a ProviderConfig,
    /// Public key of the provider's certificate.
    pub(super) key: &'a PublicKey,
    /// Time of the world.
    pub(super) now: DateTime<Utc>,
}

/// Verifies form, signature and times of both tokens, then issuer, client and person. Each check is added to the
/// verdict.
///
/// # Errors
/// Fails at the first failed check.
pub(super) fn verify_tokens(
    tokens: &TokenReply,
    check: &TokenCheck<'_>,
    checks: &Checks,
) -> Result<Identity, TokensError> {
    let TokenCheck { provider, key, now } = *check;
    let leeway = TimeDelta::seconds(LEEWAY_S);
    let bearer = ("token_type", "RFC 6749 §7.1");
    if !checks.expect(bearer, "Bearer", &*tokens.token_type, tokens.token_type.eq_ignore_ascii_case("Bearer")) {
        let (expected, got) = ("Bearer".into(), (&tokens.token_type).into());
        return Err(TokensError::Claim { claim: "token_type", expected, got });
    }
    let access = noted("access_token", verify::<AccessClaims>(&tokens.access_token, key, now, leeway), checks)?;
    let id = tokens.id_token.as_deref().ok_or(TokensError::NoIdToken)?;
    let id = noted("id_token", verify::<IdClaims>(id, key, now, leeway), checks)?;
    let claims = [
        ("access_token iss", provider.issuer.clone(), access.iss),
        ("access_token client_id", provider.mnemonic.to_string(), access.client_id.to_string()),
        ("id_token iss", provider.issuer.clone(), id.iss),
        ("id_token aud", provider.mnemonic.to_string(), id.aud.to_string()),
        ("id_token sub", access.subject.to_string(), id.sub.to_string()),
        ("id_token urn:esia:sbj:oid", access.subject.to_string(), id.subject.oid.to_string()),
        ("id_token urn:esia:sid", access.session_id, id.session_id),
    ];
    for (claim, expected, got) in claims {
        if !checks.expect((claim, SOURCE), &*expected, &*got, expected == got) {
            return Err(TokensError::Claim { claim, expected: expected.into(), got: got.into() });
        }
    }
    let granted: Scopes = access.scope.parse().map_err(|error: esia::scope::ScopeError| TokensError::Claim {
        claim: "access_token scope",
        expected: both!("области доступа", "scopes"),
        got: Told::from_display(error),
    })?;
    let foreign =
        granted.iter().find(|scope| scope.oid.is_some_and(|oid| oid != access.subject) && !scope.is_of_organisation());
    if let Some(foreign) = foreign {
        let (claim, expected, got) = ("access_token scope", access.subject.to_string(), foreign.to_string());
        checks.expect((claim, SOURCE), &*expected, &*got, false);
        return Err(TokensError::Claim { claim, expected: expected.into(), got: got.into() });
    }
    let (level, is_trusted) = (id.subject.level, id.subject.is_trusted);
    Ok(Identity { oid: access.subject, granted, level, is_trusted })
}

fn noted<T>(token: &'static str, result: Result<T, TokenVerifyError>, checks: &Checks) -> Result<T, TokensError> {
    let got = match &result {
        Ok(_) => both!("подписан и действует", "signed and in force"),
        Err(error) => Told::from_display(error),
    };
    checks.expect(
        (token, "ESIA §3.5"),
        both!("подписан Госуслугами и действует", "signed by Gosuslugi and in force"),
        got,
        result.is_ok(),
    );
    result.map_err(|error| TokensError::Token { token, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_token_is_a_number_or_a_text_or_is_not_told() {
        let read = |life: &str| {
            let text = format!(r#"{{"access_token":"a","token_type":"Bearer","state":"s"{life}}}"#);
            serde_json::from_str::<TokenReply>(&text).map(|reply| reply.expires_in).ok()
        };
        assert_eq!(read(r#","expires_in":3600"#), Some(Some(3600)));
        assert_eq!(read(r#","expires_in":"3600""#), Some(Some(3600)));
        assert_eq!(read(""), Some(None));
        assert_eq!(read(r#","expires_in":null"#), Some(None));
        for junk in [r#""soon""#, "-1", "1.5", "[]", r#""""#] {
            assert_eq!(read(&format!(r#","expires_in":{junk}"#)), None, "{junk}");
        }
    }
}
