//! Faults of a token's header, `alg` included.

use esia::keys;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    clients::TokenAlgorithm,
    faults::{
        act::HeaderFault,
        fault::Fault,
        jwt::{After, GOST, Jwt, Sign},
        occasion::Occasion,
        token_answer::TokenAnswer,
    },
};

/// Changes the tokens of a response. Returns whether the fault has changed any.
pub(in crate::faults) fn header(act: HeaderFault, fault: &Fault, at: &Occasion, answer: &mut TokenAnswer) -> bool {
    if act == HeaderFault::KindSwapped {
        return swap(fault, answer);
    }
    let which = if act == HeaderFault::AlgSwitched { "both" } else { fault.parameter("token") };
    let mut is_changed = false;
    for jwt in answer.named(which) {
        is_changed |= of_token(act, fault, at, jwt).is_some();
    }
    is_changed
}

/// Puts one token in the place of the other.
fn swap(fault: &Fault, answer: &mut TokenAnswer) -> bool {
    let (from, to) =
        if fault.parameter("token") == "access" { ("id_token", "access_token") } else { ("access_token", "id_token") };
    match answer.members.get(from).cloned().filter(|_| answer.members.contains_key(to)) {
        Some(token) => answer.members.insert(to.to_owned(), token).is_some(),
        None => false,
    }
}

fn of_token(act: HeaderFault, fault: &Fault, at: &Occasion, jwt: &mut Jwt) -> Option<()> {
    let alg = |jwt: &mut Jwt, alg: &str, sign: Sign| {
        jwt.set_header("alg", alg);
        jwt.sign = sign;
    };
    match act {
        HeaderFault::AlgNone => alg(jwt, "none", Sign::Nothing),
        HeaderFault::AlgNoneMixedCase => alg(jwt, "nOnE", Sign::Nothing),
        HeaderFault::HmacWithPublicKey => alg(jwt, "HS256", Sign::Hmac(public_key_pem(at))),
        HeaderFault::HmacWithEmptyKey => alg(jwt, "HS256", Sign::Hmac(Vec::new())),
        HeaderFault::AlgMislabelled => jwt.sign = if jwt.is_gost() { Sign::Rsa } else { Sign::Gost },
        HeaderFault::AlgSwitched if jwt.is_gost() => alg(jwt, "RS256", Sign::Rsa),
        HeaderFault::AlgSwitched => alg(jwt, GOST, Sign::Gost),
        HeaderFault::AlgUnadvertised => alg(jwt, "PS256", Sign::RsaAs(Algorithm::PS256)),
        HeaderFault::KidUnknown => jwt.set_header("kid", fault.parameter("kid")),
        HeaderFault::KidAbsentOneKey | HeaderFault::KidAbsentManyKeys => drop(jwt.header.shift_remove("kid")?),
        HeaderFault::KidHostile => jwt.set_header("kid", hostile(fault.parameter("kid"))),
        HeaderFault::JwkEmbedded => {
            jwt.set_header("jwk", stranger()?);
            jwt.header.shift_remove("kid");
            jwt.sign = Sign::Stranger;
        }
        HeaderFault::JkuForeign => {
            for name in ["jku", "x5u"] {
                jwt.set_header(name, fault.parameter("to"));
            }
            jwt.sign = Sign::Stranger;
        }
        HeaderFault::CritUnknown => {
            jwt.set_header("crit", json!(["x-unknown"]));
            jwt.set_header("x-unknown", true);
        }
        HeaderFault::Base64Odd => jwt.after.push(After::Padded),
        HeaderFault::KidDuplicate | HeaderFault::KindSwapped => return None,
    }
    Some(())
}

fn hostile(kind: &str) -> String {
    match kind {
        "sql" => "' or 1=1 --".to_owned(),
        "long" => "k".repeat(64 * 1024),
        _ => "../../../../dev/null".to_owned(),
    }
}

fn public_key_pem(at: &Occasion) -> Vec<u8> {
    at.keys.signer(TokenAlgorithm::Rs256).certificate().public_key_pem().into_bytes()
}

/// Returns a public key that the client does not know, as a JWK.
fn stranger() -> Option<Value> {
    let certificate = esia::Certificate::from_pem(keys::STRANGER_CERTIFICATE_PEM).ok()?;
    let key = certificate.public_key().ok()?;
    Some(json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "n": key.jwk_n(), "e": key.jwk_e() }))
}
