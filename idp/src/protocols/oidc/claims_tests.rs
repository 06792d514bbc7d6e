//! Claims in the id token, the `claims` parameter, and terms of a system's own.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::testing::{ISSUER, Rp, claims, section};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    protocols::esia::testing::{Fields, with},
    testing::{Answer, Rig, september},
};

/// The diary of the tests, with changes to what it registers.
async fn rig_with(oidc: &Value, tokens: &Value) -> Rig {
    let mut section = section();
    for (name, value) in oidc.as_object().unwrap() {
        section["clients"][0]["oidc"][name] = value.clone();
    }
    section["clients"][0]["tokens"] = tokens.clone();
    Rig::new(section).await
}

fn asking(rp: &Rp, wanted: &Value) -> Fields {
    let mut fields = rp.asks();
    fields.push(("claims", wanted.to_string()));
    fields
}

/// Returns tokens for the person who signs in for a request.
async fn tokens(rig: &Rig, rp: &Rp, fields: &Fields, who: &str) -> Value {
    let session = rig.session(who).await;
    let page = rig.person(&session).authorize(fields).await;
    let code = rig.agree(page, &session, "grant").await.code();
    rig.post("/oidc/token", &rp.by_code(&code)).await.ok()
}

async fn id_claims(rig: &Rig, tokens: &Value) -> Value {
    claims(&rig.jwks().await, tokens["id_token"].as_str().unwrap_or_else(|| panic!("no id token: {tokens}")))
}

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).collect()
}

