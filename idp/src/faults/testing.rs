//! Test support for faults: tokens decoded with independent libraries, and comparison of responses with and without a
//! fault.

use std::{collections::BTreeMap, fmt::Write as _, fs, process::Command};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::keys;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::{esia::testing as esia_rp, oidc::testing as oidc_rp},
    testing::{Answer, Rig},
};

/// Relying party of a test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    /// ЕСИА's protocol, RS256.
    Esia,
    /// ЕСИА's protocol, ГОСТ.
    Gost,
    Oidc,
}

impl Party {
    /// Starts a world that has the relying party as a client.
    pub(crate) async fn rig(self) -> Rig {
        match self {
            Self::Esia | Self::Gost => Rig::new(esia_rp::wide_section()).await,
            Self::Oidc => Rig::new(oidc_rp::section()).await,
        }
    }

    /// Returns the token endpoint's response to a correct sign-in of Анна.
    pub(crate) async fn tokens(self, rig: &Rig) -> Answer {
        match self {
            Self::Esia => {
                let rp = esia_rp::Rp { access_type: "offline", ..esia_rp::Rp::default() };
                let code = rig.code(&rp, "анна").await;
                rig.te(&rp.by_code(&code)).await
            }
            Self::Gost => {
                let rp = esia_rp::Rp::gost();
                let code = rig.code(&rp, "анна").await;
                rig.te(&rp.by_code(&code)).await
            }
            Self::Oidc => {
                let rp = oidc_rp::Rp::default();
                let code = rig.oidc_code(&rp, "анна").await;
                rig.post("/oidc/token", &rp.by_code(&code)).await
            }
        }
    }
}

/// Sets a fault and returns its number.
pub(super) async fn set(rig: &Rig, fault: Value) -> u64 {
    let answer = rig.control().post("/control/faults", &fault).await;
    answer.json(201)["number"].as_u64().unwrap()
}

/// Returns the names of the faults that are set.
pub(super) async fn on(rig: &Rig) -> Vec<String> {
    let list = rig.control().get("/control/faults").await.ok();
    list.as_array().unwrap().iter().map(|fault| fault["fault"].as_str().unwrap().to_owned()).collect()
}

/// Returns the header `X-Esia-Stand-Fault` of a response.
pub(super) fn named(answer: &Answer) -> &str {
    answer.headers.get("x-esia-stand-fault").map_or("", |value| value.to_str().unwrap())
}

/// Returns the faults that the journal names for a response.
pub(super) async fn in_journal(rig: &Rig, answer: &Answer) -> Value {
    let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
    let entry = rig.control().get(&format!("/control/requests/{id}")).await.ok();
    entry["faults"].clone()
}

/// Returns all values of a token response by path, without those that differ between any two sign-ins.
pub(super) fn taken_apart(answer: &Answer) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    found.insert("status".to_owned(), answer.status.as_u16().to_string());
    let members = answer.ok();
    for (name, value) in members.as_object().unwrap() {
        match (name.as_str(), value.as_str()) {
            ("access_token" | "id_token", Some(token)) => {
                let place = name.trim_end_matches("_token");
                for (path, value) in of_token(token) {
                    found.insert(format!("{place} {path}"), value);
                }
            }
            ("refresh_token", _) => drop(found.insert("refresh_token".to_owned(), "…".to_owned())),
            _ => drop(found.insert(name.clone(), value.to_string())),
        }
    }
    if let (Some(access), Some(id)) = (members["access_token"].as_str(), members["id_token"].as_str()) {
        let at_hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(access)[..16]);
        let claims = parts(id).1;
        if let Some(said) = claims.get("at_hash") {
            found.insert("id at_hash".to_owned(), (*said == json!(at_hash)).to_string());
        }
    }
    found
}

