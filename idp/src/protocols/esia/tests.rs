//! `/aas/oauth2/ac`, the consent page, logout, keys.

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use esia::{EsiaError, keys, secret, token::CodeClaims};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::json;

use super::testing::{Fields, Rp, escaped, rig, section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Rig, september};

#[tokio::test]
async fn an_adult_consents_once_and_then_comes_back_with_a_code_at_once() {
    let (rig, rp) = (rig().await, Rp::default());
    let sent = rig.anyone().ac(&rp.ac()).await;
    assert_eq!(sent.status, 302);
    assert!(sent.location().starts_with("/login?next=%2Faas%2Foauth2%2Fcontinue%3Frequest%3D"), "{}", sent.location());
    let session = rig.session("анна").await;
    let page = rig.arrive(&rp, &session).await;
    for text in
        ["Предоставление доступа", "Дневник", "Школа", "Фамилия, имя и отчество", "СНИЛС", "Предоставить", "Отказать"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.body.contains("Вход через учётную запись"), "openid needs no consent");
    let back = rig.consent(&rp, &session, "grant").await;
    assert!(back.location().starts_with("http://127.0.0.1:9/callback?from=esia&code="), "{}", back.location());
    assert_eq!(back.parameter("state").unwrap(), rp.state);
    assert_eq!(rig.arrive(&rp, &session).await.ended(), "302 http://127.0.0.1:9/callback");
    let more = Rp { scope: "openid fullname snils birthdate", ..rp };
    assert!(rig.arrive(&more, &session).await.body.contains("Дата рождения"), "more scopes are asked for anew");
}

