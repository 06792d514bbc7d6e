//! A certificate in DER, or in PEM.
#![no_main]

use esia::{Certificate, cms, secret::verify_raw};
use libfuzzer_sys::fuzz_target;

fn used(certificate: &Certificate) {
    let again = Certificate::from_pem(&certificate.pem()).expect("what was written reads back");
    assert_eq!(again.der(), certificate.der());
    assert_eq!(again.sha256_hex(), certificate.sha256_hex());
    let shown = [certificate.subject(), certificate.serial(), &certificate.public_key_pem()].concat();
    assert!(!shown.is_empty());
    assert!(certificate.hash_match(&certificate.streebog256_hex()).is_some());
    if let Ok(key) = certificate.public_key() {
        let signature = vec![1; key.signature_size()];
        // A key is somebody's own: what matters is that it is answered.
        let _ = verify_raw(certificate, b"message", &signature);
    }
    let _ = cms::verify(&[0x30, 0x80], b"message", std::slice::from_ref(certificate));
}

fuzz_target!(|data: &[u8]| {
    if let Ok(certificate) = Certificate::from_der(data) {
        used(&certificate);
    }
    if let Ok(Ok(certificate)) = std::str::from_utf8(data).map(Certificate::from_pem) {
        used(&certificate);
    }
});
