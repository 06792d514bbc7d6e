//! The token endpoint and what its tokens open.

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::testing::{ISSUER, Rp, assertion, encode_fields, rig, section, spa};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::esia::testing::{Fields, with},
    signing::{KeyRing, Kind},
    testing::{Answer, september},
};

fn ended(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return format!("{status} -");
    }
    let refusal = answer.oauth_error(status);
    let description = refusal["error_description"].as_str().unwrap_or_default();
    assert!(description.is_ascii(), "{description}");
    format!("{status} {}", refusal["error"].as_str().unwrap())
}

#[tokio::test]
async fn a_code_works_once_for_its_system_its_address_and_its_verifier() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.oidc_code(&rp, "анна").await;
    let other = Rp { verifier: Some("another-verifier-of-at-least-43-characters-xyz"), ..rp.clone() };
    let second = rig.oidc_code(&other, "анна").await;
    let good = rp.by_code(&code);
    let tried = async |fields: Fields| {
        let answer = rig.post("/oidc/token", &fields).await;
        let verdict = rig.verdict(&answer).await;
        format!("{} | {}", ended(&answer), verdict.lines().last().unwrap_or_default())
    };
    let elsewhere = tried(with(good.clone(), "redirect_uri", Some("https://rp.example/cb"))).await;
    assert!(elsewhere.starts_with("400 invalid_grant | failed code: запрошен с redirect_uri http://127.0.0.1:9/"));
    let without = tried(with(good.clone(), "code_verifier", None)).await;
    assert!(without.starts_with("400 invalid_grant | failed code: code_verifier не передан"), "{without}");
    let wrong =
        tried(with(good.clone(), "code_verifier", Some("nobody-has-ever-seen-this-verifier-of-43-chars"))).await;
    assert!(wrong.ends_with("и другого такого входа нет"), "{wrong}");
    let mixed = tried(with(good.clone(), "code_verifier", other.verifier)).await;
    assert!(mixed.contains("этот verifier подходит к другому входу системы DIARY, "), "{mixed}");
    let spa = spa();
    let stolen = tried(with(spa.by_code(&code), "redirect_uri", Some(rp.redirect_uri))).await;
    assert!(stolen.ends_with("failed code: выдан системе DIARY"), "{stolen}");
    assert!(tried(with(good.clone(), "code", Some("guess"))).await.ends_with("этот мир такого не выдавал"));
    assert!(tried(good).await.starts_with("200"), "none of it has used the code up");
    rig.wall.set(september() + TimeDelta::seconds(240));
    let late = tried(other.by_code(&second)).await;
    assert!(late.starts_with("400 invalid_grant | failed code: срок истёк"), "{late}");
}

