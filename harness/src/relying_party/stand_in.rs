//! Seeds in which a foreign client replaces the documented diary: its registration and the consents to it.

use idp::ClientSpec;
use serde_json::Value;

use super::description::DEFAULT_PROFILE;

/// Fields of the documented diary's registration that are kept: texts for people, and what Gosuslugi offer beforehand.
const KEPT: [&str; 3] = ["title", "organisation", "school-portfolio"];

/// Returns the seed with this client registered in place of the diary, under its own mnemonic, keys and addresses.
pub(crate) fn stand_in(mut seed: Value, own: &ClientSpec) -> Value {
    let documented = mnemonic(&seed);
    let Ok(mut registered) = serde_json::to_value(own) else { return seed };
    if !seed["gosuslugi"]["clients"].is_array() {
        seed["gosuslugi"]["clients"] = Value::Array(Vec::new());
    }
    if let Some(clients) = seed["gosuslugi"]["clients"].as_array_mut() {
        if let Some(diary) = clients.iter().find(|client| client["mnemonic"] == documented.as_str()) {
            for field in KEPT.into_iter().filter(|field| diary.get(*field).is_some()) {
                registered[field] = diary[field].clone();
            }
        }
        clients
            .retain(|client| client["mnemonic"] != documented.as_str() && client["mnemonic"] != registered["mnemonic"]);
        clients.push(registered);
    }
    renamed(&mut seed["gosuslugi"], &documented, &own.mnemonic.to_string());
    seed["diary"]["provider"]["mnemonic"] = own.mnemonic.to_string().into();
    seed
}

/// Returns the mnemonic under which a seed registers the documented diary.
fn mnemonic(seed: &Value) -> String {
    let named = seed["diary"]["provider"]["mnemonic"].as_str();
    let profile = || {
        let name = seed["diary"]["profile"].as_str().unwrap_or(DEFAULT_PROFILE);
        diary::Profile::built_in(name).map(|profile| profile.mnemonic.clone()).unwrap_or_default()
    };
    named.map_or_else(profile, str::to_owned)
}

/// Replaces every text of the document that equals `from` by `to`.
fn renamed(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| renamed(item, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|field| renamed(field, from, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_foreign_client_takes_the_diarys_place_and_its_consents() {
        let own = json!({ "mnemonic": "MINE", "title": "Мой", "organisation": "Мы", "scopes": ["openid", "snils"],
            "oidc": { "redirect-uris": ["http://127.0.0.1/{world}/back"], "secret": "s" } });
        let own: ClientSpec = serde_json::from_value(own).unwrap();
        let seed = json!({ "diary": {}, "gosuslugi": {
            "consents": [{ "subject": "тёма", "client": "RYAZAN-DIARY" }, { "subject": "юля", "client": "MINOBR-62" }],
            "clients": [
                { "mnemonic": "RYAZAN-DIARY", "title": "Электронный дневник", "organisation": "Школа", "scopes": ["openid"], "school-portfolio": true },
                { "mnemonic": "MINOBR-62", "title": "Министерство", "organisation": "Министерство" },
            ],
        } });
        let made = stand_in(seed, &own);
        let clients = made["gosuslugi"]["clients"].as_array().unwrap();
        assert_eq!(clients.iter().map(|client| &client["mnemonic"]).collect::<Vec<_>>(), ["MINOBR-62", "MINE"]);
        let mine = &clients[1];
        assert_eq!((&mine["title"], &mine["school-portfolio"]), (&json!("Электронный дневник"), &json!(true)));
        assert_eq!((&mine["scopes"], &mine["oidc"]["secret"]), (&json!(["openid", "snils"]), &json!("s")));
        assert_eq!(made["gosuslugi"]["consents"][0]["client"], "MINE");
        assert_eq!(made["gosuslugi"]["consents"][1]["client"], "MINOBR-62");
        assert_eq!(made["diary"]["provider"]["mnemonic"], "MINE");
    }
}
