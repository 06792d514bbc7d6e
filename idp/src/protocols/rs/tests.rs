//! Tests of the endpoints of `/rs`.

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use esia::token::AccessClaims;
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    protocols::esia::testing::{Rp, escaped, rig, section},
    testing::{Answer, Rig, september},
};

const EVERYTHING: &str = "openid fullname birthdate gender snils id_doc birth_cert_doc email mobile";

async fn token(rig: &Rig, scope: &'static str, key: &str) -> (String, String) {
    let tokens = rig.tokens(&Rp { scope, ..Rp::default() }, key).await;
    (format!("/rs/prns/{}", rig.oid(key).await), tokens["access_token"].as_str().unwrap().to_owned())
}

pub(super) fn without_tags(mut value: Value) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("eTag");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value.to_string()
}

#[tokio::test]
async fn a_person_shows_what_the_scopes_open() {
    let rig = rig().await;
    let (person, token) = token(&rig, EVERYTHING, "анна").await;
    let answer = rig.rs(&person, &token).await;
    assert_eq!(answer.headers["content-type"], "application/json;charset=UTF-8");
    assert_eq!(answer.headers["etag"].to_str().unwrap(), answer.ok()["eTag"].as_str().unwrap());
    assert_snapshot!(without_tags(answer.ok()), @r#"{"stateFacts":["EntityRoot"],"firstName":"Анна","lastName":"Петрова","middleName":"Сергеевна","birthDate":"14.03.1985","gender":"F","trusted":true,"citizenship":"RUS","snils":"001-000-001 00","updatedOn":1725256800,"rfgUOperatorCheck":false,"status":"REGISTERED","verifying":false,"rIdDoc":100030000101,"containsUpCfmCode":false,"kidAccCreatedByParent":false}"#);
    let embedded =
        rig.rs(&format!("{person}?embed=(documents.elements,contacts.elements,vehicles.elements)"), &token).await.ok();
    assert_snapshot!(without_tags(embedded["documents"].clone()), @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["EntityRoot"],"id":100030000101,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"0000","number":"000001","issueDate":"01.04.2005","issuedBy":"ОВД"}]}"#);
    assert_snapshot!(without_tags(embedded["contacts"].clone()), @r#"{"stateFacts":["hasSize"],"size":2,"elements":[{"stateFacts":["Identifiable"],"id":100030000101,"type":"EML","value":"anna@family.test","vrfStu":"VERIFIED"},{"stateFacts":["Identifiable"],"id":100030000102,"type":"MBT","value":"+7(000)0000001","vrfStu":"VERIFIED"}]}"#);
}

#[tokio::test]
async fn a_scope_that_was_not_asked_for_leaves_its_field_out() {
    let rig = rig().await;
    let (person, token) = token(&rig, "openid snils", "анна").await;
    assert_snapshot!(without_tags(rig.rs(&person, &token).await.ok()), @r#"{"stateFacts":["EntityRoot"],"trusted":true,"snils":"001-000-001 00","updatedOn":1725256800,"rfgUOperatorCheck":false,"status":"REGISTERED","verifying":false,"rIdDoc":100030000101,"containsUpCfmCode":false,"kidAccCreatedByParent":false}"#);
    let embedded = rig.rs(&format!("{person}?embed=(documents.elements,contacts.elements)"), &token).await.ok();
    assert!(embedded.get("documents").is_none() && embedded.get("contacts").is_none());
    for path in ["ctts", "docs", "docs/1"] {
        assert_eq!(
            rig.rs(&format!("{person}/{path}"), &token).await.body,
            r#"{"code":"ESIA-005029","message":"SecurityErrorEnum.scopeNotAllowed"}"#
        );
    }
}

#[tokio::test]
async fn collections_are_addresses_that_can_be_followed_or_elements() {
    let rig = rig().await;
    let (person, token) = token(&rig, EVERYTHING, "анна").await;
    for (path, count) in [("ctts", 2), ("docs", 1)] {
        let links = rig.rs(&format!("{person}/{path}"), &token).await.ok();
        assert_eq!(
            (links["size"].as_u64(), links["elements"].as_array().unwrap().len()),
            (Some(count), usize::try_from(count).unwrap())
        );
        let elements = rig.rs(&format!("{person}/{path}/?embed=%28elements%29"), &token).await.ok();
        for (link, element) in
            links["elements"].as_array().unwrap().iter().zip(elements["elements"].as_array().unwrap())
        {
            let path = link.as_str().unwrap().strip_prefix("http://127.0.0.1:8001").unwrap();
            assert_eq!(rig.rs(path, &token).await.ok(), *element);
        }
    }
    let links = rig.rs(&format!("{person}?embed=(documents)"), &token).await.ok();
    assert!(links["documents"]["elements"][0].as_str().unwrap().contains("/docs/"));
    let (person, token) = self::token(&rig, "openid email", "анна").await;
    assert_eq!(rig.rs(&format!("{person}/ctts"), &token).await.ok()["size"], 1, "the phone is not counted");
}

#[tokio::test]
async fn a_birth_certificate_is_a_document_of_its_own_scope() {
    let rig = rig().await;
    let (oid, anna) = (rig.oid("глеб").await, rig.session("анна").await);
    rig.person(&anna).post("/lk/api/portfolio", &json!({ "child": oid, "client": "DIARY" })).await;
    let (person, token) = token(&rig, "openid birth_cert_doc", "глеб").await;
    assert_snapshot!(without_tags(rig.rs(&format!("{person}/docs?embed=(elements)"), &token).await.ok()), @r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["EntityRoot"],"id":100030000202,"type":"RF_BRTH_CERT","vrfStu":"VERIFIED","series":"I-ОО","number":"000013","issueDate":"01.10.2006","issuedBy":"Отдел ЗАГС","actNo":"13","actDate":"01.10.2006"}]}"#);
}

