//! The sign-in through OpenID Connect, against a correct provider and a faulty one.

use std::time::Duration;

use esia::{Certificate, keys};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::testing::{NOW, Rig, Script, mark};

const ALL: &str = "openid fullname birthdate snils birth_cert_doc offline_access";

/// Changes an id token and the response that contains it.
type Spoil = fn(&mut Value, &mut Value);

/// Answers of the scripted OpenID Connect provider.
#[derive(Clone)]
struct Said {
    granted: &'static str,
    userinfo: Value,
    introspection: Value,
    consent: Value,
    /// `kid` and key that id tokens are signed with.
    signed: (&'static str, &'static str),
    /// `kid` of the provider's key in JWKS.
    published: &'static str,
    /// Last changes to the id token and to the answer.
    spoil: Spoil,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            granted: ALL,
            userinfo: anna(),
            introspection: json!({ "active": true, "sub": "1000", "scope": ALL }),
            consent: json!({ "status": "requested", "guardians": 2 }),
            signed: ("key-1", keys::PROVIDER_KEY_PEM),
            published: "key-1",
            spoil: |_, _| {},
        }
    }
}

fn anna() -> Value {
    json!({ "sub": "1000", "trusted": true, "child_account": false, "family_name": "Петрова", "given_name": "Анна",
        "middle_name": "Сергеевна", "birthdate": "1985-03-14", "snils": "001-000-001 00" })
}

fn vanya() -> Value {
    json!({ "sub": "1000", "trusted": false, "child_account": true, "family_name": "Петров", "given_name": "Иван",
        "middle_name": "Сергеевич", "birthdate": "2012-05-10", "snils": "001-000-003 00",
        "birth_certificate": { "series": "I-ОО", "number": "000101", "verified": true } })
}

/// Starts a diary configured for OpenID Connect.
async fn rig() -> Rig {
    rig_with(|_| {}).await
}

async fn rig_with(change: impl FnOnce(&mut Value)) -> Rig {
    Rig::with(Script::default(), |seed| {
        seed["diary"]["provider"]["protocol"] = json!("oidc");
        change(seed);
    })
    .await
}

fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "end_session_endpoint": format!("{issuer}/bye"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

fn jwks(kid: &str) -> Value {
    let certificate = Certificate::from_pem(keys::PROVIDER_CERTIFICATE_PEM).unwrap();
    let key = certificate.public_key().unwrap();
    json!({ "keys": [{ "kty": "RSA", "use": "sig", "kid": kid, "n": key.jwk_n(), "e": key.jwk_e() }] })
}

fn jwt((kid, pem): (&str, &str), claims: &Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::RS256) };
    encode(&header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

async fn answers(provider: &MockServer, at: &str, answer: &Value) {
    Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(provider).await;
}

/// Replaces the provider's script; `nonce` is that of the sign-in.
async fn says(rig: &Rig, said: &Said, nonce: &str) {
    let provider = &rig.provider;
    provider.reset().await;
    let issuer = provider.uri();
    answers(provider, "/.well-known/openid-configuration", &document(&issuer)).await;
    answers(provider, "/jwks", &jwks(said.published)).await;
    answers(provider, "/userinfo", &said.userinfo).await;
    answers(provider, "/introspect", &said.introspection).await;
    answers(provider, "/oidc/consent-requests", &said.consent).await;
    let mut id = json!({ "iss": issuer, "sub": "1000", "aud": "RYAZAN-DIARY", "iat": NOW, "exp": NOW + 600,
        "nonce": nonce, "sid": "sid-1" });
    let mut answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 3600, "scope": said.granted,
        "refresh_token": "rt" });
    (said.spoil)(&mut id, &mut answer);
    if answer["id_token"].is_null() {
        answer["id_token"] = json!(jwt(said.signed, &id));
    }
    answers(provider, "/token", &answer).await;
}

/// Starts a sign-in and returns the authorization URL.
async fn leave(rig: &Rig) -> url::Url {
    let away = rig.get("/login/gosuslugi").await;
    away.headers()["location"].to_str().unwrap().parse().unwrap()
}

