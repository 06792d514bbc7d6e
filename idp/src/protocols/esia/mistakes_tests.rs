//! Mistakes of client developers, each committed with real keys at the endpoints: the verdict's line names the cause.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use esia::{
    Certificate, KeyKind, SigningKey,
    certificate::Hash::{self, Sha256, Streebog256, Streebog512},
    keys, secret, timestamp,
};
use serde_json::json;

use super::testing::{Fields, Rp, wide_section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig, september};

async fn rig() -> Rig {
    Rig::new(wide_section()).await
}

/// Returns the part of the verdict's line after the code, without the link.
fn named(answer: &Answer) -> String {
    let line = answer.verdict_line();
    line.split("; see").next().unwrap().splitn(3, "; ").nth(2).unwrap_or(line).to_owned()
}

/// Change of a secret before it is sent.
type Wrap = fn(&str) -> String;

/// Returns wrong strings to sign, each with the name of the mistake.
fn slips(rp: &Rp, right: &str) -> Vec<(String, &'static str)> {
    let (time, state) = (rp.timestamp.as_str(), rp.state);
    let instead = |from: &str, to: &str| {
        assert!(right.contains(from), "{right}");
        right.replacen(from, to, 1)
    };
    let shifted = |seconds: i64| timestamp::print(september() + TimeDelta::seconds(seconds));
    vec![
        (instead(state, ""), "slip-missing=state"),
        (instead(time, ""), "slip-missing=timestamp"),
        (instead(rp.client_id, ""), "slip-missing=client_id"),
        (instead(state, "undefined"), "slip-placeholder=state"),
        (instead(state, "None"), "slip-placeholder=state"),
        (instead(rp.scope, "[object Object]"), "slip-placeholder=scope"),
        (instead(state, &state.to_uppercase()), "slip-case=state"),
        (instead(state, &state.replace('-', "")), "slip-punctuation=state"),
        (instead(rp.client_id, &rp.client_id.to_lowercase()), "slip-case=client_id"),
        (instead(rp.client_id, &format!("{}\n", rp.client_id)), "slip-ends=client_id"),
        (instead(rp.scope, "openid+fullname+snils"), "slip-encoded=scope"),
        (instead(rp.scope, "openid%20fullname%20snils"), "slip-encoded=scope"),
        (instead(rp.scope, "openid fullname"), "slip-scope-set=scope"),
        (instead(rp.scope, "snils fullname openid"), "slip-scope-order=scope"),
        (instead(rp.scope, "openid,fullname,snils"), "slip-scope-separator=scope"),
        (instead(time, "2024-09-02T06:00:00.000Z"), "slip-time-form=timestamp"),
        (instead(time, "2024-09-02T09:00:00+03:00"), "slip-time-form=timestamp"),
        (instead(time, "2024.09.02 09:00:00"), "slip-time-form=timestamp"),
        (instead(time, "2024.09.02 06:00:00 +0000"), "slip-time-zone=timestamp"),
        (instead(time, &shifted(-1)), "slip-time-early=1s"),
        (instead(time, &shifted(3)), "slip-time-late=3s"),
        (instead(time, &shifted(-10_800)), "slip-time-early=3h"),
        (instead(time, "2024.00.02 09:09:00 +0300"), "slip-time-letters=timestamp"),
        (format!("{right}\n"), "slip-line-end"),
        (format!("\u{feff}{right}"), "slip-bom"),
        (STANDARD.encode(right), "slip-base64"),
        (hex::encode(right), "slip-hex"),
        (format!("{right} "), "slip-ends"),
    ]
}

/// Checks the mistakes in raw signatures of the second version; only every other one, so that a test stays short.
async fn named_in_raw(rp: Rp, odd: usize) {
    let rig = rig().await;
    let right = secret::v2_authorize(&rp.values(""));
    for (signed, name) in slips(&rp, &right).into_iter().skip(odd).step_by(2) {
        let fields = with(rp.v2_ac(&[]), "client_secret", Some(&rp.raw(&signed)));
        assert_eq!(named(&rig.anyone().v2_ac(&fields).await), name, "{signed}");
    }
}

