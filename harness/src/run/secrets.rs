//! Hides credentials of requests in reports and archives, which are passed on to others.

use std::{cmp::Reverse, collections::HashMap};

use serde_json::Value;
use url::form_urlencoded;
use worlds::{Entry, Message};

use crate::language::pick;

/// Names of parameters, fields and keys whose values are credentials, with `_` for `-`.
const NAMES: [&str; 17] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "csrf",
    "id_token",
    "id_token_hint",
    "logout_token",
    "otp",
    "password",
    "refresh_token",
    "secret",
    "session",
    "token",
    "totp",
];
/// Names of further credentials in forms: passwords that are changed.
const OF_FORMS: [&str; 2] = ["current", "repeated"];
/// Minimum length of a hidden value in letters: shorter values would match everywhere.
const SHORTEST: usize = 3;

/// Credentials with their replacements. Each value has a number, so that a reader sees where it is used again.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    numbers: HashMap<String, usize>,
    /// Spellings of the values with their numbers, the longest first.
    spelt: Vec<(String, usize)>,
}

impl Secrets {
    /// Collects the credentials of requests, in their order.
    pub(super) fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut secrets = Self::default();
        for entry in entries {
            let query = entry.target.split_once('?').map_or("", |(_, query)| query);
            secrets.pairs(query);
            secrets.message(&entry.request);
            secrets.message(&entry.response);
        }
        secrets.spelt.sort_by_key(|(text, _)| Reverse(text.len()));
        secrets
    }

    /// Adds further values, such as credentials that a foreign form gives other names.
    #[must_use]
    pub(super) fn and(mut self, others: &[String]) -> Self {
        for other in others {
            let spelt: String = form_urlencoded::byte_serialize(other.as_bytes()).collect();
            self.add(other, Some(&spelt));
        }
        self.spelt.sort_by_key(|(text, _)| Reverse(text.len()));
        self
    }

    /// Returns a text without the credentials.
    pub(super) fn hide(&self, text: &str) -> String {
        let hidden = pick("скрыто", "hidden");
        self.spelt.iter().fold(text.to_owned(), |text, (secret, number)| {
            if text.contains(secret.as_str()) { text.replace(secret, &format!("[{hidden}-{number}]")) } else { text }
        })
    }

    fn message(&mut self, message: &Message) {
        for (name, value) in &message.headers {
            match name.as_str() {
                // Scheme and credentials: `Bearer …`, `Basic …`.
                "authorization" | "proxy-authorization" => {
                    self.add(value.split_once(' ').map_or(value.as_str(), |(_, credentials)| credentials.trim()), None);
                }
                "cookie" => value.split(';').for_each(|cookie| self.cookie(cookie)),
                "set-cookie" => self.cookie(value.split(';').next().unwrap_or_default()),
                "location" | "referer" => value.split(['?', '#']).skip(1).for_each(|query| self.pairs(query)),
                _ => {}
            }
        }
        match serde_json::from_str(&message.body) {
            Ok(value) => self.json(&value),
            Err(_) => self.pairs(&message.body),
        }
    }

    fn cookie(&mut self, cookie: &str) {
        if let Some((_, value)) = cookie.split_once('=') {
            self.add(value.trim().trim_matches('"'), None);
        }
    }

    /// Reads `a=b&c=d` and adds values both encoded and decoded.
    fn pairs(&mut self, text: &str) {
        for pair in text.split('&') {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            let (Some((_, spelt)), Some((name, meant))) = (pair.split_once('='), decoded) else { continue };
            if is_secret(&name) || OF_FORMS.contains(&&*name) {
                self.add(&meant, Some(spelt));
            }
        }
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        // The code of a problem document is a word, not a credential.
                        Value::String(text) if name == "code" && !text.contains(|sign: char| sign.is_ascii_digit()) => {
                        }
                        Value::String(text) if is_secret(name) => self.add(text, None),
                        other => self.json(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.json(item)),
            _ => {}
        }
    }

    fn add(&mut self, meant: &str, spelt: Option<&str>) {
        if meant.chars().count() < SHORTEST {
            return;
        }
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(meant.to_owned()).or_insert(next);
        for text in [Some(meant), spelt].into_iter().flatten() {
            let one = (text.to_owned(), number);
            if !self.spelt.contains(&one) {
                self.spelt.push(one);
            }
        }
    }
}

fn is_secret(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase().replace('-', "_").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(target: &str, request: &Message, response: &Message) -> Entry {
        serde_json::from_value(serde_json::json!({
            "id": 1, "at": "2024-09-02T06:00:00Z", "answered_at": "2026-11-29T12:00:00Z", "method": "POST",
            "target": target, "by_program": false, "request": request, "status": 200, "response": response,
            "duration_us": 1, "verdict": [],
        }))
        .unwrap()
    }

    fn message(headers: &[(&str, &str)], body: &str) -> Message {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Message { headers, body: body.to_owned() }
    }

    #[test]
    fn the_word_of_a_problem_document_is_no_credential() {
        let response = message(&[], r#"{"code": "error-expired", "title": "Код истёк", "data": {"code": "417302"}}"#);
        let secrets = Secrets::of([&entry("/te", &Message::default(), &response)]);
        assert_eq!(secrets.hide("error-expired 417302"), "error-expired [скрыто-1]");
    }

    #[test]
    fn a_credential_is_hidden_wherever_it_stands_and_keeps_its_number() {
        let request = message(
            &[
                ("authorization", "Bearer at-777"),
                ("cookie", "idp_session=sid-1; theme=\"dark-blue\""),
                ("accept", "x/y"),
            ],
            "login=anna%40example.test&password=anna%2F2024&code=c0de%2B1",
        );
        let response = message(
            &[("set-cookie", "diary=sid-2; Path=/"), ("location", "https://d/cb?code=c0de%2B1&state=st-1")],
            r#"{"data": [{"id_token": "eyJ.x.y", "scope": "openid"}]}"#,
        );
        let secrets = Secrets::of([&entry("/te?client_secret=s3cr3t&state=st-1", &request, &response)]);
        let told = |text: &str| secrets.hide(text);
        assert_eq!(told("s3cr3t, at-777"), "[скрыто-1], [скрыто-2]");
        assert_eq!(told("idp_session=sid-1; theme=dark-blue"), "idp_session=[скрыто-3]; theme=[скрыто-4]");
        assert_eq!(told("anna/2024 anna%2F2024"), "[скрыто-5] [скрыто-5]");
        assert_eq!(told("/cb?code=c0de%2B1&state=st-1 c0de+1"), "/cb?code=[скрыто-6]&state=st-1 [скрыто-6]");
        assert_eq!(
            told("diary=sid-2 eyJ.x.y openid anna@example.test"),
            "diary=[скрыто-7] [скрыто-8] openid anna@example.test"
        );
    }
}
