use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PSS_SHA256};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, pkcs8::DecodePrivateKey as _};

use super::{
    super::{Order, Request, Signed, verify_raw},
    search::{MAX_CHECKED, MAX_TRIED, MAX_UNUSUAL},
    *,
};
use crate::{
    Certificate, SigningKey,
    certificate::{AnyHash, Hash, HashMatch, Hashed, Writing},
    cms, keys,
};

const REQUEST: Request<'static> = Request {
    signed: Signed {
        client_id: "DIARY",
        scope: "openid fullname",
        scope_org: "org_shortname",
        timestamp: "2021.02.12 15:15:26 +0300",
        state: "0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10",
        redirect_uri: "https://diary.example/back?to=1",
    },
    code: "code",
    refresh_token: "",
};

fn certificate(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

fn gost() -> (SigningKey, Certificate) {
    (SigningKey::from_pem(keys::DIARY_GOST_KEY_PEM).unwrap(), certificate(keys::DIARY_GOST_CERTIFICATE_PEM))
}

fn rsa() -> (SigningKey, Certificate) {
    (SigningKey::from_pem(keys::DIARY_KEY_PEM).unwrap(), certificate(keys::DIARY_CERTIFICATE_PEM))
}

fn der_of_key() -> Vec<u8> {
    let body: String = keys::DIARY_KEY_PEM.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}

pub(super) fn refused<'a>(order: Order, secret: Secret<'a>, certificates: &'a [Certificate]) -> Refused<'a> {
    Refused {
        secret,
        order,
        request: REQUEST,
        certificates,
        stale: &[],
        others: &[],
        certificate_hash: None,
        earlier: &[],
        registered: &[],
        sent: &[],
    }
}

/// The names of what explains a signature.
fn names(refused: &Refused<'_>) -> String {
    let found = explain(refused);
    let names = |mistake: &Mistake| mistake.slips.iter().map(Slip::name).collect::<Vec<_>>().join(" ");
    found.mistake.as_ref().map_or_else(|| "ничего".to_owned(), names)
}

/// The names of the mistake of a client that signs these bytes where a string is asked for; with RSA, which is faster.
fn of_rsa(order: Order, signed: &[u8]) -> String {
    let (key, certificate) = rsa();
    let signature = key.sign(signed).unwrap();
    names(&refused(order, Secret::Raw(&signature), &[certificate]))
}

fn of_gost(order: Order, signed: &[u8]) -> String {
    let (key, certificate) = gost();
    let signature = key.sign(signed).unwrap();
    names(&refused(order, Secret::Raw(&signature), &[certificate]))
}

#[test]
fn the_rows_of_the_protocol_are_its_orders() {
    let strings = |order: Order| format!("{} = {order} = {}", order.code(), order.string(&REQUEST));
    insta::assert_snapshot!(Order::ALL.map(strings).join("\n"), @r"
    v1 = scope + timestamp + client_id + state = openid fullname2021.02.12 15:15:26 +0300DIARY0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10
    v2-ac = client_id + scope + [scope_org] + timestamp + state + redirect_uri = DIARYopenid fullnameorg_shortname2021.02.12 15:15:26 +03000e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10https://diary.example/back?to=1
    v3-te-code = client_id + scope + [scope_org] + timestamp + state + redirect_uri + code = DIARYopenid fullnameorg_shortname2021.02.12 15:15:26 +03000e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10https://diary.example/back?to=1code
    v3-te-refresh = client_id + scope + [scope_org] + timestamp + state + redirect_uri = DIARYopenid fullnameorg_shortname2021.02.12 15:15:26 +03000e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10https://diary.example/back?to=1
    v3-te-refresh-token = client_id + scope + timestamp + state + refresh_token = DIARYopenid fullname2021.02.12 15:15:26 +03000e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10
    v3-te-client-credentials = client_id + scope + timestamp + state + redirect_uri = DIARYopenid fullname2021.02.12 15:15:26 +03000e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10https://diary.example/back?to=1
    ");
}

/// The right string with something replaced in it.
fn instead(order: Order, from: &str, to: &str) -> Vec<u8> {
    let right = order.string(&REQUEST);
    assert!(right.contains(from), "{right}");
    right.replacen(from, to, 1).into_bytes()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn another_string_is_named_with_the_value_that_differs() {
    let v3 = Order::V3Code;
    let right = v3.string(&REQUEST);
    let redirect = "https://diary.example/back?to=1";
    let (time, state) = ("2021.02.12 15:15:26 +0300", "0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10");
    let utf16 = |big: bool| -> Vec<u8> {
        right.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let named = "client_id=DIARY&scope=openid fullname&scope_org=org_shortname&timestamp=2021.02.12 15:15:26 +0300&\
                 state=0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10&redirect_uri=https://diary.example/back?to=1&code=code";
    let sha256 = Hash::Sha256.digest(right.as_bytes());
    let forms: Vec<(Vec<u8>, &str)> = vec![
        (Order::V1.string(&REQUEST).into_bytes(), "slip-order=v1"),
        (Order::V2Authorize.string(&REQUEST).into_bytes(), "slip-missing=code"),
        (instead(v3, "org_shortname", ""), "slip-missing=scope_org"),
        (instead(v3, state, ""), "slip-missing=state"),
        (instead(v3, redirect, ""), "slip-missing=redirect_uri"),
        (instead(v3, time, ""), "slip-missing=timestamp"),
        (instead(v3, state, &format!("{state}{state}")), "slip-twice=state"),
        (instead(v3, state, "undefined"), "slip-placeholder=state"),
        (instead(v3, "org_shortname", "None"), "slip-placeholder=scope_org"),
        (instead(v3, redirect, "[object Object]"), "slip-placeholder=redirect_uri"),
        (instead(v3, state, "${state}"), "slip-placeholder=state"),
        (instead(v3, state, &state.replace('-', "")), "slip-punctuation=state"),
        (instead(v3, state, &state.to_uppercase()), "slip-case=state"),
        (instead(v3, state, &format!("{{{state}}}")), "slip-punctuation=state"),
        (instead(v3, "DIARY", "diary"), "slip-case=client_id"),
        (instead(v3, "DIARY", "DIARY\n"), "slip-ends=client_id"),
        (instead(v3, redirect, "https%3A%2F%2Fdiary.example%2Fback%3Fto%3D1"), "slip-encoded=redirect_uri"),
        (instead(v3, redirect, "https%3a%2f%2fdiary.example%2fback%3fto%3d1"), "slip-encoded=redirect_uri"),
        (
            instead(v3, redirect, "https%253A%252F%252Fdiary.example%252Fback%253Fto%253D1"),
            "slip-encoded-twice=redirect_uri",
        ),
        (instead(v3, redirect, "https:\\/\\/diary.example\\/back?to=1"), "slip-encoded=redirect_uri"),
        (instead(v3, redirect, "https://diary.example/back/?to=1"), "slip-slash=redirect_uri"),
        (instead(v3, redirect, "http://diary.example/back?to=1"), "slip-scheme=redirect_uri"),
        (instead(v3, redirect, "https://diary.example:443/back?to=1"), "slip-port=redirect_uri"),
        (instead(v3, redirect, "https://diary.example/back"), "slip-part=redirect_uri"),
        (instead(v3, redirect, "https://diary.example"), "slip-part=redirect_uri"),
        (instead(v3, "openid fullname", "openid+fullname"), "slip-encoded=scope"),
        (instead(v3, "openid fullname", "openid%20fullname"), "slip-encoded=scope"),
        (instead(v3, "openid fullname", "fullname openid"), "slip-scope-order=scope"),
        (instead(v3, "openid fullname", "openid,fullname"), "slip-scope-separator=scope"),
        (instead(v3, "openid fullname", "fullname"), "slip-scope-set=scope"),
        (instead(v3, time, "2021-02-12T12:15:26Z"), "slip-time-form=timestamp"),
        (instead(v3, time, "2021-02-12T12:15:26.000Z"), "slip-time-form=timestamp"),
        (instead(v3, time, "2021-02-12 15:15:26+03:00"), "slip-time-form=timestamp"),
        (instead(v3, time, "2021.02.12 15:15:26"), "slip-time-form=timestamp"),
        (instead(v3, time, "1613132126"), "slip-time-form=timestamp"),
        (instead(v3, time, "2021.02.12 15:15:26 +03:00"), "slip-time-form=timestamp"),
        (instead(v3, time, "2021.02.12 12:15:26 +0000"), "slip-time-zone=timestamp"),
        (instead(v3, time, "2021.02.12 15:15:26 +0000"), "slip-time-zone=timestamp"),
        (instead(v3, time, "2021.02.12 03:15:26 +0300"), "slip-time-half-day=timestamp"),
        (instead(v3, time, "2021.15.12 15:02:26 +0300"), "slip-time-letters=timestamp"),
        (instead(v3, time, "2021.02.12 15:15:25 +0300"), "slip-time-early=1s"),
        (instead(v3, time, "2021.02.12 15:15:28 +0300"), "slip-time-late=2s"),
        (instead(v3, time, "2021.02.12 12:15:26 +0300"), "slip-time-early=3h"),
        ([right.as_bytes(), b"\n"].concat(), "slip-line-end"),
        ([right.as_bytes(), b"\r\n"].concat(), "slip-line-end"),
        ([b"\xef\xbb\xbf", right.as_bytes()].concat(), "slip-bom"),
        (utf16(false), "slip-utf-16"),
        (utf16(true), "slip-utf-16"),
        (format!("\"{right}\"").into_bytes(), "slip-quoted"),
        (hex::encode(&right).into_bytes(), "slip-hex"),
        (STANDARD.encode(&right).into_bytes(), "slip-base64"),
        (sha256.clone(), "slip-hashed-twice"),
        (hex::encode(&sha256).into_bytes(), "slip-hash-as-text"),
        (STANDARD.encode(&sha256).into_bytes(), "slip-hash-as-text"),
        (b"Content-Type: text/plain\r\n\r\n".iter().chain(right.as_bytes()).copied().collect(), "slip-mime-headers"),
        (named.as_bytes().to_vec(), "slip-names"),
        (named.replace(['&', '='], "&").into_bytes(), "ничего"),
        (Vec::new(), "slip-empty"),
        (right.replace(' ', "").into_bytes(), "slip-no-blanks"),
        (right.to_lowercase().into_bytes(), "slip-case=client_id"),
    ];
    for (signed, name) in forms {
        let text = String::from_utf8_lossy(&signed).into_owned();
        assert_eq!(of_rsa(v3, &signed), name, "{text}");
    }
    let reordered = format!("{}{}{}{}", "openid fullname", "DIARY", time, state);
    assert_eq!(of_rsa(Order::V1, reordered.as_bytes()), "slip-order=scope+client_id+timestamp+state");
    assert_eq!(of_gost(Order::V1, reordered.as_bytes()), "slip-order=scope+client_id+timestamp+state");
}

#[test]
fn two_mistakes_at_once_are_named_both() {
    let v1 = Order::V1;
    let right = v1.string(&REQUEST);
    let encoded = right.replace("openid fullname", "openid%20fullname");
    for signed in [encoded.clone() + "\n", encoded.replace("0e8a3a3e-7a0b-4d5f-9d0b-6d1a4c3b2a10", "undefined")] {
        let (rsa, gost) = (of_rsa(v1, signed.as_bytes()), of_gost(v1, signed.as_bytes()));
        assert_eq!(rsa, gost);
        assert!(rsa.contains("slip-encoded=scope") && rsa.split(' ').count() == 2, "{rsa}");
    }
}

#[test]
fn a_value_or_a_string_of_an_earlier_request_is_named() {
    let before = Request {
        signed: Signed {
            state: "11111111-2222-4333-8444-555555555555",
            timestamp: "2021.02.12 15:10:00 +0300",
            ..REQUEST.signed
        },
        code: "",
        ..REQUEST
    };
    let earlier = [Earlier { which: "№ 7".to_owned(), order: Order::V2Authorize, request: before }];
    let (key, certificate) = rsa();
    let certificates = [certificate];
    let told = |signed: &str| {
        let signature = key.sign(signed.as_bytes()).unwrap();
        names(&Refused { earlier: &earlier, ..refused(Order::V3Code, Secret::Raw(&signature), &certificates) })
    };
    let right = Order::V3Code.string(&REQUEST);
    assert_eq!(told(&right.replace(REQUEST.signed.state, before.signed.state)), "slip-earlier=state");
    assert_eq!(told(&right.replace(REQUEST.signed.timestamp, before.signed.timestamp)), "slip-earlier=timestamp");
    assert_eq!(told(&Order::V2Authorize.string(&before)), "slip-earlier");
}

#[test]
fn gost_is_told_like_rsa_in_every_form_of_a_signature() {
    let (key, certificate) = gost();
    let certificates = [certificate];
    let order = Order::V2Authorize;
    let right = order.string(&REQUEST);
    let told = |signature: &[u8]| names(&refused(order, Secret::Raw(signature), &certificates));
    let signature = key.sign(right.as_bytes()).unwrap();
    assert_eq!(told(&signature), "ничего", "nothing is wrong");
    let (s, r) = signature.split_at(32);
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    assert_eq!(told(&[r, s].concat()), "slip-swapped-halves");
    assert_eq!(told(&reversed(&signature)), "slip-reversed-bytes");
    assert_eq!(told(&[reversed(s), reversed(r)].concat()), "slip-reversed-halves");
    let number = |bytes: &[u8]| der::asn1::Uint::new(bytes).unwrap();
    let der = der::Encode::to_der(&vec![number(r), number(s)]).unwrap();
    assert_eq!(told(&der), "slip-der-sequence");
    let v1 = key.sign(Order::V1.string(&REQUEST).as_bytes()).unwrap();
    assert_eq!(told(&reversed(&v1)), "slip-order=v1 slip-reversed-bytes");
    // What a 512-bit hash or a key of another kind gives.
    assert_eq!(told(&[7; 128]), "slip-key-kind");
    let rsa = rsa().0.sign(right.as_bytes()).unwrap();
    assert_eq!(told(&rsa), "slip-key-kind");
}

#[test]
fn an_rsa_signature_tells_how_it_was_made() {
    let certificates = [rsa().1];
    let order = Order::V2Authorize;
    let right = order.string(&REQUEST);
    let told = |signature: &[u8]| names(&refused(order, Secret::Raw(signature), &certificates));
    let pair = KeyPair::from_pkcs8(&der_of_key()).unwrap();
    let mut pss = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), right.as_bytes(), &mut pss).unwrap();
    assert_eq!(told(&pss), "slip-pss");
    pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), b"who knows what", &mut pss).unwrap();
    assert_eq!(told(&pss), "slip-pss");
    let key = RsaPrivateKey::from_pkcs8_der(&der_of_key()).unwrap();
    let bare = |digest: &[u8]| key.sign(Pkcs1v15Sign::new_unprefixed(), digest).unwrap();
    assert_eq!(told(&bare(&Hash::Sha256.digest(right.as_bytes()))), "slip-no-digest-info");
    assert_eq!(told(&bare(right.as_bytes())), "slip-no-digest-info");
    let info = |prefix: &str, digest: &[u8]| bare(&[hex::decode(prefix).unwrap().as_slice(), digest].concat());
    let sha1 = info("3021300906052b0e03021a05000414", &AnyHash::Sha1.digest(right.as_bytes()));
    assert_eq!(told(&sha1), "slip-digest=sha-1");
    let sha512 = info("3051300d060960864801650304020305000440", &Hash::Sha512.digest(right.as_bytes()));
    assert_eq!(told(&sha512), "slip-digest=sha-512");
    assert_eq!(told(&info("3020300c06082a864886f70d020505000410", &[7; 16])), "slip-digest");
    let plain = rsa().0.sign(right.as_bytes()).unwrap();
    assert_eq!(told(&plain.iter().rev().copied().collect::<Vec<_>>()), "slip-reversed-bytes");
    assert_eq!(told(&vec![1; 256]), "slip-foreign-key");
    assert_eq!(told(&gost().0.sign(right.as_bytes()).unwrap()), "slip-key-kind");
}

