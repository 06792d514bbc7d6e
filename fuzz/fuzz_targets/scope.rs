//! `scope` (ESIA §4.8).
#![no_main]

use esia::{Scope, Scopes};
use fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    reads_back::<Scope>(text);
    reads_back::<Scopes>(text);
    if let Ok(scopes) = text.parse::<Scopes>() {
        assert_eq!(scopes.raw(), text);
        assert!(scopes.names().len() <= scopes.iter().len());
        let narrowed = scopes.with_oid("1000299654".parse().unwrap());
        assert_eq!(narrowed.parse::<Scopes>().map(|narrowed| narrowed.names().len()), Ok(scopes.names().len()));
    }
});