/// Checks all mistakes in a CMS of the first version.
async fn named_in_cms(rp: Rp) {
    let rig = rig().await;
    let right = secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state);
    for (signed, name) in slips(&rp, &right) {
        let fields = with(rp.ac(), "client_secret", Some(&rp.sign(&signed)));
        assert_eq!(named(&rig.anyone().ac(&fields).await), name, "{signed}");
    }
}

#[tokio::test]
async fn every_slip_in_the_string_is_named_with_rsa() {
    named_in_raw(Rp::default(), 0).await;
    named_in_raw(Rp::default(), 1).await;
}

#[tokio::test]
async fn every_slip_in_the_string_is_named_in_a_cms_with_rsa() {
    named_in_cms(Rp::default()).await;
}

#[tokio::test]
async fn every_slip_in_the_string_is_named_in_a_cms_with_gost() {
    named_in_cms(Rp::gost()).await;
}

#[tokio::test]
async fn every_slip_in_the_string_is_named_with_gost() {
    named_in_raw(Rp::gost(), 0).await;
}

#[tokio::test]
async fn every_other_slip_in_the_string_is_named_with_gost() {
    named_in_raw(Rp::gost(), 1).await;
}

#[tokio::test]
async fn slips_in_the_address_are_named() {
    let (rig, rp) = (rig().await, Rp::gost());
    let right = secret::v2_authorize(&rp.values(""));
    let sent = "http://127.0.0.1:9/callback?from=esia";
    for (signed, name) in [
        ("http%3A%2F%2F127.0.0.1%3A9%2Fcallback%3Ffrom%3Desia", "slip-encoded=redirect_uri"),
        ("http://127.0.0.1:9/callback/?from=esia", "slip-slash=redirect_uri"),
        ("https://127.0.0.1:9/callback?from=esia", "slip-scheme=redirect_uri"),
        ("http://127.0.0.1/callback?from=esia", "slip-port=redirect_uri"),
        ("http://localhost:9/callback?from=esia", "slip-host=redirect_uri"),
        ("http://127.0.0.1:9/callback", "slip-part=redirect_uri"),
        ("null", "slip-placeholder=redirect_uri"),
        ("", "slip-missing=redirect_uri"),
    ] {
        let secret = rp.raw(&right.replace(sent, signed));
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await;
        assert_eq!(named(&answer), name, "{signed}");
    }
}

#[tokio::test]
async fn the_state_or_time_of_the_authorization_request_in_the_token_request_is_named() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let later = Rp {
        state: "5c2f8a11-1111-4222-8333-444455556666",
        timestamp: timestamp::print(september() + TimeDelta::seconds(20)),
        ..rp.clone()
    };
    let te = async |signed: &Rp| {
        let secret = later.raw(&secret::v3_token(&signed.values(""), &code));
        named(&rig.v3_te(&with(later.v3_by_code(&code), "client_secret", Some(&secret))).await)
    };
    assert_eq!(te(&Rp { state: rp.state, ..later.clone() }).await, "slip-earlier=state");
    assert_eq!(te(&Rp { timestamp: rp.timestamp.clone(), ..later.clone() }).await, "slip-earlier=timestamp");
    let cached = later.raw(&secret::v2_authorize(&rp.values("")));
    let answer = rig.v3_te(&with(later.v3_by_code(&code), "client_secret", Some(&cached))).await;
    assert_eq!(named(&answer), "slip-earlier", "the signature of the first request, sent again");
}

