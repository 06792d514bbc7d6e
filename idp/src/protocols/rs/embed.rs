//! `embed=(…)` (ESIA §4.3).

use std::collections::BTreeMap;

/// A collection that may stand inside a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Contacts,
    Addresses,
    Documents,
    Vehicles,
    Organizations,
    Kids,
}

/// How deep a collection is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Addresses of its elements.
    Links,
    Elements,
}

/// What is asked for. Names that are not here are ignored: clients ask for all that there ever was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Embed {
    /// `(elements)` of a collection.
    pub(super) elements: bool,
    /// `contacts`, `documents.elements` and the like of a person.
    pub(super) parts: BTreeMap<Part, Depth>,
}

impl Embed {
    /// From the query of an address.
    pub(super) fn of_query(query: &str) -> Self {
        let embed = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "embed");
        embed.map(|(_, value)| Self::parse(&value)).unwrap_or_default()
    }

    /// Reads `(contacts.elements,documents.elements-1)`, `()`, or nothing.
    pub(super) fn parse(text: &str) -> Self {
        let mut embed = Self::default();
        for word in text.trim().trim_start_matches('(').trim_end_matches(')').split(',') {
            // `elements-1`: a schema's version.
            let word = word.trim().split('-').next().unwrap_or_default();
            let (name, depth) = match word.split_once('.') {
                None => (word, Depth::Links),
                Some((name, "elements")) => (name, Depth::Elements),
                Some(_) => continue,
            };
            let part = match name {
                "elements" => {
                    embed.elements = true;
                    continue;
                }
                "contacts" => Part::Contacts,
                "addresses" => Part::Addresses,
                "documents" => Part::Documents,
                "vehicles" => Part::Vehicles,
                "organizations" => Part::Organizations,
                "kids" => Part::Kids,
                _ => continue,
            };
            embed.parts.insert(part, depth);
        }
        embed
    }

    /// How deep the collection itself is that was asked for.
    pub(super) const fn depth(&self) -> Depth {
        if self.elements { Depth::Elements } else { Depth::Links }
    }
}

/// How many collections an address asks to have embedded.
pub(crate) fn embedded(query: &str) -> usize {
    Embed::of_query(query).parts.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_embed_is_read() {
        let check = |text: &str, elements, parts: &[(Part, Depth)]| {
            assert_eq!(Embed::parse(text), Embed { elements, parts: parts.iter().copied().collect() }, "{text}");
        };
        let (links, elements) = (Depth::Links, Depth::Elements);
        check("", false, &[]);
        check("()", false, &[]);
        check("(elements)", true, &[]);
        check("(elements-1)", true, &[]);
        check("(documents)", false, &[(Part::Documents, links)]);
        check(
            "(contacts.elements,documents.elements-1)",
            false,
            &[(Part::Contacts, elements), (Part::Documents, elements)],
        );
        check(
            "contacts.elements , vehicles.elements",
            false,
            &[(Part::Contacts, elements), (Part::Vehicles, elements)],
        );
        check(
            "(addresses.elements,organizations,kids.elements)",
            false,
            &[(Part::Addresses, elements), (Part::Organizations, links), (Part::Kids, elements)],
        );
        check("(documents.size,kids.elements.documents,colours.elements", false, &[]);
        assert!(Embed::of_query("a=b&embed=%28elements%29&embed=()").elements);
    }
}