/// Returns the differences from a response without a fault.
pub(super) fn difference(without: &BTreeMap<String, String>, with: &BTreeMap<String, String>) -> String {
    let mut told = String::new();
    let paths: std::collections::BTreeSet<_> = without.keys().chain(with.keys()).collect();
    for path in paths {
        let (before, after) = (without.get(path), with.get(path));
        if before != after {
            let after = after.map_or("-", String::as_str);
            let short: String = after.chars().take(60).collect();
            let more = if after.chars().count() > 60 { "…" } else { "" };
            let _ = write!(told, "; {path} {short}{more}");
        }
    }
    told.trim_start_matches("; ").to_owned()
}

/// Returns header and claims of a token in any encoding.
fn parts(token: &str) -> (Value, Value) {
    let mut read = token.split('.').map(|part| {
        let part = part.trim_end_matches('=').replace('+', "-").replace('/', "_");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap_or_default()
    });
    (read.next().unwrap_or_default(), read.next().unwrap_or_default())
}

fn of_token(token: &str) -> Vec<(String, String)> {
    const OWN: [&str; 5] = ["jti", "sid", "urn:esia:sid", "at_hash", "refresh_token"];
    let (header, claims) = parts(token);
    let all = [("", header), ("/", claims)];
    let said = all.iter().flat_map(|(mark, map)| {
        let fields = map.as_object().into_iter().flatten().filter(|(name, _)| !OWN.contains(&name.as_str()));
        fields.map(move |(name, value)| (format!("{mark}{name}"), value.to_string()))
    });
    let odd = token.contains(['=', '+', '/']).then(|| ("spelling".to_owned(), "Base64".to_owned()));
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap().trim_end_matches('=')).unwrap_or_default();
    let times = String::from_utf8_lossy(&payload).matches("\"sub\":").count();
    let doubled = (times > 1).then(|| ("sub".to_owned(), format!("{times} times")));
    said.chain([("signature".to_owned(), signature(token))]).chain(odd).chain(doubled).collect()
}

/// Names the key that has signed a token, as jsonwebtoken and OpenSSL find it.
fn signature(token: &str) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let [header, payload, signature, more @ ..] = parts.as_slice() else { return "none".to_owned() };
    let plain = signature.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE_NO_PAD.decode(&plain).unwrap();
    let message = format!("{header}.{payload}");
    let rsa = |pem: &str, algorithm| {
        let certificate = esia::Certificate::from_pem(pem).unwrap();
        let key = DecodingKey::from_rsa_pem(certificate.public_key_pem().as_bytes()).unwrap();
        crypto::verify(&plain, message.as_bytes(), &key, algorithm).unwrap_or(false)
    };
    let hmac = |secret: &[u8]| {
        let key = DecodingKey::from_secret(secret);
        crypto::verify(&plain, message.as_bytes(), &key, Algorithm::HS256).unwrap_or(false)
    };
    let provider = esia::Certificate::from_pem(keys::PROVIDER_CERTIFICATE_PEM).unwrap();
    let found = match bytes.len() {
        0 => "empty",
        256 if rsa(keys::PROVIDER_CERTIFICATE_PEM, Algorithm::RS256) => "RSA of the provider",
        256 if rsa(keys::PROVIDER_CERTIFICATE_PEM, Algorithm::PS256) => "PSS of the provider",
        256 if rsa(keys::STRANGER_CERTIFICATE_PEM, Algorithm::RS256) => "RSA of a stranger",
        32 if hmac(provider.public_key_pem().as_bytes()) => "HMAC by the public key",
        32 if hmac(b"") => "HMAC by nothing",
        64 if bytes.iter().all(|byte| *byte == 0) => "zero",
        64 if gost(keys::PROVIDER_GOST_CERTIFICATE_PEM, &message, &bytes) => "ГОСТ of the provider",
        64 if gost(keys::STRANGER_GOST_CERTIFICATE_PEM, &message, &bytes) => "ГОСТ of a stranger",
        64 if gost_otherwise(&message, &bytes) => "ГОСТ of the provider, turned",
        _ => "nobody's",
    };
    let more = if more.is_empty() { String::new() } else { format!(", {} parts", 3 + more.len()) };
    format!("{found}{more}")
}

