//! Keys of ГОСТ Р 34.10-2012, public (SPKI) and private (PKCS#8), and signatures.
#![no_main]

use esia::gost::{PublicKey, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(key) = PublicKey::from_spki(data) {
        let again = PublicKey::from_spki(&key.to_spki().unwrap()).expect("what was written reads back");
        assert_eq!(again.to_bytes(), key.to_bytes());
        assert!(!key.verifies(b"message", &data[data.len() / 2..]), "a signature out of nothing");
    }
    if let Ok(key) = SecretKey::from_pkcs8(data) {
        let signature = key.sign(b"message");
        assert!(key.public_key().verifies(b"message", &signature));
        assert!(!key.public_key().verifies(b"massage", &signature));
    }
});
