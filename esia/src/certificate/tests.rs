use proptest::prelude::*;

use sha2::Digest as _;
use streebog::Streebog256;

use super::{pem::to_pem, *};
use crate::keys::{DIARY_CERTIFICATE_PEM, DIARY_KEY_PEM, PROVIDER_CERTIFICATE_PEM, PROVIDER_KEY_PEM};

#[test]
fn a_certificate_tells_what_is_in_it() {
    let certificate = Certificate::from_pem(PROVIDER_CERTIFICATE_PEM).unwrap();
    assert_eq!(certificate.subject(), "CN=ESIA MOCK,O=esia-stand");
    assert_eq!(certificate.not_before().to_rfc3339(), "2020-01-01T00:00:00+00:00");
    assert_eq!(certificate.not_after().to_rfc3339(), "2100-01-01T00:00:00+00:00");
    assert_eq!(certificate.pem(), PROVIDER_CERTIFICATE_PEM);
    assert_eq!(Certificate::from_der(certificate.der()), Ok(certificate.clone()));
    assert_eq!(PublicKey::from_pem(&certificate.public_key_pem()).as_ref().ok(), certificate.public_key().ok());
    assert_eq!(certificate.public_key().unwrap().jwk_e(), "AQAB");
    assert_eq!(certificate.public_key().unwrap().jwk_n().len(), 342);
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
fn each_mistake_is_named() {
    let code = |result: Result<SigningKey, KeyError>| result.unwrap_err().code();
    assert_eq!(code(SigningKey::from_pem("")), "key-pem");
    assert_eq!(code(SigningKey::from_pem(&DIARY_KEY_PEM.replace("MII", "MIJ"))), "key-not-rsa");
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
