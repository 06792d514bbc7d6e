use std::{fs, path::Path, process::Command, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::{certificate::SigningKey, keys};

/// What OpenSSL signed, see `tests-data/make.sh`.
const CONTENT: &[u8] = include_bytes!("../../tests-data/content.txt");

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("../../tests-data/", $name)).as_slice()
    };
}

fn diary() -> crate::Certificate {
    crate::Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap()
}

fn provider() -> crate::Certificate {
    crate::Certificate::from_pem(keys::PROVIDER_CERTIFICATE_PEM).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_pem(keys::DIARY_KEY_PEM).unwrap()
}

fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

/// The verdict on one line.
fn verdict(cms: &[u8], content: &[u8]) -> String {
    let registered = [provider(), diary()];
    match verify(cms, content, &registered) {
        Ok(it) => {
            let place = if it.is_attached { "attached" } else { "detached" };
            let attributes = if it.has_signed_attributes { "attributes" } else { "bare" };
            format!("{} {place} {attributes} {}", it.hash, it.certificate.subject())
        }
        Err(error) => format!("{}: {error}", error.code()),
    }
}

#[test]
fn what_openssl_signs_is_accepted_in_every_form() {
    let check = |cms: &[u8], expected: &str| {
        assert_eq!(verdict(cms, CONTENT), format!("{expected} CN=Electronic diary,O=esia-stand"));
    };
    check(data!("detached.der"), "SHA-256 detached attributes");
    check(data!("detached-noattr.der"), "SHA-256 detached bare");
    check(data!("attached.der"), "SHA-256 attached attributes");
    check(data!("attached-noattr.der"), "SHA-256 attached bare");
    check(data!("attached-ber.der"), "SHA-256 attached attributes");
    check(data!("keyid.der"), "SHA-256 detached attributes");
    check(data!("nocerts.der"), "SHA-256 detached attributes");
    check(data!("sha384.der"), "SHA-384 detached attributes");
    check(data!("sha512.der"), "SHA-512 detached attributes");
}

#[test]
fn detached_with_indefinite_lengths_is_accepted() {
    // pkijs writes ContentInfo, [0] and SignedData so; their headers in the file are 4 bytes each, the type 11.
    let cms = data!("detached.der");
    let (content_type, data) = (&cms[4..15], &cms[23..]);
    let indefinite = [&[0x30, 0x80], content_type, &[0xa0, 0x80, 0x30, 0x80], data, &[0; 6]].concat();
    assert_eq!(verdict(&indefinite, CONTENT), verdict(cms, CONTENT));
    assert!(verdict(&indefinite[..indefinite.len() - 1], CONTENT).starts_with("cms-malformed"));
}

#[test]
fn what_follows_the_outer_element_is_ignored() {
    for cms in [data!("detached.der"), data!("attached-ber.der")] {
        assert!(verify(&[cms, b"\0\xff"].concat(), CONTENT, &[diary()]).is_ok());
    }
}

#[test]
fn each_refusal_names_its_reason() {
    let mut other = CONTENT.to_vec();
    other[0] ^= 1;
    insta::assert_snapshot!(verdict(data!("detached.der"), &other), @"cms-digest-mismatch: подписана другая строка: её SHA-256 af6cb18830d8f6c948d25826a5506a005d6e7ed79e94dff4c0f27dbd5c88eb83, ожидалось 3e5fdf0d967a078339b3980456dc180381d559ed25e0f2ddb3655a78840c2df1");
    insta::assert_snapshot!(verdict(data!("detached-noattr.der"), &other), @"cms-signature-mismatch: подпись не сходится с ключом сертификата CN=Electronic diary,O=esia-stand");
    insta::assert_snapshot!(verdict(data!("attached.der"), &other), @"cms-content-mismatch: подписана другая строка: «openid fullname2021.02.12 00:15:26 +0300DIARY0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10»");
    insta::assert_snapshot!(verdict(data!("sha1.der"), CONTENT), @"cms-weak-digest: хэш SHA-1 больше не принимается, нужен SHA-256 или ГОСТ Р 34.11-2012");
    insta::assert_snapshot!(verdict(data!("stranger-nocerts.der"), CONTENT), @"cms-signer-not-found: сертификата подписавшего нет ни в подписи, ни среди зарегистрированных");
    insta::assert_snapshot!(verdict(data!("two-signers.der"), CONTENT), @"cms-signer-count: ожидалась одна подпись, получено 2");
    assert!(verdict(diary().der(), CONTENT).starts_with("cms-malformed"));
    assert!(verdict(b"", CONTENT).starts_with("cms-malformed"));
    assert!(
        verdict(data!("stranger.der"), CONTENT)
            .starts_with("cms-certificate-not-registered: сертификат подписавшего (CN=Stranger,O=esia-stand, № ")
    );
}

