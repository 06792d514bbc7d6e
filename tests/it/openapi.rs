//! The OpenAPI documents of both servers: valid in themselves, and kept by every answer of the documented suite.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Exchange, Program, Recorder, Server};

/// A server's document, ready to compare answers with.
struct Described {
    document: Value,
    /// By the pointer of the schema in the document.
    validators: RefCell<BTreeMap<String, jsonschema::Validator>>,
}

impl Described {
    async fn of(server: &Server) -> Self {
        let answer = server.get("/control/openapi.json").await;
        Self { document: answer.ok(), validators: RefCell::default() }
    }

    fn paths(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.document["paths"].as_object().into_iter().flatten().map(|(path, item)| (path.as_str(), item))
    }

    /// The template that a path is an example of; one with fewer parameters goes first.
    fn template(&self, path: &str) -> Option<&str> {
        let fits = |template: &&str| {
            let (mut asked, mut known) = (path.split('/'), template.split('/'));
            loop {
                match (asked.next(), known.next()) {
                    (None, None) => return true,
                    (Some(asked), Some(known)) if asked == known || (known.starts_with('{') && !asked.is_empty()) => {}
                    _ => return false,
                }
            }
        };
        self.paths().map(|(template, _)| template).filter(fits).min_by_key(|template| template.matches('{').count())
    }

    /// Differences of an answer from its description; `None` where the address is not described.
    fn differs(&self, exchange: &Exchange) -> Option<Result<(), String>> {
        let template = self.template(inside(&exchange.path))?;
        let method = exchange.method.as_str().to_ascii_lowercase();
        let responses = &self.document["paths"][template][&method]["responses"];
        let told = |what: String| Some(Err(format!("{} {template} {}: {what}", exchange.method, exchange.status)));
        if responses.is_null() {
            let may = exchange.status == 405 || exchange.method == Method::OPTIONS || exchange.method == Method::HEAD;
            return if may { Some(Ok(())) } else { told("the method is not described".to_owned()) };
        }
        let range = format!("{}XX", exchange.status / 100);
        let named = responses.get(exchange.status.to_string()).or_else(|| responses.get(range));
        let Some(response) = named.map(|response| self.resolved(response)) else {
            return told("the status is not described".to_owned());
        };
        let content = &response["content"];
        if exchange.body.is_empty() {
            return Some(Ok(()));
        }
        if content[&exchange.media_type].is_null() {
            return told(format!("{:?} is not described", exchange.media_type));
        }
        if !exchange.media_type.ends_with("json") {
            return Some(Ok(()));
        }
        let pointer = format!("{template} {method} {} {}", exchange.status, exchange.media_type);
        let mut validators = self.validators.borrow_mut();
        let validator =
            validators.entry(pointer).or_insert_with(|| self.validator(&content[&exchange.media_type]["schema"]));
        let Ok(body) = serde_json::from_slice::<Value>(&exchange.body) else { return told("no JSON".to_owned()) };
        let wrong: Vec<_> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        if wrong.is_empty() { Some(Ok(())) } else { told(wrong.join("; ")) }
    }

    /// Target of a reference.
    fn resolved<'d>(&'d self, part: &'d Value) -> &'d Value {
        let pointer = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(part)
    }

    /// A schema of the document with what it refers to.
    fn validator(&self, schema: &Value) -> jsonschema::Validator {
        assert!(schema.is_object(), "JSON that has no schema");
        let whole = json!({ "allOf": [schema], "components": self.document["components"] });
        jsonschema::draft202012::new(&whole).expect("a schema of the document")
    }
}

/// A path inside its world.
fn inside(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/w/") else { return path };
    rest.find('/').map_or("/", |slash| rest.split_at(slash).1)
}

/// Addresses that programs call: what is asked there must be described.
fn for_programs(path: &str) -> bool {
    ["/control/", "/lk/api/", "/api/", "/rs/", "/aas/oauth2/", "/oidc/", "/.well-known/"]
        .iter()
        .any(|beginning| path.starts_with(beginning))
        && !path.starts_with("/control/console")
        && !path.starts_with("/control/docs")
        && !path.starts_with("/control/openapi")
        && !PAGES.contains(&path)
}

/// Pages among the addresses of programs: a person reads them.
const PAGES: [&str; 5] =
    ["/aas/oauth2/continue", "/aas/oauth2/consent", "/oidc/continue", "/oidc/consent", "/oidc/logout/confirm"];

#[tokio::test]
async fn every_answer_of_the_documented_suite_is_as_described() {
    compare("esia").await;
}

#[tokio::test]
async fn every_answer_of_the_documented_suite_is_as_described_through_openid_connect() {
    compare("oidc").await;
}

