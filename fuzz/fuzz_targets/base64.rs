//! `client_secret` in any base64 (ESIA §2.5).
#![no_main]

use esia::secret::decode_base64_any;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(bytes) = decode_base64_any(text) {
        assert!(!bytes.is_empty() && bytes.len() <= text.len(), "{text:?}");
    }
});
