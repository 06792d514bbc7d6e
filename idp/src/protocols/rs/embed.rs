//! Parameter `embed=(…)` (ESIA §4.3).

use std::collections::BTreeMap;

/// Collection that can be embedded in a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Contacts,
    Addresses,
    Documents,
    Vehicles,
    Organizations,
    Kids,
}

/// Depth at which a collection is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only the addresses of its elements.
    Links,
    Elements,
}

/// Parsed parameter `embed`. Unknown names are ignored, because clients ask for every name that ever existed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Embed {
    /// Whether the elements of the collection itself are embedded: `(elements)`.
    pub(super) elements: bool,
    /// Embedded collections of a person, from `contacts`, `documents.elements` and the like.
    pub(super) parts: BTreeMap<Part, Depth>,
}

impl Embed {
    /// Parses the parameter from a query.
    pub(super) fn of_query(query: &str) -> Self {
        let embed = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "embed");
        embed.map(|(_, value)| Self::parse(&value)).unwrap_or_default()
    }

    /// Parses `(contacts.elements,documents.elements-1)`, `()`, or an empty text.
    pub(super) fn parse(text: &str) -> Self {
        let mut embed = Self::default();
        for word in text.trim().trim_start_matches('(').trim_end_matches(')').split(',') {
            // The suffix of `elements-1` is the version of a schema.
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

    /// Depth of the requested collection itself.
    pub(super) const fn depth(&self) -> Depth {
        if self.elements { Depth::Elements } else { Depth::Links }
    }
}

/// Returns the number of collections that a query asks to embed.
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