fn parameter(url: &url::Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

/// Does a whole sign-in and returns the mark of the page on which it ends.
async fn sign_in(rig: &Rig, said: &Said) -> String {
    says(rig, said, "").await;
    let away = leave(rig).await;
    says(rig, said, &parameter(&away, "nonce")).await;
    mark(&rig.page(&format!("/callback?code=c&state={}", parameter(&away, "state"))).await)
}

#[tokio::test]
async fn the_browser_is_sent_away_with_state_nonce_and_a_challenge() {
    let rig = rig().await;
    says(&rig, &Said::default(), "").await;
    let away = leave(&rig).await;
    assert_eq!(away.path(), "/authorize");
    let told = ["response_type", "client_id", "scope", "code_challenge_method"].map(|name| parameter(&away, name));
    insta::assert_snapshot!(told.join(" | "), @"code | RYAZAN-DIARY | openid fullname birthdate snils birth_cert_doc offline_access | S256");
    assert!(parameter(&away, "redirect_uri").ends_with("/callback"));
    assert_eq!(parameter(&away, "code_challenge").len(), 43);
    let again = leave(&rig).await;
    for secret in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&away, secret), parameter(&again, secret), "{secret}");
    }
}

#[tokio::test]
async fn parents_and_children_get_in_as_through_the_other_protocol() {
    let rig = rig().await;
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    assert!(rig.page("/diary").await.contains("Петрова Мария Сергеевна"));
    let exchange = rig.provider.received_requests().await.unwrap();
    let exchange = exchange.iter().find(|request| request.url.path() == "/token").unwrap();
    let form = String::from_utf8_lossy(&exchange.body);
    assert!(form.contains("code_verifier=") && !form.contains("client_secret"), "{form}");
    assert!(exchange.headers["authorization"].to_str().unwrap().starts_with("Basic "));
    assert_eq!(sign_in(&rig, &Said { userinfo: vanya(), ..Said::default() }).await, "diary");
    let mut other = vanya();
    other["birth_certificate"]["number"] = json!("000999");
    assert_eq!(sign_in(&rig, &Said { userinfo: other, ..Said::default() }).await, "refusal-child-not-found");
}

