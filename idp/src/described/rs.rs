//! Personal data: addresses and schemas of `/rs`, taken from its table.

use serde_json::{Value, json};
use utoipa::openapi::{
    Content, HttpMethod, PathItem, Ref, RefOr, Response, ResponseBuilder, Schema, SecurityRequirement,
    content::ContentBuilder,
    path::{OperationBuilder, ParameterIn},
};

use super::address::{Field, JSON, TOKEN, may, must};
use crate::protocols::rs::{self, Described};

const EMBED: Field =
    may("embed", "Вложить: у человека — (contacts.elements,documents), у списка — (elements)", "(elements)");
const OID: Field = must("oid", "Номер учётной записи (urn:esia:sbj_id маркера) или организации", "1000300001");
const VERSION: Field = must("version", "Версия новых адресов: от v1 до v5, отвечают они одинаково", "v4");
const OWNER: Field = must("owner", "Номер элемента, чей это список", "1");
const ID: Field = must("id", "Номер элемента: последняя часть его ссылки", "1");

/// Name of the schema of an error of `/rs`.
const REST_ERROR: &str = "rs.RestErrorBody";

/// Errors of every address: status, meaning, code and message (ESIA §4.9).
const REFUSALS: [(&str, &str, &str, &str); 3] = [
    ("401", "Нет маркера, или он не действует", "ESIA-005011", "SecurityErrorEnum.invalidToken"),
    ("403", "Эта область маркеру не открыта", "ESIA-005029", "SecurityErrorEnum.scopeNotAllowed"),
    ("404", "Такого адреса или таких данных нет", "ESIA-005404", "SecurityErrorEnum.notFound"),
];

/// Addresses of `/rs`, with their descriptions.
pub(super) fn items() -> impl Iterator<Item = (String, PathItem)> {
    rs::described().into_iter().map(|one| (one.path.clone(), item(&one)))
}

/// Schemas that the answers refer to, by name.
pub(super) fn schemas() -> impl Iterator<Item = (String, RefOr<Schema>)> {
    rs::schemas().into_iter().filter_map(|(name, schema)| Some((name, serde_json::from_value(schema).ok()?)))
}

fn item(one: &Described) -> PathItem {
    let in_path = |field: &&Field| one.path.contains(&format!("{{{}}}", field.name));
    let mut operation = OperationBuilder::new().tag("rs").summary(Some(&one.about));
    for field in [VERSION, OID, OWNER, ID].iter().filter(in_path) {
        operation = operation.parameter(field.parameter(ParameterIn::Path));
    }
    if one.answer.is_some() {
        operation = operation.parameter(EMBED.parameter(ParameterIn::Query));
    }
    // An empty requirement overrides the token of the control API, which the rest of the document needs.
    operation = operation.security(if one.by_token {
        SecurityRequirement::new(TOKEN, [""; 0])
    } else {
        SecurityRequirement::default()
    });
    if let Some((schema, example)) = &one.answer {
        operation =
            operation.response("200", response("Данные, которые открывают области маркера", schema, example.clone()));
    }
    for (status, about, code, message) in REFUSALS.iter().filter(|_| one.by_token) {
        let example = json!({ "code": code, "message": message });
        operation = operation.response(*status, response(about, REST_ERROR, example));
    }
    PathItem::new(HttpMethod::Get, operation.build())
}

fn response(about: &str, schema: &str, example: Value) -> Response {
    ResponseBuilder::new().description(about).content(JSON, content(schema, example)).build()
}

/// Returns a reference to the schema of an error of `/rs`.
pub(super) fn rest_error() -> RefOr<Schema> {
    Ref::from_schema_name(REST_ERROR).into()
}

fn content(schema: &str, example: Value) -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).example(Some(example)).build()
}
