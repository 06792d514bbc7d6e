//! Faults of personal data: `/rs` and userinfo.

use serde_json::{Value, json};

use super::{act::ClaimFault, answer::Answer, fault::Fault};

/// What a person's data say wrongly of the person.
pub(super) fn claims(act: ClaimFault, fault: &Fault, answer: &Answer) -> Option<Answer> {
    let mut document = answer.json()?;
    let is_changed = match act {
        ClaimFault::ContactUnverified => contact(&mut document, fault.parameter("email")),
        ClaimFault::BoolAsString => flags(&mut document),
        _ => false,
    };
    is_changed.then(|| answer.clone().with_body(document.to_string()))
}

/// Another's e-mail, which nobody has verified: in userinfo, and among ЕСИА's contacts wherever they stand.
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

/// Calls a function with every object of a document, the outer one first.
fn walk(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|inner| walk(inner, change));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| walk(inner, change)),
        _ => {}
    }
}