#[tokio::test]
async fn the_code_is_the_recorded_jwt() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let (header, mut claims) = esia::token::decode_unverified::<serde_json::Value>(&code).unwrap();
    assert_eq!(claims["urn:esia:sid"].as_str().unwrap().len(), 36);
    claims["urn:esia:sid"] = json!("[sid]");
    assert_snapshot!(serde_json::to_string(&header).unwrap(), @r#"{"ver":1,"typ":"JWT","x5t#St256":"3F29AFFFE69CFBE51D9EF96B8C8CE5B17A2FC453F93198F6C2CAE032787A4B9C","sbt":"authorization_code","alg":"RS256"}"#);
    assert_snapshot!(claims, @r#"{"nbf":1725256800,"scope":"openid fullname?oid=1000300001 snils?oid=1000300001","auth_time":1725256800,"iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"[sid]","urn:esia:client:state":"0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11","auth_mthd":"PWD","urn:esia:sbj":{"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sbj:is_tru":true,"urn:esia:sbj:oid":1000300001,"urn:esia:sbj:nam":"OID.1000300001"},"exp":1725257040,"params":{},"iat":1725256800,"client_id":"DIARY"}"#);
    crate::signing::KeyRing::built_in().unwrap().verify::<CodeClaims>(&code, september()).unwrap();
}

#[tokio::test]
async fn refusing_ends_in_access_denied_and_leaves_a_link_that_grants_later() {
    let (rig, rp) = (rig().await, Rp::default());
    let session = rig.session("анна").await;
    let back = rig.consent(&rp, &session, "refuse").await;
    assert_eq!(back.ended(), "302 access_denied ESIA-007004");
    assert_eq!(back.parameter("state").unwrap(), rp.state);
    let notices = rig.person(&session).get("/lk/api/notifications").await.ok();
    assert_eq!(notices[0]["link"], "/lk/consents/requests/1", "{notices}");
    rig.person(&session).post("/lk/api/consents/requests/1/grant", &json!({})).await;
    assert_eq!(rig.arrive(&rp, &session).await.ended(), "302 http://127.0.0.1:9/callback");
}

#[tokio::test]
async fn a_request_is_answered_once_and_in_time() {
    let (rig, rp) = (rig().await, Rp::default());
    let session = rig.session("анна").await;
    let sent = rig.person(&session).ac(&rp.ac()).await;
    let request = sent.location().split('=').nth(1).unwrap().to_owned();
    let answer: Fields = vec![("request", request), ("answer", "grant".to_owned())];
    assert_eq!(
        rig.person(&session).form("/aas/oauth2/consent", &answer).await.ended(),
        "302 http://127.0.0.1:9/callback"
    );
    assert_eq!(rig.person(&session).form("/aas/oauth2/consent", &answer).await.ended(), "400 page bad-request request");
    assert_eq!(rig.person(&session).page(sent.location()).await.ended(), "400 page bad-request request");
    let sent = rig.person(&session).ac(&rp.ac()).await;
    rig.wall.set(september() + TimeDelta::hours(1));
    assert_eq!(rig.person(&session).page(sent.location()).await.ended(), "400 page bad-request request");
    let foreign = Request::post("/aas/oauth2/consent").header("content-type", "application/x-www-form-urlencoded");
    let foreign =
        foreign.header("authorization", format!("Bearer {session}")).body(Body::from("request=1&answer=grant"));
    assert_eq!(rig.send(foreign.unwrap()).await.status, 403, "a form without its page's token");
}

#[tokio::test]
async fn a_minor_never_sees_the_consent_page() {
    let (rig, rp) = (rig().await, Rp::default());
    let session = rig.session("глеб").await;
    let scope = |code: &str| esia::token::decode_unverified::<CodeClaims>(code).unwrap().1.scope;
    assert_eq!(scope(&rig.arrive(&rp, &session).await.code()), "openid");
    let oid = rig.oid("глеб").await;
    let anna = rig.session("анна").await;
    let granted = rig.person(&anna).post("/lk/api/portfolio", &json!({ "child": oid, "client": "DIARY" })).await;
    assert!(granted.status.is_success(), "{}", granted.body);
    let code = rig.arrive(&rp, &session).await.code();
    assert_eq!(scope(&code), format!("openid fullname?oid={oid} snils?oid={oid}"));
    let without_openid = Rp { scope: "fullname", client_id: "MINOBR", ..rp.clone() };
    assert_eq!(rig.arrive(&without_openid, &session).await.ended(), "302 access_denied ESIA-007004");
    // Глеб is 18 on 1 October.
    rig.wall.set(september() + TimeDelta::days(29));
    let grown = Rp { timestamp: esia::timestamp::print(september() + TimeDelta::days(29)), ..without_openid };
    let session = rig.session("глеб").await;
    assert!(rig.arrive(&grown, &session).await.body.contains("Предоставление доступа"));
}

#[tokio::test]
async fn an_unknown_system_or_address_never_redirects() {
    let (rig, rp) = (rig().await, Rp::default());
    let ended = async |name, value| rig.anyone().ac(&with(rp.ac(), name, value)).await;
    for (name, value, expected) in [
        ("client_id", Some("NOBODY"), "400 page ESIA-008010 client_id"),
        ("client_id", Some("не мнемоника"), "400 page ESIA-008010 client_id"),
        ("client_id", None, "400 page ESIA-007014 client_id"),
        ("redirect_uri", None, "400 page ESIA-007014 redirect_uri"),
        ("redirect_uri", Some("https://evil.example/callback"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("http://127.0.0.1@evil.example/"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("http://127.0.0.1.evil.example/"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("//127.0.0.1/callback"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("/callback"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("javascript://127.0.0.1/%0aalert(1)"), "400 page ESIA-007023 redirect_uri"),
        ("redirect_uri", Some("http://127.0.0.1/#part"), "400 page ESIA-007023 redirect_uri"),
    ] {
        let answer = ended(name, value).await;
        assert_eq!(answer.ended(), expected, "{name}={value:?}");
        assert_eq!(answer.location(), "");
    }
    let mut twice = rp.ac();
    twice.push(("redirect_uri", "https://evil.example/".to_owned()));
    assert_eq!(rig.anyone().ac(&twice).await.ended(), "400 page ESIA-007003 redirect_uri");
}

#[tokio::test]
async fn each_mistake_of_an_authorization_request_has_its_code() {
    let (rig, rp) = (rig().await, Rp::default());
    for (name, value, expected) in [
        ("response_type", None, "302 invalid_request ESIA-007014"),
        ("response_type", Some("token"), "302 unsupported_response_type ESIA-007009"),
        ("access_type", Some("forever"), "302 invalid_request ESIA-007003"),
        ("access_type", None, "302 invalid_request ESIA-007014"),
        ("state", Some(""), "302 invalid_request ESIA-007014"),
        ("timestamp", None, "302 invalid_request ESIA-007014"),
        ("timestamp", Some("2024-09-02T09:00:00+03:00"), "302 invalid_request ESIA-007014"),
        ("timestamp", Some("2024.09.02 09:05:01 +0300"), "302 invalid_request ESIA-007015"),
        ("timestamp", Some("2024.09.02 08:54:59 +0300"), "302 invalid_request ESIA-007015"),
        ("scope", None, "302 invalid_scope ESIA-007013"),
        ("scope", Some("openid full\"name"), "302 invalid_scope ESIA-007006"),
        ("scope", Some("openid no_such_scope"), "302 invalid_scope ESIA-007006"),
        ("scope", Some("openid inn"), "302 invalid_scope ESIA-007019"),
        ("client_secret", None, "302 invalid_request ESIA-007014"),
        ("client_secret", Some("не base64"), "302 access_denied ESIA-007053"),
        ("client_secret", Some("AAAA"), "302 access_denied ESIA-007053"),
        ("scope", Some("openid"), "302 access_denied ESIA-007053"),
    ] {
        let answer = rig.anyone().ac(&with(rp.ac(), name, value)).await;
        assert_eq!(answer.ended(), expected, "{name}={value:?}");
        assert_eq!(answer.parameter("from").unwrap(), "esia", "the address keeps its own query");
    }
    for name in ["response_type", "access_type", "state", "timestamp", "scope", "client_secret"] {
        let mut twice = rp.ac();
        twice.push((name, "again".to_owned()));
        assert_eq!(rig.anyone().ac(&twice).await.ended(), "302 invalid_request ESIA-007003", "{name}");
    }
    let stranger = Rp { key: keys::STRANGER_KEY_PEM, certificate: keys::STRANGER_CERTIFICATE_PEM, ..rp.clone() };
    assert_eq!(rig.anyone().ac(&stranger.ac()).await.ended(), "302 access_denied ESIA-007053");
    let refused = rig.anyone().ac(&with(rp.ac(), "access_type", None)).await;
    assert_eq!(refused.parameter("state").unwrap(), rp.state);
    assert_eq!(
        refused.parameter("error_description").unwrap(),
        EsiaError::MissingParameter("access_type".to_owned()).description()
    );
}

#[tokio::test]
async fn at_the_edge_of_the_window_a_timestamp_is_good() {
    let rig = rig().await;
    for seconds in [-300, 300] {
        let timestamp = esia::timestamp::print(september() + TimeDelta::seconds(seconds));
        assert_eq!(rig.anyone().ac(&Rp { timestamp, ..Rp::default() }.ac()).await.status, 302);
    }
    let unescaped = Rp::default();
    let plus_as_space = with(unescaped.ac(), "timestamp", Some(&unescaped.timestamp.replace('+', " ")));
    assert!(
        rig.anyone().ac(&plus_as_space).await.location().starts_with("/login"),
        "a plus that came as a space was signed"
    );
}

#[tokio::test]
async fn the_request_may_be_a_form() {
    let (rig, rp) = (rig().await, Rp::default());
    let form = Request::post("/aas/oauth2/ac").header("content-type", "application/x-www-form-urlencoded");
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rp.ac()).finish();
    assert!(rig.send(form.body(Body::from(body)).unwrap()).await.location().starts_with("/login?next="));
    let json =
        Request::post("/aas/oauth2/ac").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(rig.send(json).await.ended(), "400 page ESIA-007038 Content-Type");
}

#[tokio::test]
async fn the_verdict_of_a_wrong_signature_holds_the_string_that_should_have_been_signed() {
    let (rig, rp) = (rig().await, Rp::default());
    let v2 = secret::Signed {
        client_id: rp.client_id,
        scope: rp.scope,
        scope_org: "",
        timestamp: &rp.timestamp,
        state: rp.state,
        redirect_uri: rp.redirect_uri,
    };
    let answer = rig.anyone().ac(&with(rp.ac(), "client_secret", Some(&rp.sign(&secret::v2_authorize(&v2))))).await;
    let checks = rig.checks(&answer).await;
    let last = checks.last().unwrap();
    let expected = last["expected"].as_str().unwrap();
    assert_eq!(expected.lines().next().unwrap(), secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state));
    assert!(expected.contains("SHA-256"), "{expected}");
    let got = last["got"].as_str().unwrap();
    assert!(got.contains("порядок другого запроса: client_id + scope"), "{got}");
    assert_eq!(last["mistakes"], json!(["slip-order=v2-ac"]));
    assert_snapshot!(rig.verdict(&rig.anyone().ac(&rp.ac()).await).await, @"
    passed form: читается
    passed client: DIARY
    passed redirect-uri: http://127.0.0.1:9/callback?from=esia
    passed response-type: code
    passed access-type: online
    passed state: 0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    passed timestamp-form: 2024.09.02 09:00:00 +0300
    passed timestamp-window: 2024.09.02 09:00:00 +0300
    passed scope-form: openid fullname snils
    passed scope-known: все известны
    passed scope-allowed: openid fullname snils
    passed client-secret-form: 1361 байт
    passed client-signature: подпись сходится: CN=Electronic diary,O=esia-stand
    passed client-certificate-active: время мира 02.09.2024, 09:00
    ");
}

#[tokio::test]
async fn a_lenient_world_lets_through_what_it_says_is_wrong() {
    let mut lenient = section();
    lenient["settings"] = json!({ "lenient": true });
    let (rig, rp) = (Rig::new(lenient).await, Rp::default());
    let wrong = with(with(rp.ac(), "client_secret", Some("AAAA")), "timestamp", Some("1999.01.01 00:00:00 +0300"));
    let answer = rig.anyone().ac(&with(wrong, "scope", Some("openid inn no_such_scope"))).await;
    assert!(answer.location().starts_with("/login"), "{}", answer.location());
    assert_snapshot!(rig.verdict(&answer).await, @"
    passed form: читается
    passed client: DIARY
    passed redirect-uri: http://127.0.0.1:9/callback?from=esia
    passed response-type: code
    passed access-type: online
    passed state: 0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    passed timestamp-form: 1999.01.01 00:00:00 +0300
    tolerated timestamp-window: 1999.01.01 00:00:00 +0300: часы системы отстают на 25 лет 251 день
    passed scope-form: openid inn no_such_scope
    tolerated scope-known: неизвестны: no_such_scope
    tolerated scope-allowed: не разрешены: inn no_such_scope
    tolerated client-secret-form: 3 байт, ни CMS, ни подпись; начинаются с 000000; нужна подпись строки ключом сертификата, в base64url
    ");
    assert_eq!(rig.anyone().ac(&with(rp.ac(), "redirect_uri", Some("https://evil.example/"))).await.status, 400);
    assert_eq!(rig.anyone().ac(&with(rp.ac(), "access_type", None)).await.ended(), "302 invalid_request ESIA-007014");
}

#[tokio::test]
async fn a_world_at_its_own_path_keeps_everything_inside() {
    let (rig, rp) = (Rig::new(json!({})).await, Rp::default());
    let made =
        rig.control().post("/control/worlds", &json!({ "name": "two", "seed": { "gosuslugi": section() } })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let session = rig.control().post(&format!("/w/two/control/people/{}/session", escaped("глеб")), &json!({})).await;
    let session = session.json(201)["session"].as_str().unwrap().to_owned();
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rp.ac()).finish();
    assert!(
        rig.anyone()
            .page(&format!("/w/two/aas/oauth2/ac?{query}"))
            .await
            .location()
            .starts_with("/w/two/login?next=%2Faas")
    );
    let sent = rig.person(&session).page(&format!("/w/two/aas/oauth2/ac?{query}")).await;
    assert!(sent.location().starts_with("/w/two/aas/oauth2/continue?"), "{}", sent.location());
    let code = rig.person(&session).page(sent.location()).await.code();
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 400, "main does not know the client");
}

#[tokio::test]
async fn signing_out_goes_back_only_to_an_address_of_the_system() {
    let rig = rig().await;
    let session = rig.session("анна").await;
    let out = async |query: &str| rig.person(&session).page(&format!("/idp/ext/Logout?{query}")).await;
    let back = escaped("http://127.0.0.1:9/bye");
    assert_eq!(out(&format!("client_id=DIARY&redirect_url={back}&state=1")).await.location(), "http://127.0.0.1:9/bye");
    assert_eq!(rig.person(&session).page("/lk").await.status, 303, "the session is over");
    for query in [
        "",
        "client_id=DIARY",
        "client_id=DIARY&redirect_url=https%3A%2F%2Fevil.example%2F",
        "client_id=1000300001&redirect_url=x",
    ] {
        let page = out(query).await;
        assert_eq!((page.status.as_u16(), page.location()), (200, ""), "{query}");
        assert!(page.body.contains(r#"data-test="signed-out""#));
    }
    let nobody = out(&format!("client_id=NOBODY&redirect_url={back}")).await;
    assert!(nobody.body.contains("система не зарегистрирована"));
}

#[tokio::test]
async fn the_public_key_is_there_in_every_form() {
    let rig = rig().await;
    let pem = rig.anyone().get("/public/RSA_TESIA.pem").await;
    let keys = crate::signing::KeyRing::built_in().unwrap();
    let certificate = keys.signer(crate::clients::TokenAlgorithm::Rs256).certificate();
    assert_eq!(esia::Certificate::from_pem(&pem.body).unwrap(), *certificate);
    assert_eq!(
        esia::PublicKey::from_pem(&rig.anyone().get("/public/RSA_TESIA_PUBLIC.pem").await.body).unwrap().pem(),
        certificate.public_key_pem()
    );
    let jwk = rig.anyone().get("/public/RSA_TESIA_JWK.jwk").await;
    assert_eq!(jwk.read(200, "application/jwk+json")["e"], "AQAB");
    assert_eq!(rig.anyone().get("/public/RSA_TESIA.cer").await.headers["content-type"], "application/pkix-cert");
}

#[tokio::test]
async fn clients_are_registered_replaced_and_taken_out() {
    let (rig, rp) = (rig().await, Rp::default());
    let spec =
        json!({ "mnemonic": "NEW-1", "title": "Новая", "organisation": "Школа", "scopes": ["openid", "fullname"] });
    let put = async |path: &str, spec: &serde_json::Value| rig.control().put(path, spec).await.outcome();
    assert_eq!(put("/control/clients/NEW-1", &spec).await, "201");
    assert_eq!(put("/control/clients/NEW-1", &spec).await, "200");
    let new = Rp { client_id: "NEW-1", scope: "openid fullname", ..rp };
    assert!(rig.anyone().ac(&new.ac()).await.location().starts_with("/login"));
    assert_eq!(put("/control/clients/OTHER", &spec).await, "400 bad-request mnemonic");
    let with = |name: &str, value| {
        let mut spec = spec.clone();
        spec[name] = value;
        spec
    };
    assert_eq!(put("/control/clients/NEW-1", &with("scopes", json!(["full name"]))).await, "400 bad-request scopes[0]");
    assert_eq!(
        put("/control/clients/NEW-1", &with("certificates", json!(["x"]))).await,
        "400 bad-request certificates[0]"
    );
    assert_eq!(put("/control/clients/NEW-1", &with("colour", json!("red"))).await, "400 bad-request colour");
    assert_eq!(rig.control().get("/control/clients").await.ok().as_array().unwrap().len(), 3);
    assert_eq!(rig.control().get("/control/clients/NEW-1").await.ok()["title"], "Новая");
    assert_eq!(rig.control().delete("/control/clients/NEW-1").await.status, 204);
    for method in ["GET", "DELETE"] {
        assert_eq!(rig.control().call(method, "/control/clients/NEW-1", &json!({})).await.outcome(), "404 not-found");
    }
    assert_eq!(rig.anyone().ac(&new.ac()).await.ended(), "400 page ESIA-008010 client_id");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn junk_at_either_door_is_refused_not_a_failure(
        query in "[ -~]{0,40}",
        name in proptest::sample::select(vec!["client_id", "client_secret", "redirect_uri", "scope", "state", "timestamp", "code", "grant_type", "refresh_token"]),
        value in ".{0,60}",
        body in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (rig, rp) = (rig().await, Rp::default());
            let twisted = rig.anyone().ac(&with(rp.ac(), name, Some(&value))).await;
            assert!(twisted.status.as_u16() < 500, "{}", twisted.body);
            let twisted = rig.te(&with(rp.by_code("code"), name, Some(&value))).await;
            assert!(twisted.oauth_error(400)["error_description"].as_str().unwrap().starts_with("ESIA-"));
            let junk = Request::post(format!("/aas/oauth2/te?{}", escaped(&query))).body(Body::from(body)).unwrap();
            assert_eq!(rig.send(junk).await.status, 400);
            assert!(rig.anyone().page(&format!("/aas/oauth2/ac?{}", escaped(&query))).await.status.as_u16() < 500);
        });
    }
}