#[tokio::test]
async fn a_minor_without_a_consent_sets_the_requests_going() {
    let rig = rig().await;
    let child = json!({ "sub": "1000", "trusted": false, "child_account": true });
    let said = Said { granted: "openid", userinfo: child.clone(), ..Said::default() };
    assert_eq!(sign_in(&rig, &said).await, "refusal-consent-of-guardian-needed");
    let asked = rig.provider.received_requests().await.unwrap();
    let request = asked.last().unwrap();
    assert_eq!(
        (request.url.path(), &request.headers["authorization"]),
        ("/oidc/consent-requests", &"Bearer at".parse().unwrap())
    );
    insta::assert_snapshot!(String::from_utf8_lossy(&request.body), @r#"{"sub":"1000","scope":"fullname birthdate snils birth_cert_doc","purpose":"Вход в электронный дневник"}"#);
    let nobody = Said { consent: json!({ "status": "no-guardian" }), ..said.clone() };
    assert_eq!(sign_in(&rig, &nobody).await, "refusal-no-guardian-bound");
    let unconfirmed = json!({ "sub": "1000", "trusted": false, "child_account": false });
    assert_eq!(sign_in(&rig, &Said { userinfo: unconfirmed, ..said }).await, "refusal-account-not-confirmed");
}

#[tokio::test]
async fn an_id_token_that_lies_lets_nobody_in() {
    let rig = rig().await;
    let cases: [(&str, Spoil); 12] = [
        ("iss", |id, _| id["iss"] = json!("https://evil.example")),
        ("aud", |id, _| id["aud"] = json!("OTHER")),
        ("another audience beside", |id, _| id["aud"] = json!(["RYAZAN-DIARY", "OTHER"])),
        ("nonce", |id, _| id["nonce"] = json!("of another sign-in")),
        ("no nonce", |id, _| id["nonce"] = Value::Null),
        ("expired", |id, _| id["exp"] = json!(NOW - 61)),
        ("not yet issued", |id, _| id["iat"] = json!(NOW + 61)),
        ("not before", |id, _| id["nbf"] = json!(NOW + 61)),
        ("at_hash", |id, _| id["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("sub is no number", |id, _| id["sub"] = json!("evil")),
        ("sub of another", |id, _| id["sub"] = json!("1001")),
        ("alg none", |id, answer| {
            use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
            let part = |value: &Value| BASE64.encode(value.to_string());
            answer["id_token"] = json!(format!("{}.{}.", part(&json!({ "alg": "none" })), part(id)));
        }),
    ];
    for (name, spoil) in cases {
        let ended = sign_in(&rig, &Said { spoil, ..Said::default() }).await;
        assert_eq!(ended, "error-provider-not-believed", "{name}");
        assert_eq!(mark(&rig.page("/diary").await), "sign-in", "{name}");
    }
    let forged = Said { signed: ("key-1", keys::STRANGER_KEY_PEM), ..Said::default() };
    assert_eq!(sign_in(&rig, &forged).await, "error-provider-not-believed", "signature");
    let unknown = Said { signed: ("key-9", keys::STRANGER_KEY_PEM), ..Said::default() };
    assert_eq!(sign_in(&rig, &unknown).await, "error-provider-not-believed", "key");
    let other = Said { userinfo: json!({ "sub": "1001", "trusted": true }), ..Said::default() };
    assert_eq!(sign_in(&rig, &other).await, "error-provider-not-believed", "another person's data");
    let without = Said { spoil: |_, answer| answer["id_token"] = json!(""), ..Said::default() };
    assert_eq!(sign_in(&rig, &without).await, "error-provider-junk", "no id token");
    let said = rig.timeline().await.join("\n");
    assert!(said.contains("id_token: Invalid nonce") || said.contains("nonce"), "{said}");
}

#[tokio::test]
async fn a_code_of_another_issuer_is_not_exchanged() {
    let rig = rig().await;
    says(&rig, &Said::default(), "").await;
    let state = parameter(&leave(&rig).await, "state");
    let back = format!("/callback?code=c&state={state}&iss=https://evil.example");
    assert_eq!(mark(&rig.page(&back).await), "error-provider-not-believed");
    let asked = rig.provider.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() != "/token"));
}

/// Changes the provider's discovery document.
async fn describes(rig: &Rig, change: impl FnOnce(&mut Value)) {
    let mut document = document(&rig.provider.uri());
    change(&mut document);
    let answer = ResponseTemplate::new(200).set_body_json(document);
    let described = Mock::given(path("/.well-known/openid-configuration")).respond_with(answer).with_priority(1);
    described.mount(&rig.provider).await;
}

#[tokio::test]
async fn a_code_without_its_issuer_is_not_exchanged_where_one_is_promised() {
    let rig = rig().await;
    says(&rig, &Said::default(), "").await;
    describes(&rig, |document| document["authorization_response_iss_parameter_supported"] = json!(true)).await;
    for (iss, expected) in [("", "error-provider-not-believed"), ("own", "diary")] {
        let away = leave(&rig).await;
        says(&rig, &Said::default(), &parameter(&away, "nonce")).await;
        let iss = if iss.is_empty() { String::new() } else { format!("&iss={}", rig.provider.uri()) };
        let back = format!("/callback?code=c&state={}{iss}", parameter(&away, "state"));
        assert_eq!(mark(&rig.page(&back).await), expected, "{iss}");
        let asked = rig.provider.received_requests().await.unwrap();
        assert_eq!(asked.iter().any(|request| request.url.path() == "/token"), expected == "diary", "{iss}");
    }
}

#[tokio::test]
async fn no_endpoint_of_another_host_is_asked_or_remembered() {
    for endpoint in ["token_endpoint", "userinfo_endpoint", "introspection_endpoint"] {
        let rig = rig().await;
        says(&rig, &Said::default(), "").await;
        describes(&rig, |document| document[endpoint] = json!("http://127.0.0.1:9/foreign")).await;
        assert_eq!(mark(&rig.page("/login/gosuslugi").await), "error-provider-not-believed", "{endpoint}");
        assert_eq!(sign_in(&rig, &Said::default()).await, "diary", "{endpoint}");
    }
}

#[tokio::test]
async fn a_storm_of_unknown_keys_is_no_storm_of_requests() {
    let rig = rig().await;
    let unknown = Said { signed: ("key-9", keys::STRANGER_KEY_PEM), ..Said::default() };
    let mut fetched = Vec::new();
    for _ in 0..5 {
        assert_eq!(sign_in(&rig, &unknown).await, "error-provider-not-believed");
        let requests = rig.provider.received_requests().await.unwrap();
        fetched.push(requests.iter().filter(|request| request.url.path() == "/jwks").count());
    }
    assert_eq!(fetched, [1, 1, 0, 0, 0]);
    rig.advance("30s").await;
    let renamed = Said { signed: ("key-2", keys::PROVIDER_KEY_PEM), published: "key-2", ..Said::default() };
    assert_eq!(sign_in(&rig, &renamed).await, "diary");
}

#[tokio::test]
async fn renewed_tokens_that_cannot_be_believed_end_the_session() {
    let cases: [(&str, Spoil); 2] = [
        ("another's", |id, _| {
            id["sub"] = json!("1001");
            id["exp"] = json!(NOW + 9000);
        }),
        ("another issuer's", |id, _| {
            id["iss"] = json!("https://evil.example");
            id["exp"] = json!(NOW + 9000);
        }),
    ];
    for (name, spoil) in cases {
        let rig = rig().await;
        assert_eq!(sign_in(&rig, &Said::default()).await, "diary", "{name}");
        rig.advance("1h").await;
        let in_time: Spoil = |id, _| id["exp"] = json!(NOW + 7200);
        says(&rig, &Said { spoil: in_time, ..Said::default() }, "").await;
        assert_eq!(mark(&rig.page("/diary").await), "diary", "renewed");
        rig.advance("1h").await;
        says(&rig, &Said { spoil, ..Said::default() }, "").await;
        assert_eq!(mark(&rig.page("/diary").await), "refusal-session-over", "{name}");
    }
}

#[tokio::test]
async fn discovery_is_asked_once_and_again_when_a_key_is_not_known() {
    let rig = rig().await;
    let asked = async || {
        let requests = rig.provider.received_requests().await.unwrap();
        requests.iter().filter(|request| request.url.path() == "/.well-known/openid-configuration").count()
    };
    says(&rig, &Said::default(), "").await;
    leave(&rig).await;
    leave(&rig).await;
    assert_eq!(asked().await, 1);
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    assert_eq!(asked().await, 0, "known from before");
    let renamed = Said { signed: ("key-2", keys::PROVIDER_KEY_PEM), published: "key-2", ..Said::default() };
    assert_eq!(sign_in(&rig, &renamed).await, "diary");
    assert_eq!(asked().await, 1);
}

#[tokio::test]
async fn a_provider_that_fails_leaves_no_session() {
    let broken = ResponseTemplate::new(500).set_body_string("oops");
    let moved = ResponseTemplate::new(302).insert_header("location", "https://evil.example/");
    let junk = ResponseTemplate::new(200).set_body_string("<html>").insert_header("content-type", "application/json");
    let huge = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 300 * 1024]);
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));
    let rig = rig_with(|seed| seed["diary"]["provider"]["timeout-ms"] = json!(100)).await;
    for place in ["/token", "/userinfo"] {
        for (answer, expected) in [
            (&broken, "error-provider-refused"),
            (&moved, "error-provider-refused"),
            (&junk, "error-provider-junk"),
            (&huge, "error-provider-junk"),
            (&slow, "error-provider-silent"),
        ] {
            says(&rig, &Said::default(), "").await;
            let away = leave(&rig).await;
            says(&rig, &Said::default(), &parameter(&away, "nonce")).await;
            let mock = Mock::given(path(place)).respond_with(answer.clone()).with_priority(1);
            mock.mount(&rig.provider).await;
            let back = format!("/callback?code=c&state={}", parameter(&away, "state"));
            assert_eq!(mark(&rig.page(&back).await), expected, "{place}");
            assert_eq!(mark(&rig.page("/diary").await), "sign-in", "{place}");
        }
    }
    for (answer, expected) in [
        (broken, "error-provider-refused"),
        (moved, "error-provider-refused"),
        (junk, "error-provider-junk"),
        (huge, "error-provider-junk"),
        (slow, "error-provider-silent"),
        (ResponseTemplate::new(200).set_body_json(document("https://evil.example")), "error-provider-not-believed"),
    ] {
        // A diary without cached metadata of the provider.
        let rig = rig_with(|seed| seed["diary"]["provider"]["timeout-ms"] = json!(100)).await;
        rig.provider.reset().await;
        Mock::given(method("GET")).respond_with(answer).mount(&rig.provider).await;
        assert_eq!(mark(&rig.page("/login/gosuslugi").await), expected);
    }
    let gone = rig_with(|seed| seed["diary"]["provider"]["url"] = json!("http://127.0.0.1:9")).await;
    assert_eq!(mark(&gone.page("/login/gosuslugi").await), "error-provider-unreachable");
}

