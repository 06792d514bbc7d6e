//! Tests of the token endpoint, `/aas/oauth2/te`.

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use esia::token::{AccessClaims, AuthMethod, IdClaims, SystemClaims, decode_unverified};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::testing::{Rp, rig, section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    grants::{Protocol, fingerprint},
    testing::september,
};

fn offline() -> Rp {
    Rp { access_type: "offline", ..Rp::default() }
}

fn later(rp: &Rp, by: TimeDelta) -> Rp {
    Rp { timestamp: esia::timestamp::print(september() + by), ..rp.clone() }
}

fn scope_of(tokens: &Value) -> String {
    decode_unverified::<AccessClaims>(tokens["access_token"].as_str().unwrap()).unwrap().1.scope
}

#[tokio::test]
async fn a_code_gives_the_recorded_tokens() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let answer = rig.te(&with(rp.by_code(&code), "token_type", Some("Bearer"))).await;
    assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
    let mut tokens = answer.ok();
    let keys = crate::signing::KeyRing::built_in().unwrap();
    let access: AccessClaims = keys.verify(tokens["access_token"].as_str().unwrap(), september()).unwrap();
    let id: IdClaims = keys.verify(tokens["id_token"].as_str().unwrap(), september()).unwrap();
    assert_eq!((access.session_id.as_str(), access.session_id.len()), (id.session_id.as_str(), 36));
    assert_eq!((access.exp - access.iat, id.exp - id.iat, id.auth_time), (3600, 10_800, september().timestamp()));
    assert_eq!((id.sub, id.amr, id.aud.as_str()), (access.subject, AuthMethod::Pwd, "DIARY"));
    let raw = |name: &str| decode_unverified::<Value>(tokens[name].as_str().unwrap()).unwrap();
    let mut claims = [raw("access_token").1, raw("id_token").1];
    for claims in &mut claims {
        claims["urn:esia:sid"] = json!("[sid]");
    }
    assert_snapshot!(claims[0], @r#"{"nbf":1725256800,"scope":"openid fullname?oid=1000300001 snils?oid=1000300001","iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"[sid]","urn:esia:sbj_id":1000300001,"exp":1725260400,"iat":1725256800,"client_id":"DIARY"}"#);
    assert_snapshot!(claims[1], @r#"{"aud":"DIARY","sub":1000300001,"nbf":1725256800,"amr":"PWD","urn:esia:amd":"PWD","auth_time":1725256800,"iss":"http://esia.gosuslugi.ru/","urn:esia:sid":"[sid]","urn:esia:sbj":{"urn:esia:sbj:lvl":"PR","urn:esia:sbj:typ":"P","urn:esia:sbj:is_tru":true,"urn:esia:sbj:oid":1000300001,"urn:esia:sbj:nam":"OID.1000300001"},"exp":1725267600,"iat":1725256800}"#);
    assert_snapshot!(serde_json::to_string(&raw("access_token").0).unwrap(), @r#"{"ver":1,"typ":"JWT","sbt":"access","alg":"RS256"}"#);
    assert_snapshot!(serde_json::to_string(&raw("id_token").0).unwrap(), @r#"{"ver":0,"typ":"JWT","sbt":"id","alg":"RS256"}"#);
    tokens["access_token"] = json!("[access]");
    tokens["id_token"] = json!("[id]");
    assert_snapshot!(tokens, @r#"{"access_token":"[access]","id_token":"[id]","state":"0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11","token_type":"Bearer","expires_in":3600}"#);
}

#[tokio::test]
async fn a_code_works_once_in_time_for_its_system_and_address() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let minobr = Rp { client_id: "MINOBR", ..rp.clone() };
    assert_eq!(rig.te(&minobr.by_code(&code)).await.ended(), "400 invalid_grant ESIA-007011");
    let elsewhere = rig.te(&with(rp.by_code(&code), "redirect_uri", Some("http://127.0.0.1:9/callback"))).await;
    assert_eq!(elsewhere.ended(), "400 invalid_grant ESIA-007011");
    assert!(
        rig.verdict(&elsewhere)
            .await
            .contains("failed code: запрошен с redirect_uri http://127.0.0.1:9/callback?from=esia, а прислан http://")
    );
    // Of all additions to an address, only the parameters of the provider's own redirect are tolerated.
    let own = rp.redirect_uri;
    let answered = ["?code=1&state=2", "?from=other&code=1", "?from=esia&decode=1", "?from=esia&from=esia", "#code=1"];
    let answered = answered.map(|query| format!("http://127.0.0.1:9/callback{query}"));
    for wrong in answered.iter().map(String::as_str).chain(["http://127.0.0.1:9/other?from=esia&code=1"]) {
        let answer = rig.te(&with(rp.by_code(&code), "redirect_uri", Some(wrong))).await;
        assert_eq!(answer.ended(), "400 invalid_grant ESIA-007011", "{wrong}");
    }
    let arrived = format!("{own}&code={code}&state={}", rp.state);
    let arrived = rig.te(&with(rp.by_code(&code), "redirect_uri", Some(&arrived))).await;
    assert_eq!(arrived.status, 200, "no attempt used it up");
    assert!(arrived.verdict_line().starts_with("tolerated redirect-uri; redirect-with-answer; "));
    let code = rig.code(&rp, "анна").await;
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 200);
    let replay = rig.te(&rp.by_code(&code)).await;
    assert_eq!(replay.ended(), "400 invalid_grant ESIA-007011");
    assert_eq!(replay.oauth_error(400)["state"], rp.state);
    assert!(rig.verdict(&replay).await.ends_with("failed code: уже использован 02.09.2024, 09:00"));

    let code = rig.code(&rp, "анна").await;
    rig.wall.set(september() + TimeDelta::seconds(239));
    let other = rig.code(&rp, "анна").await;
    rig.wall.set(september() + TimeDelta::seconds(240));
    let late = rig.te(&rp.by_code(&code)).await;
    assert_eq!(late.ended(), "400 invalid_grant ESIA-007011");
    assert!(rig.verdict(&late).await.contains("failed code: срок истёк 02.09.2024, 09:04"));
    assert_eq!(rig.te(&rp.by_code(&other)).await.status, 200);
    for junk in ["code", "a.b.c", &other[..other.len() - 8]] {
        assert_eq!(rig.te(&rp.by_code(junk)).await.ended(), "400 invalid_grant ESIA-007011", "{junk}");
    }
}

#[tokio::test]
async fn two_codes_of_one_second_are_two_codes() {
    let (rig, rp) = (rig().await, Rp::default());
    rig.code(&rp, "анна").await;
    let session = rig.session("анна").await;
    let (first, second) = (rig.arrive(&rp, &session).await.code(), rig.arrive(&rp, &session).await.code());
    assert_ne!(first, second);
    assert_eq!(rig.te(&rp.by_code(&first)).await.status, 200);
    assert_eq!(rig.te(&rp.by_code(&first)).await.status, 400);
    assert_eq!(rig.te(&rp.by_code(&second)).await.status, 200);
}

#[tokio::test]
async fn a_code_of_another_world_is_unknown_here() {
    let (rig, rp) = (rig().await, Rp::default());
    let made =
        rig.control().post("/control/worlds", &json!({ "name": "two", "seed": { "gosuslugi": section() } })).await;
    assert_eq!(made.status, 201);
    let code = rig.code(&rp, "анна").await;
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rp.by_code(&code)).finish();
    let there = Request::post(format!("/w/two/aas/oauth2/te?{query}")).body(Body::empty()).unwrap();
    assert_eq!(rig.send(there).await.ended(), "400 invalid_grant ESIA-007011");
}

#[tokio::test]
async fn the_scopes_are_those_of_the_code_whatever_te_says() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let narrow = Rp { scope: "openid", ..rp.clone() };
    let tokens = rig.te(&narrow.by_code(&code)).await.ok();
    let oid = rig.oid("анна").await;
    assert_eq!(scope_of(&tokens), format!("openid fullname?oid={oid} snils?oid={oid}"));
    let code = rig.code(&rp, "анна").await;
    assert_eq!(rig.te(&with(rp.by_code(&code), "scope", None)).await.status, 200, "signed with the scope of ac");
    let unknown = rig.te(&with(rp.by_code("x"), "scope", None)).await;
    assert_eq!(unknown.ended(), "400 invalid_grant ESIA-007011");
    let without_openid = Rp { scope: "fullname", ..rp };
    let tokens = rig.tokens(&without_openid, "анна").await;
    assert_eq!(tokens.get("id_token"), None);
}

