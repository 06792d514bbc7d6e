//! Examples of request bodies in an OpenAPI document. They are data, in a file beside the routes, so that a test can send
//! each one.

use serde_json::{Map, Value};
use utoipa::openapi::{OpenApi, RefOr, path::PathItem};

/// Puts examples at their bodies. `text` is a JSON object: `"post /control/clock": {…}`. What the document does not have
/// is passed over: a test of each server finds a body without an example.
pub fn add_examples(document: &mut OpenApi, text: &str) {
    let Ok(examples) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    for (address, example) in examples {
        let Some((method, path)) = address.split_once(' ') else { continue };
        let operation = document.paths.paths.get_mut(path).and_then(|item| operation(item, method));
        let Some(RefOr::T(body)) = operation.and_then(|operation| operation.request_body.as_mut()) else { continue };
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.example = Some(example.clone());
            }
        }
    }
}

fn operation<'d>(item: &'d mut PathItem, method: &str) -> Option<&'d mut utoipa::openapi::path::Operation> {
    match method {
        "post" => item.post.as_mut(),
        "put" => item.put.as_mut(),
        "patch" => item.patch.as_mut(),
        "delete" => item.delete.as_mut(),
        _ => None,
    }
}
