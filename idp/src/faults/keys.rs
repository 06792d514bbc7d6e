//! Faults of the keys as they are published.

use esia::keys::{DIARY_CERTIFICATE_PEM, STRANGER_CERTIFICATE_PEM};
use serde_json::{Value, json};

use super::answer::Answer;

/// A point of the curve P-256 (RFC 7517 §A.1): a key of another type that is well formed.
const EC: [&str; 2] = ["MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"];

/// A second key under the `kid` of the first, of another type.
pub(super) fn duplicate(answer: &Answer) -> Option<Answer> {
    with_keys(answer, |keys| {
        let kid = keys.first()?["kid"].clone();
        let [x, y] = EC;
        keys.push(json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": x, "y": y }));
        Some(())
    })
}

/// Two keys more that sign nothing, before the one that does.
pub(super) fn many(answer: &Answer) -> Option<Answer> {
    with_keys(answer, |keys| {
        for (at, pem) in [STRANGER_CERTIFICATE_PEM, DIARY_CERTIFICATE_PEM].into_iter().enumerate() {
            keys.insert(at, jwk(pem, &format!("another-{at}"))?);
        }
        Some(())
    })
}

/// The answer of JWKS with its keys changed.
pub(super) fn with_keys(answer: &Answer, change: impl FnOnce(&mut Vec<Value>) -> Option<()>) -> Option<Answer> {
    let mut document = answer.json()?;
    change(document.get_mut("keys")?.as_array_mut()?)?;
    Some(answer.clone().with_body(document.to_string()))
}

/// The key of a certificate as a JWK for RS256.
pub(super) fn jwk(certificate: &str, kid: &str) -> Option<Value> {
    let certificate = esia::Certificate::from_pem(certificate).ok()?;
    let key = certificate.public_key().ok()?;
    Some(json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": key.jwk_n(), "e": key.jwk_e() }))
}
