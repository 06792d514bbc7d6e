//! Faults of personal data: `/rs` and userinfo.

use axum::http::{StatusCode, header};
use chrono::{Datelike as _, NaiveDate};
use esia::error::RestError;
use serde_json::{Map, Value, json};
use web::Wire;

use super::{
    act::{ClaimFault, ResourceFault},
    answer::Answer,
    fault::Fault,
    occasion::Occasion,
    response::{PAGE, seconds},
};
use crate::grants::Protocol;

/// Returns the personal data as the fault changes them.
pub(super) fn resource(act: ResourceFault, fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    if !answer.status.is_success() {
        return None;
    }
    let good = answer.clone();
    Some(match act {
        ResourceFault::Expired => refused(RestError::ExpiredToken, at, good),
        ResourceFault::ErrorInArray => {
            let told = refused(RestError::ExpiredToken, at, good);
            let list = [b"[".as_slice(), &told.body, b"]"].concat();
            told.with_body(list)
        }
        ResourceFault::ConsentWithdrawn if at.spot.protocol == Protocol::Oidc => {
            refused(RestError::InvalidToken, at, good)
        }
        ResourceFault::Forbidden | ResourceFault::ConsentWithdrawn => refused(RestError::ScopeNotAllowed, at, good),
        ResourceFault::Failed => good.page(StatusCode::INTERNAL_SERVER_ERROR, PAGE),
        ResourceFault::PartFails => {
            let part = fault.parameter("part");
            at.path.split('/').any(|segment| segment == part).then_some(())?;
            good.page(StatusCode::INTERNAL_SERVER_ERROR, PAGE)
        }
        ResourceFault::Slow => good.carried(Wire::Late(seconds(fault))),
        ResourceFault::Charset => {
            let marked = [b"\xef\xbb\xbf".as_slice(), &good.body].concat();
            good.with_body(marked).with_header(header::CONTENT_TYPE, "application/json;charset=windows-1251")
        }
        _ => {
            let mut document = good.json()?;
            of_document(act, fault, at, &mut document)?;
            good.with_body(document.to_string())
        }
    })
}

/// Returns an error in the form of the protocol.
fn refused(error: RestError, at: &Occasion, answer: Answer) -> Answer {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let answer = answer.with_status(status);
    match at.spot.protocol {
        Protocol::Esia => answer.with_body(serde_json::to_vec(&error.body()).unwrap_or_default()),
        Protocol::Oidc => {
            let code = if error == RestError::ScopeNotAllowed { "insufficient_scope" } else { "invalid_token" };
            answer.with_body("").with_header(header::WWW_AUTHENTICATE, &format!("Bearer error=\"{code}\""))
        }
    }
}

fn of_document(act: ResourceFault, fault: &Fault, at: &Occasion, document: &mut Value) -> Option<()> {
    let mut is_changed = false;
    match act {
        ResourceFault::SubOther => {
            let sub = document["sub"].as_str()?.parse::<u64>().ok()?;
            document["sub"] = json!((sub + 1).to_string());
            return Some(());
        }
        ResourceFault::Empty => {
            document.get("elements")?.as_array().filter(|elements| !elements.is_empty())?;
            document["elements"] = json!([]);
            document["size"] = json!(0);
            return Some(());
        }
        ResourceFault::LinksForeign => {
            for element in document.get_mut("elements")?.as_array_mut()? {
                if let Some(link) = element.as_str().and_then(|link| link.strip_prefix(&at.origin)) {
                    *element = json!(format!("{}{link}", fault.parameter("to")));
                    is_changed = true;
                }
            }
        }
        ResourceFault::FieldsMissing => walk(document, &mut |object| {
            for name in ["middleName", "middle_name"] {
                is_changed |= object.shift_remove(name).is_some();
            }
        }),
        _ => walk(document, &mut |object| is_changed |= other_details(object)),
    }
    is_changed.then_some(())
}

/// Gives the same person another surname, e-mail and phone.
fn other_details(object: &mut Map<String, Value>) -> bool {
    const SURNAME: &str = "Новофамильная";
    let mut is_changed = false;
    let is_of = |object: &Map<String, Value>, kind: &str| object.get("type").is_some_and(|known| known == kind);
    let of_contact = [("EML", "new-address@family.test"), ("MBT", "+7(000)0000999")];
    if let Some((_, value)) = of_contact.into_iter().find(|(kind, _)| is_of(object, kind)) {
        object.insert("value".to_owned(), json!(value));
        is_changed = true;
    }
    let others = [
        ("lastName", SURNAME),
        ("family_name", SURNAME),
        ("email", "new-address@family.test"),
        ("phone_number", "+70000000999"),
    ];
    for (name, value) in others {
        if let Some(known) = object.get_mut(name).filter(|known| known.is_string()) {
            *known = json!(value);
            is_changed = true;
        }
    }
    if let Some(name) = object.get("name").and_then(Value::as_str).filter(|_| object.contains_key("family_name")) {
        let rest = name.split_once(' ').map_or("", |(_, rest)| rest);
        let name = format!("{SURNAME} {rest}");
        object.insert("name".to_owned(), json!(name));
    }
    is_changed
}

/// Sets the birth date so that the person has reached the age of the parameter `age` today.
pub(super) fn birthday(fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    let mut document = answer.json()?;
    let today = worlds::moscow::date(at.now);
    let year = today.year() - i32::try_from(fault.number("age")).ok()?;
    // A person born on 29 February reaches an age on 1 March.
    let born = NaiveDate::from_ymd_opt(year, today.month(), today.day()).or(NaiveDate::from_ymd_opt(year, 3, 1))?;
    let said = document.get_mut("birthDate")?;
    *said = json!(born.format("%d.%m.%Y").to_string());
    Some(answer.clone().with_body(document.to_string()))
}

/// Returns personal data with false statements about the person.
pub(super) fn claims(act: ClaimFault, fault: &Fault, answer: &Answer) -> Option<Answer> {
    let mut document = answer.json()?;
    let is_changed = match act {
        ClaimFault::ContactUnverified => contact(&mut document, fault.parameter("email")),
        ClaimFault::BoolAsString => flags(&mut document),
        _ => false,
    };
    is_changed.then(|| answer.clone().with_body(document.to_string()))
}

/// Replaces the e-mail with another person's unverified one: in userinfo, and in ЕСИА's contacts wherever they are.
fn contact(document: &mut Value, email: &str) -> bool {
    let mut is_changed = false;
    walk(document, &mut |object| {
        if object.contains_key("email_verified") {
            object.insert("email".to_owned(), json!(email));
            object.insert("email_verified".to_owned(), json!(false));
            is_changed = true;
        }
        if object.get("type").is_some_and(|kind| kind == "EML") {
            object.insert("value".to_owned(), json!(email));
            object.insert("vrfStu".to_owned(), json!("NOT_VERIFIED"));
            is_changed = true;
        }
    });
    is_changed
}

fn flags(document: &mut Value) -> bool {
    let mut is_changed = false;
    walk(document, &mut |object| {
        for name in ["trusted", "email_verified"] {
            if let Some(flag) = object.get_mut(name).filter(|flag| flag.is_boolean()) {
                *flag = json!("false");
                is_changed = true;
            }
        }
    });
    is_changed
}

/// Calls a function with every object of a document, outer objects first.
fn walk(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|inner| walk(inner, change));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| walk(inner, change)),
        _ => {}
    }
}