#[tokio::test]
async fn parameters_may_stand_in_the_query_and_be_repeated_only_alike() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let mut twice = rp.by_code(&code);
    twice.push(("timestamp", rp.timestamp.clone()));
    twice.push(("type", "web_server".to_owned()));
    assert_eq!(rig.te_by_query(&twice).await.status, 200);
    let code = rig.code(&rp, "анна").await;
    for name in ["client_id", "grant_type", "code", "state", "timestamp", "scope", "redirect_uri", "client_secret"] {
        let mut differing = rp.by_code(&code);
        differing.push((name, "another".to_owned()));
        assert_eq!(rig.te(&differing).await.ended(), "400 invalid_request ESIA-007003", "{name}");
    }
}

#[tokio::test]
async fn each_mistake_of_a_token_request_has_its_code() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    for (name, value, expected) in [
        ("client_id", None, "400 invalid_request ESIA-007014"),
        ("client_id", Some("NOBODY"), "400 unauthorized_client ESIA-008010"),
        ("grant_type", None, "400 invalid_request ESIA-007014"),
        ("grant_type", Some("password"), "400 unsupported_grant_type ESIA-007012"),
        ("code", None, "400 invalid_request ESIA-007014"),
        ("state", None, "400 invalid_request ESIA-007014"),
        ("timestamp", Some("yesterday"), "400 invalid_request ESIA-007014"),
        ("timestamp", Some("2024.09.02 09:05:01 +0300"), "400 invalid_request ESIA-007015"),
        ("client_secret", None, "400 invalid_request ESIA-007014"),
        ("client_secret", Some("AAAA"), "400 access_denied ESIA-007053"),
        ("state", Some("other"), "400 access_denied ESIA-007053"),
    ] {
        assert_eq!(rig.te(&with(rp.by_code(&code), name, value)).await.ended(), expected, "{name}={value:?}");
    }
    let body = r#"{"client_id":"DIARY"}"#;
    let json =
        Request::post("/aas/oauth2/te").header("content-type", "application/json").body(Body::from(body)).unwrap();
    assert_eq!(rig.send(json).await.ended(), "400 invalid_request ESIA-007038");
    assert_eq!(rig.anyone().get("/aas/oauth2/te").await.ended(), "405 invalid_request ESIA-007003");
    assert_eq!(rig.te(&rp.by_code(&code)).await.status, 200, "no refusal has used the code up");
}

