use proptest::prelude::*;

use super::*;
use crate::{Certificate, HashMatch, SigningKey, certificate::Hash, cms, keys};

const REQUEST: Request<'static> = Request {
    signed: Signed {
        client_id: "DIARY",
        scope: "openid fullname",
        scope_org: "org_shortname",
        timestamp: "2021.02.12 00:15:26 +0300",
        state: "0e8a3a3e",
        redirect_uri: "https://diary.example/back?to=1",
    },
    code: "code",
    refresh_token: "refresh",
};

fn certificate(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

fn gost() -> (SigningKey, Certificate) {
    (SigningKey::from_pem(keys::DIARY_GOST_KEY_PEM).unwrap(), certificate(keys::DIARY_GOST_CERTIFICATE_PEM))
}

fn refused<'a>(order: Order, secret: Secret<'a>, certificates: &'a [Certificate]) -> Refused<'a> {
    Refused { secret, order, request: REQUEST, certificates, stale: &[], certificate_hash: None }
}

fn rsa() -> (SigningKey, Certificate) {
    (SigningKey::from_pem(keys::DIARY_KEY_PEM).unwrap(), certificate(keys::DIARY_CERTIFICATE_PEM))
}

/// The mistake of a client that signs this string where another is asked for. With RSA, which is faster.
fn raw(order: Order, signed: &str) -> String {
    let (key, certificate) = rsa();
    let signature = key.sign(signed.as_bytes()).unwrap();
    let found = explain(&refused(order, Secret::Raw(&signature), &[certificate]));
    found.map_or_else(|| "ничего".to_owned(), |found| found.to_string())
}

#[test]
fn the_rows_of_the_protocol_are_its_orders() {
    let strings = |order: Order| format!("{order} = {}", order.string(&REQUEST));
    insta::assert_snapshot!(Order::ALL.map(strings).join("\n"), @r"
    scope + timestamp + client_id + state = openid fullname2021.02.12 00:15:26 +0300DIARY0e8a3a3e
    client_id + scope + [scope_org] + timestamp + state + redirect_uri = DIARYopenid fullnameorg_shortname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1
    client_id + scope + [scope_org] + timestamp + state + redirect_uri + code = DIARYopenid fullnameorg_shortname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1code
    client_id + scope + [scope_org] + timestamp + state + redirect_uri = DIARYopenid fullnameorg_shortname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1
    client_id + scope + timestamp + state + refresh_token = DIARYopenid fullname2021.02.12 00:15:26 +03000e8a3a3erefresh
    client_id + scope + timestamp + state + redirect_uri = DIARYopenid fullname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1
    ");
    let signed = REQUEST.signed;
    let by_name = [
        v1(signed.scope, signed.timestamp, signed.client_id, signed.state),
        v2_authorize(&signed),
        v3_token(&signed, "code"),
        v3_refresh(&signed),
        v3_refresh_token(&signed, "refresh"),
        v3_client_credentials(&signed),
    ];
    assert_eq!(Order::ALL.map(|order| order.string(&REQUEST)), by_name);
}

#[test]
fn each_known_mistake_in_the_string_is_found() {
    let right = Order::V3Code.string(&REQUEST);
    insta::assert_snapshot!(raw(Order::V3Code, &right), @"ничего");
    insta::assert_snapshot!(raw(Order::V3Code, "что-то своё"), @"ничего");
    insta::assert_snapshot!(raw(Order::V3Code, &Order::V1.string(&REQUEST)), @"порядок другого запроса: scope + timestamp + client_id + state; подписана строка «openid fullname2021.02.12 00:15:26 +0300DIARY0e8a3a3e»");
    insta::assert_snapshot!(raw(Order::V3Code, &Order::V2Authorize.string(&REQUEST)), @"в подписанной строке нет code; подписана строка «DIARYopenid fullnameorg_shortname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1»");
    insta::assert_snapshot!(raw(Order::V3Code, &right.replace("org_shortname", "")), @"в подписанной строке нет scope_org; подписана строка «DIARYopenid fullname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1code»");
    insta::assert_snapshot!(raw(Order::V3ClientCredentials, &Order::V2Authorize.string(&REQUEST)), @"в подписанной строке лишний scope_org; подписана строка «DIARYopenid fullnameorg_shortname2021.02.12 00:15:26 +03000e8a3a3ehttps://diary.example/back?to=1»");
    insta::assert_snapshot!(raw(Order::V3Code, &right.replace("2021.02.12 00:15:26 +0300", "2021-02-11T21:15:26Z")), @"время подписано в другом виде, чем отправлено: «2021-02-11T21:15:26Z»; подписана строка «DIARYopenid fullnameorg_shortname2021-02-11T21:15:26Z0e8a3a3ehttps://diary.example/back?to=1code»");
    insta::assert_snapshot!(raw(Order::V3Code, "DIARYopenid+fullnameorg_shortname2021.02.12+00%3A15%3A26+%2B03000e8a3a3ehttps%3A%2F%2Fdiary.example%2Fback%3Fto%3D1code"), @"значения подписаны уже закодированными для URL; подписана строка «DIARYopenid+fullnameorg_shortname2021.02.12+00%3A15%3A26+%2B03000e8a3a3ehttps%3A%2F%2Fdiary.example%2Fback%3Fto%3D1code»");
    insta::assert_snapshot!(raw(Order::V1, "openid fullname 2021.02.12 00:15:26 +0300 DIARY 0e8a3a3e"), @"между значениями стоит « »; подписана строка «openid fullname 2021.02.12 00:15:26 +0300 DIARY 0e8a3a3e»");
    assert!(raw(Order::V3Code, &(right + "\n")).starts_with("в конце строки лишний перевод строки; "));
}

#[test]
fn the_order_of_bytes_is_found_with_another_mistake() {
    let (key, certificate) = gost();
    let certificates = [certificate];
    let codes = |signature: &[u8]| {
        let found = explain(&refused(Order::V2Authorize, Secret::Raw(signature), &certificates)).unwrap();
        found.slips.iter().map(Slip::code).collect::<Vec<_>>().join(" ")
    };
    let mut signature = key.sign(Order::V2Authorize.string(&REQUEST).as_bytes()).unwrap();
    signature.rotate_left(32);
    insta::assert_snapshot!(codes(&signature), @"slip-swapped-halves");
    signature.rotate_left(32);
    signature.reverse();
    insta::assert_snapshot!(codes(&signature), @"slip-reversed-bytes");
    let mut signature = key.sign(Order::V1.string(&REQUEST).as_bytes()).unwrap();
    signature.reverse();
    insta::assert_snapshot!(codes(&signature), @"slip-order slip-reversed-bytes");
}

#[test]
fn a_certificate_that_is_no_more_in_force_is_found() {
    let (key, old) = gost();
    let current = [certificate(keys::DIARY_CERTIFICATE_PEM)];
    let stale = [old.clone()];
    let signature = key.sign(Order::V3Code.string(&REQUEST).as_bytes()).unwrap();
    let refused = Refused { stale: &stale, ..refused(Order::V3Code, Secret::Raw(&signature), &current) };
    let found = explain(&refused).unwrap();
    let which = format!("CN=Electronic diary,O=esia-stand, № {}", old.serial());
    assert_eq!((found.slips, found.certificate), (vec![Slip::StaleCertificate(which)], old));
}

#[test]
fn a_wrong_hash_of_the_certificate_is_found() {
    let (key, right) = gost();
    let certificates = [certificate(keys::DIARY_CERTIFICATE_PEM), right.clone()];
    let signature = key.sign(Order::V3Code.string(&REQUEST).as_bytes()).unwrap();
    let slips = |hash: &str| {
        let refused = refused(Order::V3Code, Secret::Raw(&signature), &certificates);
        explain(&Refused { certificate_hash: Some(hash), ..refused }).map(|found| found.slips)
    };
    let pem = hex::encode(Hash::Streebog256.digest(right.pem().as_bytes()));
    assert_eq!(slips(&pem), Some(vec![Slip::CertificateHash(HashMatch::PemStreebog256)]));
    assert_eq!(slips(&certificates[0].streebog256_hex()), Some(vec![Slip::OtherCertificate]));
    assert_eq!(slips(&right.streebog256_hex()), None);
    assert_eq!(slips("CD6EA358"), None);
}

#[test]
fn the_mistake_in_a_cms_is_found_too() {
    let (key, certificate) = rsa();
    let registered = [certificate];
    let at = crate::timestamp::parse(REQUEST.signed.timestamp).unwrap();
    let text = Order::V2Authorize.string(&REQUEST);
    let cms = cms::sign_detached(text.as_bytes(), &key, &registered[0], at).unwrap();
    let found = explain(&refused(Order::V1, Secret::Cms(&cms), &registered)).unwrap();
    assert_eq!((found.slips, found.signed), (vec![Slip::Order(Order::V2Authorize)], text));
}

#[test]
fn a_bare_signature_is_checked_and_each_refusal_named() {
    for (key, certificate) in [gost(), rsa()] {
        let signature = key.sign(b"message").unwrap();
        let check = |signature: &[u8]| verify_raw(&certificate, b"message", signature).map_err(|error| error.code());
        assert_eq!(check(&signature), Ok(()));
        assert_eq!(check(&[&signature[..], b"\x34"].concat()), Ok(()));
        assert_eq!(check(&[&signature[..], b"\0\0"].concat()), Err("raw-length"));
        assert_eq!(check(&signature[1..]), Err("raw-length"));
        assert_eq!(check(&[]), Err("raw-length"));
        assert_eq!(check(&signature.iter().rev().copied().collect::<Vec<_>>()), Err("raw-reversed"));
        assert_eq!(check(&vec![1; signature.len()]), Err("raw-mismatch"));
    }
}

proptest! {
        #[test]
    fn any_secret_is_explained_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..60), time in ".*") {
        let certificates = [rsa().1, gost().1];
        for secret in [Secret::Raw(&bytes), Secret::Cms(&bytes)] {
            let mut refused = refused(Order::V3Code, secret, &certificates);
            refused.request.signed.timestamp = &time;
            prop_assert_eq!(explain(&refused), None);
        }
    }
}