#[tokio::test]
async fn the_key_is_told_from_the_string() {
    let (rig, rp) = (rig().await, Rp::gost());
    let v2 = secret::v2_authorize(&rp.values(""));
    let ac =
        async |secret: String| named(&rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await);
    // The built-in diary is another system of this world, with RSA.
    let diary = Rp { client_id: "GOST", ..Rp::default() };
    let name = ac(diary.raw(&v2)).await;
    assert!(name.starts_with("slip-another-client="), "{name}");
    let (other, _) = SigningKey::generate(KeyKind::Rsa2048).unwrap();
    assert_eq!(ac(URL_SAFE_NO_PAD.encode(other.sign(v2.as_bytes()).unwrap())).await, "slip-key-kind");
    let right = rp.signature(&v2);
    let (s, r) = right.split_at(32);
    assert_eq!(ac(URL_SAFE_NO_PAD.encode([r, s].concat())).await, "slip-swapped-halves");
    assert_eq!(
        ac(URL_SAFE_NO_PAD.encode(right.iter().rev().copied().collect::<Vec<_>>())).await,
        "slip-reversed-bytes"
    );
    // A CMS of the right string with a key that is not the certificate's.
    let rp = Rp::default();
    let v1 = secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state);
    let torn = Rp { key: keys::STRANGER_KEY_PEM, ..rp.clone() }.sign(&v1);
    let answer = rig.anyone().ac(&with(rp.ac(), "client_secret", Some(&torn))).await;
    assert_eq!(named(&answer), "slip-wrong-key");
    assert!(rig.verdict(&answer).await.contains("строка подписана верная, а ключ не тот"));
}

#[tokio::test]
async fn what_came_in_place_of_a_signature_is_named_at_both_versions() {
    let (rig, rsa, gost) = (rig().await, Rp::default(), Rp::gost());
    let first = async |secret: &str| named(&rig.anyone().ac(&with(rsa.ac(), "client_secret", Some(secret))).await);
    let second =
        async |secret: &str| named(&rig.anyone().v2_ac(&with(gost.v2_ac(&[]), "client_secret", Some(secret))).await);
    let (cms, raw) = (rsa.secret(rsa.scope), gost.raw(&secret::v2_authorize(&gost.values(""))));
    let wraps: [(Wrap, &str); 9] = [
        (|text| STANDARD.encode(text), "wrapping-base64-twice"),
        (|text| format!("\"{text}\""), "wrapping-quoted"),
        (|text| format!("b'{text}'"), "wrapping-python-bytes"),
        (|text| hex::encode(URL_SAFE_NO_PAD.decode(text).unwrap()), "wrapping-hex"),
        (|text| format!("-----BEGIN PKCS7-----\n{text}\n-----END PKCS7-----"), "wrapping-pem"),
        (|text| format!("MIME-Version: 1.0\nContent-Type: multipart/signed\n\n{text}"), "wrapping-smime"),
        (|text| format!("{text}%3D%3D"), "wrapping-percent-encoded"),
        (|_| "[object Promise]".to_owned(), "wrapping-promise"),
        (|_| "undefined".to_owned(), "wrapping-placeholder"),
    ];
    for (wrap, name) in wraps {
        assert_eq!((first(&wrap(&cms)).await.as_str(), second(&wrap(&raw)).await.as_str()), (name, name));
    }
    assert_eq!(first(&cms[..cms.len() / 2]).await, "wrapping-cut");
    assert_eq!(second(&gost.hash()).await, "wrapping-is-certificate-hash");
    assert_eq!(second(&secret::v2_authorize(&gost.values(""))).await, "wrapping-is-string");
    assert_eq!(first("PaSsw0rd").await, "wrapping-unknown");
    assert_eq!(first(keys::DIARY_CERTIFICATE_PEM).await, "wrapping-is-certificate");
}

