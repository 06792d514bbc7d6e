//! Description of `/rs` for the OpenAPI document: schemas of the wire types, an address for each row of the table, an
//! example of each body.

use std::collections::BTreeMap;

use esia::{
    error::RestErrorBody,
    person::{
        Address, Collection, Contact, Document, Employee, Group, Kid, Organisation, Person, RegContext, Role,
        SubjectInfo, Vehicle,
    },
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::table::{ORGANISATION, PERSON, Part, Shape};

/// Path of the schemas in the OpenAPI document.
const SCHEMAS: &str = "/components/schemas";

/// Address of `/rs` in examples.
const BASE: &str = "http://127.0.0.1:8001/rs";

/// Description of one address of `/rs`.
pub(crate) struct Described {
    pub(crate) path: String,
    pub(crate) about: String,
    /// Schema name and example of the response; `None` if no relying party gets one.
    pub(crate) answer: Option<(String, Value)>,
    pub(crate) by_token: bool,
}

/// Returns the schemas of all responses by their names in the document, which begin with `rs.`.
pub(crate) fn schemas() -> BTreeMap<String, Value> {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
    });
    let mut generator = settings.into_generator();
    name_each::<(Person, RegContext, SubjectInfo, Organisation, RestErrorBody)>(&mut generator);
    name_each::<(Contact, Address, Document, Vehicle, Kid, Role, Employee, Group)>(&mut generator);
    name_each::<(Collection<Employee>, Collection<Group>)>(&mut generator);
    let definitions = generator.take_definitions(true);
    definitions.into_iter().map(|(name, schema)| (named(&name), plain(schema))).collect()
}

/// Adds a definition of each type of a tuple.
fn name_each<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

fn named(name: &str) -> String {
    format!("rs.{name}")
}

/// Converts a schema to the vocabulary of the document: a list of values instead of constants, and no `null`, because
/// missing values are left out.
fn plain(schema: Value) -> Value {
    match schema {
        Value::Object(members) => plain_object(members),
        Value::Array(list) => list.into_iter().map(plain).collect(),
        Value::String(text) => match text.strip_prefix(&format!("#{SCHEMAS}/")) {
            Some(name) => format!("#{SCHEMAS}/{}", named(name)).into(),
            None => text.into(),
        },
        other => other,
    }
}

fn plain_object(mut members: Map<String, Value>) -> Value {
    let null = json!("null");
    if let Some(Value::Array(types)) = members.get("type") {
        let mut own = types.iter().filter(|one| **one != null).cloned();
        let own = own.next().unwrap_or_default();
        members.insert("type".to_owned(), own);
    }
    if let Some(Value::Array(constants)) = members.get("oneOf") {
        let constants: Vec<_> = constants.iter().filter_map(|one| one.get("const").cloned()).collect();
        members.remove("oneOf");
        members.insert("type".to_owned(), json!("string"));
        members.insert("enum".to_owned(), constants.into());
    }
    if let Some(Value::Array(either)) = members.get("anyOf")
        && let [one, other] = either.as_slice()
        && other["type"] == null
    {
        return plain(one.clone());
    }
    if let Some(constant) = members.remove("const") {
        members.insert("enum".to_owned(), json!([constant]));
    }
    members.into_iter().map(|(name, value)| (name, plain(value))).collect()
}

/// Prefixes of the addresses, each with a suffix for its descriptions (ESIA §4.2, §4.10).
const BASES: [(&str, &str); 2] = [("/rs", ""), ("/esia-rs/api/public/{version}", "; новые адреса")];

/// Returns every address that is requested with `GET`, under each prefix.
pub(crate) fn described() -> Vec<Described> {
    let examples = examples();
    let told = |(base, newer): &(&str, &'static str)| {
        let newer = *newer;
        at(base, &examples).into_iter().map(move |row| Described { about: row.about + newer, ..row })
    };
    BASES.iter().flat_map(told).collect()
}

fn at(base: &str, examples: &Value) -> Vec<Described> {
    let one = |path: &str, about: &str, name: &str| Described {
        path: format!("{base}/{path}"),
        about: about.to_owned(),
        answer: Some((named(name), examples[name].clone())),
        by_token: true,
    };
    let (person, organisation) = (format!("{base}/prns/{{oid}}"), format!("{base}/orgs/{{oid}}"));
    let mut all = vec![one("prns/{oid}", "Человек", "Person")];
    all.extend(PERSON.iter().flat_map(|part| of_part(&person, part, examples)));
    all.push(one("orgs/{oid}", "Организация", "Organisation"));
    all.extend(ORGANISATION.iter().flat_map(|part| of_part(&organisation, part, examples)));
    all.push(one("sbjs", "Субъект маркера", "SubjectInfo"));
    all.push(Described {
        path: format!("{base}/dscl"),
        about: "Сообщение для всех на странице входа: его нет".to_owned(),
        answer: Some((named("ContactList"), list(&[], None))),
        by_token: false,
    });
    all
}

/// Returns the address of a part, and that of its elements.
fn of_part<B>(owner: &str, part: &Part<B>, examples: &Value) -> Vec<Described> {
    let path = format!("{owner}/{}", part.path.replace('*', "{owner}"));
    let own = |path: &str, about: String, answer| Described { path: path.to_owned(), about, answer, by_token: true };
    let about = part.about.to_owned();
    let elements = |name: &str| named(&format!("{name}List"));
    match part.shape {
        Shape::Closed => vec![own(&path, format!("{about}: системам не отдаются"), None)],
        Shape::One(name) => vec![own(&path, about, Some((named(name), examples[name].clone())))],
        Shape::Nothing => {
            let answer = (elements("Contact"), list(&[], Some(TAG)));
            vec![own(&path, format!("{about}: в моке их нет"), Some(answer))]
        }
        Shape::Line(name) => {
            let answer = if part.path == "orgs" {
                list(&[format!("{BASE}/orgs/1000000111").into()], Some(TAG))
            } else {
                list(&[examples[name].clone()], None)
            };
            vec![own(&path, about, Some((elements(name), answer)))]
        }
        Shape::List(name) => {
            let at = path.replace("{oid}", "1000300001").replace("{owner}", "1").replace("{version}", "v4");
            let link = format!("http://127.0.0.1:8001{at}/{}", key(&examples[name]));
            let whole = own(&path, about.clone(), Some((elements(name), list(&[link.into()], Some(TAG)))));
            let path = format!("{path}/{{id}}");
            vec![whole, own(&path, format!("{about}: один элемент"), Some((named(name), examples[name].clone())))]
        }
    }
}

const TAG: &str = "5B2D5E6F0A6E4E4F8C9B7A6D5E4F3A2B1C0D9E8F";

/// Returns a collection as `/rs` shows it.
fn list(elements: &[Value], tag: Option<&str>) -> Value {
    let mut list = json!({ "stateFacts": ["hasSize"], "size": elements.len() });
    if let Some(tag) = tag {
        list["eTag"] = tag.into();
    }
    list["elements"] = elements.into();
    list
}

/// Returns the last segment of an element's address.
fn key(element: &Value) -> String {
    let names = ["id", "grp_id", "prnOid"];
    let key = names.iter().find_map(|name| element.get(*name)).cloned().unwrap_or_default();
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}

/// Returns an example of each type.
fn examples() -> Value {
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}
