//! Description of one address of a protocol in the OpenAPI document.

use serde_json::{Map, Value};
use utoipa::openapi::{
    Content, HttpMethod, PathItem, RefOr, Required, ResponseBuilder, Schema, SecurityRequirement,
    content::ContentBuilder,
    path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItemBuilder},
    request_body::RequestBodyBuilder,
    schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type},
};

/// Name of the access token's security scheme in the OpenAPI document.
pub(super) const TOKEN: &str = "access-token";

pub(super) const JSON: &str = "application/json";

pub(super) const HTML: &str = "text/html";

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Answers of a page that a person sees between authorization request and redirect.
pub(super) const PAGE: &[Answer] = &[
    answer("200", "Страница для человека", HTML, ""),
    answer("302", "Обратно в систему", "", ""),
    answer("303", "На следующую страницу", "", ""),
    answer("400", "Страница: запроса уже нет", HTML, ""),
    answer("403", "Страница: форма не с этого сайта", HTML, ""),
];

/// Address of a protocol.
pub(super) struct Address {
    pub(super) path: &'static str,
    pub(super) methods: &'static [HttpMethod],
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    /// Parameters in the path, and those in the query of `GET` or the body of `POST`.
    pub(super) fields: &'static [Field],
    /// Content type of the request body.
    pub(super) body: &'static str,
    /// Whether the address needs `Authorization: Bearer`.
    pub(super) by_token: bool,
    pub(super) answers: &'static [Answer],
}

/// Parameter, form field, or member of a JSON body.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) about: &'static str,
    pub(super) example: &'static str,
}

/// An answer of an address.
pub(super) struct Answer {
    pub(super) status: &'static str,
    /// Meaning of the status.
    pub(super) about: &'static str,
    /// Content types, separated by spaces; empty for an answer without a body.
    pub(super) content_types: &'static str,
    /// Example in JSON; empty for other content types.
    example: &'static str,
    schema: Option<fn() -> RefOr<Schema>>,
}

/// Creates an answer from status, meaning, content types (separated by spaces, empty for no body) and a JSON example.
/// Without a schema of its own, the schema is derived from the members of the example.
pub(super) const fn answer(
    status: &'static str,
    about: &'static str,
    content_types: &'static str,
    example: &'static str,
) -> Answer {
    Answer { status, about, content_types, example, schema: None }
}

impl Answer {
    /// Sets the schema of the JSON body.
    pub(super) const fn schema(self, schema: fn() -> RefOr<Schema>) -> Self {
        Self { schema: Some(schema), ..self }
    }
}

pub(super) const fn must(name: &'static str, about: &'static str, example: &'static str) -> Field {
    Field { name, is_required: true, about, example }
}

pub(super) const fn may(name: &'static str, about: &'static str, example: &'static str) -> Field {
    Field { name, is_required: false, about, example }
}

impl Address {
    pub(super) fn item(&self) -> PathItem {
        let operations = self.methods.iter().map(|method| (method.clone(), self.operation(method)));
        operations.fold(PathItemBuilder::new(), |item, (method, operation)| item.operation(method, operation)).build()
    }

    pub(super) fn operation(&self, method: &HttpMethod) -> Operation {
        let has_body = *method == HttpMethod::Post;
        let in_path = |field: &&Field| self.path.contains(&format!("{{{}}}", field.name));
        let mut operation = OperationBuilder::new().tag(self.tag).summary(Some(self.summary));
        for field in self.fields.iter().filter(|field| in_path(field) || !has_body) {
            operation = operation.parameter(field.parameter(if in_path(&field) {
                ParameterIn::Path
            } else {
                ParameterIn::Query
            }));
        }
        let of_body: Vec<_> = self.fields.iter().filter(|field| has_body && !in_path(field)).collect();
        if !of_body.is_empty() {
            let body = RequestBodyBuilder::new().content(self.body, content(&of_body)).required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        // An empty requirement overrides the token of the control API, which the rest of the document needs.
        operation = operation.security(if self.by_token {
            SecurityRequirement::new(TOKEN, [""; 0])
        } else {
            SecurityRequirement::default()
        });
        let answers = self.answers.iter().map(|answer| (answer.status, answer.response()));
        answers.fold(operation, |operation, (status, response)| operation.response(status, response)).build()
    }
}

impl Field {
    /// Returns the example as a JSON list, or as text.
    pub(super) fn value(&self) -> Value {
        let list = self.example.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        list.map_or_else(|| Value::from(self.example), |list| list.split(' ').map(Value::from).collect())
    }

    pub(super) fn schema(&self) -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        match self.value() {
            Value::Array(_) => ArrayBuilder::new().items(text).description(Some(self.about)).into(),
            _ => text.description(Some(self.about)).into(),
        }
    }

    pub(super) fn parameter(&self, parameter_in: ParameterIn) -> utoipa::openapi::path::Parameter {
        let is_required = self.is_required || parameter_in == ParameterIn::Path;
        ParameterBuilder::new()
            .name(self.name)
            .parameter_in(parameter_in)
            .required(if is_required { Required::True } else { Required::False })
            .description(Some(self.about))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some(Value::from(self.example)))
            .build()
    }
}

/// Returns a body with these fields, and an example that has all required ones.
pub(super) fn content(fields: &[&Field]) -> Content {
    let mut schema = ObjectBuilder::new().schema_type(Type::Object);
    let mut example = Map::new();
    for field in fields {
        schema = schema.property(field.name, field.schema());
        if field.is_required {
            schema = schema.required(field.name);
            example.insert(field.name.to_owned(), field.value());
        }
    }
    ContentBuilder::new().schema(Some(schema)).example(Some(Value::Object(example))).build()
}

impl Answer {
    pub(super) fn response(&self) -> utoipa::openapi::Response {
        let example = serde_json::from_str::<Value>(self.example).ok();
        let described = ResponseBuilder::new().description(self.about);
        let with_content = self.content_types.split_whitespace().fold(described, |response, content_type| {
            let schema: RefOr<Schema> = match (self.schema, &example) {
                (Some(schema), _) => schema(),
                (None, Some(Value::Object(members))) => like(members).into(),
                _ if content_type.ends_with("json") => ObjectBuilder::new().schema_type(SchemaType::AnyValue).into(),
                _ => ObjectBuilder::new().schema_type(Type::String).into(),
            };
            let content = ContentBuilder::new().schema(Some(schema)).example(example.clone());
            response.content(content_type, content.build())
        });
        with_content.build()
    }
}

/// Returns an object schema with the members of an example, all optional.
pub(super) fn like(members: &Map<String, Value>) -> ObjectBuilder {
    members.iter().fold(ObjectBuilder::new().schema_type(Type::Object), |schema, (name, value)| {
        let kind = match value {
            Value::String(_) => SchemaType::Type(Type::String),
            Value::Number(_) => SchemaType::Type(Type::Integer),
            Value::Bool(_) => SchemaType::Type(Type::Boolean),
            _ => SchemaType::AnyValue,
        };
        schema.property(name, ObjectBuilder::new().schema_type(kind))
    })
}

/// Creates an address that a browser is sent to between authorization request and redirect.
pub(super) const fn page(
    tag: &'static str,
    path: &'static str,
    methods: &'static [HttpMethod],
    summary: &'static str,
) -> Address {
    Address { path, methods, tag, summary, fields: &[], body: FORM, by_token: false, answers: PAGE }
}
