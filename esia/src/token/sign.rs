use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::claims::{Claims, Header, TokenKind};
use crate::certificate::{Certificate, KeyError, SigningKey};

/// Signs tokens. Make it once and keep it: reading a key costs as much as signing.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
    certificate: Certificate,
    /// Encoded headers of access tokens, id tokens and codes.
    headers: [String; 3],
}

impl Signer {
    /// With a key and its certificate: `RS256`, or `GOST3410_2012_256` with the bare `s ‖ r` as the third part.
    ///
    /// # Errors
    /// [`KeyError::Mismatch`] when they are of different pairs, [`KeyError::Unsupported`] for ГОСТ with 512 bits.
    pub fn new(key: SigningKey, certificate: Certificate) -> Result<Self, KeyError> {
        key.check_certificate(&certificate)?;
        let alg = key.algorithm().jwt().ok_or(KeyError::Unsupported)?;
        let header =
            |ver, sbt, x5t_st256| encode(&Header { ver, typ: "JWT".to_owned(), x5t_st256, sbt, alg: alg.to_owned() });
        let headers = [
            header(1, TokenKind::Access, None)?,
            header(0, TokenKind::Id, None)?,
            header(1, TokenKind::AuthorizationCode, Some(certificate.streebog256_hex()))?,
        ];
        Ok(Self { key, certificate, headers })
    }

    /// From two PEM texts.
    ///
    /// # Errors
    /// When one of them cannot be read, or they are of different pairs.
    pub fn from_pem(key: &str, certificate: &str) -> Result<Self, KeyError> {
        Self::new(SigningKey::from_pem(key)?, Certificate::from_pem(certificate)?)
    }

    /// The private key that signs.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What the tokens can be checked with.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A signed token.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library refuses, which it has no reason to.
    pub fn sign<T: Claims>(&self, claims: &T) -> Result<String, KeyError> {
        let [access, id, code] = &self.headers;
        let header = match T::KIND {
            TokenKind::Access => access,
            TokenKind::Id => id,
            TokenKind::AuthorizationCode => code,
        };
        self.key.sign_compact(header, claims)
    }
}

impl SigningKey {
    /// A token in the compact form (RFC 7515 §7.1) of an encoded header and of claims that are still to be encoded.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the claims are no JSON, or the library refuses, which it has no reason to.
    pub fn sign_compact(&self, header: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        let mut token = format!("{header}.{}", encode(claims)?);
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

pub(super) fn encode(value: &impl Serialize) -> Result<String, KeyError> {
    serde_json::to_vec(value).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| KeyError::Signing)
}
