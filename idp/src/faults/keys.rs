//! Faults of the published keys.

use axum::http::{StatusCode, header};
use esia::{
    SigningKey,
    keys::{DIARY_CERTIFICATE_PEM, STRANGER_CERTIFICATE_PEM},
};
use jsonwebtoken::jwk::Jwk;
use serde_json::{Value, json};
use web::Wire;

use super::{
    act::KeyFault,
    answer::Answer,
    fault::Fault,
    occasion::Occasion,
    public,
    response::{PAGE, seconds},
};
use crate::{grants::Protocol, signing::jwk};

/// Point of the curve P-256 (RFC 7517 §A.1), for a well-formed key of another type.
const EC: [&str; 2] = ["MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"];
/// Size of a key set that no client should read to its end, bytes.
const HUGE: usize = 10 * 1024 * 1024;

/// Adds a key of another type under the `kid` of the first key.
pub(super) fn duplicate(answer: &Answer) -> Option<Answer> {
    with_keys(answer, |keys| {
        let kid = keys.first()?["kid"].clone();
        let [x, y] = EC;
        keys.push(json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": x, "y": y }));
        Some(())
    })
}

/// Adds two keys that sign nothing, before the signing key.
pub(super) fn many(answer: &Answer) -> Option<Answer> {
    with_keys(answer, |keys| {
        for (at, pem) in [STRANGER_CERTIFICATE_PEM, DIARY_CERTIFICATE_PEM].into_iter().enumerate() {
            let certificate = esia::Certificate::from_pem(pem).ok()?;
            let mut another = jwk(certificate.public_key().ok()?)?;
            another.common.key_id = Some(format!("another-{at}"));
            keys.insert(at, serde_json::to_value(another).ok()?);
        }
        Some(())
    })
}

/// Returns the published keys as the fault changes them.
pub(super) fn keys(act: KeyFault, fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    if at.spot.protocol == Protocol::Esia {
        return public::file(act, fault, at, answer);
    }
    match act {
        KeyFault::FetchFails => Some(answer.clone().page(StatusCode::INTERNAL_SERVER_ERROR, PAGE)),
        KeyFault::Slow => Some(answer.clone().carried(Wire::Late(seconds(fault)))),
        KeyFault::EmptySet => with_keys(answer, |keys| {
            keys.clear();
            Some(())
        }),
        KeyFault::Huge => {
            let mut document = answer.json()?;
            document["padding"] = json!("x".repeat(HUGE));
            Some(answer.clone().with_body(document.to_string()))
        }
        KeyFault::WithoutAlg => with_keys(answer, |keys| {
            keys.iter_mut().filter_map(Value::as_object_mut).for_each(|key| {
                key.shift_remove("alg");
                key.shift_remove("use");
            });
            Some(())
        }),
        KeyFault::UseEnc => with_keys(answer, |keys| {
            for key in keys.iter_mut() {
                key["use"] = json!("enc");
            }
            Some(())
        }),
        _ => with_own_key(act, fault, answer),
    }
}

fn with_own_key(act: KeyFault, fault: &Fault, answer: &Answer) -> Option<Answer> {
    let own = serde_json::to_value(public_jwk(fault.key.as_deref()?)?).ok()?;
    // The keys change soon, so clients must not cache them for long.
    let answer = answer.clone().with_header(header::CACHE_CONTROL, "public, max-age=5");
    with_keys(&answer, |keys| {
        match act {
            KeyFault::RotatedAfterLogin | KeyFault::PublishedNotUsed => keys.push(own),
            KeyFault::RotatedBeforeSigning => keys.insert(0, own),
            KeyFault::NoOverlap | KeyFault::Withdrawn => *keys = vec![own],
            _ => return None,
        }
        Some(())
    })
}

/// Returns the public key of an RSA private key (PKCS#8 PEM) as a JWK.
pub(super) fn public_jwk(pem: &str) -> Option<Jwk> {
    jwk(&SigningKey::from_pem(pem).ok()?.public_key().ok()?)
}

/// Returns the JWKS response with its keys changed.
fn with_keys(answer: &Answer, change: impl FnOnce(&mut Vec<Value>) -> Option<()>) -> Option<Answer> {
    let mut document = answer.json()?;
    change(document.get_mut("keys")?.as_array_mut()?)?;
    Some(answer.clone().with_body(document.to_string()))
}
