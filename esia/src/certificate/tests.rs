use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
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

/// What a text is found to be of one of the certificates, and that it is of this one.
fn found(certificate: &Certificate, all: &[Certificate], text: &str) -> &'static str {
    let found = Certificate::find_by_hash(text, all);
    assert!(found.is_none_or(|(which, _)| which == certificate), "{text}");
    found.map_or("-", |(_, how)| {
        assert_eq!(how.is_accepted(), how.code() == "hash-right");
        how.code()
    })
}

#[test]
fn a_certificate_is_found_by_its_hash_and_a_wrong_hash_is_named() {
    let certificates =
        [DIARY_CERTIFICATE_PEM, DIARY_GOST_CERTIFICATE_PEM].map(|pem| Certificate::from_pem(pem).unwrap());
    for certificate in &certificates {
        let check = |text: &str, expected| assert_eq!(found(certificate, &certificates, text), expected, "{text}");
        let (der, pem) = (certificate.der(), certificate.pem());
        let of = |hash: Hash, bytes: &[u8]| hex::encode_upper(hash.digest(bytes));
        let (streebog, sha) = (Hash::Streebog256.digest(der), Hash::Sha256.digest(der));
        check(&hex::encode_upper(&streebog), "hash-right");
        check(&hex::encode(&streebog), "hash-right");
        check(&hex::encode(&sha), "hash-right");
        check(&of(Hash::Streebog512, der), "hash-512");
        check(&of(Hash::Sha512, der), "hash-other-sha");
        check(&hex::encode(streebog.iter().rev().copied().collect::<Vec<_>>()), "hash-reversed");
        check(&of(Hash::Streebog256, &der.iter().rev().copied().collect::<Vec<_>>()), "hash-reversed");
        for text in [pem.clone(), pem.replace('\n', "\r\n"), pem.trim_end().to_owned()] {
            check(&of(Hash::Streebog256, text.as_bytes()), "hash-of-pem");
            check(&of(Hash::Sha256, text.as_bytes()), "hash-of-pem");
        }
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        check(&of(Hash::Sha256, body.as_bytes()), "hash-of-base64");
        check(&of(Hash::Streebog256, certificate.spki()), "hash-of-key");
        check(&of(Hash::Sha256, certificate.public_key_pem().as_bytes()), "hash-of-key");
        check(&hex::encode(AnyHash::Sha1.digest(der)), "hash-sha1");
        let pairs = |between: &str| sha.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(between);
        check(&pairs(":"), "hash-colons");
        check(&pairs(" "), "hash-blanks");
        check(&pairs("-"), "hash-blanks");
        check(&format!("\"{}\"", pairs("")), "hash-decorated");
        check(&format!("0x{}", pairs("")), "hash-decorated");
        check(&format!("SHA256 Fingerprint={}", pairs(":")), "hash-decorated");
        check(&format!("sha256:{}", pairs("")), "hash-decorated");
        check(&STANDARD.encode(&streebog), "hash-base64");
        check(&URL_SAFE_NO_PAD.encode(&sha), "hash-base64");
        check(certificate.serial(), "hash-is-serial");
        check(&pem, "hash-is-certificate");
    }
    for hash in ["", "CD6EA358", "не хэш", &"0".repeat(64), "D41D8CD98F00B204E9800998ECF8427E"] {
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

#[test]
fn certificates_are_read_as_people_bring_them() {
    let (one, other) = (DIARY_CERTIFICATE_PEM, PROVIDER_CERTIFICATE_PEM);
    let subjects = |text: &str| match Certificate::all_of(text) {
        Ok(all) => {
            all.iter().map(|one| one.subject().split(',').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
        }
        Err(error) => format!("{}: {error}", error.code()),
    };
    let der = Certificate::from_pem(one).unwrap().der().to_vec();
    assert_eq!(subjects(one), "CN=Electronic diary");
    assert_eq!(subjects(&format!("\u{feff}{DIARY_KEY_PEM}{one}")), "CN=Electronic diary");
    assert_eq!(subjects(&format!("{one}{other}")), "CN=Electronic diary; CN=ESIA MOCK");
    assert_eq!(subjects(&one.replace("CERTIFICATE", "X509 CERTIFICATE").replace('\n', "\r\n")), "CN=Electronic diary");
    assert_eq!(subjects(&STANDARD.encode(&der)), "CN=Electronic diary");
    assert_eq!(Certificate::all_of_file(&der).unwrap()[0].der(), der);
    let cut = STANDARD.encode(&der[..300]);
    insta::assert_snapshot!([
        subjects(&format!("{one}{}", other.replace("-----END CERTIFICATE-----", ""))),
        subjects(DIARY_KEY_PEM),
        subjects("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----"),
        subjects("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
        subjects(&cut),
        subjects(&(STANDARD.encode([&der[..], b"12"].concat()))),
        subjects("не сертификат"),
        subjects("PaSsWord"),
        subjects(""),
    ].join("\n"), @r"
    key-pem: ожидался блок PEM «CERTIFICATE»
    key-only-private: здесь только закрытый ключ, а регистрируется сертификат; закрытый ключ никому не передают
    key-request: это запрос на сертификат (CSR), а регистрируется сам сертификат
    key-only-public: здесь открытый ключ без сертификата, а регистрируется сертификат X.509
    key-certificate: сертификат не читается: обрезан: по заголовку 819 байт, есть 300
    key-certificate: сертификат не читается: после сертификата лишние байты: 2 из 821
    key-pem: ожидался блок PEM «CERTIFICATE»
    key-pem: ожидался блок PEM «CERTIFICATE»
    key-pem: ожидался блок PEM «CERTIFICATE»
    ");
}

#[test]
fn a_key_that_nothing_is_checked_with_is_told_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = ["ec -pkeyopt ec_paramgen_curve:P-256", "ED25519", "RSA -pkeyopt rsa_keygen_bits:1024"];
    let told = kinds.map(|kind| {
        let mut openssl = std::process::Command::new("openssl");
        openssl
            .current_dir(folder.path())
            .args("req -x509 -nodes -subj /CN=a -days 9 -keyout key -out crt -newkey".split(' '));
        let (algorithm, options) = kind.split_once(' ').unwrap_or((kind, ""));
        let options = options.split(' ').filter(|option| !option.is_empty());
        assert!(openssl.arg(algorithm).args(options).output().unwrap().status.success(), "{kind}");
        let pem = std::fs::read_to_string(folder.path().join("crt")).unwrap();
        Certificate::from_pem(&pem).unwrap().public_key().unwrap_err().to_string()
    });
    insta::assert_snapshot!(told.join("\n"), @r"
    ключ сертификата — EC (ECDSA), а подписи принимаются только ключами RSA (от 2048 бит) и ГОСТ Р 34.10-2012
    ключ сертификата — Ed25519, а подписи принимаются только ключами RSA (от 2048 бит) и ГОСТ Р 34.10-2012
    ключ сертификата — RSA из 1024 бит, а подписи принимаются только ключами RSA (от 2048 бит) и ГОСТ Р 34.10-2012
    ");
}
