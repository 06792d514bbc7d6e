//! Mistakes of client developers at the OpenID Connect endpoints, each committed after the same request has succeeded
//! without it: the verdict carries its stable name, and no other.

use axum::{body::Body, http::Request};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::testing::{ISSUER, Rp, VERIFIER, assertion, rig, spa};
use crate::{
    protocols::esia::testing::{Fields, with},
    testing::{Answer, Rig, september},
};

/// An authorization request, its redirect not followed.
async fn asked(rig: &Rig, fields: &Fields) -> Answer {
    rig.anyone().page(&format!("/oidc/authorize?{}", super::testing::encode_fields(fields))).await
}

#[tokio::test]
async fn mistakes_of_an_authorization_request_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    assert!(asked(&rig, &rp.asks()).await.verdict_line().starts_with("ok"));
    let challenge = crate::slips::pkce::challenge_of(VERIFIER);
    for (name, value, expected) in [
        ("client_id", Some("diary"), "client-near=DIARY"),
        ("client_id", Some("SPAA"), "client-near=SPA"),
        ("client_id", None, "parameter-missing=client_id"),
        ("redirect_uri", Some("https://rp.example/cb/"), "redirect-slash"),
        ("redirect_uri", Some("http://rp.example/cb"), "redirect-scheme=http"),
        ("redirect_uri", Some("https://rp.example/callback"), "redirect-path"),
        ("redirect_uri", Some("https://rp.example/cb?next=1"), "redirect-query"),
        ("redirect_uri", Some("https://RP.example/cb"), "redirect-case"),
        ("redirect_uri", Some("https://evil.example/x"), "redirect-unregistered=https://evil.example/x"),
        ("redirect_uri", Some("https%3A%2F%2Frp.example%2Fcb"), "parameter-encoded-twice=redirect_uri"),
        ("redirect_uri", None, "parameter-missing=redirect_uri"),
        ("response_type", Some("CODE"), "parameter-case=response_type"),
        ("response_type", Some("id_token"), "response-type"),
        ("response_mode", Some("Form_Post"), "parameter-case=response_mode"),
        ("scope", Some("profile"), "scope-openid"),
        ("scope", Some("openid,profile"), "scope-separator=,"),
        ("scope", Some("OpenID profile"), "parameter-case=scope"),
        ("scope", Some("openid profil"), "scope-misspelt=profil->profile"),
        ("scope", Some("openid openid profile"), "scope-doubled=openid"),
        ("scope", Some("openid  profile"), "scope-blanks"),
        ("scope", Some("openid address"), "scope-not-allowed=addresses"),
        ("code_challenge_method", Some("plain"), "pkce-method=plain"),
        ("code_challenge_method", None, "pkce-no-method"),
        ("code_challenge", Some(&*format!("{challenge}=")), "pkce-padded"),
        ("code_challenge", None, "pkce-no-challenge"),
        ("prompt", Some("Login"), "parameter-case=prompt"),
        ("prompt", Some("none login"), "prompt"),
        ("code_challenge", Some("null"), "parameter-placeholder=code_challenge"),
        ("max_age", Some("soon"), "max-age"),
        ("id_token_hint", Some("eyJhbGciOiJSUzI1NiJ9.eyJ"), "token-truncated=24"),
        ("timestamp", Some("2024.09.02 09:00:00 +0300"), "parameter-of-esia=timestamp"),
    ] {
        let answer = asked(&rig, &with(rp.asks(), name, value)).await;
        assert_eq!(rig.named(&answer).await, expected, "{name}={value:?}: {}", answer.verdict_line());
    }
    let neither = with(with(rp.asks(), "state", None), "nonce", None);
    assert_eq!(rig.named(&asked(&rig, &neither).await).await, "state-nonce");
    let public = with(with(spa().asks(), "code_challenge", None), "code_challenge_method", None);
    assert_eq!(rig.named(&asked(&rig, &public).await).await, "pkce-public");
    let silent = with(rp.asks(), "prompt", Some("none"));
    assert_eq!(rig.named(&asked(&rig, &silent).await).await, "prompt-none");
}