#[test]
fn a_certificate_that_only_bears_the_name_of_a_registered_one_is_refused() {
    // The diary's name and number, somebody else's key: the certificate inside is changed by one byte of its key.
    let mut cms = data!("detached.der").to_vec();
    let der = diary().der().to_vec();
    let start = cms.windows(der.len()).position(|window| window == der).unwrap();
    cms[start + der.len() / 2] ^= 1;
    assert_eq!(verify(&cms, CONTENT, &[diary()]).unwrap_err().code(), "cms-certificate-not-registered");
}

#[test]
fn a_changed_signature_does_not_hold() {
    for cms in [data!("detached.der"), data!("detached-noattr.der")] {
        let mut cms = cms.to_vec();
        *cms.last_mut().unwrap() ^= 1;
        assert_eq!(verify(&cms, CONTENT, &[diary()]).unwrap_err().code(), "cms-signature-mismatch");
    }
}

#[test]
fn our_signature_holds_and_tells_its_time_before_and_after_2050() {
    for signed_at in ["2024-09-01T08:00:00Z", "2077-09-01T08:00:00Z"] {
        let cms = sign_detached(CONTENT, &key(), &diary(), at(signed_at)).unwrap();
        let registered = [diary()];
        let verified = verify(&cms, CONTENT, &registered).unwrap();
        assert_eq!(verified.signing_time, Some(at(signed_at)));
        assert!(verified.has_signed_attributes && !verified.is_attached);
    }
}

#[test]
fn attributes_signed_unsorted_are_accepted_as_they_came() {
    // node-forge writes contentType, messageDigest, signingTime, and signs them in that order.
    let digest = rasn::types::OctetString::from(<sha2::Sha256 as sha2::Digest>::digest(CONTENT).to_vec());
    let attributes = [
        sign::attribute(rasn_cms::MESSAGE_DIGEST, &digest).unwrap(),
        sign::attribute(rasn_cms::CONTENT_TYPE, &rasn_cms::CONTENT_DATA.to_owned()).unwrap(),
    ];
    assert!(!attributes.is_sorted());
    let cms = sign::assemble(&attributes, &key(), &diary()).unwrap();
    assert!(verify(&cms, CONTENT, &[diary()]).is_ok());

    let without_type = sign::assemble(&attributes[..1], &key(), &diary()).unwrap();
    assert_eq!(verify(&without_type, CONTENT, &[diary()]), Err(CmsError::Attribute("contentType")));
    let twice = [attributes[0].clone(), attributes[0].clone(), attributes[1].clone()];
    let twice = sign::assemble(&twice, &key(), &diary()).unwrap();
    assert_eq!(verify(&twice, CONTENT, &[diary()]), Err(CmsError::Attribute("messageDigest")));
    let signed_data = rasn_cms::CONTENT_SIGNED_DATA.to_owned();
    let other_type = [attributes[0].clone(), sign::attribute(rasn_cms::CONTENT_TYPE, &signed_data).unwrap()];
    let other_type = sign::assemble(&other_type, &key(), &diary()).unwrap();
    assert_eq!(verify(&other_type, CONTENT, &[diary()]).unwrap_err().code(), "cms-content-type-mismatch");
}

#[test]
fn attributes_signed_sorted_are_accepted_in_any_order() {
    let mut info: model::ContentInfo = rasn::ber::decode(data!("detached.der")).unwrap();
    let mut data: model::SignedData = rasn::ber::decode(info.content.as_bytes()).unwrap();
    let mut signer = data.signer_infos.to_vec()[0].clone();
    signer.signed_attrs.as_mut().unwrap().reverse();
    data.signer_infos = vec![signer].into();
    info.content = rasn::types::Any::new(rasn::der::encode(&data).unwrap());
    let cms = rasn::der::encode(&info).unwrap();
    assert_ne!(cms, data!("detached.der"));
    assert!(verify(&cms, CONTENT, &[diary()]).is_ok());
}

/// The message of the ГОСТ diary with its structure changed.
fn changed_gost(change: impl Fn(&mut model::SignedData, &mut model::SignerInfo)) -> Vec<u8> {
    let key = SigningKey::from_pem(keys::DIARY_GOST_KEY_PEM).unwrap();
    let cms = sign_detached(CONTENT, &key, &gost_diary(), at("2024-09-01T08:00:00Z")).unwrap();
    let mut info: model::ContentInfo = rasn::ber::decode(&cms).unwrap();
    let mut data: model::SignedData = rasn::ber::decode(info.content.as_bytes()).unwrap();
    let mut signer = data.signer_infos.to_vec()[0].clone();
    change(&mut data, &mut signer);
    data.signer_infos = vec![signer].into();
    info.content = rasn::types::Any::new(rasn::der::encode(&data).unwrap());
    rasn::der::encode(&info).unwrap()
}