const OF_THE_TOKEN: [&str; 10] = ["iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "acr", "amr", "at_hash"];

#[tokio::test]
async fn the_id_token_names_the_person_where_a_system_is_registered_so() {
    let rp = Rp { scope: "openid fullname snils offline_access", ..Rp::default() };
    let plain = rig_with(&json!({}), &json!({})).await;
    let told = id_claims(&plain, &tokens(&plain, &rp, &rp.asks(), "анна").await).await;
    assert_eq!(names(&told), [&OF_THE_TOKEN[..], &["sid"]].concat());

    let rig = rig_with(&json!({ "id-token-claims": true }), &json!({})).await;
    let given = tokens(&rig, &rp, &rp.asks(), "анна").await;
    let told = id_claims(&rig, &given).await;
    let userinfo = rig.userinfo(&given).await.ok();
    for (name, value) in userinfo.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    assert_eq!((&told["given_name"], &told["snils"]), (&json!("Анна"), &json!("001-000-001 00")));
    assert_eq!((&told["iss"], &told["birthdate"]), (&json!(ISSUER), &Value::Null), "and nothing else");
    let renewed = rig.post("/oidc/token", &rp.by_refresh(given["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(id_claims(&rig, &renewed).await["snils"], "001-000-001 00", "after a renewal too");
    // A minor without a guardian's consent opens no data.
    let told = id_claims(&rig, &tokens(&rig, &rp, &rp.asks(), "глеб").await).await;
    assert_eq!((&told["given_name"], &told["account_level"]), (&Value::Null, &json!("confirmed")));
}

#[tokio::test]
async fn single_claims_come_where_they_were_asked_for() {
    let rig = rig_with(&json!({}), &json!({})).await;
    let rp = Rp { scope: "openid", ..Rp::default() };
    let wanted = json!({
        "userinfo": { "given_name": { "essential": true }, "email": null, "nickname": null, "address": null },
        "id_token": { "gender": null, "auth_time": { "essential": true }, "snils": { "value": "other" } },
        "elsewhere": { "name": null },
    });
    let fields = asking(&rp, &wanted);
    let session = rig.session("анна").await;
    let page = rig.person(&session).authorize(&fields).await;
    for text in ["Фамилия, имя и отчество", "Пол", "СНИЛС", "электронной почты"]
    {
        assert!(page.body.contains(text), "the person consents to {text}: {}", page.body);
    }
    let given = tokens(&rig, &rp, &fields, "анна").await;
    assert_eq!(given["scope"], "openid");
    let told = rig.userinfo(&given).await.ok();
    assert_eq!(names(&told), ["sub", "trusted", "account_level", "child_account", "email", "given_name"]);
    let told = id_claims(&rig, &given).await;
    assert_eq!(names(&told), [&OF_THE_TOKEN[..], &["sid", "gender", "snils"]].concat());
    assert_eq!(told["snils"], "001-000-001 00", "a value is looked at for sub and acr alone");
    let discovery = rig.anyone().get("/.well-known/openid-configuration").await.ok();
    assert_eq!(discovery["claims_parameter_supported"], true);
}

#[tokio::test]
async fn what_is_asked_for_in_vain_is_told_and_what_cannot_be_read_is_refused() {
    let rig = rig_with(&json!({}), &json!({})).await;
    let (rp, session) = (Rp { scope: "openid", ..Rp::default() }, rig.session("анна").await);
    let wanted = json!({ "userinfo": { "nickname": null, "address": null, "snils": null } });
    let asked =
        rig.anyone().page(&format!("/oidc/authorize?{}", super::testing::encode_fields(&asking(&rp, &wanted)))).await;
    assert_eq!(asked.verdict_line().split(';').next().unwrap(), "tolerated claims");
    assert!(rig.verdict(&asked).await.contains("claims: не учтены: address nickname"), "{}", rig.verdict(&asked).await);
    for wrong in ["[]", "{", r#"{"userinfo":{"email":true}}"#, r#"{"id_token":{"sub":{"value":"анна"}}}"#] {
        let fields = with(rp.asks(), "claims", Some(wrong));
        let answer = rig.person(&session).authorize(&fields).await;
        assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"), "{wrong}");
    }
}

#[tokio::test]
async fn a_named_person_and_an_essential_level_are_held_to() {
    let rig = rig_with(&json!({}), &json!({})).await;
    let rp = Rp { scope: "openid", ..Rp::default() };
    let (anna, gleb) = (rig.oid("анна").await.to_string(), rig.oid("глеб").await.to_string());
    let silently = async |wanted: Value, who: &str| -> Answer {
        let session = rig.session(who).await;
        rig.person(&session).authorize(&with(asking(&rp, &wanted), "prompt", Some("none"))).await
    };
    let error = |answer: &Answer| answer.parameter("error").unwrap_or_else(|| "-".to_owned());
    let sub = |value: &str| json!({ "id_token": { "sub": { "value": value } } });
    assert_eq!(error(&silently(sub(&anna), "анна").await), "-");
    assert_eq!(error(&silently(sub(&gleb), "анна").await), "login_required");
    let either = json!({ "id_token": { "sub": { "values": [gleb, anna] } } });
    assert_eq!(error(&silently(either, "анна").await), "-");
    let acr = |essential: bool| {
        let values = ["urn:esia-stand:level:standard", "urn:esia-stand:level:confirmed"];
        json!({ "id_token": { "acr": { "essential": essential, "values": values } } })
    };
    assert_eq!(error(&silently(acr(true), "анна").await), "-");
    assert_eq!(error(&silently(acr(true), "соседка").await), "unmet_authentication_requirements");
    assert_eq!(error(&silently(acr(false), "соседка").await), "-", "a wish is no condition");
    let session = rig.session("соседка").await;
    let asked = rig.person(&session).authorize(&asking(&rp, &acr(true))).await;
    assert_eq!(error(&asked), "unmet_authentication_requirements", "with a person to ask, too");
}

#[tokio::test]
async fn a_system_of_short_terms_sees_its_codes_and_tokens_end() {
    let terms = json!({ "code-ttl-s": 2, "access-ttl-s": 5, "id-ttl-s": 3, "refresh-ttl-s": 9 });
    let rig = rig_with(&json!({}), &terms).await;
    let rp = Rp { scope: "openid fullname offline_access", ..Rp::default() };
    let at = |seconds: i64| rig.wall.set(september() + TimeDelta::seconds(seconds));
    let session = rig.session("анна").await;
    at(600);
    let page = rig.person(&session).authorize(&rp.asks()).await;
    let late = rig.agree(page, &session, "grant").await.code();
    at(602);
    let refused = rig.post("/oidc/token", &rp.by_code(&late)).await;
    assert_eq!(refused.oauth_error(400)["error"], "invalid_grant", "the code");
    let code = rig.person(&session).authorize(&rp.asks()).await.code();
    at(603);
    let given = rig.post("/oidc/token", &rp.by_code(&code)).await.ok();
    assert_eq!(given["expires_in"], 5, "{given}");
    let id = id_claims(&rig, &given).await;
    assert_eq!(id["exp"].as_i64().unwrap() - id["iat"].as_i64().unwrap(), 3);
    at(607);
    assert_eq!(rig.userinfo(&given).await.status, 200);
    at(608);
    assert_eq!(rig.userinfo(&given).await.status, 401, "the access token");
    let renewed = rig.post("/oidc/token", &rp.by_refresh(given["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(rig.userinfo(&renewed).await.status, 200);
    at(611);
    let refused = rig.post("/oidc/token", &rp.by_refresh(renewed["refresh_token"].as_str().unwrap())).await;
    assert_eq!(refused.oauth_error(400)["error"], "invalid_grant", "the refresh token, nine seconds after the code");
}
