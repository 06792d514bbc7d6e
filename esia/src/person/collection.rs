use serde::{Deserialize, Serialize};

use super::HasSize;

/// A collection (§4.3): addresses of its elements, or with `embed=(elements)` the elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection<T> {
    /// `hasSize`.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Elements<T> {
    /// Absolute addresses. An empty list is read as this one.
    Links(Vec<String>),
    /// The elements.
    Items(Vec<T>),
}
