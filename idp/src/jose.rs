//! JSON Web Tokens of OpenID Connect: the provider's RSA key with the `kid` that JWKS gives it (RFC 7515, RFC 7517). `jsonwebtoken` signs and checks.

use std::sync::OnceLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use web::Problem;

/// What a token is for: the header's `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An access token (RFC 9068 §2.1).
    Access,
    /// An id token.
    Id,
    /// A logout token (OpenID Connect Back-Channel Logout §2.4).
    Logout,
}

impl Kind {
    const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Id => "JWT",
            Self::Logout => "logout+jwt",
        }
    }
}

/// The process's key.
pub(crate) struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// Its public half, as JWKS shows it.
    pub(crate) jwk: Jwk,
}

/// Read once.
///
/// # Errors
/// 500 when the built-in key cannot be read, which it has no reason to.
pub(crate) fn keys() -> Result<&'static Keys, Problem> {
    static READ: OnceLock<Keys> = OnceLock::new();
    if let Some(keys) = READ.get() {
        return Ok(keys);
    }
    let encoding = EncodingKey::from_rsa_pem(esia::keys::PROVIDER_KEY_PEM.as_bytes()).map_err(Problem::internal)?;
    let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256).map_err(Problem::internal)?;
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).map_err(Problem::internal)?);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    let decoding = DecodingKey::from_jwk(&jwk).map_err(Problem::internal)?;
    Ok(READ.get_or_init(|| Keys { encoding, decoding, jwk }))
}

impl Keys {
    /// A signed token.
    pub(crate) fn sign(&self, kind: Kind, claims: &impl Serialize) -> Result<String, Problem> {
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(kind.typ().to_owned());
        header.kid.clone_from(&self.jwk.common.key_id);
        encode(&header, claims, &self.encoding).map_err(Problem::internal)
    }

    /// The claims of a token that this provider has signed; times are the caller's to look at.
    ///
    /// # Errors
    /// What is wrong with it, in Russian.
    pub(crate) fn verify<T: DeserializeOwned + Clone>(&self, kind: Kind, token: &str) -> Result<T, String> {
        let read = decode::<T>(token, &self.decoding, &signature_only())
            .map_err(|error| format!("не маркер этого поставщика: {error}"))?;
        let typ = read.header.typ.unwrap_or_default();
        if typ == kind.typ() {
            Ok(read.claims)
        } else {
            Err(format!("маркер другого вида: typ={typ}"))
        }
    }
}

/// RS256 and nothing else. The library would look at times by the machine's clock, not by the world's.
pub(crate) fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    validation
}

/// `at_hash` of an access token (OpenID Connect Core §3.1.3.6).
pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash[..16])
}