#[tokio::test]
async fn a_code_that_comes_again_revokes_what_came_from_it() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.oidc_code(&rp, "анна").await;
    let tokens = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    assert_eq!(rig.userinfo(&tokens).await.status, 200);
    assert_eq!(ended(&rig.post("/oidc/token", &rp.by_code(&code)).await), "400 invalid_grant");
    let told = rig.userinfo(&tokens).await;
    assert_eq!(ended(&told), "401 invalid_token");
    assert!(
        told.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with(r#"Bearer realm="esia-stand", error="invalid_token""#)
    );
    let renewed = rig.post("/oidc/token", &rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await;
    assert_eq!(ended(&renewed), "400 invalid_grant");
    assert!(rig.verdict(&renewed).await.ends_with("failed refresh-token: отозван"));
}

#[tokio::test]
async fn a_refresh_token_is_replaced_and_one_that_comes_again_revokes_its_family() {
    let (rig, rp) = (rig().await, Rp::default());
    let first = rig.oidc_tokens(&rp, "анна").await;
    let token = |tokens: &Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    let second = rig.post("/oidc/token", &rp.by_refresh(&token(&first))).await.ok();
    assert_ne!(token(&first), token(&second));
    let id = super::testing::claims(&rig.jwks().await, second["id_token"].as_str().unwrap());
    assert_eq!((&id["nonce"], &id["auth_time"]), (&Value::Null, &json!(september().timestamp())));
    let narrowed = with(rp.by_refresh(&token(&second)), "scope", Some("openid snils"));
    let third = rig.post("/oidc/token", &narrowed).await.ok();
    assert_eq!(third["scope"], "openid snils");
    assert_eq!(rig.userinfo(&third).await.ok()["family_name"], Value::Null);
    let wider = with(rp.by_refresh(&token(&third)), "scope", Some("openid email"));
    assert_eq!(ended(&rig.post("/oidc/token", &wider).await), "400 invalid_scope");
    let other = Rp { client_id: "SPA", secret: None, ..rp.clone() };
    assert_eq!(ended(&rig.post("/oidc/token", &other.by_refresh(&token(&third))).await), "400 invalid_grant");
    assert_eq!(ended(&rig.post("/oidc/token", &rp.by_refresh(&token(&first))).await), "400 invalid_grant");
    assert_eq!(
        ended(&rig.post("/oidc/token", &rp.by_refresh(&token(&third))).await),
        "400 invalid_grant",
        "the family is gone"
    );
    assert_eq!(ended(&rig.userinfo(&third).await), "401 invalid_token");
    let again = rig.oidc_tokens(&rp, "анна").await;
    rig.wall.set(september() + TimeDelta::hours(24));
    assert_eq!(ended(&rig.post("/oidc/token", &rp.by_refresh(&token(&again))).await), "400 invalid_grant");
}

#[tokio::test]
async fn a_system_proves_who_it_is_in_the_way_it_has_registered() {
    let (rig, rp) = (rig().await, Rp::default());
    let ask = |token: &str| vec![("token", token.to_owned())];
    let introspect = async |fields: Fields| ended(&rig.post("/oidc/introspect", &fields).await);
    let basic = async |user, password, fields: Fields| {
        ended(&rig.post_basic("/oidc/introspect", (user, password), &fields).await)
    };
    assert_eq!(basic("DIARY", "diary+secret%2B1", ask("x")).await, "200 -");
    assert_eq!(basic("DIARY", "wrong", ask("x")).await, "401 invalid_client");
    assert_eq!(basic("NOBODY", "wrong", ask("x")).await, "401 invalid_client");
    assert_eq!(basic("KEYED", "wrong", ask("x")).await, "401 invalid_client");
    assert_eq!(basic("DIARY", "diary+secret%2B1", rp.authenticated(ask("x"))).await, "400 invalid_request");
    assert_eq!(introspect(rp.authenticated(ask("x"))).await, "200 -");
    assert_eq!(
        introspect(with(rp.authenticated(ask("x")), "client_secret", Some("wrong"))).await,
        "401 invalid_client"
    );
    assert_eq!(introspect(with(rp.authenticated(ask("x")), "client_secret", None)).await, "401 invalid_client");
    assert_eq!(introspect(with(rp.authenticated(ask("x")), "client_id", None)).await, "400 invalid_request");
    assert_eq!(introspect(spa().authenticated(ask("x"))).await, "401 invalid_client", "a public client may not ask");
    let bad = rig.post_basic("/oidc/introspect", ("DIARY", "wrong"), &ask("x")).await;
    assert!(bad.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    let posted = with(rp.authenticated(ask("x")), "client_secret", Some("wrong"));
    assert!(!rig.post("/oidc/introspect", &posted).await.headers.contains_key("www-authenticate"));
    let in_url = format!("/oidc/token?{}", encode_fields(&rp.by_code("x")));
    let in_url = rig.send(Request::post(in_url).body(Body::empty()).unwrap()).await;
    assert_eq!(ended(&in_url), "400 invalid_request", "secrets do not belong into addresses");
    let json = Request::post("/oidc/token").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(ended(&rig.send(json).await), "400 invalid_request");
    assert_eq!(ended(&rig.anyone().get("/oidc/token").await), "405 invalid_request");
    let grant = rp.authenticated(vec![("grant_type", "password".to_owned())]);
    assert_eq!(ended(&rig.post("/oidc/token", &grant).await), "400 unsupported_grant_type");
}

#[tokio::test]
async fn a_signed_assertion_is_taken_once_in_time_and_from_its_system() {
    let rig = rig().await;
    let now = september().timestamp();
    let with_token = async |token: String| {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned();
        let fields = vec![("token", "x".to_owned()), ("client_assertion", token), ("client_assertion_type", kind)];
        let answer = rig.post("/oidc/introspect", &fields).await;
        format!("{} | {}", ended(&answer), rig.verdict(&answer).await.lines().last().unwrap_or_default())
    };
    let with_claims = async |changes: Value| with_token(assertion(&changes)).await;
    assert!(with_claims(json!({})).await.starts_with("200"));
    assert_eq!(with_claims(json!({})).await, "401 invalid_client | failed client-assertion: jti уже был");
    assert!(
        with_claims(json!({ "jti": "j-2", "aud": [format!("{ISSUER}/oidc/token"), "x"] })).await.starts_with("200")
    );
    for (changes, got) in [
        (json!({ "aud": "https://esia.gosuslugi.ru/" }), "https://esia.gosuslugi.ru/"),
        (json!({ "aud": "http://127.0.0.1:8001/w/other" }), "http://127.0.0.1:8001/w/other"),
        (json!({ "iss": "DIARY" }), "iss=DIARY, sub=KEYED"),
        (json!({ "exp": now - 61 }), "exp="),
        (json!({ "exp": now + 7200 }), "exp="),
        (json!({ "nbf": now + 3600 }), "exp="),
        (json!({ "jti": "" }), ""),
        (json!({ "sub": "DIARY" }), "client_secret_basic"),
    ] {
        let mut changes = changes;
        changes["jti"] = changes.get("jti").cloned().unwrap_or(json!("j-3"));
        let answer = with_claims(changes.clone()).await;
        assert!(answer.starts_with("401 invalid_client | failed "), "{changes}: {answer}");
        assert!(answer.contains(got) || got == "client_secret_basic", "{changes}: {answer}");
    }
    let claims = json!({ "iss": "KEYED", "sub": "KEYED", "aud": ISSUER, "exp": now + 60, "jti": "j-4" });
    let stranger = EncodingKey::from_rsa_pem(esia::keys::STRANGER_KEY_PEM.as_bytes()).unwrap();
    let forged = encode(&Header::new(Algorithm::RS256), &claims, &stranger).unwrap();
    assert!(
        with_token(forged)
            .await
            .starts_with("401 invalid_client | failed client-assertion: Подпись client_assertion не сходится")
    );
    // The public half as an HMAC secret: the classic confusion of algorithms.
    let public = EncodingKey::from_secret(esia::keys::DIARY_CERTIFICATE_PEM.as_bytes());
    let confused = encode(&Header::new(Algorithm::HS256), &claims, &public).unwrap();
    assert_eq!(
        with_token(confused).await,
        "401 invalid_client | failed client-assertion: client_assertion подписан HS256, а принимается RS256."
    );
    for junk in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "не маркер"] {
        let answer = with_token(junk.to_owned()).await;
        assert!(answer.starts_with("40"), "{junk}: {answer}");
    }
}

#[tokio::test]
async fn the_door_is_shut_during_maintenance() {
    let mut seed = section();
    seed["settings"] = json!({ "maintenance": true });
    let (rig, rp) = (crate::testing::Rig::new(seed).await, Rp::default());
    let back = rig.anyone().authorize(&rp.asks()).await;
    assert_eq!(back.parameter("error").unwrap(), "temporarily_unavailable");
    assert_eq!(ended(&rig.post("/oidc/token", &rp.by_code("x")).await), "503 temporarily_unavailable");
}

#[tokio::test]
async fn a_lenient_world_lets_through_and_says_what_a_strict_one_would_not() {
    let mut seed = section();
    seed["settings"] = json!({ "lenient": true });
    let (rig, rp) = (crate::testing::Rig::new(seed).await, Rp { verifier: None, ..spa() });
    let session = rig.session("анна").await;
    let page = rig.person(&session).page(&format!("/oidc/authorize?{}", encode_fields(&rp.asks()))).await;
    assert!(rig.verdict(&page).await.contains("tolerated pkce: нет code_challenge"), "{}", rig.verdict(&page).await);
    let page = rig.person(&session).page(page.location()).await;
    let code = rig.agree(page, &session, "grant").await.code();
    assert_eq!(rig.post("/oidc/token", &rp.by_code(&code)).await.status, 200);
}

#[tokio::test]
async fn userinfo_takes_an_access_token_of_this_world_and_nothing_else() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let with_token = async |token: &str| ended(&rig.rs("/oidc/userinfo", token).await);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(with_token(access).await, "200 -");
    let posted = rig.post("/oidc/userinfo", &vec![("access_token", access.to_owned())]).await;
    assert_eq!(ended(&posted), "200 -");
    assert_eq!(ended(&rig.anyone().get("/oidc/userinfo").await), "401 invalid_token");
    assert_eq!(with_token(tokens["id_token"].as_str().unwrap()).await, "401 invalid_token");
    assert_eq!(with_token(tokens["refresh_token"].as_str().unwrap()).await, "401 invalid_token");
    assert_eq!(with_token(&format!("{access}x")).await, "401 invalid_token");
    let key = KeyRing::built_in().unwrap();
    let forged = |kind, changes: Value| {
        let mut claims = super::testing::claims(&json!({ "keys": [key.openid().jwk] }), access);
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        key.openid().sign(kind, &claims).unwrap()
    };
    assert_eq!(with_token(&forged(Kind::Access, json!({ "jti": "another" }))).await, "401 invalid_token");
    assert_eq!(with_token(&forged(Kind::Access, json!({ "client_id": "SPA" }))).await, "401 invalid_token");
    assert_eq!(with_token(&forged(Kind::Logout, json!({}))).await, "401 invalid_token");
    let none = encode(&Header::new(Algorithm::HS256), &json!({}), &EncodingKey::from_secret(b"x")).unwrap();
    assert_eq!(with_token(&none).await, "401 invalid_token");
    rig.control().post("/control/worlds", &json!({ "name": "w1", "seed": { "gosuslugi": section() } })).await;
    let elsewhere = rig.rs("/w/w1/oidc/userinfo", access).await;
    assert_eq!(ended(&elsewhere), "401 invalid_token", "a token of another world");
    rig.wall.set(september() + TimeDelta::seconds(3600));
    assert_eq!(with_token(access).await, "401 invalid_token", "expired by the world's time");
}

