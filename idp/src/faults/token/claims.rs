//! Faults of a token's claims.

use serde_json::{Map, Value, json};

use crate::faults::{act::ClaimFault, fault::Fault, jwt::Jwt, occasion::Occasion, token_answer::TokenAnswer};
use crate::{
    grants::{ACR, Protocol},
    signing::at_hash,
};

/// Client other than the one that has asked for the tokens.
const OTHER_SYSTEM: &str = "OTHER-SYSTEM";
/// Claim of ЕСИА's id token that describes the subject, and its member with the account number.
const SUBJECT: &str = "urn:esia:sbj";
const SUBJECT_OID: &str = "urn:esia:sbj:oid";
/// The first integer that double precision cannot represent (RFC 8259 §6).
pub(in crate::faults) const ABOVE_2_TO_53: u64 = (1 << 53) + 1;

/// Changes the tokens of a response. Returns whether the fault has changed any.
pub(in crate::faults) fn claims(act: ClaimFault, at: &Occasion, fault: &Fault, answer: &mut TokenAnswer) -> bool {
    let which = match act {
        ClaimFault::ClientIdOther | ClaimFault::ScopeNarrowed | ClaimFault::ScopeForeignOid => "access",
        // Both tokens name the same person, because a client would refuse tokens that disagree.
        ClaimFault::SubAbove2To53 => "both",
        _ if fault.parameter("token").is_empty() => "id",
        _ => fault.parameter("token"),
    };
    if act == ClaimFault::AtHashWrong {
        answer.keeps_at_hash = false;
    }
    let mut is_changed = false;
    for jwt in answer.named(which) {
        is_changed |= of_token(act, at, fault, jwt).is_some();
    }
    if is_changed && act == ClaimFault::ScopeNarrowed && answer.members.contains_key("scope") {
        answer.members.insert("scope".to_owned(), json!("openid"));
    }
    is_changed
}

fn of_token(act: ClaimFault, at: &Occasion, fault: &Fault, jwt: &mut Jwt) -> Option<()> {
    match act {
        ClaimFault::IssOther => jwt.set("iss", "https://issuer.example"),
        ClaimFault::IssMissing => drop(jwt.claims.shift_remove("iss")?),
        ClaimFault::IssOfOtherStand => other_stand(fault.parameter("iss"), jwt)?,
        ClaimFault::AudOther | ClaimFault::AudMissing | ClaimFault::AudArrayOwn | ClaimFault::AudArrayForeign => {
            audience(act, fault, jwt)?;
        }
        ClaimFault::ClientIdOther => jwt.set("client_id", OTHER_SYSTEM),
        ClaimFault::ExpPast
        | ClaimFault::ExpMissing
        | ClaimFault::ExpMilliseconds
        | ClaimFault::ExpAsString
        | ClaimFault::IatFuture
        | ClaimFault::NbfFuture
        | ClaimFault::IatMissing
        | ClaimFault::Skew
        | ClaimFault::AuthTimeOld => times(act, at.now.timestamp(), fault, jwt)?,
        ClaimFault::SubAbove2To53 => jwt.renumber(&at.person?.to_string(), &ABOVE_2_TO_53.to_string())?,
        ClaimFault::SubMissing | ClaimFault::SubType | ClaimFault::SubjectsDisagree => subject(act, jwt)?,
        ClaimFault::DuplicateKey => {
            let (name, other) = (subject_claim(jwt), other_subject(jwt)?);
            let text = serde_json::to_string(&jwt.claims).ok()?;
            jwt.text = Some(text.replacen('{', &format!("{{\"{name}\":{other},"), 1));
        }
        ClaimFault::Bomb => {
            jwt.set("nested", (0..500).fold(json!([]), |inner, _| json!([inner])));
            jwt.set("padding", "x".repeat(1024 * 1024));
        }
        ClaimFault::ScopeNarrowed => jwt.set("scope", "openid"),
        ClaimFault::ScopeForeignOid => {
            let oid = jwt.claims.get("urn:esia:sbj_id")?.as_u64()?;
            let scope = jwt.claims.get("scope")?.as_str()?.replace(&oid.to_string(), &(oid + 1).to_string());
            jwt.set("scope", scope);
        }
        _ => sign_in(act, at, jwt)?,
    }
    Some(())
}

fn other_stand(kind: &str, jwt: &mut Jwt) -> Option<()> {
    let iss = jwt.claims.get("iss")?.as_str()?.to_owned();
    let other = match kind {
        "https" => iss.replacen("http://", "https://", 1),
        "no-slash" => iss.trim_end_matches('/').to_owned(),
        _ => "http://esia-portal1.test.gosuslugi.ru/".to_owned(),
    };
    jwt.set("iss", other);
    Some(())
}

fn audience(act: ClaimFault, fault: &Fault, jwt: &mut Jwt) -> Option<()> {
    let own = jwt.claims.get("aud")?.clone();
    match act {
        ClaimFault::AudOther => jwt.set("aud", OTHER_SYSTEM),
        ClaimFault::AudArrayOwn => jwt.set("aud", json!([own])),
        ClaimFault::AudArrayForeign => {
            jwt.set("aud", json!([own, OTHER_SYSTEM]));
            if fault.parameter("azp") == "other" {
                jwt.set("azp", OTHER_SYSTEM);
            }
        }
        _ => drop(jwt.claims.shift_remove("aud")),
    }
    Some(())
}

