//! `permissions` of an authorization request (ESIA §5.2): what is read asks for no more than is allowed.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// The most consents in one request.
const MOST: usize = 20;

fuzz_target!(|text: &str| {
    assert!(idp::parsers::permissions(text).is_none_or(|asked| asked <= MOST), "{text:?}");
});
