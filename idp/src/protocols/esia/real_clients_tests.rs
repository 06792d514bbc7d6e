//! Whole logins as known clients perform them: with their parameters, order, encoding and signatures. Each ends with
//! the data that the client reads about the person. They follow the sources of the named clients.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use axum::{body::Body, http::Request};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use esia::{
    secret,
    token::{AccessClaims, decode_unverified},
};
use serde_json::{Value, json};

use super::{
    testing::{Rp, escaped, wide_section},
    wire_tests::{credit, permissions},
};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig};

const STAMP: &str = "2024.09.02 09:00:00 +0300";
const STATE: &str = "3bf0b1a4-6a0e-4f0c-9a3e-2f6a1c1d7e11";
/// Real clients use another `state` for the second call.
const OTHER: &str = "9f4f7c1e-0d3b-4a5e-8c55-55d5b8a1f0aa";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn rig() -> Rig {
    let mut section = wide_section();
    for client in section["clients"].as_array_mut().unwrap() {
        if client["mnemonic"] == "DIARY" {
            let scopes = client["scopes"].as_array_mut().unwrap();
            scopes.extend([json!("inn"), json!("addresses"), json!("contacts"), json!("vehicles"), json!("usr_org")]);
        }
    }
    Rig::new(section).await
}

/// `openssl smime -sign` with the diary's RSA key, which is also what PHP's `openssl_pkcs7_sign` and Ruby's
/// `OpenSSL::PKCS7.sign` produce.
fn smime(text: &str, more: &[&str]) -> Vec<u8> {
    let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../esia/keys");
    let (signer, key) = (format!("{keys}/diary.crt.pem"), format!("{keys}/diary.key.pem"));
    let mut openssl = Command::new("openssl")
        .args(["smime", "-sign", "-md", "sha256", "-binary", "-outform", "DER", "-signer", &signer, "-inkey", &key])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    openssl.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = openssl.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// As PHP's `http_build_query` and Java's `URLEncoder` write it: a space is `+`.
fn query(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

/// As RFC 3986 has it: a space is `%20`.
fn query_3986(fields: &[(&str, &str)]) -> String {
    query(fields).replace('+', "%20")
}

/// Анна signs in for the request, consents if she is asked, and is back at the client.
async fn code(rig: &Rig, target: &str) -> String {
    let session = rig.session("анна").await;
    let sent = rig.person(&session).page(target).await;
    assert!(sent.location().starts_with("/aas/oauth2/continue"), "{}\n{}", sent.location(), rig.verdict(&sent).await);
    let there = rig.person(&session).page(sent.location()).await;
    let back = if there.status == 302 { there } else { rig.answer_page(&there, &session, "grant").await };
    assert_eq!(back.parameter("state").unwrap(), STATE);
    back.code()
}

async fn post(rig: &Rig, target: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let request = headers.iter().fold(Request::post(target), |request, (name, value)| request.header(*name, *value));
    rig.send(request.body(Body::from(body)).unwrap()).await
}

async fn tokens(rig: &Rig, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}\n{}", answer.body, rig.verdict(answer).await);
    let tokens = answer.ok();
    assert!(tokens["expires_in"].is_u64() && tokens["token_type"] == "Bearer", "{tokens}");
    tokens
}

/// `urn:esia:sbj_id`, the key of most clients.
fn oid(tokens: &Value) -> u64 {
    decode_unverified::<AccessClaims>(tokens["access_token"].as_str().unwrap()).unwrap().1.subject.get()
}

/// `/rs/prns/{oid}` and what is below.
async fn person(rig: &Rig, tokens: &Value, below: &str) -> Value {
    let path = format!("/rs/prns/{}{below}", oid(tokens));
    let answer = rig.rs(&path, tokens["access_token"].as_str().unwrap()).await;
    answer.ok()
}

#[tokio::test]
async fn ekapusta_oauth2_esia_of_php() {
    let rig = rig().await;
    let (scope, uri) = ("openid fullname email mobile id_doc", "http://127.0.0.1:9/callback");
    let sign = |scope: &str, state: &str| {
        URL_SAFE_NO_PAD.encode(smime(&secret::v1(scope, STAMP, "DIARY", state), &["-noattr"]))
    };
    let secret = sign(scope, STATE);
    let asked = query_3986(&[
        ("access_type", "online"),
        ("timestamp", STAMP),
        ("state", STATE),
        ("scope", scope),
        ("response_type", "code"),
        ("redirect_uri", uri),
        ("client_id", "DIARY"),
        ("client_secret", &secret),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/ac?{asked}")).await;
    // Its own scope at the token endpoint is another, and is signed; the token's scopes are the code's (ESIA §3.2).
    let secret = sign("openid", OTHER);
    let body = query_3986(&[
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("scope", "openid"),
        ("state", OTHER),
        ("timestamp", STAMP),
        ("token_type", "Bearer"),
    ]);
    let answer = post(&rig, "/aas/oauth2/te", &[FORM], body).await;
    let tokens = tokens(&rig, &answer).await;
    let told = person(&rig, &tokens, "?embed=(contacts.elements,documents.elements)").await;
    assert_eq!((&told["firstName"], &told["contacts"]["size"]), (&json!("Анна"), &json!(2)));
    assert_eq!(told["documents"]["elements"][0]["type"], "RF_PASSPORT");
    assert_eq!(person(&rig, &tokens, "?embed=()").await["lastName"], "Петрова");
}

#[tokio::test]
async fn fr05t1k_esia_of_php() {
    let rig = rig().await;
    let (scope, uri) =
        ("fullname birthdate gender email mobile id_doc snils inn openid", "http://127.0.0.1:9/response.php");
    let secret = URL_SAFE_NO_PAD.encode(smime(&secret::v1(scope, STAMP, "DIARY", STATE), &[]));
    let asked = query(&[
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("scope", scope),
        ("response_type", "code"),
        ("state", STATE),
        ("access_type", "offline"),
        ("timestamp", STAMP),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/ac?{asked}")).await;
    // `refresh_token` holds the state, which is the first call's.
    let body = query(&[
        ("client_id", "DIARY"),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("client_secret", &secret),
        ("state", STATE),
        ("redirect_uri", uri),
        ("scope", scope),
        ("timestamp", STAMP),
        ("token_type", "Bearer"),
        ("refresh_token", STATE),
    ]);
    let answer = post(&rig, "/aas/oauth2/te", &[FORM], body).await;
    let tokens = tokens(&rig, &answer).await;
    assert_eq!(person(&rig, &tokens, "").await["snils"], "001-000-001 00");
    // It follows every address of a collection as it stands there.
    let links = person(&rig, &tokens, "/ctts").await;
    for link in links["elements"].as_array().unwrap() {
        let path = link.as_str().unwrap().strip_prefix("http://127.0.0.1:8001").unwrap();
        let element = rig.rs(path, tokens["access_token"].as_str().unwrap()).await.ok();
        assert!(element["value"].is_string(), "{element}");
    }
    let out = format!("/idp/ext/Logout?{}", query(&[("client_id", "DIARY"), ("redirect_url", uri)]));
    assert_eq!(rig.anyone().page(&out).await.location(), uri);
}

/// Its third version signs the first version's string with a bare signature at the newer addresses. A strict provider
/// refuses that; a lenient one accepts it in every request (ESIA §2.1, deviant 1).
#[tokio::test]
async fn fr05t1k_esia_of_php_in_its_third_version() {
    let (rig, rp) = (rig().await, Rp::gost());
    let (scope, uri) = ("openid fullname snils", "http://127.0.0.1:9/response.php");
    for (client_id, is_let_in) in [("GOST", false), ("SOFT", true)] {
        let secret = rp.raw(&secret::v1(scope, STAMP, client_id, STATE));
        let hash = rp.hash();
        let mut fields = vec![
            ("client_id", client_id),
            ("client_secret", &secret),
            ("redirect_uri", uri),
            ("scope", scope),
            ("state", STATE),
            ("timestamp", STAMP),
            ("client_certificate_hash", &hash),
        ];
        let asked = [&fields[..], &[("response_type", "code"), ("access_type", "offline")]].concat();
        let asked = format!("/aas/oauth2/v2/ac?{}", query(&asked));
        if !is_let_in {
            let refused = rig.anyone().page(&asked).await;
            assert_eq!(refused.ended(), "302 access_denied ESIA-007053");
            assert!(refused.verdict_line().contains("slip-order"));
            continue;
        }
        let code = code(&rig, &asked).await;
        fields.extend([
            ("code", code.as_str()),
            ("grant_type", "authorization_code"),
            ("token_type", "Bearer"),
            ("refresh_token", STATE),
        ]);
        let answer = post(&rig, "/aas/oauth2/v3/te", &[FORM], query(&fields)).await;
        let tokens = tokens(&rig, &answer).await;
        assert_eq!(person(&rig, &tokens, "").await["firstName"], "Анна");
    }
}

#[tokio::test]
async fn omniauth_esia_of_ruby() {
    let rig = rig().await;
    // It does not ask for `openid`, and gets no id token.
    let (scope, uri) = ("fullname email mobile", "http://127.0.0.1:9/auth/esia/callback");
    let sign = |state: &str| URL_SAFE_NO_PAD.encode(smime(&secret::v1(scope, STAMP, "DIARY", state), &[]));
    let secret = sign(STATE);
    let asked = query(&[
        ("access_type", "online"),
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("response_type", "code"),
        ("scope", scope),
        ("state", STATE),
        ("timestamp", STAMP),
    ]);
    let target = format!("/aas/oauth2/ac?{asked}");
    let secret = sign(OTHER);
    let basic = format!("Basic {}", STANDARD.encode(format!("DIARY:{secret}")));
    // The gem oauth2 sends its credentials in the body up to 1.4, as Basic from 2.0 on, with or without the name again.
    for (headers, credentials) in [
        (vec![FORM], vec![("client_id", "DIARY"), ("client_secret", secret.as_str())]),
        (vec![FORM, ("authorization", basic.as_str())], vec![]),
        (vec![FORM, ("authorization", basic.as_str())], vec![("client_id", "DIARY")]),
    ] {
        let code = code(&rig, &target).await;
        // The address at which the code arrived, as omniauth-oauth2 from 1.4 on takes it.
        let arrived = format!("{uri}?code={code}&state={STATE}");
        let own = [
            ("code", code.as_str()),
            ("grant_type", "authorization_code"),
            ("redirect_uri", &arrived),
            ("scope", scope),
            ("state", OTHER),
            ("timestamp", STAMP),
            ("token_type", "Bearer"),
        ];
        let answer = post(&rig, "/aas/oauth2/te", &headers, query(&[&credentials[..], &own].concat())).await;
        let line = answer.verdict_line();
        assert!(line.starts_with("tolerated ") && line.contains("redirect-with-answer"), "{line}");
        let tokens = tokens(&rig, &answer).await;
        assert_eq!(tokens.get("id_token"), None);
        assert_eq!(person(&rig, &tokens, "?embed=%28elements%29").await["firstName"], "Анна");
        assert_eq!(person(&rig, &tokens, "/ctts?embed=%28elements%29").await["elements"][0]["type"], "EML");
    }
    let stranger = format!("Basic {}", STANDARD.encode(format!("GOST:{secret}")));
    let mixed = post(&rig, "/aas/oauth2/te", &[FORM, ("authorization", &stranger)], "client_id=DIARY".to_owned()).await;
    assert_eq!(mixed.status, 400, "two names are no name: {}", mixed.body);
}

#[tokio::test]
async fn aisgorod_of_csharp() {
    let rig = rig().await;
    let (scope, uri) = ("openid fullname snils", "http://127.0.0.1:9/signin-esia");
    // Plain base64 with all its signs. The handler of OpenID Connect adds what ЕСИА passes over.
    let sign = |state: &str| STANDARD.encode(smime(&secret::v1(scope, STAMP, "DIARY", state), &[]));
    let secret = sign(STATE);
    let asked = query_3986(&[
        ("client_id", "DIARY"),
        ("redirect_uri", uri),
        ("response_type", "code"),
        ("scope", scope),
        ("response_mode", "form_post"),
        ("nonce", "638608572000000000.ZGU5M2Y0"),
        ("access_type", "offline"),
        ("timestamp", STAMP),
        ("state", STATE),
        ("client_secret", &secret),
        ("x-client-SKU", "ID_NET8_0"),
        ("x-client-ver", "7.1.2.0"),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/ac?{asked}")).await;
    let secret = sign(OTHER);
    let body = query(&[
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("redirect_uri", uri),
        ("scope", scope),
        ("timestamp", STAMP),
        ("state", OTHER),
    ]);
    let answer = post(&rig, "/aas/oauth2/te", &[FORM], body).await;
    let tokens = tokens(&rig, &answer).await;
    assert_eq!(person(&rig, &tokens, "").await["lastName"], "Петрова");
    let claims = decode_unverified::<Value>(tokens["id_token"].as_str().unwrap()).unwrap().1;
    assert_eq!((claims.get("nonce"), claims["sub"].is_u64()), (None, true), "{claims}");
    let out = query_3986(&[
        ("client_id", "DIARY"),
        ("redirect_url", "http://127.0.0.1:9/signout-callback-oidc"),
        ("state", "CfDJ8A"),
        ("x-client-SKU", "ID_NET8_0"),
        ("x-client-ver", "7.1.2.0"),
    ]);
    let back = rig.anyone().page(&format!("/idp/ext/Logout?{out}")).await;
    assert_eq!(back.location(), "http://127.0.0.1:9/signout-callback-oidc");
}

/// Its renewal has neither an address nor a hash, in plain base64 (ESIA §2.1, row b).
#[tokio::test]
async fn aisgorod_of_csharp_renews() {
    let (rig, rp) = (rig().await, Rp { access_type: "offline", ..Rp::gost() });
    let session = rig.session("анна").await;
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let answer = rig.v3_te(&rp.v3_by_code(&code)).await;
    let first = tokens(&rig, &answer).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let signed = format!("GOST{}{STAMP}{OTHER}{refresh}", rp.scope);
    let secret = STANDARD.encode(rp.signature(&signed));
    let body = query(&[
        ("client_id", "GOST"),
        ("client_secret", &secret),
        ("scope", rp.scope),
        ("timestamp", STAMP),
        ("state", OTHER),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
    ]);
    let answer = post(&rig, "/aas/oauth2/v3/te", &[FORM], body).await;
    let renewed = tokens(&rig, &answer).await;
    assert_eq!(renewed["state"], OTHER);
    assert_eq!(person(&rig, &renewed, "").await["firstName"], "Анна");
}

#[tokio::test]
async fn ilimurzin_esia_of_php() {
    let (rig, rp) = (rig().await, Rp::gost());
    let (scope, uri, hash) = ("openid fullname snils", "http://127.0.0.1:9/", rp.hash());
    let sign = |state: &str, more: &str| rp.raw(&format!("GOST{scope}{STAMP}{state}{uri}{more}"));
    let secret = sign(STATE, "");
    // An empty `scope_org` is always there; `person_filter` is what its README adds.
    let asked = query(&[
        ("client_id", "GOST"),
        ("client_certificate_hash", &hash),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("scope", scope),
        ("scope_org", ""),
        ("response_type", "code"),
        ("state", STATE),
        ("access_type", "offline"),
        ("timestamp", STAMP),
        ("person_filter", "acc_not_kid"),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/v2/ac?{asked}")).await;
    let call = async |own: &[(&str, &str)], signed: &str| {
        let secret = sign(OTHER, signed);
        let common = [
            ("client_id", "GOST"),
            ("client_certificate_hash", hash.as_str()),
            ("client_secret", secret.as_str()),
            ("state", OTHER),
            ("redirect_uri", uri),
            ("scope", scope),
            ("scope_org", ""),
            ("timestamp", STAMP),
            ("token_type", "Bearer"),
        ];
        let answer = post(&rig, "/aas/oauth2/v3/te", &[FORM], query(&[&common[..], own].concat())).await;
        let tokens = tokens(&rig, &answer).await;
        // Its types: a string, a string, an int, a string, and its own state again.
        assert!(["access_token", "id_token", "refresh_token"].iter().all(|name| tokens[name].is_string()), "{tokens}");
        assert_eq!(tokens["state"], OTHER);
        tokens
    };
    let first = call(&[("code", &code), ("grant_type", "authorization_code")], &code).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let renewed = call(&[("grant_type", "refresh_token"), ("refresh_token", refresh)], "").await;
    assert_eq!(person(&rig, &renewed, "").await["firstName"], "Анна");
}

#[tokio::test]
async fn esia_auth_code_of_java() {
    let (rig, rp) = (rig().await, Rp::gost());
    let (scope, uri, hash) = ("openid fullname snils", "http://127.0.0.1:9/return?from=1", rp.hash());
    let sign =
        |state: &str, more: &str| URL_SAFE.encode(rp.signature(&format!("GOST{scope}{STAMP}{state}{uri}{more}")));
    let secret = sign(STATE, "");
    let asked = query_3986(&[
        ("client_id", "GOST"),
        ("client_certificate_hash", &hash),
        ("scope", scope),
        ("response_type", "code"),
        ("access_type", "offline"),
        ("client_secret", &secret),
        ("state", STATE),
    ]);
    let asked = format!("/aas/oauth2/v2/ac?{asked}&{}", query(&[("timestamp", STAMP), ("redirect_uri", uri)]));
    let code = code(&rig, &asked).await;
    let secret = sign(OTHER, &code);
    // The address is encoded by hand, and once more by the form; what is signed is the plain one.
    let twice = escaped(uri);
    let fields = [
        ("client_id", "GOST"),
        ("scope", scope),
        ("client_certificate_hash", hash.as_str()),
        ("grant_type", "authorization_code"),
        ("token_type", "Bearer"),
        ("client_secret", &secret),
        ("timestamp", STAMP),
        ("state", OTHER),
        ("code", &code),
        ("redirect_uri", &twice),
    ];
    let form = ("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
    let odd = ("accept", "application/json, application/*+json");
    let other = escaped("http://127.0.0.1:9/another");
    let elsewhere = query(&[&fields[..9], &[("redirect_uri", other.as_str())]].concat());
    let refused = post(&rig, "/aas/oauth2/v3/te", &[form, odd], elsewhere).await;
    assert_eq!(refused.status, 400, "another address stays another: {}", refused.body);
    let answer = post(&rig, "/aas/oauth2/v3/te", &[form, odd], query(&fields)).await;
    let line = answer.verdict_line();
    assert!(line.starts_with("tolerated ") && line.contains("redirect-uri"), "{line}");
    let tokens = tokens(&rig, &answer).await;
    assert_eq!(person(&rig, &tokens, "").await["trusted"], true);
}

/// It posts nothing: all parameters stand in the address. Its consents are those of the digital profile.
#[tokio::test]
async fn esia_client_service_of_csharp() {
    let rig = rig().await;
    let rp = Rp { client_id: "DIGITAL", scope: "openid", ..Rp::default() };
    let (uri, hash) = ("http://127.0.0.1:9/esia", rp.hash());
    let sign = |state: &str, more: &str| rp.raw(&format!("DIGITALopenid{STAMP}{state}{uri}{more}"));
    let (secret, asked_for) = (sign(STATE, ""), permissions(&json!([credit()])));
    let asked = query(&[
        ("client_id", "DIGITAL"),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("scope", "openid"),
        ("response_type", "code"),
        ("state", STATE),
        ("access_type", "online"),
        ("timestamp", STAMP),
        ("client_certificate_hash", &hash),
        ("permissions", &asked_for),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/v2/ac?{asked}")).await;
    let secret = sign(OTHER, &code);
    let asked = query(&[
        ("client_id", "DIGITAL"),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("client_secret", &secret),
        ("state", OTHER),
        ("redirect_uri", uri),
        ("scope", "openid"),
        ("timestamp", STAMP),
        ("token_type", "Bearer"),
        ("client_certificate_hash", &hash),
    ]);
    let answer = post(&rig, &format!("/aas/oauth2/v3/te?{asked}"), &[("content-length", "0")], String::new()).await;
    let tokens = tokens(&rig, &answer).await;
    let claims = decode_unverified::<Value>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    assert!(claims["permissions"].to_string().contains("CREDIT"), "{claims}");
    assert_eq!(person(&rig, &tokens, "").await["firstName"], "Анна");
}

/// `UrlTokenEncode` of .NET, an address with a query of its own, and the parts of the person one by one.
#[tokio::test]
async fn esianet_of_csharp() {
    let rig = rig().await;
    let (scope, uri) = ("openid fullname contacts addresses vehicles usr_org", "http://127.0.0.1:9/callback?data=a b");
    let sign = |state: &str| {
        let bytes = smime(&secret::v1(scope, STAMP, "DIARY", state), &[]);
        let pads = URL_SAFE.encode(&bytes).matches('=').count();
        format!("{}{pads}", URL_SAFE_NO_PAD.encode(&bytes))
    };
    let secret = sign(STATE);
    let asked = query(&[
        ("client_id", "DIARY"),
        ("client_secret", &secret),
        ("redirect_uri", uri),
        ("scope", scope),
        ("response_type", "code"),
        ("state", STATE),
        ("timestamp", STAMP),
        ("access_type", "offline"),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/ac?{asked}")).await;
    let secret = sign(OTHER);
    let body = query(&[
        ("client_id", "DIARY"),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("client_secret", &secret),
        ("state", OTHER),
        ("redirect_uri", uri),
        ("scope", scope),
        ("timestamp", STAMP),
        ("token_type", "Bearer"),
    ]);
    let answer = post(&rig, "/aas/oauth2/te", &[FORM], body).await;
    let tokens = tokens(&rig, &answer).await;
    for below in ["/ctts?embed=(elements)", "/addrs?embed=(elements)", "/vhls", "//vhls", "/orgs", "/", "/ctts/"] {
        person(&rig, &tokens, below).await;
    }
}

/// node-forge of the npm clients: the content stands inside the CMS, and the base64 keeps a part of its padding.
#[tokio::test]
async fn passport_esia_of_javascript() {
    let rig = rig().await;
    let rp = Rp { client_id: "BARE", scope: "openid fullname", ..Rp::default() };
    let cms = smime(&secret::v1(rp.scope, STAMP, "BARE", STATE), &["-nodetach"]);
    let secret = URL_SAFE.encode(cms).replacen('=', "", 1);
    let uri = "http://127.0.0.1:9/cb";
    let asked = query_3986(&[
        ("response_type", "code"),
        ("redirect_uri", uri),
        ("scope", rp.scope),
        ("state", STATE),
        ("client_id", "BARE"),
        ("access_type", "offline"),
        ("timestamp", STAMP),
        ("client_secret", &secret),
    ]);
    let code = code(&rig, &format!("/aas/oauth2/ac?{asked}")).await;
    let body = query_3986(&[
        ("grant_type", "authorization_code"),
        ("redirect_uri", uri),
        ("client_id", "BARE"),
        ("client_secret", ""),
        ("code", &code),
    ]);
    let answer = post(&rig, "/aas/oauth2/te", &[FORM], body).await;
    let tokens = tokens(&rig, &answer).await;
    assert_eq!(person(&rig, &tokens, "/").await["firstName"], "Анна");
}
