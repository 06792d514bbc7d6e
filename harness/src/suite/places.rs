//! Places of values in a YAML document, found by path.

use std::fmt;

use gherkin::LineCol;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;

/// YAML document as a tree of places.
pub(super) struct Places(Spanned<Node>);

enum Node {
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
    Leaf,
}

impl Places {
    /// Parses a document into its places.
    pub(super) fn of(text: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(text).map(Self)
    }

    /// Checks whether the document is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.0.value, Node::List(_))
    }

    /// Returns line and column of the value at a path (`gosuslugi.families[0].child`, `diary.marks.0.date`), or of the
    /// innermost existing value around it.
    pub(super) fn find(&self, path: &str) -> LineCol {
        self.found(path).1
    }

    /// Returns the place at which a mistake is reported: the field's name if the reason calls it unknown, else the
    /// value.
    pub(super) fn find_mistake(&self, path: &str, reason: &str) -> LineCol {
        let (name, value) = self.found(path);
        let last = path.rsplit('.').next().unwrap_or_default();
        let is_of_name =
            ["field", "variant"].iter().any(|what| reason.starts_with(&format!("unknown {what} `{last}`")));
        name.filter(|_| is_of_name).unwrap_or(value)
    }

    /// Returns the places of the name and of the value at a path.
    fn found(&self, path: &str) -> (Option<LineCol>, LineCol) {
        let (mut name, mut here) = (None, &self.0);
        for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')).filter(|step| !step.is_empty()) {
            let inner = match &here.value {
                Node::Map(entries) => {
                    entries.iter().find(|(key, _)| key.value == step).map(|(key, value)| (Some(key), value))
                }
                Node::List(items) => {
                    step.parse::<usize>().ok().and_then(|index| items.get(index)).map(|item| (None, item))
                }
                Node::Leaf => None,
            };
            match inner {
                Some(inner) => (name, here) = inner,
                None => break,
            }
        }
        (name.map(|name| place(name.referenced)), place(here.referenced))
    }
}

/// Place of a file's first letter.
pub(super) const START: LineCol = LineCol { line: 1, col: 1 };

/// Converts a location of the parser into line and column, from 1.
pub(super) fn place(location: serde_saphyr::Location) -> LineCol {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).max(1);
    LineCol { line: number(location.line()), col: number(location.column()) }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }
}
