//! Lists of `/rs`: of links, or of elements with `embed`.

use std::{borrow::Cow, fmt, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::HasSize;

/// A collection (ESIA §4.3): addresses of its elements, or with `embed=(elements)` the elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, rename = "{T}List")]
pub struct Collection<T> {
    /// `stateFacts`, always `["hasSize"]`.
    pub state_facts: [HasSize; 1],
    /// How many elements the token may see.
    pub size: usize,
    /// See [`Tagged`](super::Tagged). Absent in collections inside an element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// Addresses or elements.
    pub elements: Elements<T>,
}

impl<T> Collection<T> {
    /// Absolute addresses, from the server's public base URL: clients follow them as they are.
    pub fn links(links: Vec<String>) -> Self {
        Self { state_facts: [HasSize::HasSize], size: links.len(), e_tag: None, elements: Elements::Links(links) }
    }

    /// The elements themselves.
    pub fn items(items: Vec<T>) -> Self {
        Self { state_facts: [HasSize::HasSize], size: items.len(), e_tag: None, elements: Elements::Items(items) }
    }

    /// The elements, if they are embedded; none of a list of addresses.
    pub fn as_items(&self) -> &[T] {
        match &self.elements {
            Elements::Items(items) => items,
            Elements::Links(_) => &[],
        }
    }
}

/// What stands in a [`Collection`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elements<T> {
    /// Absolute addresses. An empty list is read as this one.
    Links(Vec<String>),
    /// The elements, each an object.
    Items(Vec<T>),
}

impl<T: Serialize> Serialize for Elements<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Links(links) => links.serialize(serializer),
            Self::Items(items) => items.serialize(serializer),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Elements<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}Elements", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [
            { "type": "array", "items": { "type": "string", "format": "uri" } },
            { "type": "array", "items": item },
        ] })
    }
}

/// One element as it stands in a list.
enum Element<T> {
    Link(String),
    Item(T),
}

struct ElementVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for ElementVisitor<T> {
    type Value = Element<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address or an element")
    }

    fn visit_str<E: de::Error>(self, link: &str) -> Result<Element<T>, E> {
        Ok(Element::Link(link.to_owned()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, item: A) -> Result<Element<T>, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(item)).map(Element::Item)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut links, mut items) = (Vec::new(), Vec::new());
        for element in Vec::<Element<T>>::deserialize(deserializer)? {
            match element {
                Element::Link(link) => links.push(link),
                Element::Item(item) => items.push(item),
            }
        }
        match (links.is_empty(), items.is_empty()) {
            (_, true) => Ok(Self::Links(links)),
            (true, false) => Ok(Self::Items(items)),
            (false, false) => Err(de::Error::custom("addresses and elements in one list")),
        }
    }
}
