//! Discovery, authorization, consent, logout.

use answers_for_tests::russian_in;
use axum::{Router, body::Body, http::Request, routing::post};
use chrono::TimeDelta;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::testing::{Rp, claims, encode_fields, rig, section, spa};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::esia::testing::{Fields, with},
    testing::{Actor, Rig, september},
};

#[tokio::test]
async fn discovery_names_the_issuer_as_it_was_asked() {
    let rig = rig().await;
    rig.control().post("/control/worlds", &json!({ "name": "w1", "seed": { "gosuslugi": section() } })).await;
    let asked = async |host: &str, path: &str| {
        let path = format!("{path}/.well-known/openid-configuration");
        rig.send_to(host, Request::get(path).body(Body::empty()).unwrap()).await.ok()
    };
    for (host, path, issuer) in [
        ("127.0.0.1:8001", "", "http://127.0.0.1:8001"),
        ("localhost:8001", "", "http://localhost:8001"),
        ("127.0.0.1:8001", "/w/w1", "http://127.0.0.1:8001/w/w1"),
        ("w1.localhost:8001", "", "http://w1.localhost:8001"),
    ] {
        let found = asked(host, path).await;
        assert_eq!(found["issuer"], issuer);
        for (name, value) in found.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                assert!(value.as_str().unwrap().starts_with(&format!("{issuer}/oidc/")), "{name}: {value}");
            }
        }
    }
    let jwks = rig.jwks().await;
    assert_eq!(jwks["keys"][0]["alg"], "RS256");
    assert_eq!(jwks["keys"][0]["use"], "sig");
    assert_eq!(jwks["keys"][0]["kid"].as_str().unwrap().len(), 43);
}

