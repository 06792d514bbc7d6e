//! The CMS of a client's signature, attached and detached, BER and DER (ESIA §2.2).
#![no_main]

use esia::cms;
use fuzz::REGISTERED;
use libfuzzer_sys::fuzz_target;

/// What the files of the corpus sign.
const CONTENT: &[u8] = include_bytes!("../../esia/tests-data/content.txt");

fuzz_target!(|data: &[u8]| {
    if let Ok(verified) = cms::verify(data, CONTENT, &*REGISTERED) {
        assert!(REGISTERED.contains(verified.certificate), "a stranger's signature was believed");
        // Nobody can have changed what is signed.
        assert!(cms::verify(data, b"another string", &*REGISTERED).is_err());
    }
});