#[tokio::test]
async fn odd_addresses_of_real_clients_are_understood() {
    let rig = rig().await;
    let (person, token) = token(&rig, EVERYTHING, "анна").await;
    let oid = person.strip_prefix("/rs/prns/").unwrap();
    let plain = rig.rs(&person, &token).await.body;
    for path in [
        format!("/rs/prns/{oid}/"),
        format!("/rs//prns//{oid}"),
        format!("{person}?embed=()"),
        format!("{person}?embed="),
        format!("{person}?embed=(vehicles.elements)"),
        format!("{person}?foo=bar"),
    ] {
        assert_eq!(rig.rs(&path, &token).await.body, plain, "{path}");
    }
    assert_eq!(rig.rs(&format!("{person}//docs"), &token).await.status, 200);
    for path in ["docs/0", "ctts/x", "docs/1/2", "permissions/requests"] {
        assert_eq!(rig.rs(&format!("{person}/{path}"), &token).await.status, 404, "{path}");
    }
    let accept = Request::get(&person).header("authorization", format!("bearer {token}"));
    let accept = accept.header("accept", "application/xml; schema='odd'").body(Body::empty()).unwrap();
    assert_eq!(rig.send(accept).await.status, 200);
}

pub(super) fn code(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.json(answer.status.as_u16())["code"].as_str().unwrap_or("-"))
}