/// Plays the documented suite through recorders before both servers, and compares what they kept with the documents.
async fn compare(protocol: &str) {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    let servers = [
        (Described::of(&idp).await, Recorder::before(&idp.url).await),
        (Described::of(&diary).await, Recorder::before(&diary.url).await),
    ];
    let [(_, before_idp), (_, before_diary)] = &servers;
    let run = ["run", "--protocol", protocol, "--idp", &before_idp.url, "--diary", &before_diary.url];
    let ended = Program::run(&run).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let (mut wrong, mut compared) = (BTreeSet::new(), 0);
    for (described, recorder) in &servers {
        for exchange in recorder.exchanges().await {
            match described.differs(&exchange) {
                Some(Ok(())) => compared += 1,
                Some(Err(difference)) => drop(wrong.insert(difference)),
                None if for_programs(inside(&exchange.path)) => {
                    wrong.insert(format!("{} {} is not described", exchange.method, inside(&exchange.path)));
                }
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(compared > 2_000, "only {compared} answers were compared");
}

/// What the suite does not ask: each address that needs nothing to be asked, by nobody and by somebody who is signed in.
#[tokio::test]
async fn answers_that_the_suite_does_not_see_are_as_described() {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    for (server, person) in [(&idp, "анна"), (&diary, "анна")] {
        let described = Described::of(server).await;
        let recorder = Recorder::before(&server.url).await;
        let session = server.post(&format!("/control/people/{person}/session"), &json!({})).await;
        let session = session.json(201)["session"].as_str().unwrap_or_default().to_owned();
        assert!(!session.is_empty(), "{person} has no session at {}", server.url);
        let plain = described.paths().filter(|(path, item)| !path.contains('{') && !item["get"].is_null());
        let plain: Vec<_> = plain.map(|(path, _)| path.to_owned()).filter(|path| !path.ends_with("/stream")).collect();
        for path in &plain {
            let ask = || tests::client().get(format!("{}{path}", recorder.url));
            ask().send().await.expect("an answer");
            ask().bearer_auth(&session).send().await.expect("an answer");
        }
        let exchanges = recorder.exchanges().await;
        assert!(exchanges.len() >= 2 * plain.len() && plain.len() > 10, "{} of {plain:?}", exchanges.len());
        let wrong: BTreeSet<_> = exchanges.iter().filter_map(|exchange| described.differs(exchange)?.err()).collect();
        assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    }
}

#[tokio::test]
async fn the_documents_are_valid() {
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    for server in [&idp, &diary] {
        let described = Described::of(server).await;
        let mut wrong = dangling(&described.document, &described.document);
        let mut names = BTreeSet::new();
        for (path, item) in described.paths() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let at = format!("{method} {path}");
                let id = operation["operationId"].as_str().unwrap_or_default();
                if id.is_empty() || !names.insert(id.to_owned()) {
                    wrong.push(format!("{at}: operationId {id:?} is missing or taken"));
                }
                wrong.extend(parameters(path, operation).into_iter().map(|what| format!("{at}: {what}")));
                wrong.extend(empty_schemas(operation).into_iter().map(|what| format!("{at}: {what}")));
            }
        }
        assert!(wrong.is_empty(), "{}\n{}", server.url, wrong.join("\n"));
        for (name, schema) in described.document["components"]["schemas"].as_object().into_iter().flatten() {
            let whole = json!({ "allOf": [schema], "components": described.document["components"] });
            assert!(jsonschema::draft202012::meta::is_valid(schema), "{name} is no JSON Schema");
            jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

/// References that lead nowhere.
fn dangling(document: &Value, within: &Value) -> Vec<String> {
    match within {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).filter(|reference| {
                reference.strip_prefix('#').is_none_or(|pointer| document.pointer(pointer).is_none())
            });
            own.map(|reference| format!("{reference} leads nowhere"))
                .into_iter()
                .chain(fields.values().flat_map(|value| dangling(document, value)))
                .collect()
        }
        Value::Array(values) => values.iter().flat_map(|value| dangling(document, value)).collect(),
        _ => Vec::new(),
    }
}

/// Parameters of the path that are not declared, or declared and not there.
fn parameters(path: &str, operation: &Value) -> Vec<String> {
    let in_path: BTreeSet<_> =
        path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect();
    let given = operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "path");
    let declared: BTreeSet<_> = given.filter_map(|parameter| parameter["name"].as_str()).collect();
    in_path
        .symmetric_difference(&declared)
        .map(|name| format!("{{{name}}} is not in both path and parameters"))
        .collect()
}

/// Bodies without a schema, and operations without an answer.
fn empty_schemas(operation: &Value) -> Vec<String> {
    let responses = operation["responses"].as_object();
    let none = responses.is_none_or(serde_json::Map::is_empty).then(|| "no answer is described".to_owned());
    let contents = responses
        .into_iter()
        .flat_map(serde_json::Map::values)
        .chain(operation.get("requestBody"))
        .filter_map(|one| one["content"].as_object())
        .flatten();
    let bare = contents.filter(|(kind, content)| kind.ends_with("json") && !content["schema"].is_object());
    none.into_iter().chain(bare.map(|(kind, _)| format!("{kind} without a schema"))).collect()
}
