use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use proptest::prelude::*;

use super::{Wanted, look};
use crate::{Certificate, SigningKey, certificate::Hash, cms, keys};

const STRING: &str = "openid2021.02.12 00:15:26 +0300DIARY0e8a3a3e";

fn wanted(is_cms: bool) -> Wanted<'static> {
    Wanted { is_cms, sizes: &[64], string: STRING, certificate_hash: Some("AB6EA358") }
}

fn cms() -> Vec<u8> {
    let key = SigningKey::from_pem(keys::DIARY_KEY_PEM).unwrap();
    let certificate = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
    let at = "2024-09-01T08:00:00Z".parse().unwrap();
    cms::sign_detached(STRING.as_bytes(), &key, &certificate, at).unwrap()
}

fn raw() -> Vec<u8> {
    SigningKey::from_pem(keys::DIARY_GOST_KEY_PEM).unwrap().sign(STRING.as_bytes()).unwrap()
}

fn code(text: &str, is_cms: bool) -> &'static str {
    look(text, &wanted(is_cms)).map_or("-", |found| {
        assert!(found.to_string().len() > 10 && !found.to_string().contains("; ; "), "{found}");
        found.code()
    })
}

#[test]
fn what_is_right_is_not_complained_of() {
    for text in [STANDARD.encode(cms()), URL_SAFE_NO_PAD.encode(cms()), STANDARD.encode(cms()).replace('+', " ")] {
        assert_eq!(code(&text, true), "-");
    }
    assert_eq!(code(&URL_SAFE_NO_PAD.encode(raw()), false), "-");
}

#[test]
fn every_wrapping_of_a_signature_is_named() {
    for (bytes, is_cms) in [(cms(), true), (raw(), false)] {
        let text = STANDARD.encode(&bytes);
        let check = |text: &str, name: &str| assert_eq!(code(text, is_cms), name, "{text}");
        check("", "wrapping-empty");
        check(" \r\n", "wrapping-empty");
        for word in
            ["undefined", "None", "null", "[object Object]", "${CLIENT_SECRET}", "<client_secret>", "xxx", "$SECRET"]
        {
            check(word, "wrapping-placeholder");
        }
        check("[object Promise]", "wrapping-promise");
        check(&format!("b'{text}'"), "wrapping-python-bytes");
        check(&format!("\"{text}\""), "wrapping-quoted");
        check(&format!("{{\"signature\":\"{text}\"}}"), "wrapping-json");
        check(&format!("data:application/pkcs7-signature;base64,{text}"), "wrapping-data-url");
        check(&format!("-----BEGIN PKCS7-----\n{text}\n-----END PKCS7-----"), "wrapping-pem");
        check(&STANDARD.encode(&text), "wrapping-base64-twice");
        check(&URL_SAFE_NO_PAD.encode(URL_SAFE_NO_PAD.encode(&bytes)), "wrapping-base64-twice");
        check(&STANDARD.encode(format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----")), "wrapping-pem");
        check(
            &STANDARD.encode(format!("MIME-Version: 1.0\nContent-Type: multipart/signed\n\n{text}")),
            "wrapping-smime",
        );
        check(&format!("MIME-Version: 1.0\nContent-Type: application/x-pkcs7-mime\n\n{text}"), "wrapping-smime");
        check(&format!("{}%3D%3D", text.trim_end_matches('=')), "wrapping-percent-encoded");
        check(&(text.trim_end_matches('=').to_owned() + "&#61;"), "wrapping-html");
        check(&hex::encode(&bytes), "wrapping-hex");
        check(&hex::encode_upper(&bytes), "wrapping-hex");
        check(&STANDARD.encode(hex::encode(&bytes)), "wrapping-hex");
        let numbers: Vec<_> = bytes.iter().map(ToString::to_string).collect();
        check(&numbers.join(","), "wrapping-numbers");
        check(&format!("[{}]", numbers.join(", ")), "wrapping-numbers");
        check(STRING, "wrapping-is-string");
        check(&STANDARD.encode(STRING), "wrapping-is-string");
        check(&hex::encode(Hash::Sha256.digest(STRING.as_bytes())), "wrapping-is-hash");
        check(&STANDARD.encode(Hash::Streebog256.digest(STRING.as_bytes())), "wrapping-is-hash");
        check("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln", "wrapping-is-jwt");
        check(keys::DIARY_CERTIFICATE_PEM, "wrapping-is-certificate");
        let certificate = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
        check(&STANDARD.encode(certificate.der()), "wrapping-is-certificate");
        check(keys::DIARY_KEY_PEM, "wrapping-is-private-key");
        check("Passw0rd!", "wrapping-text");
        check(&format!("{}…", &text[..80]), "wrapping-character");
        check(&STANDARD.encode(String::from_utf8_lossy(&bytes).as_bytes()), "wrapping-damaged");
        let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        check(&STANDARD.encode(latin), "wrapping-as-utf-8");
    }
}

#[test]
fn what_is_cut_says_how_much_is_there() {
    let (whole, half) = (cms().len(), 768);
    let found = look(&STANDARD.encode(&cms()[..half]), &wanted(true)).unwrap();
    assert!(found.to_string().starts_with(&format!("обрезано: по заголовку {whole} байт, пришло {half}; ")), "{found}");
    assert_eq!(code(&STANDARD.encode(&raw()[..33]), true), "wrapping-unknown");
    assert_eq!(code(&STANDARD.encode(&raw()[..33]), false), "-", "its length is told with the signature");
    assert_eq!(code(&URL_SAFE_NO_PAD.encode([0; 64]), false), "-", "not hexadecimal, though of such digits");
    assert_eq!(code(&STANDARD.encode(raw())[..85], false), "wrapping-cut");
    assert_eq!(code(&STANDARD.encode(raw()), true), "container-raw");
    assert_eq!(code(&STANDARD.encode(cms()), false), "container-cms");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for is_cms in [true, false] {
            for text in [&text, &STANDARD.encode(&bytes), &hex::encode(&bytes)] {
                if let Some(found) = look(text, &wanted(is_cms)) {
                    prop_assert!(!found.code().is_empty() && !found.to_string().is_empty());
                }
            }
        }
    }
}
