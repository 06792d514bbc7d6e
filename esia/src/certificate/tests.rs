use proptest::prelude::*;

use sha2::Digest as _;
use streebog::Streebog256;

use super::{pem::to_pem, *};
use crate::keys::{
    DIARY_CERTIFICATE_PEM, DIARY_GOST_CERTIFICATE_PEM, DIARY_GOST_KEY_PEM, DIARY_KEY_PEM, PROVIDER_CERTIFICATE_PEM,
    PROVIDER_KEY_PEM,
};

#[test]
fn a_certificate_tells_what_is_in_it() {
    let certificate = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap();
    assert_eq!(certificate.subject(), "CN=ESIA MOCK,O=esia-stand");
    assert_eq!(certificate.not_before().to_rfc3339(), "2020-01-01T00:00:00+00:00");
    assert_eq!(certificate.not_after().to_rfc3339(), "2100-01-01T00:00:00+00:00");
    assert_eq!(certificate.pem(), PROVIDER_CERTIFICATE_PEM);
    assert_eq!(Certificate::from_der(certificate.der()), Ok(certificate.clone()));
    assert_eq!(PublicKey::from_pem(&certificate.public_key_pem()).as_ref().ok(), certificate.public_key().ok());
    assert_eq!(certificate.public_key().unwrap().jwk_e().unwrap(), "AQAB");
    assert_eq!(certificate.public_key().unwrap().jwk_n().unwrap().len(), 342);
}

#[test]
fn a_certificate_is_json_as_pem_on_however_long_lines() {
    let certificate = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap();
    let json = serde_json::to_string(&certificate).unwrap();
    assert_eq!(serde_json::from_str::<Certificate>(&json).unwrap(), certificate);
    let one_line = PROVIDER_CERTIFICATE_PEM.replace('\n', " ");
    assert_eq!(Certificate::from_pem(&format!("Bag Attributes\n{one_line}")), Ok(certificate));
}

#[test]
fn a_key_is_told_from_another_and_never_printed() {
    let key = SigningKey::from_pem(PROVIDER_KEY_PEM).unwrap();
    let check = |pem| key.check_certificate(&Certificate::from_pem(pem).unwrap());
    assert_eq!(check(PROVIDER_CERTIFICATE_PEM), Ok(()));
    assert_eq!(check(DIARY_CERTIFICATE_PEM), Err(KeyError::Mismatch));
    assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
}

#[test]
fn gost_keys_and_certificates_are_read_by_the_same_names() {
    let key = SigningKey::from_pem(DIARY_GOST_KEY_PEM).unwrap();
    let certificate = Certificate::from_pem(DIARY_GOST_CERTIFICATE_PEM).unwrap();
    assert_eq!((key.algorithm(), certificate.subject()), (Algorithm::Gost256, "CN=Electronic diary,O=esia-stand"));
    assert_eq!(certificate.not_after().to_rfc3339(), "2100-01-01T00:00:00+00:00");
    assert_eq!(key.check_certificate(&certificate), Ok(()));
    assert_eq!(key.check_certificate(&Certificate::from_pem(DIARY_CERTIFICATE_PEM).unwrap()), Err(KeyError::Mismatch));
    let public = certificate.public_key().unwrap();
    assert_eq!(PublicKey::from_pem(&certificate.public_key_pem()).as_ref(), Ok(public));
    assert_eq!((public.algorithm(), public.signature_size(), public.jwk_n()), (Algorithm::Gost256, 64, None));
    let signature = key.sign(b"message").unwrap();
    assert!(public.verifies(Hash::Streebog256, b"message", &signature));
    for other in [Hash::Sha256, Hash::Streebog512] {
        assert!(!public.verifies(other, b"message", &signature));
    }
}

#[test]
fn a_certificate_is_found_by_its_hash_and_a_wrong_hash_is_named() {
    let certificates =
        [DIARY_CERTIFICATE_PEM, DIARY_GOST_CERTIFICATE_PEM].map(|pem| Certificate::from_pem(pem).unwrap());
    for certificate in &certificates {
        let check = |hash: Vec<u8>, expected| {
            let found = Certificate::find_by_hash(&hex::encode_upper(hash), &certificates);
            assert_eq!(found, Some((certificate, expected)));
        };
        let (der, pem) = (certificate.der(), certificate.pem());
        check(Hash::Streebog256.digest(der), HashMatch::Streebog256);
        check(Hash::Sha256.digest(der), HashMatch::Sha256);
        check(Hash::Streebog512.digest(der), HashMatch::Streebog512);
        check(Hash::Streebog256.digest(der).into_iter().rev().collect(), HashMatch::Reversed);
        check(Hash::Streebog256.digest(pem.as_bytes()), HashMatch::PemStreebog256);
        check(Hash::Streebog256.digest(pem.replace('\n', "\r\n").as_bytes()), HashMatch::PemStreebog256);
        check(Hash::Sha256.digest(pem.trim_end().as_bytes()), HashMatch::PemSha256);
        let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, der);
        check(sha1.as_ref().to_vec(), HashMatch::Sha1);
        let with_colons =
            Hash::Sha256.digest(der).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
        assert_eq!(certificate.hash_match(&with_colons), Some(HashMatch::Colons));
        assert_eq!(certificate.hash_match(&certificate.streebog256_hex().to_lowercase()), Some(HashMatch::Streebog256));
    }
    for hash in ["", "CD6EA358", "не хэш", &"0".repeat(64)] {
        assert_eq!(Certificate::find_by_hash(hash, &certificates), None);
    }
}

#[test]
fn each_mistake_is_named() {
    let code = |result: Result<SigningKey, KeyError>| result.unwrap_err().code();
    assert_eq!(code(SigningKey::from_pem("")), "key-pem");
    assert_eq!(code(SigningKey::from_pem(&DIARY_KEY_PEM.replace("MII", "MIJ"))), "key-unsupported");
    assert_eq!(Certificate::from_pem(DIARY_KEY_PEM), Err(KeyError::Pem("CERTIFICATE")));
    assert_eq!(Certificate::from_der(&[0x30, 0]).unwrap_err().code(), "key-certificate");
}

#[test]
fn the_hash_of_gost_is_that_of_the_standard() {
    // ГОСТ Р 34.11-2012, control example 1, as gost-engine prints it.
    let message = b"012345678901234567890123456789012345678901234567890123456789012";
    insta::assert_snapshot!(hex::encode(Streebog256::digest(message)), @"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in ".*") {
        let _ = Certificate::from_der(&bytes);
        let _ = Certificate::from_pem(&format!("-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----"));
        let _ = SigningKey::from_pem(&to_pem("PRIVATE KEY", &bytes));
        let _ = PublicKey::from_pem(&to_pem("PUBLIC KEY", &bytes));
    }

    #[test]
    fn a_damaged_certificate_is_read_or_refused(at in 0..500_usize, byte in any::<u8>()) {
        let mut der = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap().der().to_owned();
        der[at] = byte;
        let _ = Certificate::from_der(&der);
    }
}