#[test]
fn whose_key_it_is_is_told_of_stale_and_of_other_systems() {
    let others = [
        ("RSA-SITE".to_owned(), certificate(keys::STRANGER_CERTIFICATE_PEM)),
        ("GOST-SITE".to_owned(), certificate(keys::STRANGER_GOST_CERTIFICATE_PEM)),
    ];
    let (gost_key, old) = gost();
    let (current, stale) = ([certificate(keys::DIARY_CERTIFICATE_PEM)], [old]);
    let order = Order::V3Code;
    let right = order.string(&REQUEST);
    let told = |key: &SigningKey, text: &str| {
        let signature = key.sign(text.as_bytes()).unwrap();
        names(&Refused { stale: &stale, others: &others, ..refused(order, Secret::Raw(&signature), &current) })
    };
    assert_eq!(told(&gost_key, &right), "slip-stale-certificate");
    let key = |pem: &str| SigningKey::from_pem(pem).unwrap();
    assert_eq!(told(&key(keys::STRANGER_KEY_PEM), &right), "slip-another-client=RSA-SITE");
    assert_eq!(told(&key(keys::STRANGER_GOST_KEY_PEM), &right), "slip-another-client=GOST-SITE");
    assert_eq!(told(&key(keys::STRANGER_KEY_PEM), "another string altogether"), "slip-another-client=RSA-SITE");
    assert_eq!(told(&key(keys::PROVIDER_KEY_PEM), &right), "slip-foreign-key");
}

