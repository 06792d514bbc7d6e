//! JSON Web Tokens of OpenID Connect, signed with an RSA key whose `kid` stands in JWKS (RFC 7515, RFC 7517).
//! Signatures are made by our own code, because `jsonwebtoken` parses the key again for each one; they are verified by
//! that library.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{
    KeyError, PublicKey, SigningKey,
    language::{Told, both},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode,
    jwk::{
        AlgorithmParameters, CommonParameters, Jwk, KeyAlgorithm, PublicKeyUse, RSAKeyParameters, RSAKeyType,
        ThumbprintHash,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use web::Problem;

use super::counters;
use crate::clients::TokenAlgorithm;

/// Kind of a token, given in the header parameter `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An access token (RFC 9068 §2.1).
    Access,
    /// An id token (OpenID Connect Core §2).
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

/// RSA key as OpenID Connect uses it.
pub(crate) struct OpenIdKey {
    key: SigningKey,
    decoding: DecodingKey,
    /// Encoded headers of access, id and logout tokens, in this order.
    headers: [String; 3],
    /// Public key as JWKS shows it.
    pub(crate) jwk: Jwk,
}

/// Leaves the private key out.
impl fmt::Debug for OpenIdKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenIdKey").field("jwk", &self.jwk).finish_non_exhaustive()
    }
}

impl OpenIdKey {
    /// Creates the key from an RSA private key and its public key. `kid` is the thumbprint (RFC 7638).
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] for a key that is not RSA.
    pub(super) fn new(key: SigningKey, public: &PublicKey) -> Result<Self, KeyError> {
        let jwk = jwk(public).ok_or(KeyError::Unsupported)?;
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| KeyError::Unsupported)?;
        let header = |kind: Kind| {
            let mut header = Header::new(Algorithm::RS256);
            header.typ = Some(kind.typ().to_owned());
            header.kid.clone_from(&jwk.common.key_id);
            serde_json::to_vec(&header).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| KeyError::Signing)
        };
        let headers = [header(Kind::Access)?, header(Kind::Id)?, header(Kind::Logout)?];
        Ok(Self { key, decoding, headers, jwk })
    }

    /// Signs claims as a token of this kind.
    ///
    /// # Errors
    /// Returns a problem with status 500 if the library fails to sign, which is not expected.
    pub(crate) fn sign(&self, kind: Kind, claims: &impl Serialize) -> Result<String, Problem> {
        let [access, id, logout] = &self.headers;
        let header = match kind {
            Kind::Access => access,
            Kind::Id => id,
            Kind::Logout => logout,
        };
        counters::count(TokenAlgorithm::Rs256);
        self.key.sign_compact(header, claims).map_err(Problem::internal)
    }

    /// Verifies signature and kind of a token and returns its claims. The caller checks the times.
    ///
    /// # Errors
    /// Says why the token is not valid.
    pub(super) fn verify<T: DeserializeOwned + Clone>(&self, kind: Kind, token: &str) -> Result<T, Told> {
        let read = decode::<T>(token, &self.decoding, &signature_only())
            .map_err(|error| both!("не маркер этого поставщика: {error}", "no token of this provider: {error}"))?;
        let typ = read.header.typ.unwrap_or_default();
        if typ == kind.typ() {
            Ok(read.claims)
        } else {
            Err(both!("маркер другого вида: typ={typ}", "a token of another kind: typ={typ}"))
        }
    }
}

/// Returns a public key as a JWK whose `kid` is its thumbprint (RFC 7638); `None` for a ГОСТ key.
pub(crate) fn jwk(public: &PublicKey) -> Option<Jwk> {
    let (key_type, n, e) = (RSAKeyType::RSA, public.jwk_n()?, public.jwk_e()?);
    let common = CommonParameters {
        public_key_use: Some(PublicKeyUse::Signature),
        key_algorithm: Some(KeyAlgorithm::RS256),
        ..CommonParameters::default()
    };
    let mut jwk = Jwk { common, algorithm: AlgorithmParameters::RSA(RSAKeyParameters { key_type, n, e }) };
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).ok()?);
    Some(jwk)
}

/// Validation of RS256 signatures alone. The library would compare times with the machine's clock instead of the
/// world's.
pub(crate) fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    validation
}

/// Computes `at_hash` of an access token (OpenID Connect Core §3.1.3.6).
pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash[..16])
}