#[tokio::test]
async fn a_request_of_esia_at_these_endpoints_is_told_where_it_belongs() {
    let (rig, esia) = (rig().await, crate::protocols::esia::testing::Rp::default());
    let answer = asked(&rig, &with(esia.ac(), "redirect_uri", Some("https://esia.example/"))).await;
    let expected = "redirect-unregistered=https://esia.example/ request-of-esia=/aas/oauth2/ac";
    assert_eq!(rig.named(&answer).await, expected);
    let answer = rig.post("/oidc/token", &esia.by_code("code")).await;
    assert_eq!(rig.named(&answer).await, "secret-is-signature request-of-esia=/aas/oauth2/te");
}

#[tokio::test]
async fn the_ways_in_which_a_client_fails_to_prove_who_it_is_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let token = |fields: Fields| fields;
    let good = rp.by_code("code");
    for (fields, expected) in [
        (with(good.clone(), "client_secret", Some("wrong")), "secret-wrong"),
        (with(good.clone(), "client_secret", Some("diary secret+1\n")), "secret-blanks"),
        (with(good.clone(), "client_secret", Some("'diary secret+1'")), "secret-quoted"),
        (with(good.clone(), "client_secret", Some("DIARY SECRET+1")), "secret-case"),
        (with(good.clone(), "client_secret", Some("diary%20secret%2B1")), "secret-encoded"),
        (with(good.clone(), "client_secret", Some("diary secret 1")), "secret-encoded"),
        (with(good.clone(), "client_secret", Some("diary se")), "secret-truncated"),
        (with(good.clone(), "client_secret", Some(&STANDARD.encode("diary secret+1"))), "secret-encoded"),
        (with(good.clone(), "client_secret", None), "auth-missing"),
        (with(good.clone(), "client_id", Some("DAIRY")), "client-near=DIARY"),
        (with(good.clone(), "client_id", None), "parameter-missing=client_id"),
        (with(good.clone(), "client_id", Some("KEYED")), "auth-method-not-registered=client_secret_post"),
        (with(good.clone(), "client_secret", Some("")), "auth-missing"),
    ] {
        let answer = rig.post("/oidc/token", &token(fields)).await;
        assert!(answer.status.is_client_error(), "{expected}");
        assert_eq!(rig.named(&answer).await, expected, "{}", answer.verdict_line());
    }
    let bare: Fields = vec![("grant_type", "client_credentials".to_owned())];
    let ask = async |authorization: String, fields: &Fields| {
        let request = Request::post("/oidc/token").header("authorization", authorization);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        rig.send(request.body(Body::from(super::testing::encode_fields(fields))).unwrap()).await
    };
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    for (authorization, fields, expected) in [
        (basic("DIARY:diary secret+1"), bare.clone(), "basic-not-encoded"),
        (basic("DIARY:nothing"), bare.clone(), "secret-wrong"),
        (basic("DIARY"), bare.clone(), "basic-no-colon"),
        ("Basic ***".to_owned(), bare.clone(), "basic-base64"),
        ("Bearer abc".to_owned(), bare.clone(), "basic-scheme=Bearer"),
        ("Basic ".to_owned(), bare.clone(), "basic-empty"),
        (basic(":secret"), bare.clone(), "parameter-empty=client_id"),
        (basic("DIARY:"), bare.clone(), "parameter-empty=client_secret"),
        (basic("diary secret+1:DIARY"), bare.clone(), "basic-swapped"),
        (basic("DIARY:diary+secret%2B1"), rp.authenticated(bare.clone()), "auth-several=basic,post"),
        (basic("DIARY:diary+secret%2B1"), with(bare.clone(), "client_id", Some("SPA")), "client-id-differs=SPA,DIARY"),
    ] {
        let answer = ask(authorization, &fields).await;
        assert_eq!(rig.named(&answer).await, expected, "{}", answer.verdict_line());
    }
    assert_eq!(ask(basic("DIARY:diary+secret%2B1"), &bare).await.status, 200);
}