#[tokio::test]
async fn a_refusal_there_is_told_here() {
    let rig = rig().await;
    for (error, expected) in [("access_denied", "refusal-consent-needed"), ("invalid_scope", "error-provider-refused")]
    {
        says(&rig, &Said::default(), "").await;
        let state = parameter(&leave(&rig).await, "state");
        let back = format!("/callback?error={error}&error_description=no&state={state}");
        assert_eq!(mark(&rig.page(&back).await), expected);
    }
}

#[tokio::test]
async fn a_session_ends_with_its_token_its_consent_or_a_refused_renewal() {
    let cases: [(&str, Value, &str); 4] = [
        ("in force", json!({ "active": true, "sub": "1000", "scope": ALL }), "diary"),
        ("consent revoked", json!({ "active": true, "sub": "1000", "scope": "openid" }), "refusal-consent-revoked"),
        ("token revoked", json!({ "active": false }), "refusal-session-over"),
        ("another's", json!({ "active": true, "sub": "1001", "scope": ALL }), "refusal-session-over"),
    ];
    for (name, introspection, expected) in cases {
        let rig = rig().await;
        let said = Said { introspection, ..Said::default() };
        assert_eq!(sign_in(&rig, &said).await, "diary", "{name}");
        rig.advance("59s").await;
        assert_eq!(mark(&rig.page("/diary").await), "diary", "{name}: not asked yet");
        rig.advance("1s").await;
        assert_eq!(mark(&rig.page("/diary").await), expected, "{name}");
    }
    let rig = rig().await;
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    rig.advance("1h").await;
    assert_eq!(mark(&rig.page("/diary").await), "diary", "renewed");
    let asked = rig.provider.received_requests().await.unwrap();
    let renewal = asked.iter().rfind(|request| request.url.path() == "/token").unwrap();
    assert_eq!(String::from_utf8_lossy(&renewal.body), "grant_type=refresh_token&refresh_token=rt");
    rig.advance("1h").await;
    let no = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" }));
    Mock::given(path("/token")).respond_with(no).with_priority(1).mount(&rig.provider).await;
    assert_eq!(mark(&rig.page("/diary").await), "refusal-session-over", "refused");
    assert_eq!(mark(&rig.page("/diary").await), "sign-in", "no session is left");
}

