//! What is the same for every operation of a server's OpenAPI document, described once.

use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Components, Content, HttpMethod, Info, OpenApi, PathItem, Ref, RefOr, Response,
        path::Operation,
        schema::Schema,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{Site, problem::ProblemDetails};

const PROBLEM: &str = "application/problem+json";

/// Fills in a document: its title, an `operationId` for each operation, the refusals that any of them may answer with
/// (RFC 9457), and the token where one is needed.
pub(super) fn complete(document: &mut OpenApi, site: &Site, needs_token: bool) {
    document.info = Info::new(site.title, env!("CARGO_PKG_VERSION"));
    document.info.description =
        Some("API для тестов. Пути относятся к миру: у корня — мир main, у /w/{имя} — мир с этим именем.".to_owned());
    let components = document.components.get_or_insert_default();
    components.schemas.insert(ProblemDetails::name().into_owned(), ProblemDetails::schema());
    components.responses.insert("ProblemDetails".to_owned(), problem("Отказ: что не так и что делать").into());
    open_parts(components);
    if needs_token {
        require_token(components);
        document.security = Some(vec![SecurityRequirement::new("control", [""; 0])]);
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(operation_id(method, path));
            describe_refusals(operation);
        }
    }
}

fn require_token(components: &mut Components) {
    let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("control".to_owned(), scheme.into());
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Options, &mut item.options),
        (HttpMethod::Head, &mut item.head),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Trace, &mut item.trace),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// `POST /control/worlds/{name}/fork` is `post_control_worlds_name_fork`: unique, as method and path are.
fn operation_id(method: HttpMethod, path: &str) -> String {
    let method = serde_json::to_value(method).unwrap_or_default();
    let words = path.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.as_str().unwrap_or_default()).chain(words).collect::<Vec<_>>().join("_")
}

/// A refusal that an operation names without a body is a problem document; those that it does not name are one too.
fn describe_refusals(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            *response = problem(&response.description);
        }
    }
    for range in ["4XX", "5XX"] {
        responses.entry(range.to_owned()).or_insert_with(|| Ref::from_response_name("ProblemDetails").into());
    }
}

fn problem(description: &str) -> Response {
    let mut response = Response::new(description);
    response
        .content
        .insert(PROBLEM.to_owned(), Content::new(Some(Ref::from_schema_name(ProblemDetails::name()))).into());
    response
}

/// A schema that another one is made of cannot forbid what the other adds.
fn open_parts(components: &mut Components) {
    let refers = |schema: &RefOr<Schema>| match schema {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next().map(str::to_owned),
        RefOr::T(_) => None,
    };
    let parts: Vec<_> = components
        .schemas
        .values()
        .filter_map(|schema| match schema {
            RefOr::T(Schema::AllOf(all)) => Some(all.items.iter().filter_map(refers).collect::<Vec<_>>()),
            _ => None,
        })
        .flatten()
        .collect();
    for name in parts {
        if let Some(RefOr::T(Schema::Object(part))) = components.schemas.get_mut(&name) {
            part.additional_properties = None;
        }
    }
}