#[tokio::test]
async fn mistakes_of_an_assertion_are_named() {
    let rig = rig().await;
    let now = september().timestamp();
    let fields = |token: &str| -> Fields {
        vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", token.to_owned()),
        ]
    };
    assert_eq!(rig.post("/oidc/token", &fields(&assertion(&json!({})))).await.status, 200);
    for (changes, expected) in [
        (json!({ "jti": "j-1" }), "assertion-used"),
        (json!({ "jti": "" }), "assertion-jti"),
        (json!({ "jti": null }), "assertion-claim=jti"),
        (json!({ "jti": "j-2", "iss": "DIARY" }), "assertion-iss-sub=DIARY,KEYED"),
        (json!({ "jti": "j-3", "aud": "https://other.example" }), "assertion-aud=https://other.example"),
        (
            json!({ "jti": "j-4", "aud": format!("{ISSUER}/w/test-1") }),
            "assertion-other-world=http://127.0.0.1:8001/w/test-1",
        ),
        (json!({ "jti": "j-5", "exp": now - 600 }), "assertion-expired=10m"),
        (json!({ "jti": "j-6", "exp": now + 3 * 3600 }), "assertion-too-long=3h"),
        (json!({ "jti": "j-7", "nbf": now + 1800, "exp": now + 2000 }), "assertion-not-yet=30m"),
        (json!({ "jti": "j-8", "exp": (now + 60) * 1000 }), "time-milliseconds"),
        (json!({ "jti": "j-9", "exp": "soon" }), "assertion-claim=exp"),
        (json!({ "jti": "j-10", "aud": null }), "assertion-claim=aud"),
        (json!({ "jti": "j-11", "iat": now + 3600 }), "assertion-future=1h"),
        (json!({ "jti": "j-12", "sub": "DIARY" }), "assertion-iss-sub=KEYED,DIARY"),
        (json!({ "jti": "j-13", "iss": "DIARY", "sub": "DIARY" }), "auth-method-not-registered=private_key_jwt"),
        (json!({ "jti": "j-14", "iat": "now" }), "assertion-claim=iat"),
    ] {
        let answer = rig.post("/oidc/token", &fields(&assertion(&changes))).await;
        assert_eq!(rig.named(&answer).await, expected, "{changes}: {}", answer.verdict_line());
    }
    let good = assertion(&json!({ "jti": "j-20" }));
    let of_two = assertion(&json!({ "jti": "j-21", "sub": "DIARY" }));
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","crit":["b64"],"b64":false}"#);
    let critical = format!("{header}.{}", good.split_once('.').unwrap().1);
    for (fields, expected) in [
        (with(fields(&good), "client_assertion_type", Some("jwt")), "assertion-type"),
        (fields("not.a.jwt"), "assertion-malformed"),
        (fields(&format!("{}AAAA", &good[..good.len() - 4])), "assertion-signature"),
        (fields(&format!("\"{good}\"")), "parameter-quoted=client_assertion"),
        (fields(&format!("{good}\n")), "parameter-blanks=client_assertion"),
        (fields(&good[..good.len() - 5]), &*format!("assertion-truncated={}", good.len() - 5)),
        (fields(&format!("{good}==")), "assertion-base64"),
        (fields("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"), "assertion-malformed"),
        (fields(r#"{"iss":"KEYED"}"#), "assertion-malformed"),
        (fields(&critical), "assertion-crit"),
        (
            with(with(fields(&good), "client_id", Some("KEYED")), "client_assertion", Some(&of_two)),
            "assertion-sub=DIARY",
        ),
    ] {
        let answer = rig.post("/oidc/token", &fields).await;
        assert_eq!(rig.named(&answer).await, expected, "{}", answer.verdict_line());
    }
}

#[tokio::test]
async fn what_came_in_place_of_a_code_is_split_into_its_causes() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let code = rig.oidc_code(&rp, "анна").await;
    let esia = crate::protocols::esia::testing::Rp {
        redirect_uri: "http://127.0.0.1/cb",
        ..crate::protocols::esia::testing::Rp::default()
    };
    let of_esia = rig.code(&esia, "анна").await;
    for (sent, expected) in [
        (format!("\"{code}\""), "token-quoted"),
        (format!("{code} "), "token-line-end"),
        (code[..40].to_owned(), "grant-truncated=40"),
        (code.to_uppercase(), "parameter-case=code"),
        (text("access_token"), "token-kind=openid-access-token"),
        (text("id_token"), "token-kind=openid-id-token"),
        (text("refresh_token"), "token-kind=openid-refresh-token"),
        (of_esia, "grant-other-protocol=esia-code"),
        ("f".repeat(64), "grant-unknown"),
    ] {
        let answer = rig.post("/oidc/token", &rp.by_code(&sent)).await;
        assert_eq!(answer.oauth_error(400)["error"], "invalid_grant", "{expected}");
        assert_eq!(rig.named(&answer).await, expected, "{sent:.60}");
        assert!(answer.verdict_line().starts_with("failed code; invalid_grant; "), "{}", answer.verdict_line());
    }
    let spa = spa();
    let other = rig.post("/oidc/token", &with(spa.by_code(&code), "redirect_uri", Some(rp.redirect_uri))).await;
    assert_eq!(rig.named(&other).await, "grant-other-client=DIARY");
    for (name, value, expected) in [
        ("redirect_uri", Some("https://rp.example/cb"), "grant-other-redirect"),
        ("redirect_uri", None, "parameter-missing=redirect_uri"),
        ("code_verifier", None, "pkce-missing"),
        ("code_verifier", Some(crate::slips::pkce::challenge_of(VERIFIER).as_str()), "pkce-challenge-sent"),
        ("code_verifier", Some(&*format!("{VERIFIER}=")), "pkce-padded"),
        ("code_verifier", Some(&*hex::encode(VERIFIER)), "pkce-verifier-hex"),
        ("code_verifier", Some("nobody-has-ever-asked-with-this-one-0123456789"), "pkce-mismatch"),
        ("grant_type", Some("Authorization_Code"), "parameter-case=grant_type"),
        ("grant_type", Some("code"), "grant-type-unknown=code"),
    ] {
        let answer = rig.post("/oidc/token", &with(rp.by_code(&code), name, value)).await;
        assert_eq!(rig.named(&answer).await, expected, "{name}={value:?}: {}", answer.verdict_line());
    }
    assert_eq!(rig.post("/oidc/token", &rp.by_code(&code)).await.status, 200);
    let again = rig.post("/oidc/token", &rp.by_code(&code)).await;
    assert_eq!(rig.named(&again).await, "grant-used");
    let late = rig.oidc_code(&rp, "анна").await;
    rig.wall.set(september() + TimeDelta::minutes(10));
    assert_eq!(rig.named(&rig.post("/oidc/token", &rp.by_code(&late)).await).await, "grant-expired=6m");
}