/// Posts a logout token; returns the status, and the error if there is one.
async fn tell(rig: &Rig, token: &str) -> String {
    let url = format!("{}/logout/backchannel", rig.url());
    let answer = rig.browser.post(url).form(&[("logout_token", token)]).send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    format!("{status} {}", body["error_description"].as_str().unwrap_or_default())
}

fn logout_claims(rig: &Rig) -> Value {
    json!({ "iss": rig.provider.uri(), "aud": "RYAZAN-DIARY", "iat": NOW, "exp": NOW + 120, "jti": "j-1", "sub": "1000",
        "sid": "sid-1", "events": { "http://schemas.openid.net/event/backchannel-logout": {} } })
}

#[tokio::test]
async fn a_logout_there_ends_the_session_here() {
    let rig = rig().await;
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    let good = logout_claims(&rig);
    let signed = |claims: &Value| jwt(("key-1", keys::PROVIDER_KEY_PEM), claims);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(&claims)
    };
    for (token, answer) in [
        (with("iss", json!("https://evil.example")), "400 iss is not what it must be"),
        (with("aud", json!("OTHER")), "400 aud is not what it must be"),
        (with("aud", json!(["RYAZAN-DIARY", "OTHER"])), "400 aud is not what it must be"),
        (with("iat", json!(NOW + 61)), "400 iat is not what it must be"),
        (with("iat", json!(NOW - 601)), "400 iat is not what it must be"),
        (with("exp", json!(NOW - 60)), "400 exp is not what it must be"),
        (with("events", json!({})), "400 events is not what it must be"),
        (with("nonce", json!("n")), "400 nonce is not what it must be"),
        (with("jti", json!("")), "400 jti is not what it must be"),
        (with("sub", json!("evil")), "400 sub is not what it must be"),
        (jwt(("key-1", keys::STRANGER_KEY_PEM), &good), "400 the signature does not hold"),
        (jwt(("key-9", keys::STRANGER_KEY_PEM), &good), "400 the signature does not hold"),
        ("x.y.z".to_owned(), "400 logout_token cannot be read"),
        ("x".repeat(20_000), "400 logout_token is missing or too long"),
        (with("sid", json!("sid-2")), "200 "),
    ] {
        assert_eq!(tell(&rig, &token).await, answer);
        assert_eq!(mark(&rig.page("/diary").await), "diary", "{answer}");
    }
    assert_eq!(tell(&rig, &with("jti", json!("j-2"))).await, "200 ");
    assert_eq!(tell(&rig, &with("jti", json!("j-2"))).await, "400 jti was heard before");
    assert!(rig.page("/diary").await.contains("data-test=\"session-ended\""));
    assert_eq!(rig.timeline().await.last().unwrap(), "Петрова Анна Сергеевна: выход на Госуслугах, сеанс завершён");
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    let mut of_person = logout_claims(&rig);
    (of_person["sid"], of_person["jti"]) = (Value::Null, json!("j-3"));
    assert_eq!(tell(&rig, &signed(&of_person)).await, "200 ");
    assert_eq!(mark(&rig.page("/diary").await), "sign-in", "all sessions of the person");
    let esia = Rig::start(Script::default()).await;
    assert_eq!(tell(&esia, &signed(&good)).await, "400 logout_token is missing or too long", "no such endpoint");
}

