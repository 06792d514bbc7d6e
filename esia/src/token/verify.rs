use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, de::DeserializeOwned};

use super::claims::{Claims, Header, TokenKind};
use crate::certificate::{Algorithm, PublicKey};
use crate::language::{pick, tr};

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenVerifyError {
    /// Not three parts of base64url with JSON in the first.
    #[error("{}", pick("это не маркер в формате JWT", "this is no token in the form of a JWT"))]
    Malformed,
    /// It demands extensions that nobody here knows: `crit` (RFC 7515 §4.1.11).
    #[error(
        "{}",
        pick(
            "маркер требует расширений (crit), которых здесь не знают",
            "the token wants extensions (crit) that nobody knows here"
        )
    )]
    Critical,
    /// Signed in another way. Holds `alg`.
    #[error(
        "{}",
        tr!(
            "маркер подписан алгоритмом {_0}, ключ для другого",
            "the token is signed by {_0}, the key is for another algorithm"
        )
    )]
    Algorithm(String),
    /// For another use.
    #[error(
        "{}",
        tr!(
            "маркер не того вида: ожидался {expected:?}, получен {got:?}",
            "a token of another kind: expected {expected:?}, got {got:?}"
        )
    )]
    Kind {
        /// What was asked for.
        expected: TokenKind,
        /// The header's `sbt`.
        got: TokenKind,
    },
    /// Not signed by this key, or changed since.
    #[error("{}", pick("подпись маркера не сходится", "the signature of the token does not hold"))]
    Signature,
    /// Signed, but the claims are not those of this kind. Holds the reader's words.
    #[error("{}", tr!("содержимое маркера не читается: {_0}", "the contents of the token cannot be read: {_0}"))]
    Claims(String),
    /// `nbf` or `iat` is still to come.
    #[error(
        "{}",
        tr!(
            "маркер ещё не действует: он действует с {not_before}, сейчас {now}",
            "the token is not in force yet: it is from {not_before}, now it is {now}"
        )
    )]
    NotYet {
        /// Seconds since 1970.
        not_before: i64,
        /// Seconds since 1970.
        now: i64,
    },
    /// `exp` has come.
    #[error(
        "{}",
        tr!(
            "срок маркера истёк: он действовал до {expires_at}, сейчас {now}",
            "the token has expired: it was in force until {expires_at}, now it is {now}"
        )
    )]
    Expired {
        /// Seconds since 1970.
        expires_at: i64,
        /// Seconds since 1970.
        now: i64,
    },
}

impl TokenVerifyError {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "token-malformed",
            Self::Critical => "token-critical",
            Self::Algorithm(_) => "token-algorithm",
            Self::Kind { .. } => "token-kind",
            Self::Signature => "token-signature",
            Self::Claims(_) => "token-claims",
            Self::NotYet { .. } => "token-not-yet",
            Self::Expired { .. } => "token-expired",
        }
    }
}

/// Checks form, algorithm (the key's own and no other), kind, signature and time, in this order. Issuer, audience and person are the caller's.
///
/// # Errors
/// The first check that fails.
pub fn verify<T: Claims>(
    jwt: &str,
    key: &PublicKey,
    now: DateTime<Utc>,
    leeway: TimeDelta,
) -> Result<T, TokenVerifyError> {
    let parts = Parts::split(jwt)?;
    if parts.is_critical {
        return Err(TokenVerifyError::Critical);
    }
    let algorithm = key.algorithm();
    if algorithm.jwt() != Some(parts.header.alg.as_str()) {
        return Err(TokenVerifyError::Algorithm(parts.header.alg));
    }
    if parts.header.sbt != T::KIND {
        return Err(TokenVerifyError::Kind { expected: T::KIND, got: parts.header.sbt });
    }
    if !key.verifies(algorithm.hash(), parts.signed, &parts.signature) {
        return Err(TokenVerifyError::Signature);
    }
    let claims: T = parts.claims()?;
    let (now, leeway) = (now.timestamp(), leeway.num_seconds());
    let (not_before, expires_at) = (claims.not_before().max(claims.issued_at()), claims.expires_at());
    if now < not_before.saturating_sub(leeway) {
        return Err(TokenVerifyError::NotYet { not_before, now });
    }
    if now >= expires_at.saturating_add(leeway) {
        return Err(TokenVerifyError::Expired { expires_at, now });
    }
    Ok(claims)
}

/// Header and claims of a token that nobody has checked: for showing to a person, never for trusting.
///
/// # Errors
/// When it is not a JWT of ЕСИА, or the claims are not `T`.
pub fn decode_unverified<T: DeserializeOwned>(jwt: &str) -> Result<(Header, T), TokenVerifyError> {
    let parts = Parts::split(jwt)?;
    let claims = parts.claims()?;
    Ok((parts.header, claims))
}

struct Parts<'a> {
    header: Header,
    /// Whether the header has `crit`.
    is_critical: bool,
    payload: Vec<u8>,
    signed: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn split(jwt: &'a str) -> Result<Self, TokenVerifyError> {
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenVerifyError::Malformed);
        let (signed, signature) = jwt.rsplit_once('.').ok_or(TokenVerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenVerifyError::Malformed)?;
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        // `alg` is read alone first: a token of another system may have nothing else that we know.
        let header = decode(header)?;
        match serde_json::from_slice(&header) {
            Ok(known) => {
                let is_critical = has_critical(&header);
                Ok(Self { header: known, is_critical, payload, signed: signed.as_bytes(), signature })
            }
            Err(_) => Err(foreign(&header)),
        }
    }

    fn claims<T: DeserializeOwned>(&self) -> Result<T, TokenVerifyError> {
        serde_json::from_slice(&self.payload).map_err(|error| TokenVerifyError::Claims(error.to_string()))
    }
}

fn has_critical(header: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(header).is_ok_and(|header| header.get("crit").is_some())
}

fn foreign(header: &[u8]) -> TokenVerifyError {
    #[derive(Deserialize)]
    struct Signed {
        alg: String,
    }
    let known = [Algorithm::Rsa, Algorithm::Gost256].map(Algorithm::jwt);
    match serde_json::from_slice(header) {
        Ok(Signed { alg }) if !known.contains(&Some(&alg)) => TokenVerifyError::Algorithm(alg),
        _ => TokenVerifyError::Malformed,
    }
}