#[tokio::test]
async fn a_token_must_be_ours_of_its_owner_and_in_time() {
    let rig = rig().await;
    let (person, token) = token(&rig, "openid fullname", "анна").await;
    let none = rig.anyone().page(&person).await;
    assert_eq!(none.body, r#"{"code":"ESIA-005011","message":"SecurityErrorEnum.invalidToken"}"#);
    assert_eq!((none.status.as_u16(), none.headers["www-authenticate"].to_str().unwrap()), (401, "Bearer"));
    let tokens = rig.tokens(&Rp::default(), "анна").await;
    for wrong in ["", "x", "a.b.c", &token[..token.len() - 6], tokens["id_token"].as_str().unwrap()] {
        assert_eq!(code(&rig.rs(&person, wrong).await), "401 ESIA-005011", "{wrong}");
    }
    let other = format!("/rs/prns/{}", rig.oid("пётр").await);
    assert_eq!(code(&rig.rs(&other, &token).await), "403 ESIA-005029");
    assert_eq!(code(&rig.rs("/rs/prns/1", &token).await), "403 ESIA-005029");
    assert_eq!(code(&rig.rs("/rs/prns/x", &token).await), "404 ESIA-005404");
    assert_eq!(code(&rig.rs("/rs/prns/99999999999999999999999", &token).await), "404 ESIA-005404");
    rig.wall.set(september() + TimeDelta::seconds(3599));
    assert_eq!(rig.rs(&person, &token).await.status, 200);
    rig.wall.set(september() + TimeDelta::seconds(3600));
    assert_eq!(code(&rig.rs(&person, &token).await), "401 ESIA-005013");
}

#[tokio::test]
async fn a_token_signed_by_the_gost_key_opens_the_same() {
    let rig = rig().await;
    let (person, token) = token(&rig, "openid fullname", "анна").await;
    let keys = crate::signing::KeyRing::built_in().unwrap();
    let claims: AccessClaims = keys.verify(&token, september()).unwrap();
    let gost = keys.signer(crate::clients::TokenAlgorithm::Gost).sign(&claims).unwrap();
    assert_eq!(rig.rs(&person, &gost).await.body, rig.rs(&person, &token).await.body);
    let (signed, _) = gost.rsplit_once('.').unwrap();
    let (_, rsa_signature) = token.rsplit_once('.').unwrap();
    assert_eq!(code(&rig.rs(&person, &format!("{signed}.{rsa_signature}")).await), "401 ESIA-005011");
    let (header, _) = token.split_once('.').unwrap();
    let (_, rest) = gost.split_once('.').unwrap();
    assert_eq!(code(&rig.rs(&person, &format!("{header}.{rest}")).await), "401 ESIA-005011", "alg confusion");
}

#[tokio::test]
async fn a_token_of_another_world_is_refused() {
    let rig = rig().await;
    let made =
        rig.control().post("/control/worlds", &json!({ "name": "two", "seed": { "gosuslugi": section() } })).await;
    assert_eq!(made.status, 201);
    let (person, token) = token(&rig, "openid fullname", "анна").await;
    let there = rig.rs(&format!("/w/two{person}"), &token).await;
    assert_eq!(code(&there), "401 ESIA-005011");
    assert!(there.verdict_line().contains("token-other-world=main"), "{}", there.verdict_line());
}

#[tokio::test]
async fn a_revoked_consent_closes_at_once() {
    let rig = rig().await;
    let (person, token) = token(&rig, "openid fullname email", "анна").await;
    assert_eq!(rig.rs(&person, &token).await.ok()["firstName"], "Анна");
    let anna = rig.session("анна").await;
    assert_eq!(rig.person(&anna).delete("/lk/api/consents/1").await.status, 204);
    let answer = rig.rs(&person, &token).await;
    assert!(answer.ok().get("firstName").is_none(), "{}", answer.body);
    assert!(rig.verdict(&answer).await.contains("tolerated token-scope: отозваны: email fullname"));
    assert_eq!(code(&rig.rs(&format!("{person}/ctts"), &token).await), "403 ESIA-005029");
    rig.control().delete("/control/clients/DIARY").await;
    assert_eq!(code(&rig.rs(&person, &token).await), "401 ESIA-005011", "the system is no more");
}

async fn ask(rig: &Rig, key: &str, token: &str, body: &Value) -> Answer {
    rig.system(token).post(&format!("/rs/prns/{}/permissions/requests", rig.oid(key).await), body).await
}

async fn system_token(rig: &Rig, key: &str) -> String {
    let scope = format!("prm_req?oid={}", rig.oid(key).await);
    let tokens = rig.te(&Rp::default().by_itself(&scope)).await.ok();
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_system_asks_for_a_consent_and_hears_how_many_were_asked() {
    let rig = rig().await;
    let wanted = json!({ "purpose": "EDUCATION_DIARY", "scopes": ["openid", "fullname", "snils"] });
    let (gleb, katya) = (system_token(&rig, "глеб").await, system_token(&rig, "катя").await);
    assert_snapshot!(ask(&rig, "катя", &katya, &wanted).await.ok(), @r#"{"status":"no-guardian","guardians":0}"#);
    assert_snapshot!(ask(&rig, "глеб", &gleb, &wanted).await.ok(), @r#"{"status":"requested","guardians":1}"#);
    assert_snapshot!(ask(&rig, "глеб", &gleb, &wanted).await.ok(), @r#"{"status":"requested","guardians":1}"#);
    let anna = rig.session("анна").await;
    let requests = rig.person(&anna).get("/lk/api/consents/requests").await.ok();
    assert_eq!(requests.as_array().unwrap().len(), 1, "asking twice makes no second request: {requests}");
    assert!(requests.to_string().contains("Вход в электронный дневник"), "{requests}");
    rig.person(&anna).post("/lk/api/consents/requests/1/grant", &json!({})).await;
    assert_snapshot!(ask(&rig, "глеб", &gleb, &wanted).await.ok(), @r#"{"status":"granted","guardians":0}"#);
}

#[tokio::test]
async fn a_request_for_a_consent_must_be_the_systems_own_and_readable() {
    let rig = rig().await;
    let wanted = json!({ "purpose": "Дневник", "scopes": ["fullname"] });
    let gleb = system_token(&rig, "глеб").await;
    assert_eq!(code(&ask(&rig, "катя", &gleb, &wanted).await), "403 ESIA-005029", "of another person");
    let (_, personal) = token(&rig, "openid fullname", "анна").await;
    assert_eq!(code(&ask(&rig, "анна", &personal, &wanted).await), "401 ESIA-005011", "a person's token");
    for (name, value) in [
        ("scopes", json!([])),
        ("scopes", json!(["openid"])),
        ("scopes", json!(["a b"])),
        ("scopes", json!("fullname")),
        ("purpose", json!(" ")),
        ("purpose", json!("x".repeat(201))),
        ("colour", json!("red")),
    ] {
        let mut body = wanted.clone();
        body[name] = value;
        let answer = ask(&rig, "глеб", &gleb, &body).await;
        assert_eq!(code(&answer), "400 ESIA-007038", "{body}");
        let message = answer.json(400)["message"].as_str().unwrap().to_owned();
        assert!(message.contains(name) || message.contains("expected a sequence"), "{message}");
    }
    assert_eq!(code(&ask(&rig, "глеб", &gleb, &json!({ "purpose": "x", "scopes": ["inn"] })).await), "403 ESIA-005029");
    let nobody =
        rig.te(&Rp::default().by_itself("prm_req?oid=5")).await.ok()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(code(&rig.system(&nobody).post("/rs/prns/5/permissions/requests", &wanted).await), "404 ESIA-005404");
    assert_eq!(code(&rig.system(&nobody).call("DELETE", "/rs/prns/5", &wanted).await), "405 ESIA-007038");
    rig.wall.set(september() + TimeDelta::hours(1));
    assert_eq!(code(&ask(&rig, "глеб", &gleb, &wanted).await), "401 ESIA-005013");
}

#[tokio::test]
async fn a_system_token_of_another_world_is_refused() {
    let rig = rig().await;
    rig.control().post("/control/worlds", &json!({ "name": "two", "seed": { "gosuslugi": section() } })).await;
    let gleb = system_token(&rig, "глеб").await;
    let path = format!("/w/two/rs/prns/{}/permissions/requests", rig.oid("глеб").await);
    let answer = rig.system(&gleb).post(&path, &json!({ "purpose": "x", "scopes": ["fullname"] })).await;
    assert_eq!(code(&answer), "401 ESIA-005011");
    assert!(answer.verdict_line().contains("token-other-world=main"), "{}", answer.verdict_line());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn junk_is_refused_not_a_failure(path in "[ -~]{0,40}", query in "[ -~]{0,40}", header in "[ -~]{0,60}", body in ".{0,40}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let rig = rig().await;
            let uri = format!("/rs/prns/{}?{}", escaped(&path), escaped(&query));
            let request = Request::get(&uri).header("authorization", &header).body(Body::empty()).unwrap();
            assert_eq!(rig.send(request).await.status, 401);
            let (person, token) = token(&rig, "openid fullname", "анна").await;
            let answer = rig.rs(&format!("{person}/{}?embed={}", escaped(&path), escaped(&query)), &token).await;
            assert!(answer.status.as_u16() < 500);
            let system = system_token(&rig, "глеб").await;
            let ask = Request::post(format!("/rs/prns/{}/permissions/requests", rig.oid("глеб").await));
            let ask = ask.header("authorization", format!("Bearer {system}")).body(Body::from(body.clone())).unwrap();
            assert_eq!(rig.send(ask).await.status, 400);
        });
    }
}
