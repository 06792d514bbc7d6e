//! Archives of requests in HAR 1.2, which browsers and proxies read.

use std::collections::HashMap;

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use worlds::Message;

use super::super::secrets::Secrets;
use crate::{control::Party, scenario::JournaledRequest};

/// Base URLs of a world at both servers.
pub(super) type Bases = HashMap<Party, Url>;

/// Archive of requests, oldest first, with credentials hidden.
pub(super) fn har(journal: &[JournaledRequest], bases: &Bases, secrets: &Secrets) -> Value {
    let entries: Vec<_> = journal.iter().map(|request| entry(request, bases, secrets)).collect();
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "esia-stand", "version": env!("CARGO_PKG_VERSION") },
        "entries": entries,
    } })
}

fn entry(journaled: &JournaledRequest, bases: &Bases, secrets: &Secrets) -> Value {
    let url = url_of(bases.get(&journaled.party), &journaled.entry.target);
    let mut told = archive_entry(&journaled.entry, &url, secrets);
    told["comment"] = format!("{} {}: {}", journaled.party.key(), journaled.entry.id, journaled.entry.outcome()).into();
    told
}

/// Entry of an archive for one request and its response.
pub(in super::super) fn archive_entry(entry: &worlds::Entry, url: &str, secrets: &Secrets) -> Value {
    let micros = i64::try_from(entry.duration_us).unwrap_or(i64::MAX);
    let began = entry.answered_at - TimeDelta::microseconds(micros);
    // From microseconds to milliseconds: 2^53 µs are 285 years.
    #[expect(clippy::cast_precision_loss, reason = "no request takes so long")]
    let millis = entry.duration_us as f64 / 1000.0;
    json!({
        "startedDateTime": began.to_rfc3339_opts(SecondsFormat::Millis, true),
        "time": millis,
        "request": request(entry, url, secrets),
        "response": response(entry, secrets),
        "cache": {},
        "timings": { "send": 0, "wait": millis, "receive": 0 },
    })
}

fn url_of(base: Option<&Url>, target: &str) -> String {
    let base = base.map(Url::as_str).unwrap_or_default();
    format!("{}/{}", base.trim_end_matches('/'), target.trim_start_matches('/'))
}

fn request(entry: &worlds::Entry, url: &str, secrets: &Secrets) -> Value {
    let message = &entry.request;
    let query = entry.target.split_once('?').map_or("", |(_, query)| query);
    let mut told = json!({
        "method": entry.method,
        "url": secrets.hide(url),
        "httpVersion": "HTTP/1.1",
        "cookies": cookies(message, "cookie", secrets),
        "headers": headers(message, secrets),
        "queryString": pairs(query, secrets),
        "headersSize": -1,
        "bodySize": message.body.len(),
    });
    if !message.body.is_empty() {
        let kind = kind(message);
        let params = if kind.starts_with("application/x-www-form-urlencoded") {
            pairs(&message.body, secrets)
        } else {
            json!([])
        };
        told["postData"] = json!({ "mimeType": kind, "params": params, "text": secrets.hide(&message.body) });
    }
    told
}

fn response(entry: &worlds::Entry, secrets: &Secrets) -> Value {
    let message = &entry.response;
    let reason = reqwest::StatusCode::from_u16(entry.status).ok().and_then(|status| status.canonical_reason());
    json!({
        "status": entry.status,
        "statusText": reason.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": cookies(message, "set-cookie", secrets),
        "headers": headers(message, secrets),
        "content": { "size": message.body.len(), "mimeType": kind(message), "text": secrets.hide(&message.body) },
        "redirectURL": secrets.hide(field(message, "location").unwrap_or_default()),
        "headersSize": -1,
        "bodySize": -1,
    })
}

fn field<'m>(message: &'m Message, name: &str) -> Option<&'m str> {
    message.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn kind(message: &Message) -> String {
    field(message, "content-type").unwrap_or("application/octet-stream").to_owned()
}

fn headers(message: &Message, secrets: &Secrets) -> Value {
    message.headers.iter().map(|(name, value)| json!({ "name": name, "value": secrets.hide(value) })).collect()
}

fn pairs(text: &str, secrets: &Secrets) -> Value {
    let pairs = form_urlencoded::parse(text.as_bytes());
    pairs.map(|(name, value)| json!({ "name": name, "value": secrets.hide(&value) })).collect()
}

/// Cookies of all header fields of a name; of `set-cookie` without attributes.
fn cookies(message: &Message, of: &str, secrets: &Secrets) -> Value {
    let fields = message.headers.iter().filter(|(name, _)| name == of).map(|(_, value)| value.as_str());
    let set = fields.flat_map(|value| value.split(';').take(if of == "cookie" { usize::MAX } else { 1 }));
    let pairs = set.filter_map(|cookie| cookie.trim().split_once('='));
    pairs.map(|(name, value)| json!({ "name": name, "value": secrets.hide(value) })).collect()
}
