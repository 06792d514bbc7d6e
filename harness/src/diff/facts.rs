//! Facts of an exchange that are compared: those that two correct providers have in common.

use std::collections::BTreeSet;

use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{
    archive::{Exchange, Token, value},
    shape::{Facts, kind, shape},
};

/// Header fields of responses that are compared.
pub(super) const HEADERS: [&str; 5] = ["cache-control", "content-type", "pragma", "vary", "www-authenticate"];
/// Fields of responses whose value is compared, not only its type.
const VALUES: [&str; 3] = ["active", "error", "token_type"];
/// Fields of a key and of a token's header whose value is compared.
const OF_KEYS: [&str; 5] = ["alg", "crv", "kty", "typ", "use"];
/// Claims that are the beginning of a token's lifetime, in order of preference.
const BEGINS: [&str; 2] = ["iat", "nbf"];

/// Returns the facts of an exchange of a kind.
pub(super) fn facts(exchange: &Exchange, kind: &str) -> Facts {
    let mut facts = Facts::new();
    let response = &exchange.response;
    facts.insert("status".to_owned(), response.status.to_string());
    if kind.starts_with("diary-") || kind == "error-page" {
        return facts;
    }
    for name in HEADERS {
        if let Some(value) = value(&response.headers, name) {
            facts.insert(format!("header.{name}"), of_header(name, value));
        }
    }
    if let Ok(body) = serde_json::from_str::<Value>(&response.content.text) {
        of_body(&mut facts, kind, &body);
    }
    for (field, token) in &exchange.tokens {
        of_token(&mut facts, field, token);
    }
    facts
}

/// Returns the facts of an authorization response in a redirect to the client; `None` if the redirect carries none.
pub(super) fn of_answer(exchange: &Exchange) -> Option<Facts> {
    let to: Url = exchange.response.redirect_url.parse().ok()?;
    let mut pairs: Vec<_> = to.query_pairs().into_owned().collect();
    pairs.extend(form_urlencoded::parse(to.fragment().unwrap_or_default().as_bytes()).into_owned());
    let has = |name: &str| pairs.iter().any(|(own, _)| own == name);
    if !has("state") || !(has("code") || has("error")) || has("response_type") {
        return None;
    }
    let names: BTreeSet<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let mut facts = Facts::new();
    facts.insert("status".to_owned(), exchange.response.status.to_string());
    facts.insert("parameters".to_owned(), names.into_iter().collect::<Vec<_>>().join(" "));
    for (name, value) in &pairs {
        of_error(&mut facts, name, value);
    }
    Some(facts)
}

fn of_header(name: &str, value: &str) -> String {
    let value = value.to_ascii_lowercase();
    match name {
        "www-authenticate" => {
            let scheme = value.split(' ').next().unwrap_or_default();
            let error = value.split("error=\"").nth(1).and_then(|rest| rest.split('"').next());
            error.map_or_else(|| scheme.to_owned(), |error| format!("{scheme} error={error}"))
        }
        // Order and blanks between directives have no meaning.
        _ => value.split([',', ';']).map(str::trim).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn of_error(facts: &mut Facts, name: &str, value: &str) {
    match name {
        "error" => {
            facts.insert("error".to_owned(), value.to_owned());
        }
        "error_description" => {
            let code = value.split([':', ' ']).next().filter(|code| code.starts_with("ESIA-"));
            facts.insert("error_description".to_owned(), code.unwrap_or("text").to_owned());
        }
        _ => {}
    }
}

fn of_body(facts: &mut Facts, kind: &str, body: &Value) {
    shape(facts, "body", body);
    let Some(fields) = body.as_object() else { return };
    for (name, value) in fields {
        let at = format!("body.{name}");
        match value {
            Value::String(text) if name == "scope" => {
                facts.insert(at, scopes(text));
            }
            Value::Number(number) if name == "expires_in" => {
                facts.insert("lifetime".to_owned(), format!("{number} s"));
            }
            Value::String(text) if name == "error_description" => of_error(facts, name, text),
            Value::String(text) if VALUES.contains(&name.as_str()) => {
                facts.insert(at, text.to_lowercase());
            }
            Value::Bool(is) if VALUES.contains(&name.as_str()) => {
                facts.insert(at, is.to_string());
            }
            Value::Bool(is) if kind == "discovery" => {
                facts.insert(at, is.to_string());
            }
            Value::Array(items) if kind == "discovery" => {
                let all: BTreeSet<_> = items.iter().filter_map(Value::as_str).collect();
                facts.insert(at, all.into_iter().collect::<Vec<_>>().join(" "));
            }
            Value::Array(keys) if kind == "keys" => of_keys(facts, keys),
            _ => {}
        }
    }
}

/// Adds all values that each compared field has in any of the keys.
fn of_keys(facts: &mut Facts, keys: &[Value]) {
    for name in OF_KEYS {
        let all: BTreeSet<_> = keys.iter().filter_map(|key| key[name].as_str()).collect();
        if !all.is_empty() {
            facts.insert(format!("body.keys[].{name}"), all.into_iter().collect::<Vec<_>>().join(" "));
        }
    }
}

fn of_token(facts: &mut Facts, field: &str, token: &Token) {
    for (name, value) in token.header.as_object().into_iter().flatten() {
        let told = value.as_str().filter(|_| OF_KEYS.contains(&name.as_str())).unwrap_or_else(|| kind(value));
        facts.insert(format!("{field}.header.{name}"), told.to_owned());
    }
    shape(facts, &format!("{field}.claims"), &token.claims);
    let time = |name: &str| token.claims[name].as_i64();
    let begins = BEGINS.iter().find_map(|name| time(name));
    if let (Some(begins), Some(ends)) = (begins, time("exp")) {
        facts.insert(format!("{field}.lifetime"), format!("{} s", ends - begins));
    }
}

/// Returns scopes in alphabetical order, without the person's oid.
fn scopes(text: &str) -> String {
    let one = |scope: &str| scope.split("?oid=").next().unwrap_or_default().to_owned();
    text.split_whitespace().map(one).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}