#[test]
fn a_wrong_hash_of_the_certificate_is_found() {
    let (key, right) = gost();
    let certificates = [certificate(keys::DIARY_CERTIFICATE_PEM), right.clone()];
    let signature = key.sign(Order::V3Code.string(&REQUEST).as_bytes()).unwrap();
    let slips = |hash: &str| {
        let refused = refused(Order::V3Code, Secret::Raw(&signature), &certificates);
        explain(&Refused { certificate_hash: Some(hash), ..refused }).mistake.map(|found| found.slips)
    };
    let pem = hex::encode(Hash::Streebog256.digest(right.pem().as_bytes()));
    let hash = Some(AnyHash::Taken(Hash::Streebog256));
    let of_pem = HashMatch { of: Hashed::Pem, hash, writing: Writing::Hex };
    assert_eq!(slips(&pem), Some(vec![Slip::CertificateHash(of_pem)]));
    assert_eq!(slips(&certificates[0].streebog256_hex()), Some(vec![Slip::OtherCertificate]));
    assert_eq!(slips(&right.streebog256_hex()), None);
    assert_eq!(slips("CD6EA358"), None);
}

#[test]
fn in_a_cms_string_and_key_are_told_apart() {
    let order = Order::V1;
    let at = crate::timestamp::parse(REQUEST.signed.timestamp).unwrap();
    let (right, another) = (order.string(&REQUEST), Order::V2Authorize.string(&REQUEST));
    for ((key, own), (stranger, other)) in [
        (rsa(), (keys::STRANGER_KEY_PEM, keys::STRANGER_CERTIFICATE_PEM)),
        (gost(), (keys::STRANGER_GOST_KEY_PEM, keys::STRANGER_GOST_CERTIFICATE_PEM)),
    ] {
        let (stranger, others) = (SigningKey::from_pem(stranger).unwrap(), [("SITE".to_owned(), certificate(other))]);
        let registered = [own];
        let told = |text: &str, key: &SigningKey, others: &[(String, Certificate)]| {
            let cms = cms::sign_detached(text.as_bytes(), key, &registered[0], at).unwrap();
            names(&Refused { others, ..refused(order, Secret::Cms(&cms), &registered) })
        };
        assert_eq!(told(&right, &key, &[]), "ничего", "nothing is wrong");
        assert_eq!(told(&another, &key, &[]), "slip-order=v2-ac");
        assert_eq!(told(&right, &stranger, &[]), "slip-wrong-key");
        assert_eq!(told(&another, &stranger, &[]), "slip-order=v2-ac slip-wrong-key");
        assert_eq!(told(&right, &stranger, &others), "slip-another-client=SITE");
        assert_eq!(told(&another, &stranger, &others), "slip-order=v2-ac slip-another-client=SITE");
        // With a certificate of its own inside, a stranger's key is the right one.
        let cms = cms::sign_detached(another.as_bytes(), &stranger, &others[0].1, at).unwrap();
        assert_eq!(names(&refused(order, Secret::Cms(&cms), &registered)), "slip-order=v2-ac");
        let cms = cms::sign_detached(b"who knows what", &key, &registered[0], at).unwrap();
        let found = explain(&refused(order, Secret::Cms(&cms), &registered));
        assert_eq!((found.mistake, found.signer.as_ref()), (None, Some(&registered[0])));
    }
}

