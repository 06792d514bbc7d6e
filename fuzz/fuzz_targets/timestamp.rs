//! `timestamp` (ESIA §1.2).
#![no_main]

use esia::timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(at) = timestamp::parse(text) {
        // In Moscow it may be the year 10000 or -1 already, which has no such form.
        if let Ok(again) = timestamp::parse(&timestamp::print(at)) {
            assert_eq!(again, at, "{text:?}");
        }
    }
});