#[tokio::test]
async fn a_system_gives_back_and_looks_into_its_own_tokens_alone() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let about = |rp: &Rp, token: &str| rp.authenticated(vec![("token", token.to_owned())]);
    let active = async |token: &str| rig.post("/oidc/introspect", &about(&rp, token)).await.ok();
    let access = active(&token("access_token")).await;
    assert_eq!(
        (&access["active"], &access["scope"], &access["client_id"]),
        (&json!(true), &json!(rp.scope), &json!("DIARY"))
    );
    let refresh = active(&token("refresh_token")).await;
    assert_eq!((&refresh["active"], &refresh["token_type"]), (&json!(true), &json!("refresh_token")));
    assert_eq!(active("x").await, json!({ "active": false }));
    let spa_tokens = rig.oidc_tokens(&spa(), "анна").await;
    assert_eq!(active(spa_tokens["access_token"].as_str().unwrap()).await, json!({ "active": false }));
    let revoke = async |rp: &Rp, token: &str| ended(&rig.post("/oidc/revoke", &about(rp, token)).await);
    assert_eq!(revoke(&spa(), &token("access_token")).await, "400 invalid_request", "another's");
    assert_eq!(revoke(&spa(), "x").await, "200 -", "unknown is as good as revoked");
    assert_eq!(revoke(&rp, &token("access_token")).await, "200 -");
    assert_eq!(active(&token("access_token")).await, json!({ "active": false }));
    assert_eq!(ended(&rig.userinfo(&tokens).await), "401 invalid_token");
    let renewed = rig.post("/oidc/token", &rp.by_refresh(&token("refresh_token"))).await.ok();
    assert_eq!(revoke(&rp, renewed["refresh_token"].as_str().unwrap()).await, "200 -");
    assert_eq!(ended(&rig.userinfo(&renewed).await), "401 invalid_token", "access tokens go with it");
    let again = rig.post("/oidc/token", &rp.by_refresh(renewed["refresh_token"].as_str().unwrap())).await;
    assert_eq!(ended(&again), "400 invalid_grant");
}