fn times(act: ClaimFault, now: i64, fault: &Fault, jwt: &mut Jwt) -> Option<()> {
    let exp = jwt.number("exp");
    match act {
        ClaimFault::ExpPast => jwt.set("exp", now - 3600),
        ClaimFault::ExpMissing => drop(jwt.claims.shift_remove("exp")?),
        ClaimFault::ExpMilliseconds => jwt.set("exp", exp * 1000),
        ClaimFault::ExpAsString => jwt.set("exp", exp.to_string()),
        ClaimFault::IatFuture => jwt.set("iat", now + 3600),
        ClaimFault::NbfFuture => jwt.set("nbf", now + 3600),
        ClaimFault::IatMissing => drop(jwt.claims.shift_remove("iat")?),
        ClaimFault::AuthTimeOld => jwt.set("auth_time", now - 3600),
        _ => {
            let ahead = fault.number("seconds");
            for name in ["iat", "nbf", "exp", "auth_time"].into_iter().filter(|name| jwt.has(name)).collect::<Vec<_>>()
            {
                let shifted = jwt.number(name) + ahead;
                jwt.set(name, shifted);
            }
        }
    }
    Some(())
}

/// Name of the subject claim: `urn:esia:sbj_id` in ЕСИА's access token, otherwise `sub`.
fn subject_claim(jwt: &Jwt) -> &'static str {
    if jwt.has("urn:esia:sbj_id") { "urn:esia:sbj_id" } else { "sub" }
}

/// Returns another account number, in the JSON type of the original one.
fn other_subject(jwt: &Jwt) -> Option<Value> {
    match jwt.claims.get(subject_claim(jwt))? {
        Value::String(text) => Some(json!((text.parse::<u64>().ok()? + 1).to_string())),
        number => Some(json!(number.as_u64()? + 1)),
    }
}

fn subject(act: ClaimFault, jwt: &mut Jwt) -> Option<()> {
    let name = subject_claim(jwt);
    let own = jwt.claims.get(name)?.clone();
    match act {
        ClaimFault::SubMissing => drop(jwt.claims.shift_remove(name)),
        ClaimFault::SubType => match own.as_str() {
            Some(text) => jwt.set(name, text.parse::<u64>().ok()?),
            None => jwt.set(name, own.to_string()),
        },
        _ => become_person(jwt, other_subject(jwt)?),
    }
    Some(())
}

/// Changes the token to name another person.
pub(in crate::faults) fn other_person(jwt: &mut Jwt) -> Option<()> {
    subject(ClaimFault::SubjectsDisagree, jwt)
}

/// Replaces the person wherever the token names one.
fn become_person(jwt: &mut Jwt, oid: Value) {
    if let Some(subject) = of_subject(jwt) {
        subject.insert("urn:esia:sbj:nam".to_owned(), json!(format!("OID.{oid}")));
        subject.insert(SUBJECT_OID.to_owned(), oid.clone());
    }
    jwt.set(subject_claim(jwt), oid);
}

fn of_subject(jwt: &mut Jwt) -> Option<&mut Map<String, Value>> {
    jwt.claims.get_mut(SUBJECT)?.as_object_mut()
}

/// Changes claims about the sign-in and the person.
fn sign_in(act: ClaimFault, at: &Occasion, jwt: &mut Jwt) -> Option<()> {
    match act {
        ClaimFault::NonceOther => drop(jwt.claims.get_mut("nonce").map(|nonce| *nonce = json!("of-another-login"))?),
        ClaimFault::NonceAbsent => drop(jwt.claims.shift_remove("nonce")?),
        ClaimFault::NonceUnsupported => {
            jwt.claims.shift_remove("nonce")?;
            jwt.set("nonce_supported", false);
        }
        ClaimFault::AtHashWrong => jwt.set("at_hash", at_hash("another access token")),
        ClaimFault::AcrLower => {
            jwt.set("acr", ACR[0]);
            jwt.set("amr", json!(["pwd"]));
        }
        ClaimFault::IsTrustedAbsent => {
            let subject = of_subject(jwt)?;
            subject.shift_remove("urn:esia:sbj:is_tru")?;
            subject.insert("urn:esia:sbj:lvl".to_owned(), json!("P"));
        }
        ClaimFault::BoolAsString if at.spot.protocol == Protocol::Esia => {
            of_subject(jwt)?.insert("urn:esia:sbj:is_tru".to_owned(), json!("false"));
        }
        ClaimFault::BoolAsString => {
            let is_bool = |value: &&mut Value| value.is_boolean();
            let mut flags = ["trusted", "email_verified"].into_iter().filter(|name| jwt.has(name)).collect::<Vec<_>>();
            flags.retain(|name| {
                jwt.claims.get_mut(*name).filter(is_bool).map(|value| *value = json!("false")).is_some()
            });
            return (!flags.is_empty()).then_some(());
        }
        ClaimFault::LevelChild => {
            let subject = of_subject(jwt)?;
            subject.shift_remove("urn:esia:sbj:is_tru");
            subject.insert("urn:esia:sbj:lvl".to_owned(), json!("KD"));
        }
        _ => return None,
    }
    Some(())
}
