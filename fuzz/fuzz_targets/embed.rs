//! `embed` of `/rs`, as it stands in an address (ESIA §4.3): it names no more collections than there are.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// Contacts, addresses, documents, vehicles, organizations, kids.
const COLLECTIONS: usize = 6;

fuzz_target!(|query: &str| assert!(idp::parsers::embed(query) <= COLLECTIONS, "{query:?}"));
