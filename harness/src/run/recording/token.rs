//! Contents of signed tokens: header and claims, without the signature that makes them credentials.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// Tokens in the fields of a JSON document, by the names of the fields.
pub(super) fn tokens(body: &str) -> Map<String, Value> {
    let Ok(Value::Object(fields)) = serde_json::from_str(body) else { return Map::new() };
    let read = fields.into_iter().filter_map(|(name, value)| Some((name, read(value.as_str()?)?)));
    read.collect()
}

fn read(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let mut part = || -> Option<Value> {
        let part = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice(&part).ok().filter(Value::is_object)
    };
    let (header, claims) = (part()?, part()?);
    (parts.count() == 1).then(|| json!({ "header": header, "claims": claims }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_without_its_signature_and_nothing_else_is_taken_for_one() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!("{}.{}.c2lnbg", part(json!({ "alg": "RS256" })), part(json!({ "sub": "1", "exp": 5 })));
        let body = json!({ "id_token": token, "access_token": "a.b.c", "expires_in": 5, "two": token.rsplit_once('.').unwrap().0 });
        let found = tokens(&body.to_string());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["id_token"]);
        assert_eq!(found["id_token"], json!({ "header": { "alg": "RS256" }, "claims": { "sub": "1", "exp": 5 } }));
        assert!(!Value::Object(found).to_string().contains("c2lnbg"));
    }
}
