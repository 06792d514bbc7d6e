//! Signed token, decoded so that it can be changed and signed again.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{
    SigningKey,
    keys::{STRANGER_GOST_KEY_PEM, STRANGER_KEY_PEM},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Map, Value};

use crate::{clients::TokenAlgorithm, signing::KeyRing};

/// Value of `alg` for ГОСТ Р 34.10-2012 with 256 bits.
pub(super) const GOST: &str = "GOST3410_2012_256";
/// Length of a ГОСТ signature, bytes.
const GOST_SIGNATURE: usize = 64;

/// Key and algorithm that sign a token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sign {
    /// RS256 with the provider's RSA key.
    Rsa,
    /// Another algorithm with the provider's RSA key.
    RsaAs(Algorithm),
    /// Signature with the provider's ГОСТ key.
    Gost,
    /// Key of the same kind that the client does not know.
    Stranger,
    /// RS256 with another key of the provider (PKCS#8 PEM).
    Key(String),
    /// HS256 with this key, instead of an RSA signature.
    Hmac(Vec<u8>),
    /// No signature: the third part is empty.
    Nothing,
}

/// Change of a token after it was signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum After {
    BitFlipped,
    /// Other claims under the same signature.
    Claims(Map<String, Value>),
    Stripped,
    /// Bytes of the signature in reverse order.
    BytesReversed,
    /// The two halves of the signature exchanged.
    HalvesSwapped,
    Zero,
    /// Number of additional parts.
    Parts(usize),
    /// Each part in Base64 with padding, instead of Base64url.
    Padded,
}

/// Token to be changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Jwt {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// Claims as JSON text, for what a map cannot express.
    pub(super) text: Option<String>,
    pub(super) sign: Sign,
    pub(super) after: Vec<After>,
    is_gost: bool,
}

impl Jwt {
    /// Decodes a token of this provider.
    pub(super) fn parse(token: &str) -> Option<Self> {
        let mut parts = token.split('.').map(|part| {
            let json = URL_SAFE_NO_PAD.decode(part).ok()?;
            serde_json::from_slice::<Map<String, Value>>(&json).ok()
        });
        let (header, claims) = (parts.next()??, parts.next()??);
        let is_gost = header.get("alg").is_some_and(|alg| alg == GOST);
        let sign = if is_gost { Sign::Gost } else { Sign::Rsa };
        Some(Self { header, claims, text: None, sign, after: Vec::new(), is_gost })
    }

    /// Whether the original token is signed with ГОСТ.
    pub(super) const fn is_gost(&self) -> bool {
        self.is_gost
    }

    /// Whether the token has a claim.
    pub(super) fn has(&self, claim: &str) -> bool {
        self.claims.contains_key(claim)
    }

    /// Sets a claim; an existing claim keeps its position.
    pub(super) fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims.insert(claim.to_owned(), value.into());
    }

    /// Sets a header parameter.
    pub(super) fn set_header(&mut self, name: &str, value: impl Into<Value>) {
        self.header.insert(name.to_owned(), value.into());
    }

    /// Replaces an account number wherever the claims contain it, as a number or within a text.
    pub(super) fn renumber(&mut self, from: &str, to: &str) -> Option<()> {
        self.claims = serde_json::from_str(&serde_json::to_string(&self.claims).ok()?.replace(from, to)).ok()?;
        Some(())
    }

    /// Returns a claim as a number; 0 if it is not one.
    pub(super) fn number(&self, claim: &str) -> i64 {
        self.claims.get(claim).and_then(Value::as_i64).unwrap_or_default()
    }

    /// Encodes and signs the token with a key of the world. `None` if signing fails, which is not expected.
    pub(super) fn signed(&self, keys: &KeyRing) -> Option<String> {
        let text = self.text.clone().map_or_else(|| serde_json::to_string(&self.claims).ok(), Some)?;
        let is_padded = self.after.contains(&After::Padded);
        let encoded = |bytes: &[u8]| {
            let part = URL_SAFE_NO_PAD.encode(bytes);
            if is_padded { padded(&part) } else { part }
        };
        let header = encoded(&serde_json::to_vec(&self.header).ok()?);
        let mut payload = encoded(text.as_bytes());
        let mut signature = self.signature(keys, format!("{header}.{payload}").as_bytes())?;
        let mut more = 0;
        for after in &self.after {
            match after {
                After::BitFlipped => {
                    if let Some(last) = signature.last_mut() {
                        *last ^= 0x10;
                    }
                }
                After::Claims(claims) => payload = encoded(&serde_json::to_vec(claims).ok()?),
                After::Stripped => signature.clear(),
                After::BytesReversed => signature.reverse(),
                After::HalvesSwapped => {
                    let half = signature.len() / 2;
                    signature.rotate_left(half);
                }
                After::Zero => signature = vec![0; GOST_SIGNATURE],
                After::Parts(count) => more = *count,
                After::Padded => {}
            }
        }
        Some([header, payload, encoded(&signature)].join(".") + &".eA".repeat(more))
    }

    fn signature(&self, keys: &KeyRing, message: &[u8]) -> Option<Vec<u8>> {
        let own = |algorithm| keys.signer(algorithm).pem();
        let pem = match (&self.sign, self.is_gost) {
            (Sign::Nothing, _) => return Some(Vec::new()),
            (Sign::Hmac(secret), _) => return by_library(message, &EncodingKey::from_secret(secret), Algorithm::HS256),
            (Sign::RsaAs(algorithm), _) => {
                let key = EncodingKey::from_rsa_pem(own(TokenAlgorithm::Rs256).as_bytes()).ok()?;
                return by_library(message, &key, *algorithm);
            }
            (Sign::Rsa, _) => own(TokenAlgorithm::Rs256),
            (Sign::Gost, _) => own(TokenAlgorithm::Gost),
            (Sign::Stranger, true) => STRANGER_GOST_KEY_PEM,
            (Sign::Stranger, false) => STRANGER_KEY_PEM,
            (Sign::Key(pem), _) => pem,
        };
        SigningKey::from_pem(pem).ok()?.sign(message).ok()
    }
}

fn by_library(message: &[u8], key: &EncodingKey, algorithm: Algorithm) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(crypto::sign(message, key, algorithm).ok()?).ok()
}

/// Converts Base64url to Base64 with padding.
fn padded(part: &str) -> String {
    let missing = (4 - part.len() % 4) % 4;
    part.replace('-', "+").replace('_', "/") + &"=".repeat(missing)
}