/// Tokens appear in no URL that the browser is sent to, on no page, and in no stored state of the world.
#[tokio::test]
async fn no_token_is_told_to_anybody() {
    let rig = rig().await;
    let said = Said {
        spoil: |_, answer| {
            answer["access_token"] = json!("secret-access");
            answer["refresh_token"] = json!("secret-refresh");
        },
        ..Said::default()
    };
    assert_eq!(sign_in(&rig, &said).await, "diary");
    rig.advance("1h").await;
    let mut told = String::new();
    for page in ["/diary", "/diary/%D0%B2%D0%B0%D0%BD%D1%8F", "/", "/login"] {
        told += &rig.page(page).await;
    }
    let left = rig.post("/diary", "/logout", &[]).await;
    told += left.headers()["location"].to_str().unwrap();
    for kept in ["/worlds/main/export", "/timeline?limit=1000", "/requests"] {
        told += &rig.control().get(&format!("/control{kept}")).await.ok().to_string();
    }
    assert!(told.contains("Петрова"));
    for secret in ["secret-access", "secret-refresh", "eyJ", keys::DIARY_SECRET] {
        assert!(!told.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn leaving_is_asked_of_the_provider_without_a_token_in_the_url() {
    let rig = rig().await;
    assert_eq!(sign_in(&rig, &Said::default()).await, "diary");
    let left = rig.post("/diary", "/logout", &[]).await;
    let to: url::Url = left.headers()["location"].to_str().unwrap().parse().unwrap();
    let names: Vec<_> = to.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!((to.path(), names), ("/bye", vec!["client_id".to_owned(), "post_logout_redirect_uri".to_owned()]));
    assert!(parameter(&to, "post_logout_redirect_uri").ends_with("/login"));
    assert_eq!(mark(&rig.page("/diary").await), "sign-in");
}