#[tokio::test]
async fn tokens_at_userinfo_introspection_and_revocation_are_named() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let (access, id) = (text("access_token"), text("id_token"));
    let esia = rig.tokens(&crate::protocols::esia::testing::Rp::default(), "анна").await;
    let of_esia = esia["access_token"].as_str().unwrap();
    let ask = async |authorization: &str| {
        let request = Request::get("/oidc/userinfo").header("authorization", authorization);
        rig.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(ask(&format!("Bearer {access}")).await.status, 200);
    for (sent, expected) in [
        (format!("Bearer {id}"), "token-kind=openid-id-token"),
        (format!("Bearer {}", text("refresh_token")), "token-kind=openid-refresh-token"),
        (format!("Bearer {of_esia}"), "token-other-protocol=esia-access-token"),
        (format!("Bearer {}", &access[..300]), "token-truncated=300"),
        (format!("Bearer \"{access}\""), "token-quoted"),
        (format!("Bearer Bearer {access}"), "token-doubled-bearer"),
        (format!("Basic {access}"), "token-in-basic"),
        (access.clone(), "token-no-scheme"),
        ("Bearer nonsense".to_owned(), "token-malformed"),
    ] {
        let answer = ask(&sent).await;
        assert_eq!(answer.status, 401, "{expected}");
        assert_eq!(rig.named(&answer).await, expected, "{sent:.60}");
    }
    let lower = ask(&format!("bearer {access}")).await;
    assert_eq!((lower.status.as_u16(), rig.named(&lower).await.as_str()), (200, "token-scheme-case=bearer"));
    let query = rig.anyone().page(&format!("/oidc/userinfo?access_token={access}")).await;
    assert_eq!(rig.named(&query).await, "token-in-query");
    let at_rs = rig.rs(&format!("/rs/prns/{}", rig.oid("анна").await), &access).await;
    assert_eq!(rig.named(&at_rs).await, "token-other-protocol=openid-access-token");
    let inspect = async |token: &str| {
        let answer = rig.post("/oidc/introspect", &rp.authenticated(vec![("token", token.to_owned())])).await;
        rig.named(&answer).await
    };
    assert_eq!(inspect(&access).await, "");
    assert_eq!(inspect(&id).await, "token-kind=openid-id-token");
    assert_eq!(inspect("unknown").await, "grant-unknown");
    let method = rig.anyone().get("/oidc/token").await;
    assert_eq!(rig.named(&method).await, "method-wrong=GET");
    let revoked = rig.post("/oidc/revoke", &rp.authenticated(vec![("token", access.clone())])).await;
    assert_eq!((revoked.status.as_u16(), rig.named(&revoked).await.as_str()), (200, ""));
    assert_eq!(rig.named(&ask(&format!("Bearer {access}")).await).await, "token-revoked");
    assert_eq!(inspect(&access).await, "token-revoked");
    rig.wall.set(september() + TimeDelta::hours(2));
    assert_eq!(rig.named(&ask(&format!("Bearer {access}")).await).await, "token-expired=1h");
}

