//! Keys in PEM.
#![no_main]

use esia::{PublicKey, SigningKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = PublicKey::from_pem(text) {
        let again = PublicKey::from_pem(&key.pem()).expect("what was written reads back");
        assert_eq!(again.pem(), key.pem());
        assert!(!key.verifies(key.algorithm().hash(), b"message", &vec![1; key.signature_size()]));
    }
    if let Ok(key) = SigningKey::from_pem(text) {
        let _ = key.sign(b"message");
    }
});