#[tokio::test]
async fn a_refresh_token_comes_with_offline_access_and_is_replaced_at_each_use() {
    let (rig, rp) = (rig().await, offline());
    assert_eq!(rig.tokens(&Rp::default(), "анна").await.get("refresh_token"), None);
    let first = rig.tokens(&rp, "анна").await;
    let token = first["refresh_token"].as_str().unwrap();
    assert_eq!(token.len(), 36);
    let minobr = Rp { client_id: "MINOBR", ..rp.clone() };
    assert_eq!(rig.te(&minobr.by_refresh(token)).await.ended(), "400 invalid_grant ESIA-007011");
    rig.wall.set(september() + TimeDelta::hours(23));
    let rp = later(&rp, TimeDelta::hours(23));
    let second = rig.te(&with(rp.by_refresh(token), "redirect_uri", None)).await.ok();
    assert_eq!(scope_of(&second), scope_of(&first));
    let replay = rig.te(&rp.by_refresh(token)).await;
    assert_eq!(replay.ended(), "400 invalid_grant ESIA-007011");
    let third = rig.te(&rp.by_refresh(second["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(
        rig.rs(&format!("/rs/prns/{}", rig.oid("анна").await), third["access_token"].as_str().unwrap()).await.status,
        200
    );
    rig.wall.set(september() + TimeDelta::hours(24));
    let rp = later(&rp, TimeDelta::hours(24));
    let late = rig.te(&rp.by_refresh(third["refresh_token"].as_str().unwrap())).await;
    assert!(rig.verdict(&late).await.ends_with("failed refresh-token: срок истёк 03.09.2024, 09:00"));
}

#[tokio::test]
async fn a_renewed_token_knows_what_a_guardian_has_granted_and_revoked_since() {
    let (rig, rp) = (rig().await, offline());
    let (oid, anna) = (rig.oid("глеб").await, rig.session("анна").await);
    let mut tokens = rig.tokens(&rp, "глеб").await;
    assert_eq!(scope_of(&tokens), "openid");
    rig.person(&anna).post("/lk/api/portfolio", &json!({ "child": oid, "client": "DIARY" })).await;
    tokens = rig.te(&rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(scope_of(&tokens), format!("openid fullname?oid={oid} snils?oid={oid}"));
    assert_eq!(rig.person(&anna).delete("/lk/api/consents/1").await.status, 204);
    tokens = rig.te(&rp.by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ok();
    assert_eq!(scope_of(&tokens), "openid");
}

#[tokio::test]
async fn a_consent_revoked_between_code_and_token_is_not_in_the_token() {
    let (rig, rp) = (rig().await, Rp { scope: "fullname", ..Rp::default() });
    let code = rig.code(&rp, "анна").await;
    let anna = rig.session("анна").await;
    assert_eq!(rig.person(&anna).delete("/lk/api/consents/1").await.status, 204);
    let answer = rig.te(&rp.by_code(&code)).await;
    assert!(rig.verdict(&answer).await.ends_with("failed code: ни одно из согласий больше не действует"));
}

#[tokio::test]
async fn a_system_gets_a_token_only_to_ask_for_a_consent() {
    let (rig, rp) = (rig().await, Rp::default());
    let answer = rig.te(&rp.by_itself("prm_req?oid=1000300001")).await.ok();
    let (header, claims) = decode_unverified::<SystemClaims>(answer["access_token"].as_str().unwrap()).unwrap();
    assert_eq!((claims.scope.as_str(), claims.client_id.as_str(), header.ver), ("prm_req?oid=1000300001", "DIARY", 1));
    assert_eq!((answer.get("id_token"), answer.get("refresh_token")), (None, None));
    for (scope, expected) in [
        ("prm_req", "400 invalid_scope ESIA-007019"),
        ("prm_req?oid=1 prm_req?oid=2", "400 invalid_scope ESIA-007019"),
        ("fullname?oid=1000300001", "400 invalid_scope ESIA-007019"),
        ("prm_req?oid=x", "400 invalid_scope ESIA-007006"),
    ] {
        assert_eq!(rig.te(&rp.by_itself(scope)).await.ended(), expected, "{scope}");
    }
    assert_eq!(
        rig.te(&with(rp.by_itself("prm_req?oid=1"), "scope", None)).await.ended(),
        "400 invalid_request ESIA-007014"
    );
}

#[tokio::test]
async fn the_levels_of_accounts_stand_in_the_id_token() {
    let rig = rig().await;
    let rp = Rp { scope: "openid", ..Rp::default() };
    let mut levels = Vec::new();
    for key in ["анна", "соседка", "катя"] {
        let tokens = rig.tokens(&rp, key).await;
        let claims = decode_unverified::<Value>(tokens["id_token"].as_str().unwrap()).unwrap().1;
        let subject = &claims["urn:esia:sbj"];
        levels.push(format!("{} {}", subject["urn:esia:sbj:lvl"], subject["urn:esia:sbj:is_tru"]));
    }
    assert_eq!(levels, [r#""PR" true"#, r#""P" null"#, r#""P" null"#]);
}

#[tokio::test]
async fn a_replayed_world_knows_the_same_codes() {
    let (rig, rp) = (rig().await, offline());
    rig.tokens(&rp, "анна").await;
    let code = rig.code(&rp, "анна").await;
    let state = rig.replayed().await;
    let claims = decode_unverified(&code).unwrap().1;
    let known = state.grants.code(Protocol::Esia, &fingerprint(&claims)).unwrap();
    assert!(known.used_at.is_none() && known.grant.client.as_str() == "DIARY");
    assert_eq!(state.grants.size(), 4, "two codes, a refresh token, and a request that nobody answered");
}