fn gost_diary() -> crate::Certificate {
    crate::Certificate::from_pem(keys::DIARY_GOST_CERTIFICATE_PEM).unwrap()
}

fn algorithm(oid: &[u32]) -> model::AlgorithmIdentifier {
    let algorithm = rasn::types::ObjectIdentifier::new(oid.to_vec()).unwrap();
    model::AlgorithmIdentifier { algorithm, parameters: None }
}

#[test]
fn gost_is_accepted_however_its_algorithms_are_named() {
    let gost_94 = || algorithm(&[1, 2, 643, 2, 2, 9]);
    let verdict = |cms: &[u8]| match verify(cms, CONTENT, &[diary(), gost_diary()]) {
        Ok(it) => it.hash.to_string(),
        Err(error) => format!("{}: {error}", error.code()),
    };
    insta::assert_snapshot!(verdict(&changed_gost(|_, _| ())), @"ГОСТ Р 34.11-2012 (256)");
    // CryptoPro's old name in the outer set says nothing.
    let outer = changed_gost(|data, _| data.digest_algorithms = vec![gost_94()].into());
    insta::assert_snapshot!(verdict(&outer), @"ГОСТ Р 34.11-2012 (256)");
    let with_digest = changed_gost(|_, signer| signer.signature_algorithm = algorithm(&[1, 2, 643, 7, 1, 1, 3, 2]));
    insta::assert_snapshot!(verdict(&with_digest), @"ГОСТ Р 34.11-2012 (256)");
    let inner = changed_gost(|_, signer| signer.digest_algorithm = gost_94());
    insta::assert_snapshot!(verdict(&inner), @"cms-weak-digest: хэш ГОСТ Р 34.11-94 больше не принимается, нужен SHA-256 или ГОСТ Р 34.11-2012");
    let longer = changed_gost(|_, signer| signer.signature_algorithm = algorithm(&[1, 2, 643, 7, 1, 1, 1, 2]));
    insta::assert_snapshot!(verdict(&longer), @"cms-algorithm-mismatch: алгоритм подписи 1.2.643.7.1.1.1.2 не подходит к хэшу ГОСТ Р 34.11-2012 (256)");
    let rsa = changed_gost(|_, signer| signer.signature_algorithm = algorithm(&[1, 2, 840, 113_549, 1, 1, 1]));
    insta::assert_snapshot!(verdict(&rsa), @"cms-algorithm-mismatch: алгоритм подписи 1.2.840.113549.1.1.1 не подходит к хэшу ГОСТ Р 34.11-2012 (256)");
    let gost_2001 = changed_gost(|_, signer| signer.signature_algorithm = algorithm(&[1, 2, 643, 2, 2, 19]));
    insta::assert_snapshot!(verdict(&gost_2001), @"cms-unsupported-algorithm: алгоритм 1.2.643.2.2.19 не поддерживается, нужен RSA с SHA-256 или ГОСТ Р 34.10-2012");
    let turned =
        changed_gost(|_, signer| signer.signature = signer.signature.iter().rev().copied().collect::<Vec<_>>().into());
    insta::assert_snapshot!(verdict(&turned), @"cms-signature-mismatch: подпись не сходится с ключом сертификата CN=Electronic diary,O=esia-stand");
}

#[test]
fn openssl_accepts_what_we_sign() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("cms.der"), sign_detached(CONTENT, &key(), &diary(), at("2024-09-01T08:00:00Z")).unwrap()).unwrap();
    fs::write(file("content"), CONTENT).unwrap();
    fs::write(file("other"), [CONTENT, b"."].concat()).unwrap();
    let accepts = |content: &Path| {
        let mut openssl = Command::new("openssl");
        openssl.args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out"]).arg(file("out"));
        openssl.arg("-in").arg(file("cms.der")).arg("-content").arg(content);
        openssl.arg("-CAfile").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/diary.crt.pem"));
        openssl.output().expect("openssl is installed").status.success()
    };
    assert!(accepts(&file("content")));
    assert!(!accepts(&file("other")));
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, CONTENT, &[diary()]).is_err());
    }

    #[test]
    fn a_damaged_signature_never_holds_for_another_string(
        which in 0..5_usize, at in 0..1400_usize, byte in any::<u8>(), cut in any::<bool>(),
    ) {
        static GOST: LazyLock<Vec<u8>> = LazyLock::new(|| changed_gost(|_, _| ()));
        let files = [GOST.as_slice(), data!("detached.der"), data!("attached.der"), data!("attached-ber.der"), data!("keyid.der")];
        let mut cms = files[which].to_vec();
        if let Some(place) = cms.get_mut(at) {
            *place = byte;
        }
        if cut {
            cms.truncate(at);
        }
        prop_assert!(verify(&cms, b"another string", &[diary(), gost_diary()]).is_err());
        let _ = verify(&cms, CONTENT, &[diary(), gost_diary()]);
    }
}