#[test]
fn a_check_against_many_digests_agrees_with_the_whole_check() {
    let (key, certificate) = gost();
    let public = certificate.public_key().unwrap();
    for text in ["one", "two", ""] {
        let signature = key.sign(text.as_bytes()).unwrap();
        let check = public.digest_check(&signature).unwrap();
        for other in ["one", "two", "", "three"] {
            let whole = verify_raw(&certificate, other.as_bytes(), &signature).is_ok();
            assert_eq!(check.fits(&Hash::Streebog256.digest(other.as_bytes())), whole, "{text} {other}");
        }
        assert!(!check.fits(&[0; 31]));
    }
}

#[test]
fn the_work_for_a_signature_that_nothing_explains_is_bounded() {
    let (rsa, gost) = (rsa(), gost());
    let certificates = [rsa.1, gost.1];
    let order = Order::V3Code;
    let signature = rsa.0.sign(b"who knows what").unwrap();
    let found = explain(&refused(order, Secret::Raw(&signature), &certificates));
    assert_eq!((found.mistake, found.checked), (None, 0));
    assert!((2_000..=MAX_TRIED).contains(&found.tried), "{}", found.tried);
    assert_eq!(found.signer, Some(certificates[0].clone()));
    let signature = gost.0.sign(b"who knows what").unwrap();
    let found = explain(&refused(order, Secret::Raw(&signature), &certificates));
    assert_eq!((found.mistake, found.signer), (None, None));
    assert!((1_000..=MAX_CHECKED + 4 * MAX_UNUSUAL).contains(&found.checked), "{}", found.checked);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn nothing_is_said_of_the_string_or_the_key_of_bytes_that_nobody_signed(
        bytes in proptest::collection::vec(any::<u8>(), 0..300), time in "[0-9. :+]{0,26}",
    ) {
        let certificates = [rsa().1];
        let others = [("SITE".to_owned(), certificate(keys::STRANGER_CERTIFICATE_PEM))];
        for secret in [Secret::Raw(&bytes), Secret::Cms(&bytes)] {
            let mut refused = Refused { others: &others, ..refused(Order::V3Code, secret, &certificates) };
            refused.request.signed.timestamp = &time;
            let found = explain(&refused);
            let slips = found.mistake.map(|mistake| mistake.slips).unwrap_or_default();
            let is_fair = |slip: &Slip| matches!(slip, Slip::KeyKind(..) | Slip::ForeignKey);
            prop_assert!(slips.iter().all(is_fair), "{slips:?}");
            prop_assert_eq!(found.signer, None);
        }
    }
}