#[tokio::test]
async fn mistakes_of_signing_out_are_named() {
    let rig: Rig = rig().await;
    let id_token: Value = rig.oidc_tokens(&Rp::default(), "анна").await["id_token"].clone();
    let id_token = id_token.as_str().unwrap();
    for (query, expected) in [
        ("client_id=DIARY&post_logout_redirect_uri=https://rp.example/bye/".to_owned(), "redirect-slash"),
        (
            "client_id=DIARY&post_logout_redirect_uri=https://evil.example/".to_owned(),
            "redirect-unregistered=https://evil.example/",
        ),
        ("client_id=DAIRY&post_logout_redirect_uri=https://rp.example/bye".to_owned(), "client-near=DIARY"),
        ("id_token_hint=eyJhbGciOiJSUzI1NiJ9".to_owned(), "token-truncated=20"),
        (format!("id_token_hint={id_token}&client_id=SPA"), "client-id-differs=SPA,DIARY"),
        ("client_id=DIARY&redirect_url=https://rp.example/bye".to_owned(), "logout-parameter-of-esia=redirect_url"),
        (
            "client_id=DIARY&redirect_uri=https://rp.example/bye".to_owned(),
            "parameter-misspelt=redirect_uri->post_logout_redirect_uri",
        ),
    ] {
        let answer = rig.anyone().page(&format!("/oidc/logout?{query}")).await;
        assert_eq!(rig.named(&answer).await, expected, "{query:.80}");
    }
}
