//! All tables of the catalogue together.

use super::{authorization, claims, entry::Entry, header, keys, logout, network, resource, signature, token_response};

/// Tables in the order in which they are shown.
const ALL: [&[Entry]; 9] = [
    header::TABLE,
    signature::TABLE,
    claims::TABLE,
    keys::TABLE,
    authorization::TABLE,
    token_response::TABLE,
    resource::TABLE,
    logout::TABLE,
    network::TABLE,
];

/// All faults, in the order of the tables.
pub fn faults() -> impl Iterator<Item = &'static Entry> {
    ALL.into_iter().flatten()
}

/// Returns the fault of that name.
pub(crate) fn find(id: &str) -> Option<&'static Entry> {
    faults().find(|entry| entry.id == id)
}

/// Returns the name of a fault that was probably meant.
pub(crate) fn nearest(id: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::jaro_winkler(known, id);
    let best = faults().map(|entry| entry.id).max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    best.filter(|known| likeness(known) > 0.7)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_whole_and_has_a_name_of_its_own() {
        let mut names = BTreeSet::new();
        for Entry { id, protocols, does, seen_by, parameters, .. } in faults() {
            assert!(names.insert(id), "{id} twice");
            assert!(!protocols.is_empty() && !seen_by.is_empty(), "{id}");
            assert!(does.ru.ends_with('.') && does.en.ends_with('.'), "{id}");
            for parameter in *parameters {
                let one_of = parameter.one_of;
                assert!(one_of.is_empty() || one_of.contains(&parameter.default), "{id} {}", parameter.name);
            }
        }
    }

    #[test]
    fn there_are_as_many_as_the_catalogue_promises() {
        assert!(faults().count() >= 155, "{}", faults().count());
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        assert_eq!(nearest("hdr.alg-non"), Some("hdr.alg-none"));
        assert_eq!(nearest("цук"), None);
        assert_eq!(find("sig.stranger").map(|entry| entry.id), Some("sig.stranger"));
    }
}
