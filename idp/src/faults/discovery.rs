//! Faults of the discovery document.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{act::DiscoveryFault, answer::Answer, fault::Fault, response::PAGE};

/// Returns the discovery document as the fault changes it.
pub(super) fn discovery(act: DiscoveryFault, fault: &Fault, answer: &Answer) -> Option<Answer> {
    let mut document = answer.json()?;
    match act {
        DiscoveryFault::IssuerOther => document["issuer"] = json!("https://issuer.example"),
        DiscoveryFault::TokenEndpointForeign => document["token_endpoint"] = json!(fault.parameter("to")),
        DiscoveryFault::Moved => {
            for name in ["jwks_uri", "userinfo_endpoint"] {
                let moved = document[name].as_str().map(|address| format!("{address}?moved=1"))?;
                document[name] = Value::String(moved);
            }
        }
        DiscoveryFault::Junk => {
            let status = match fault.parameter("answer") {
                "404" => StatusCode::NOT_FOUND,
                "500" => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::OK,
            };
            return Some(answer.clone().page(status, PAGE));
        }
    }
    Some(answer.clone().with_body(document.to_string()))
}