#[tokio::test]
async fn a_hash_of_the_certificate_is_tried_in_every_way() {
    let (rig, rp) = (rig().await, Rp::gost());
    let ac = async |hash: &str| {
        named(&rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_certificate_hash", Some(hash))).await)
    };
    let certificate = Certificate::from_pem(rp.certificate).unwrap();
    let pairs: Vec<_> = rp.hash().as_bytes().chunks(2).map(|two| String::from_utf8_lossy(two).into_owned()).collect();
    let digest = |hash: Hash, bytes: &[u8]| hex::encode(hash.digest(bytes));
    for (hash, name) in [
        (digest(Streebog256, rp.certificate.as_bytes()), "hash-of-pem"),
        (digest(Sha256, rp.certificate.trim_end().as_bytes()), "hash-of-pem"),
        (digest(Streebog512, certificate.der()), "hash-512"),
        (pairs.join(":"), "hash-colons"),
        (pairs.join(" "), "hash-blanks"),
        (STANDARD.encode(Sha256.digest(certificate.der())), "hash-base64"),
        (certificate.serial().to_owned(), "hash-is-serial"),
        (digest(Streebog256, certificate.public_key_pem().as_bytes()), "hash-of-key"),
        ("D41D8CD98F00B204E9800998ECF8427E".to_owned(), "hash-md5"),
        ("AB".repeat(32), "hash-unknown"),
        ("not a hash".to_owned(), "hash-not-hex"),
    ] {
        assert_eq!(ac(&hash).await, name, "{hash}");
    }
    let provider = Certificate::from_pem(keys::PROVIDER_GOST_CERTIFICATE_PEM).unwrap();
    assert_eq!(ac(&provider.streebog256_hex()).await, "hash-of-provider");
    let diary = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap();
    assert_eq!(ac(&diary.streebog256_hex()).await, "hash-of-another-client");
}

#[tokio::test]
async fn a_certificate_that_is_not_yet_valid_is_not_called_stale() {
    let rig = rig().await;
    let (key, pem) = SigningKey::generate(KeyKind::Gost256).unwrap();
    let term = september() + TimeDelta::days(9)..=september() + TimeDelta::days(99);
    let certificate = Certificate::self_signed(&key, "CN=SOON", term).unwrap();
    let spec = json!({ "mnemonic": "SOON", "title": "Скоро", "organisation": "Школа",
        "scopes": ["openid", "fullname", "snils"], "certificates": [certificate.pem()] });
    assert_eq!(rig.control().put("/control/clients/SOON", &spec).await.status, 201);
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let rp = Rp { client_id: "SOON", key: leak(pem), certificate: leak(certificate.pem()), ..Rp::default() };
    assert_eq!(named(&rig.anyone().v2_ac(&rp.v2_ac(&[])).await), "certificate-not-yet");
    rig.wall.set(september() + TimeDelta::days(100));
    let rp = Rp { timestamp: timestamp::print(september() + TimeDelta::days(100)), ..rp };
    assert_eq!(named(&rig.anyone().v2_ac(&rp.v2_ac(&[])).await), "slip-stale-certificate");
}

#[tokio::test]
async fn a_client_id_that_only_looks_right_is_shown_as_it_is() {
    let (rig, rp) = (rig().await, Rp::default());
    let ac = async |id: &str| {
        let answer = rig.anyone().ac(&with(rp.ac(), "client_id", Some(id))).await;
        (named(&answer), rig.verdict(&answer).await)
    };
    for (id, name, shown) in [
        ("DIARY\n", "client-near=DIARY", "DIARY␊"),
        ("DIARY\u{a0}", "client-near=DIARY", "DIARY⟨U+00A0⟩"),
        (" DIARY", "client-near=DIARY", "␠DIARY"),
        ("DIARY\0", "client-near=DIARY", "DIARY␀"),
        ("DI\u{200b}ARY", "client-near=DIARY", "DI⟨U+200B⟩ARY"),
        ("DIАRY", "client-near=DIARY", "кириллическая «А» (U+0410)"),
        ("diary", "client-near=DIARY", "отличие со знака 1"),
        ("SOMEBODY", "client-unknown=SOMEBODY", "SOMEBODY"),
    ] {
        let (line, verdict) = ac(id).await;
        assert_eq!(line, name, "{id:?}");
        assert!(verdict.contains(shown), "{verdict}");
    }
}

#[tokio::test]
async fn where_nothing_explains_a_signature_nothing_is_claimed() {
    let (rig, rsa) = (rig().await, Rp::default());
    let fields: Fields = with(rsa.v2_ac(&[]), "client_secret", Some(&rsa.raw("who knows what")));
    let answer = rig.anyone().v2_ac(&fields).await;
    assert_eq!(named(&answer), "raw-mismatch");
    let verdict = rig.verdict(&answer).await;
    assert!(verdict.contains("ключ верный") && verdict.contains("проверенных не подошла"), "{verdict}");
    let (other, _) = SigningKey::generate(KeyKind::Rsa2048).unwrap();
    let foreign = URL_SAFE_NO_PAD.encode(other.sign(b"who knows what").unwrap());
    let answer = rig.anyone().v2_ac(&with(rsa.v2_ac(&[]), "client_secret", Some(&foreign))).await;
    assert_eq!(named(&answer), "slip-foreign-key");
}