#[tokio::test]
async fn a_system_asks_for_a_consent_with_its_own_token() {
    let (rig, rp) = (rig().await, Rp::default());
    let own =
        rig.post("/oidc/token", &rp.authenticated(vec![("grant_type", "client_credentials".to_owned())])).await.ok();
    assert_eq!((&own["scope"], &own["id_token"]), (&json!("consent_request"), &Value::Null));
    let public = spa().authenticated(vec![("grant_type", "client_credentials".to_owned())]);
    assert_eq!(ended(&rig.post("/oidc/token", &public).await), "400 unauthorized_client");
    let sub = rig.oid("глеб").await.to_string();
    let ask = async |token: &Value, body: Value| {
        let request = Request::post("/oidc/consent-requests")
            .header("authorization", format!("Bearer {}", token["access_token"].as_str().unwrap()))
            .header("content-type", "application/json");
        rig.send(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let good = json!({ "sub": sub, "scope": "openid profile snils", "purpose": "Вход в дневник" });
    assert_eq!(ask(&own, good.clone()).await.ok(), json!({ "status": "requested", "guardians": 1 }));
    let anna = rig.session("анна").await;
    let granted = rig.person(&anna).post("/lk/api/consents/requests/1/grant", &json!({})).await;
    assert!(granted.status.is_success(), "{}", granted.body);
    assert_eq!(ask(&own, good.clone()).await.ok(), json!({ "status": "granted", "guardians": 0 }));
    assert_eq!(rig.oidc_tokens(&rp, "глеб").await["scope"], rp.scope);
    for (name, value) in [
        ("sub", json!("x")),
        ("sub", json!("1")),
        ("scope", json!("openid")),
        ("scope", json!("nosuch")),
        ("purpose", json!(" ")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_eq!(ended(&ask(&own, bad.clone()).await), "400 invalid_request", "{bad}");
    }
    let of_person = rig.oidc_tokens(&rp, "анна").await;
    assert_eq!(ended(&ask(&of_person, good.clone()).await), "403 insufficient_scope");
    assert_eq!(rig.userinfo(&own).await.status, 403, "nobody is behind it");
}

#[tokio::test]
async fn a_new_password_ends_what_was_given_before() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let session = rig.session("анна").await;
    let change = json!({ "current": "anna-secret", "password": "anna-secret-2", "repeated": "anna-secret-2" });
    let changed = rig.person(&session).put("/lk/api/security/password", &change).await;
    assert!(changed.status.is_success(), "{}", changed.body);
    assert_eq!(ended(&rig.userinfo(&tokens).await), "401 invalid_token");
    let renewed = rig.post("/oidc/token", &rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await;
    assert_eq!(ended(&renewed), "400 invalid_grant");
}

#[tokio::test]
async fn a_removed_system_leaves_no_code_or_token_that_works() {
    let (rig, rp) = (rig().await, Rp::default());
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    let code = rig.oidc_code(&rp, "анна").await;
    let by_itself = rp.authenticated(vec![("grant_type", "client_credentials".to_owned())]);
    let system = rig.post("/oidc/token", &by_itself).await.ok()["access_token"].as_str().unwrap().to_owned();
    let is_active = async || {
        let asked = rp.authenticated(vec![("token", system.clone())]);
        rig.post("/oidc/introspect", &asked).await.ok()["active"].clone()
    };
    assert_eq!((rig.userinfo(&tokens).await.status.as_u16(), is_active().await), (200, json!(true)));
    let spec = rig.control().get("/control/clients/DIARY").await.ok();
    assert_eq!(rig.control().delete("/control/clients/DIARY").await.status, 204);
    assert_eq!(rig.userinfo(&tokens).await.status, 401);
    // The client is registered again; this revives no earlier token.
    assert_eq!(rig.control().put("/control/clients/DIARY", &spec).await.status, 201);
    assert_eq!((rig.userinfo(&tokens).await.status.as_u16(), is_active().await), (401, json!(false)));
    for fields in [rp.by_code(&code), rp.by_refresh(tokens["refresh_token"].as_str().unwrap())] {
        let refused = rig.post("/oidc/token", &fields).await;
        assert_eq!(refused.oauth_error(400)["error"], "invalid_grant");
    }
    let tokens = rig.oidc_tokens(&rp, "анна").await;
    assert_eq!(rig.userinfo(&tokens).await.status, 200);
}