#[tokio::test]
async fn an_adult_signs_in_consents_and_comes_back_with_tokens() {
    let (rig, rp) = (rig().await, Rp::default());
    let sent = rig.anyone().authorize(&rp.asks()).await;
    assert!(sent.location().starts_with("/login?next=%2Foidc%2Fcontinue%3Frequest%3D"), "{}", sent.location());
    let session = rig.session("анна").await;
    let page = rig.person(&session).authorize(&rp.asks()).await;
    for text in ["Дневник", "Школа", "Фамилия, имя и отчество", "Дата рождения", "Пол", "СНИЛС", "Предоставить"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    let back = rig.agree(page, &session, "grant").await;
    assert!(back.location().starts_with("http://127.0.0.1:9/callback?from=idp&code="), "{}", back.location());
    assert_eq!(
        (back.parameter("state").unwrap(), back.parameter("iss").unwrap()),
        ("s-1".into(), super::testing::ISSUER.into())
    );
    let mut answer = rig.post("/oidc/token", &rp.by_code(&back.code())).await;
    assert_eq!((answer.status.as_u16(), answer.headers["cache-control"].to_str().unwrap()), (200, "no-store"));
    let mut tokens = answer.ok();
    let jwks = rig.jwks().await;
    let [mut access, mut id] = ["access_token", "id_token"].map(|name| claims(&jwks, tokens[name].as_str().unwrap()));
    for (claims, random) in [(&mut access, ["jti", "jti"]), (&mut id, ["sid", "at_hash"])] {
        for name in random {
            assert!(claims[name].is_string(), "{name}");
            claims[name] = json!("[random]");
        }
    }
    assert_snapshot!(access, @r#"{"iss":"http://127.0.0.1:8001","sub":"1000300001","aud":"http://127.0.0.1:8001","client_id":"DIARY","scope":"openid profile snils offline_access","jti":"[random]","iat":1725256800,"exp":1725260400,"auth_time":1725256800,"acr":"urn:esia-stand:level:confirmed","amr":["pwd"]}"#);
    assert_snapshot!(id, @r#"{"iss":"http://127.0.0.1:8001","sub":"1000300001","aud":"DIARY","iat":1725256800,"exp":1725267600,"auth_time":1725256800,"nonce":"n-1","acr":"urn:esia-stand:level:confirmed","amr":["pwd"],"at_hash":"[random]","sid":"[random]"}"#);
    for name in ["access_token", "id_token", "refresh_token"] {
        tokens[name] = json!("[token]");
    }
    assert_snapshot!(tokens, @r#"{"access_token":"[token]","token_type":"Bearer","expires_in":3600,"refresh_token":"[token]","id_token":"[token]","scope":"openid profile snils offline_access"}"#);
    answer = rig.person(&session).authorize(&rp.asks()).await;
    assert!(answer.location().contains("code="), "the consent is remembered");
}

#[tokio::test]
async fn userinfo_opens_what_the_scopes_name_and_nothing_else() {
    let rig = rig().await;
    let all = Rp { scope: "openid profile email phone snils birth_cert_doc id_doc children", ..Rp::default() };
    let told = rig.userinfo(&rig.oidc_tokens(&all, "анна").await).await;
    assert_snapshot!(told.ok(), @r#"{"sub":"1000300001","trusted":true,"account_level":"confirmed","child_account":false,"birthdate":"1985-03-14","gender":"female","snils":"001-000-001 00","email":"anna@family.test","email_verified":true,"phone_number":"+70000000001","phone_number_verified":true,"id_document":{"type":"RF_PASSPORT","series":"0000","number":"000001","issued_on":"2005-04-01","issued_by":"ОВД","verified":true},"children":[{"name":"Петров Иван Петрович","family_name":"Петров","given_name":"Иван","middle_name":"Петрович","birthdate":"2013-05-20","gender":"male","snils":"001-000-011 00","snils_verified":true,"birth_certificate":{"series":"I-ОО","number":"000011","verified":true}},{"name":"Петрова Екатерина Петровна","family_name":"Петрова","given_name":"Екатерина","middle_name":"Петровна","birthdate":"2009-02-03","gender":"female","snils":"001-000-012 00","snils_verified":true,"birth_certificate":{"series":"I-ОО","number":"000012","verified":true}},{"sub":"1000300002","name":"Петров Глеб Петрович","family_name":"Петров","given_name":"Глеб","middle_name":"Петрович","birthdate":"2006-10-01","gender":"male","snils":"001-000-013 00","snils_verified":true,"birth_certificate":{"series":"I-ОО","number":"000013","verified":true}}],"name":"Петрова Анна Сергеевна","family_name":"Петрова","given_name":"Анна","middle_name":"Сергеевна","updated_at":1725256800}"#);
    let little = Rp { scope: "openid birthdate", ..Rp::default() };
    let told = rig.userinfo(&rig.oidc_tokens(&little, "анна").await).await;
    assert_snapshot!(told.ok(), @r#"{"sub":"1000300001","trusted":true,"account_level":"confirmed","child_account":false,"birthdate":"1985-03-14"}"#);
}

#[tokio::test]
async fn a_minor_is_never_asked_and_gets_openid_alone_until_a_guardian_consents() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "глеб").await;
    assert_eq!((&tokens["scope"], &tokens["refresh_token"]), (&json!("openid"), &Value::Null));
    let told = rig.userinfo(&tokens).await.ok();
    assert_eq!(
        told.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["sub", "trusted", "account_level", "child_account"]
    );
    let anna = rig.session("анна").await;
    let child = rig.oid("глеб").await;
    rig.person(&anna).post("/lk/api/portfolio", &json!({ "child": child, "client": "DIARY" })).await;
    let gleb = rig.session("глеб").await;
    let asking = with(rp.asks(), "prompt", Some("consent"));
    let code = rig.person(&gleb).authorize(&asking).await.code();
    let tokens = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    assert_eq!(tokens["scope"], rp.scope);
    assert_eq!(rig.userinfo(&tokens).await.ok()["family_name"], "Петров");
    let consents = rig.person(&anna).get("/lk/api/consents").await.ok();
    let consent = consents.as_array().unwrap().iter().find(|consent| consent["client"] == "DIARY").unwrap();
    let revoked = rig.person(&anna).delete(&format!("/lk/api/consents/{}", consent["id"])).await;
    assert!(revoked.status.is_success(), "{consents} {}", revoked.body);
    let told = rig.userinfo(&tokens).await;
    assert_eq!(told.ok()["family_name"], Value::Null, "at once");
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let looked_at = rig.post("/oidc/introspect", &rp.authenticated(vec![("token", token)])).await.ok();
    assert_eq!((&looked_at["active"], &looked_at["scope"]), (&json!(true), &json!("openid")), "and to the system");
    assert!(rig.verdict(&told).await.ends_with("consents: отозваны: birthdate fullname gender snils"));
    let renewed = rig.post("/oidc/token", &rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(renewed["scope"], "openid", "and in the next token");
}

#[tokio::test]
async fn refusing_goes_back_with_access_denied_and_leaves_a_request_for_consent() {
    let (rig, rp) = (rig().await, Rp::default());
    let session = rig.session("анна").await;
    let page = rig.person(&session).authorize(&rp.asks()).await;
    let back = rig.agree(page, &session, "refuse").await;
    assert_eq!(back.parameter("error").unwrap(), "access_denied");
    assert_eq!(
        (back.parameter("state").unwrap(), back.parameter("iss").unwrap()),
        ("s-1".into(), super::testing::ISSUER.into())
    );
    let notices = rig.person(&session).get("/lk/api/notifications").await.ok();
    assert_eq!(notices[0]["link"], "/lk/consents/requests/1", "{notices}");
}

#[tokio::test]
async fn an_unknown_system_or_address_never_redirects() {
    let (rig, rp) = (rig().await, Rp::default());
    for (name, value, field) in [
        ("client_id", None, "client_id"),
        ("client_id", Some("NOBODY"), "client_id"),
        ("client_id", Some("не мнемоника"), "client_id"),
        ("redirect_uri", None, "redirect_uri"),
        ("redirect_uri", Some("https://evil.example/cb"), "redirect_uri"),
        ("redirect_uri", Some("http://127.0.0.1:9/callback"), "redirect_uri"),
        ("redirect_uri", Some("https://rp.example/cb/"), "redirect_uri"),
        ("redirect_uri", Some("https://rp.example:444/cb"), "redirect_uri"),
    ] {
        let answer = rig.anyone().authorize(&with(rp.asks(), name, value)).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (400, ""), "{name}={value:?}");
        assert!(answer.body.contains(&format!("<code>{field}</code>")), "{name}={value:?}: {}", answer.body);
    }
    let mut twice = rp.asks();
    twice.push(("redirect_uri", "https://evil.example/cb".to_owned()));
    assert_eq!(rig.anyone().authorize(&twice).await.status, 400);
}

#[tokio::test]
async fn a_bad_request_goes_back_with_its_error_and_its_verdict() {
    let (rig, rp) = (rig().await, Rp::default());
    let long = "x".repeat(3000);
    for (name, value, expected) in [
        ("response_type", None, "invalid_request"),
        ("response_type", Some("id_token"), "unsupported_response_type"),
        ("response_type", Some("code id_token"), "unsupported_response_type"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("scope", None, "invalid_request"),
        ("scope", Some("profile"), "invalid_scope"),
        ("scope", Some("openid kid_fullname inn"), "-"),
        ("nonce", Some(long.as_str()), "invalid_request"),
        ("prompt", Some("none login"), "invalid_request"),
        ("prompt", Some("create"), "invalid_request"),
        ("max_age", Some("soon"), "invalid_request"),
        ("max_age", Some("-1"), "invalid_request"),
        ("request", Some("eyJ"), "request_not_supported"),
        ("request_uri", Some("https://rp.example/r"), "request_uri_not_supported"),
        ("registration", Some("{}"), "registration_not_supported"),
        ("id_token_hint", Some("eyJ"), "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
        ("code_challenge", Some("short"), "invalid_request"),
        ("code_challenge", None, "invalid_request"),
    ] {
        let answer = rig.anyone().authorize(&with(rp.asks(), name, value)).await;
        let error = answer.parameter("error").unwrap_or_else(|| "-".to_owned());
        assert_eq!(error, expected, "{name}={value:?}: {}", answer.location());
        if expected != "-" {
            assert!(answer.location().starts_with("http://127.0.0.1:9/callback?from=idp&error="));
            assert_eq!(answer.parameter("state").unwrap(), "s-1");
            assert!(answer.parameter("error_description").unwrap().is_ascii());
            assert!(rig.verdict(&answer).await.contains("failed "), "{name}={value:?}");
        }
    }
    let answer = rig.anyone().authorize(&with(spa().asks(), "scope", Some("openid snils"))).await;
    assert_eq!(answer.parameter("error").unwrap(), "invalid_scope");
    let without = with(with(spa().asks(), "code_challenge", None), "code_challenge_method", None);
    let answer = rig.anyone().authorize(&without).await;
    assert_eq!(answer.parameter("error").unwrap(), "invalid_request", "a public client needs PKCE");
}

#[tokio::test]
async fn nobody_is_asked_anything_when_the_prompt_is_none() {
    let (rig, rp) = (rig().await, Rp::default());
    let silent = with(rp.asks(), "prompt", Some("none"));
    let error = async |who: Actor<'_>, fields| who.authorize(fields).await.parameter("error");
    assert_eq!(error(rig.anyone(), &silent).await.unwrap(), "login_required");
    let session = rig.session("анна").await;
    assert_eq!(error(rig.person(&session), &silent).await.unwrap(), "consent_required");
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let answer = rig.person(&session).authorize(&silent).await;
    assert_eq!(rig.post("/oidc/token", &rp.by_code(&answer.code())).await.status, 200);
    let gleb = rig.session("глеб").await;
    assert!(rig.person(&gleb).authorize(&silent).await.location().contains("code="), "a minor is not asked either");
    let hint = tokens["id_token"].as_str().unwrap();
    let hinted = with(silent.clone(), "id_token_hint", Some(hint));
    assert!(rig.person(&session).authorize(&hinted).await.location().contains("code="));
    assert_eq!(error(rig.person(&gleb), &hinted).await.unwrap(), "login_required", "somebody else is signed in");
}

#[tokio::test]
async fn a_role_that_is_not_chosen_yet_is_an_interaction_too() {
    let mut section = section();
    section["people"]["анна"]["account"]["roles"] =
        json!([{ "oid": 1_000_000_111, "organisation": "Школа № 43", "type": "LEGAL" }]);
    let (rig, rp) = (Rig::new(section).await, Rp::default());
    rig.oidc_tokens(&rp, "анна").await;
    let request = Request::post("/aas/oauth2/api/login")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "login": "anna@family.test", "password": "anna-secret" }).to_string()));
    let answer = rig.send(request.unwrap()).await;
    assert!(answer.body.contains("SELECT_ROLE"), "{}", answer.body);
    let mut cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let session = cookies.find_map(|cookie| cookie.strip_prefix("idp_session_main=")?.split(';').next());
    let session = session.unwrap_or_else(|| panic!("{:?}", answer.headers)).to_owned();
    let silent = with(rp.asks(), "prompt", Some("none"));
    let error = rig.person(&session).authorize(&silent).await.parameter("error");
    assert_eq!(error.as_deref(), Some("interaction_required"));
    rig.person(&session).form("/login/role", &[("organisation", "1000000111".to_owned())]).await;
    assert!(rig.person(&session).authorize(&silent).await.location().contains("code="));
}

#[tokio::test]
async fn a_sign_in_that_must_be_new_is_asked_for_and_an_old_one_is_not_taken() {
    let (rig, rp) = (rig().await, Rp { scope: "openid", ..Rp::default() });
    let session = rig.session("анна").await;
    for (name, value) in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0")] {
        let asked = with(with(rp.asks(), name, Some(value)), "login_hint", Some("anna@family.test"));
        let sent = rig.person(&session).page(&format!("/oidc/authorize?{}", encode_fields(&asked))).await;
        let login = rig.person(&session).page(sent.location()).await;
        assert!(login.location().starts_with("/login?next="), "{name}={value}: {}", login.location());
        assert!(login.location().ends_with("&login=anna%40family.test"), "{}", login.location());
        let page = rig.person(&session).page(login.location()).await;
        assert!(page.body.contains(r#"value="anna@family.test""#), "the hint stands in the field");
        let fresh = rig.session("анна").await;
        assert!(rig.person(&fresh).page(sent.location()).await.location().contains("code="), "{name}={value}");
    }
    let aged = with(rp.asks(), "max_age", Some("600"));
    assert!(rig.person(&session).authorize(&aged).await.location().contains("code="));
    rig.wall.set(september() + TimeDelta::seconds(601));
    assert!(rig.person(&session).authorize(&aged).await.location().starts_with("/login?"));
}

#[tokio::test]
async fn an_answer_can_be_posted_by_a_form_with_a_button() {
    let (rig, rp) = (rig().await, Rp { scope: "openid", ..Rp::default() });
    let session = rig.session("анна").await;
    let page = rig.person(&session).authorize(&with(rp.asks(), "response_mode", Some("form_post"))).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains(r#"<form method="post" action="http://127.0.0.1:9/callback?from=idp">"#),
        "{}",
        page.body
    );
    for text in [r#"name="code""#, r#"name="state" value="s-1""#, r#"name="iss""#, "<button>"] {
        assert!(page.body.contains(text), "{text}");
    }
    let evil =
        with(with(rp.asks(), "response_mode", Some("form_post")), "state", Some(r#""><script>alert(1)</script>"#));
    assert!(!rig.person(&session).authorize(&evil).await.body.contains("<script>alert"));
}

#[tokio::test]
async fn signing_out_at_the_request_of_a_system_ends_the_named_session_alone() {
    let (rig, rp) = (rig().await, Rp { scope: "openid", ..Rp::default() });
    let session = rig.session("анна").await;
    let code = rig.person(&session).authorize(&rp.asks()).await.code();
    let tokens = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    let hint = tokens["id_token"].as_str().unwrap().to_owned();
    let logout =
        async |who: Actor<'_>, fields: Fields| who.page(&format!("/oidc/logout?{}", encode_fields(&fields))).await;
    let to = |uri: &str| ("post_logout_redirect_uri", uri.to_owned());
    let bad = logout(rig.person(&session), vec![("id_token_hint", hint.clone()), to("https://evil.example/")]).await;
    assert_eq!((bad.status.as_u16(), bad.location()), (400, ""), "not sent to an address that is not registered");
    assert_eq!(logout(rig.person(&session), vec![to("https://evil.example/")]).await.status, 400, "nobody's address");
    assert_eq!(logout(rig.person(&session), vec![("id_token_hint", "eyJ".to_owned())]).await.status, 400);
    assert_eq!(rig.person(&session).page("/lk").await.status, 200, "nothing has ended");
    let asked =
        logout(rig.person(&session), vec![("client_id", "DIARY".to_owned()), to("https://rp.example/bye")]).await;
    assert!(asked.body.contains(r#"data-test="logout""#) && asked.body.contains("Дневник"), "{}", asked.body);
    let other = rig.session("анна").await;
    let back =
        logout(rig.anyone(), vec![("id_token_hint", hint), to("https://rp.example/bye"), ("state", "x y".to_owned())])
            .await;
    assert_eq!(back.location(), "https://rp.example/bye?state=x+y");
    assert!(rig.person(&session).page("/lk").await.location().starts_with("/login"), "ended without its cookie");
    assert_eq!(rig.person(&other).page("/lk").await.status, 200);
    let fields = vec![("client_id", "DIARY".to_owned()), to("https://rp.example/bye"), ("state", String::new())];
    let done = rig.person(&other).form("/oidc/logout/confirm", &fields).await;
    assert_eq!(done.location(), "https://rp.example/bye");
    assert!(rig.person(&other).page("/lk").await.location().starts_with("/login"));
}

#[tokio::test]
async fn who_signs_out_without_a_word_on_the_system_is_asked_and_stays_here() {
    let rig = rig().await;
    let session = rig.session("анна").await;
    let fields = vec![("post_logout_redirect_uri", "https://rp.example/bye".to_owned()), ("state", "s-9".to_owned())];
    for path in ["/oidc/logout".to_owned(), format!("/oidc/logout?{}", encode_fields(&fields))] {
        let asked = rig.person(&session).page(&path).await;
        assert_eq!(asked.status, 200, "{path}: {}", asked.body);
        assert!(asked.body.contains(r#"data-test="logout""#), "{path}");
        assert_eq!(rig.person(&session).page("/lk").await.status, 200, "nothing ends before the answer");
    }
    let asked = rig.person(&session).page(&format!("/oidc/logout?{}", encode_fields(&fields))).await;
    assert!(asked.verdict_line().starts_with("tolerated post-logout-redirect-uri"), "{}", asked.verdict_line());
    let done = rig.person(&session).form("/oidc/logout/confirm", &fields).await;
    assert_eq!((done.status.as_u16(), done.location()), (200, ""), "{}", done.body);
    assert!(done.body.contains(r#"data-test="signed-out""#), "{}", done.body);
    assert!(rig.person(&session).page("/lk").await.location().starts_with("/login"), "the session has ended");
    let nobody = rig.anyone().page(&format!("/oidc/logout?{}", encode_fields(&fields))).await;
    assert_eq!((nobody.status.as_u16(), nobody.location()), (200, ""), "nor without a session");
}

#[tokio::test]
async fn systems_are_told_when_a_session_ends() {
    let (heard, mut inbox) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/out", listener.local_addr().unwrap());
    let rp_server = Router::new().route("/out", post(async move |body: String| heard.send(body).unwrap()));
    tokio::spawn(async move { axum::serve(listener, rp_server).await });
    let mut seed = section();
    seed["clients"][0]["oidc"]["backchannel-logout-uri"] = json!(uri);
    seed["clients"][2]["oidc"]["backchannel-logout-uri"] = json!("http://127.0.0.1:9/nobody");
    let (rig, rp) = (Rig::new(seed).await, Rp { scope: "openid", ..Rp::default() });
    let session = rig.session("анна").await;
    for rp in [rp, Rp { scope: "openid", ..spa() }] {
        let code = rig.person(&session).authorize(&rp.asks()).await.code();
        assert_eq!(rig.post("/oidc/token", &rp.by_code(&code)).await.status, 200);
    }
    rig.person(&session).form("/logout", &[]).await;
    let body = inbox.recv().await.unwrap();
    let token = body.strip_prefix("logout_token=").unwrap();
    assert_eq!(jsonwebtoken::decode_header(token).unwrap().typ.unwrap(), "logout+jwt");
    let mut told = claims(&rig.jwks().await, token);
    (told["jti"], told["sid"]) = (json!("[random]"), json!("[random]"));
    assert_snapshot!(told, @r#"{"iss":"http://127.0.0.1:8001","sub":"1000300001","aud":"DIARY","iat":1725256800,"exp":1725256920,"jti":"[random]","events":{"http://schemas.openid.net/event/backchannel-logout":{}},"sid":"[random]"}"#);
    let mut lines = Vec::new();
    while lines.len() < 2 {
        tokio::task::yield_now().await;
        let timeline = rig.control().get("/control/timeline?limit=1000").await.ok();
        let text = timeline.to_string();
        lines = text.split('"').filter(|text| text.contains("выходе")).map(str::to_owned).collect();
    }
    let line = |part: &str| lines.iter().any(|line| line.contains(part));
    assert!(line("системе DIARY сообщено о выходе"), "{lines:?}");
    assert!(line("системе SPA не удалось сообщить о выходе: http://127.0.0.1:9/nobody"), "{lines:?}");
    let english = rig.control().get("/control/timeline?limit=1000&lang=en").await.ok();
    let english = english.as_array().unwrap().iter().filter_map(|line| line["text"].as_str());
    let english: Vec<_> = english.filter(|text| text.contains("sign-out: http")).collect();
    let said = english.iter().filter(|text| text.contains("/out answered 200") || text.contains("/nobody: ")).count();
    assert_eq!((said, english.len()), (2, 2), "{english:?}");
    assert!(english.iter().all(|text| russian_in(text, &["Петрова Анна Сергеевна"]).is_empty()), "{english:?}");
}

#[tokio::test]
async fn browsers_of_any_origin_may_call_what_programs_call() {
    let rig = rig().await;
    let preflight = Request::options("/oidc/token")
        .header("origin", "https://spa.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let answer = rig.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.headers["access-control-allow-origin"].to_str().unwrap()), (200, "*"));
    for path in ["/.well-known/openid-configuration", "/oidc/jwks", "/oidc/userinfo"] {
        let request = Request::get(path).header("origin", "https://spa.example").body(Body::empty()).unwrap();
        assert_eq!(rig.send(request).await.headers["access-control-allow-origin"], "*", "{path}");
    }
    let page = rig.anyone().authorize(&Rp::default().asks()).await;
    assert!(!page.headers.contains_key("access-control-allow-origin"), "pages are for people");
}
