//! A signed token taken apart, to be changed and signed again.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{
    SigningKey,
    keys::{STRANGER_GOST_KEY_PEM, STRANGER_KEY_PEM},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Map, Value};

use crate::{clients::TokenAlgorithm, signing::KeyRing};

/// ЕСИА's name of ГОСТ Р 34.10-2012 with 256 bits.
pub(super) const GOST: &str = "GOST3410_2012_256";
/// Bytes of a ГОСТ signature.
const GOST_SIGNATURE: usize = 64;

/// What signs a token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sign {
    /// The provider's RSA key, in RS256.
    Rsa,
    /// The provider's RSA key in another algorithm.
    RsaAs(Algorithm),
    /// The provider's ГОСТ key.
    Gost,
    /// A key of nobody whom the client knows, of the same kind.
    Stranger,
    /// Another key of the provider, RS256 (PKCS#8 PEM).
    Key(String),
    /// HS256 with this key, where an RSA signature belongs.
    Hmac(Vec<u8>),
    /// The third part is empty.
    Nothing,
}

/// What happens to a token after it was signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum After {
    BitFlipped,
    /// Other claims under the same signature.
    Claims(Map<String, Value>),
    Stripped,
    /// All bytes of the signature in reverse.
    BytesReversed,
    /// The two numbers of the signature change places.
    HalvesSwapped,
    Zero,
    /// So many more parts.
    Parts(usize),
    /// Each part with the signs that fill it up, as Base64 and not Base64url has it.
    Padded,
}

/// A token to be changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Jwt {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// The claims as text, where that says what a map cannot.
    pub(super) text: Option<String>,
    pub(super) sign: Sign,
    pub(super) after: Vec<After>,
    is_gost: bool,
}

impl Jwt {
    /// Takes apart a token of this provider.
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

    /// Whether the client gets its tokens in ГОСТ.
    pub(super) const fn is_gost(&self) -> bool {
        self.is_gost
    }

    /// Whether a claim is there.
    pub(super) fn has(&self, claim: &str) -> bool {
        self.claims.contains_key(claim)
    }

    /// Sets a claim; one that is there keeps its place.
    pub(super) fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims.insert(claim.to_owned(), value.into());
    }

    /// Sets a field of the header.
    pub(super) fn set_header(&mut self, name: &str, value: impl Into<Value>) {
        self.header.insert(name.to_owned(), value.into());
    }

    /// Names another account wherever the claims name this one, be it a number or part of a text.
    pub(super) fn renumber(&mut self, from: &str, to: &str) -> Option<()> {
        self.claims = serde_json::from_str(&serde_json::to_string(&self.claims).ok()?.replace(from, to)).ok()?;
        Some(())
    }

    /// A claim that is a number.
    pub(super) fn number(&self, claim: &str) -> i64 {
        self.claims.get(claim).and_then(Value::as_i64).unwrap_or_default()
    }

    /// The token as it is sent, signed by a key of the world. `None` when a key refuses, which it has no reason to.
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

/// As Base64 writes it: other signs for the last two digits, and filled up to fours.
fn padded(part: &str) -> String {
    let missing = (4 - part.len() % 4) % 4;
    part.replace('-', "+").replace('_', "/") + &"=".repeat(missing)
}