/// Whether OpenSSL accepts a ГОСТ signature once its halves or its bytes are reordered.
fn gost_otherwise(message: &str, signature: &[u8]) -> bool {
    let (first, second) = signature.split_at(32);
    let reversed: Vec<_> = signature.iter().rev().copied().collect();
    [[second, first].concat(), reversed].iter().any(|other| gost(keys::PROVIDER_GOST_CERTIFICATE_PEM, message, other))
}

/// Whether OpenSSL's ГОСТ engine accepts a signature.
pub(crate) fn gost(certificate: &str, message: &str, signature: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let key = esia::Certificate::from_pem(certificate).unwrap().public_key_pem();
    for (name, content) in [("key", key.as_bytes()), ("message", message.as_bytes()), ("signature", signature)] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let arguments = "dgst -engine gost -md_gost12_256 -verify key -signature signature message";
    let mut openssl = Command::new("openssl");
    let output = openssl.current_dir(folder.path()).args(arguments.split(' ')).output().expect("openssl is installed");
    output.status.success()
}

/// Returns every value of a document by its path.
pub(super) fn flat(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(String::new(), value.clone())];
    while let Some((path, value)) = waiting.pop() {
        match value {
            Value::Object(object) => {
                waiting.extend(object.into_iter().map(|(name, inner)| (format!("{path}/{name}"), inner)));
            }
            Value::Array(list) => {
                waiting.extend(list.into_iter().enumerate().map(|(at, inner)| (format!("{path}/{at}"), inner)));
            }
            plain => drop(found.insert(path, plain.to_string())),
        }
    }
    found
}

/// Returns the parts of a response: status, relevant headers, values of the body, act of the connection.
pub(super) fn parts_of(answer: &Answer) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    found.insert("status".to_owned(), answer.status.as_u16().to_string());
    for name in ["content-type", "retry-after", "www-authenticate", "date", "cache-control"] {
        if let Some(value) = answer.headers.get(name) {
            found.insert(name.to_owned(), value.to_str().unwrap().to_owned());
        }
    }
    match (url::Url::parse(answer.location()), serde_json::from_str::<Value>(&answer.body)) {
        (Ok(location), _) => {
            found.insert("to".to_owned(), location[..url::Position::AfterPath].to_owned());
            for (name, value) in location.query_pairs() {
                found.insert(format!("?{name}"), masked(&name, &value));
            }
        }
        (Err(_), Ok(value @ (Value::Object(_) | Value::Array(_)))) => {
            let masked = |(path, value): (String, String)| (path.clone(), masked(path.trim_start_matches('/'), &value));
            found.extend(flat(&value).into_iter().map(masked));
        }
        _ if answer.body.contains("data-test=\"form-post\"") => {
            for field in answer.body.split("<input type=\"hidden\" name=\"").skip(1) {
                let mut parts = field.split('"');
                let (name, value) = (parts.next().unwrap(), parts.nth(1).unwrap());
                found.insert(format!("[{name}]"), masked(name, value));
            }
        }
        _ => drop(found.insert("body".to_owned(), format!("{} bytes {}", answer.body.len(), answer.body))),
    }
    found.extend(answer.extensions.get::<web::Wire>().map(|wire| ("wire".to_owned(), format!("{wire:?}"))));
    found
}

/// Replaces values that differ between sign-ins with their length in hundreds.
fn masked(name: &str, value: &str) -> String {
    match name {
        "code" if value.len() > 20 => format!("~{}00 signs", value.len() / 100),
        "access_token" | "id_token" | "refresh_token" => format!("~{}00 signs", value.len() / 100),
        _ => value.to_owned(),
    }
}
