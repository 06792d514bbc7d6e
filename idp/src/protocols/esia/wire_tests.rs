//! The second and third versions: whole logins, containers, hashes, strict and lenient.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{
    Certificate,
    certificate::Hash::{Sha256, Streebog256, Streebog512},
    keys, secret,
    token::{AccessClaims, IdClaims, decode_unverified},
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::testing::{Rp, wide_section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    grants::{knows_sid, permissions_in_force},
    testing::{Rig, september},
};

async fn rig() -> Rig {
    Rig::new(wide_section()).await
}

fn offline() -> Rp {
    Rp { access_type: "offline", ..Rp::gost() }
}

#[tokio::test]
async fn a_client_with_gost_keys_signs_in_over_the_second_and_third_versions() {
    let (rig, rp) = (rig().await, offline());
    let sent = rig.anyone().v2_ac(&rp.v2_ac(&[])).await;
    assert!(sent.location().starts_with("/login?next="), "{} {}", sent.location(), rig.verdict(&sent).await);
    let session = rig.session("анна").await;
    let back = rig.v2_code(&rp.v2_ac(&[]), &session).await;
    assert_eq!(back.parameter("state").unwrap(), rp.state);
    let code = back.code();
    let fresh = Rp { state: "another-state", ..rp.clone() };
    let answer = rig.v3_te(&fresh.v3_by_code(&code)).await;
    assert_eq!(answer.ok()["state"], "another-state");
    assert_eq!(answer.verdict_line().split(';').next().unwrap(), "ok");
    let tokens = answer.ok();
    let keys = crate::signing::KeyRing::built_in().unwrap();
    let access: AccessClaims = keys.verify(tokens["access_token"].as_str().unwrap(), september()).unwrap();
    let id: IdClaims = keys.verify(tokens["id_token"].as_str().unwrap(), september()).unwrap();
    assert_eq!((id.sub, id.aud.as_str()), (access.subject, "GOST"));
    for token in [&code, tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap()] {
        assert_eq!(decode_unverified::<Value>(token).unwrap().0.alg, "GOST3410_2012_256");
    }
    let hash = decode_unverified::<Value>(&code).unwrap().0.x5t_st256.unwrap();
    let provider = Certificate::from_pem(keys::PROVIDER_GOST_CERTIFICATE_PEM).unwrap();
    assert_eq!(hash, provider.streebog256_hex(), "x5t#St256 is of the certificate that signed");
    let person = rig.rs(&format!("/rs/prns/{}", access.subject), tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(person.ok()["firstName"], "Анна");

    let renewed = rig.v3_te(&rp.v3_by_refresh(tokens["refresh_token"].as_str().unwrap())).await;
    assert_eq!(renewed.status, 200, "row (a): {}", rig.verdict(&renewed).await);
    let renewed = rig.v3_te(&rp.v3_by_refresh_token(renewed.ok()["refresh_token"].as_str().unwrap())).await;
    assert_eq!(renewed.status, 200, "row (b): {}", rig.verdict(&renewed).await);
    let replay = rig.v3_te(&rp.v3_by_refresh(tokens["refresh_token"].as_str().unwrap())).await;
    assert_eq!(replay.ended(), "400 invalid_grant ESIA-007011");
}

#[tokio::test]
async fn an_rsa_client_signs_bare_too_and_names_its_certificate_by_sha_256() {
    let (rig, rp) = (rig().await, Rp::default());
    let sha256 = Certificate::from_pem(rp.certificate).unwrap().sha256_hex().to_lowercase();
    let session = rig.session("анна").await;
    let named = |fields| with(fields, "client_certificate_hash", Some(&sha256));
    let code = rig.v2_code(&named(rp.v2_ac(&[])), &session).await.code();
    let answer = rig.v3_te(&named(rp.v3_by_code(&code))).await;
    assert_eq!(answer.status, 200, "{}", rig.verdict(&answer).await);
    let token = answer.ok()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(decode_unverified::<Value>(&token).unwrap().0.alg, "RS256");
}

#[tokio::test]
async fn the_second_token_endpoint_is_the_third() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    assert_eq!(rig.te_at("/aas/oauth2/v2/te", &rp.v3_by_code(&code)).await.status, 200);
    for path in ["/aas/oauth2/v2/te", "/aas/oauth2/v3/te"] {
        assert_eq!(rig.anyone().get(path).await.ended(), "405 invalid_request ESIA-007003");
    }
}

#[tokio::test]
async fn what_is_left_out_at_the_token_endpoint_is_taken_from_the_code() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    for name in ["redirect_uri", "scope"] {
        let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
        let answer = rig.v3_te(&with(rp.v3_by_code(&code), name, None)).await;
        assert_eq!(answer.status, 200, "{name}: {}", rig.verdict(&answer).await);
    }
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let less = Rp { scope: "openid", ..rp.clone() };
    let tokens = rig.v3_te(&less.v3_by_code(&code)).await.ok();
    let claims = decode_unverified::<AccessClaims>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    assert!(claims.scope.contains("snils?oid="), "the scopes are the code's: {}", claims.scope);
}

#[tokio::test]
async fn a_strict_door_takes_its_own_container_and_order_only() {
    let (rig, rp) = (rig().await, Rp::gost());
    let wrong = [
        ("the first order", rp.raw(&secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state))),
        ("a CMS", rp.sign(&secret::v2_authorize(&rp.values("")))),
    ];
    for (what, secret) in wrong {
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await;
        assert_eq!(answer.ended(), "302 access_denied ESIA-007053", "{what}");
    }
    let bare = rp.raw(&secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state));
    let answer = rig.anyone().ac(&with(rp.ac(), "client_secret", Some(&bare))).await;
    assert_eq!(answer.ended(), "302 access_denied ESIA-007053");
    assert!(rig.verdict(&answer).await.ends_with("failed client-secret-container: только значение подписи, без CMS"));
    assert!(rig.anyone().ac(&rp.ac()).await.location().starts_with("/login"), "ГОСТ in a CMS is the first version's");
}

#[tokio::test]
async fn a_lenient_door_takes_every_order_in_either_container_and_says_what_a_strict_one_would_have_done() {
    let (rig, rp) = (rig().await, Rp { client_id: "SOFT", ..Rp::gost() });
    let orders = [secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state), secret::v2_authorize(&rp.values(""))];
    let mut verdicts = Vec::new();
    for order in &orders {
        for secret in [rp.raw(order), rp.sign(order)] {
            for second in [false, true] {
                let secret = Some(secret.as_str());
                let answer = if second {
                    rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", secret)).await
                } else {
                    rig.anyone().ac(&with(rp.ac(), "client_secret", secret)).await
                };
                assert!(answer.location().starts_with("/login"), "{}", answer.location());
                let line = answer.verdict_line();
                verdicts.push(line.rsplit_once("; see").unwrap().0.to_owned());
            }
        }
    }
    assert_snapshot!(verdicts.join("\n"), @"
    tolerated client-secret-container; ESIA-007053; container-raw
    tolerated client-signature; ESIA-007053; slip-order=v1
    ok
    tolerated client-secret-container client-signature; ESIA-007053 ESIA-007053; container-cms version-first slip-order=v1
    tolerated client-secret-container client-signature; ESIA-007053 ESIA-007053; container-raw slip-order=v2-ac
    ok
    tolerated client-signature; ESIA-007053; slip-order=v2-ac
    tolerated client-secret-container; ESIA-007053; container-cms
    ");
}

#[tokio::test]
async fn the_certificate_is_found_by_its_hash_of_any_case() {
    let (rig, rp) = (rig().await, Rp::gost());
    let certificate = Certificate::from_pem(rp.certificate).unwrap();
    let ended = async |hash: Option<&str>| {
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_certificate_hash", hash)).await;
        let line = answer.verdict_line();
        line.rsplit_once("; see").unwrap().0.to_owned()
    };
    for right in [rp.hash(), rp.hash().to_lowercase()] {
        assert_eq!(ended(Some(&right)).await, "ok");
    }
    // It works, though documents name the other hash.
    for other in [certificate.sha256_hex(), certificate.sha256_hex().to_lowercase()] {
        assert_eq!(ended(Some(&other)).await, "tolerated certificate-hash; hash-sha256");
    }
    let of = |hash: esia::certificate::Hash, bytes: &[u8]| hex::encode(hash.digest(bytes));
    let reversed = hex::encode(Streebog256.digest(certificate.der()).into_iter().rev().collect::<Vec<_>>());
    let with_colons =
        hex::decode(rp.hash()).unwrap().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let diary = Certificate::from_pem(keys::DIARY_CERTIFICATE_PEM).unwrap().streebog256_hex();
    for (hash, expected) in [
        (None, "failed certificate-hash; ESIA-007014; hash-missing"),
        (Some(of(Streebog256, rp.certificate.as_bytes())), "failed certificate-hash; ESIA-007053; hash-of-pem"),
        (Some(of(Sha256, rp.certificate.as_bytes())), "failed certificate-hash; ESIA-007053; hash-of-pem"),
        (Some(of(Streebog512, certificate.der())), "failed certificate-hash; ESIA-007053; hash-512"),
        (Some(reversed), "failed certificate-hash; ESIA-007053; hash-reversed"),
        (Some(with_colons), "failed certificate-hash; ESIA-007053; hash-colons"),
        (Some("00".repeat(32)), "failed certificate-hash; ESIA-007053; hash-unknown"),
        (
            Some("undefined".to_owned()),
            "failed certificate-hash; ESIA-007053; parameter-placeholder=client_certificate_hash",
        ),
        (Some("хэш".to_owned()), "failed certificate-hash; ESIA-007053; hash-not-hex"),
        (Some(diary), "failed certificate-hash; ESIA-007002; hash-of-another-client"),
    ] {
        assert_eq!(ended(hash.as_deref()).await, expected, "{hash:?}");
    }
}

/// fr05t1k/esia 3 signs as the first version does and asks at the addresses of the second.
#[tokio::test]
async fn a_request_of_the_first_version_at_the_second_door_is_told_where_it_belongs() {
    let rig = rig().await;
    let ended = async |rp: &Rp, hash: Option<&str>, signed: &str| {
        let fields = with(rp.v2_ac(&[]), "client_secret", Some(&rp.sign(signed)));
        let answer = rig.anyone().v2_ac(&with(fields, "client_certificate_hash", hash)).await;
        answer.verdict_line().rsplit_once("; see").unwrap().0.to_owned()
    };
    for rp in [Rp::default(), Rp::gost()] {
        let v1 = secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state);
        assert_eq!(ended(&rp, None, &v1).await, "failed certificate-hash; ESIA-007014; hash-missing version-first");
        let with_hash = ended(&rp, Some(&rp.hash()), &v1).await;
        assert_eq!(with_hash, "failed client-secret-container; ESIA-007053; container-cms version-first");
        let other = ended(&rp, Some(&rp.hash()), &secret::v2_authorize(&rp.values(""))).await;
        assert_eq!(other, "failed client-secret-container; ESIA-007053; container-cms");
    }
}

#[tokio::test]
async fn every_base64_that_real_clients_write_is_read() {
    let (rig, rp) = (rig().await, Rp::gost());
    let url = rp.raw(&secret::v2_authorize(&rp.values("")));
    let standard = url.replace('-', "+").replace('_', "/");
    for secret in [url.clone(), format!("{url}=="), format!("{url}="), format!("{standard}=="), format!("{url}2")] {
        let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await;
        assert!(answer.location().starts_with("/login"), "{secret}: {}", rig.verdict(&answer).await);
    }
}

#[tokio::test]
async fn credentials_may_stand_in_the_authorization_header() {
    let (rig, rp) = (rig().await, Rp::default());
    let code = rig.code(&rp, "анна").await;
    let fields = rp.by_code(&code);
    let value = |name: &str| fields.iter().find(|(key, _)| *key == name).unwrap().1.clone();
    let pair = format!("{}:{}", value("client_id"), super::testing::escaped(&value("client_secret")));
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
    let rest = with(with(fields, "client_id", None), "client_secret", None);
    let answer = rig.te_with(&rest, ("authorization", &basic)).await;
    assert_eq!(answer.status, 200, "{}", rig.verdict(&answer).await);
}

#[tokio::test]
async fn a_named_client_needs_no_secret_at_the_token_endpoint() {
    let (rig, rp) = (rig().await, Rp { client_id: "BARE", scope: "openid fullname", ..Rp::default() });
    let code = rig.code(&rp, "анна").await;
    let bare = vec![
        ("client_id", "BARE".to_owned()),
        ("grant_type", "authorization_code".to_owned()),
        ("redirect_uri", rp.redirect_uri.to_owned()),
        ("code", code),
    ];
    let answer = rig.te(&bare).await;
    assert_eq!(answer.ok().get("state"), None);
    let code = rig.code(&rp, "анна").await;
    let wrong = with(rp.by_code(&code), "client_secret", Some("AAAA"));
    assert_eq!(rig.te(&wrong).await.ended(), "400 access_denied ESIA-007053", "one that is sent is looked at");
    let diary = Rp::default();
    let code = rig.code(&diary, "анна").await;
    let bare = with(diary.by_code(&code), "client_secret", None);
    assert_eq!(rig.te(&bare).await.ended(), "400 invalid_request ESIA-007014", "others need one");
}

#[tokio::test]
async fn lifetimes_issuer_and_rotation_are_settings_of_the_world() {
    let mut section = wide_section();
    section["settings"] = json!({ "iss": "http://esia-portal1.test.gosuslugi.ru/", "tokens": {
        "code-ttl-s": 10, "access-ttl-s": 20, "id-ttl-s": 30, "refresh-ttl-s": 40, "refresh-rotation": false } });
    let (rig, rp) = (Rig::new(section).await, offline());
    let session = rig.session("анна").await;
    let late = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let tokens = rig.v3_te(&rp.v3_by_code(&code)).await.ok();
    let access = decode_unverified::<AccessClaims>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    let id = decode_unverified::<IdClaims>(tokens["id_token"].as_str().unwrap()).unwrap().1;
    assert_eq!((access.iss.as_str(), &tokens["expires_in"]), ("http://esia-portal1.test.gosuslugi.ru/", &json!(20)));
    assert_eq!((access.exp - access.iat, id.exp - id.iat), (20, 30));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        let again = rig.v3_te(&rp.v3_by_refresh(refresh)).await;
        assert_eq!(again.ok()["refresh_token"].as_str(), Some(refresh), "{}", again.body);
    }
    rig.wall.set(september() + chrono::TimeDelta::seconds(10));
    assert_eq!(rig.v3_te(&rp.v3_by_code(&late)).await.ended(), "400 invalid_grant ESIA-007011");
    rig.wall.set(september() + chrono::TimeDelta::seconds(40));
    assert_eq!(rig.v3_te(&rp.v3_by_refresh(refresh)).await.ended(), "400 invalid_grant ESIA-007011");
}

#[tokio::test]
async fn pkce_binds_the_code_to_its_verifier() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = crate::slips::pkce::challenge_of(verifier);
    let pkce = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let code = rig.v2_code(&rp.v2_ac(&pkce), &session).await.code();
    let te = async |verifier| rig.v3_te(&with(rp.v3_by_code(&code), "code_verifier", verifier)).await.ended();
    assert_eq!(te(Some("wrong")).await, "400 invalid_grant ESIA-007040");
    assert_eq!(te(None).await, "400 invalid_request ESIA-007014");
    assert_eq!(te(Some(verifier)).await, "200 ");
    let plain = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let without = rig.v3_te(&with(rp.v3_by_code(&plain), "code_verifier", Some(verifier))).await;
    assert_eq!(without.ended(), "400 invalid_request ESIA-007039");
    let ac = async |own: &[(&'static str, &str)]| rig.anyone().v2_ac(&rp.v2_ac(own)).await.ended();
    assert_eq!(ac(&[pkce[0]]).await, "302 invalid_request ESIA-007003");
    assert_eq!(ac(&[pkce[0], ("code_challenge_method", "plain")]).await, "302 invalid_request ESIA-007003");
    assert_eq!(ac(&[("code_challenge", "short"), pkce[1]]).await, "302 invalid_request ESIA-007003");
    assert_eq!(ac(&[pkce[1]]).await, "302 invalid_request ESIA-007014");
}

/// Encodes `permissions` as base64url of JSON.
pub(super) fn permissions(items: &Value) -> String {
    URL_SAFE_NO_PAD.encode(items.to_string())
}

pub(super) fn credit() -> Value {
    json!({ "responsibleObject": "ООО «Банк»", "sysname": "CREDIT", "expire": 1440,
        "actions": [{ "sysname": "ALL_ACTIONS_TO_DATA" }], "purposes": [{ "sysname": "CREDIT" }],
        "scopes": [{ "sysname": "fullname" }, { "sysname": "snils" }] })
}

#[tokio::test]
async fn a_consent_of_the_digital_profile_stands_in_the_token_until_it_ends() {
    let rig = rig().await;
    let rp = Rp { client_id: "DIGITAL", scope: "openid", ..Rp::default() };
    let session = rig.session("анна").await;
    let asked = permissions(&json!([credit()]));
    let fields = rp.v2_ac(&[("permissions", &asked)]);
    let sent = rig.person(&session).v2_ac(&fields).await;
    let page = rig.person(&session).page(sent.location()).await;
    assert!(page.body.contains("Рассмотрение заявки на кредит: ООО «Банк», на 1 дн."), "{}", page.body);
    let code = rig.answer_page(&page, &session, "grant").await.code();
    let tokens = rig.v3_te(&rp.v3_by_code(&code)).await.ok();
    let access = decode_unverified::<AccessClaims>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    assert_eq!(serde_json::from_str::<Value>(&access.permissions.unwrap()).unwrap(), json!([credit()]));
    assert_eq!(access.permissions_url.unwrap(), "http://127.0.0.1:8001/lk/consents");
    let oid = access.subject;
    assert_eq!(access.scope, format!("openid fullname?oid={oid} snils?oid={oid}"));
    assert_eq!(rig.v2_code(&fields, &session).await.status, 302, "asked once");

    let renewed = rig.v3_te(&rp.v3_by_itself(&format!("prm_chg?oid={oid}"))).await;
    assert_eq!(renewed.status, 200, "{}", rig.verdict(&renewed).await);
    let token = renewed.ok()["access_token"].as_str().unwrap().to_owned();
    let claims = decode_unverified::<AccessClaims>(&token).unwrap().1;
    assert!(claims.permissions.as_ref().unwrap().contains("CREDIT") && claims.subject == oid);
    assert_eq!(rig.rs(&format!("/rs/prns/{oid}"), &token).await.status, 200);
    let state = rig.replayed().await;
    let client = "DIGITAL".parse().unwrap();
    assert_eq!(permissions_in_force(&state, oid, &client).len(), 1);
    assert!(knows_sid(&state, &claims.session_id, oid), "a token without a session is known after a replay too");

    rig.wall.set(september() + chrono::TimeDelta::days(1));
    let rp = Rp { timestamp: esia::timestamp::print(september() + chrono::TimeDelta::days(1)), ..rp };
    let over = rig.v3_te(&rp.v3_by_itself(&format!("prm_chg?oid={oid}"))).await;
    assert_eq!(over.ended(), "400 invalid_scope ESIA-007019", "{}", rig.verdict(&over).await);
}

#[tokio::test]
async fn a_system_gets_tokens_of_its_own_for_organisations() {
    let (rig, rp) = (rig().await, Rp::gost());
    let scope = "http://esia.gosuslugi.ru/org_shortname?org_oid=1000000111 http://lk.gosuslugi.ru/api-order";
    let answer = rig.v3_te(&rp.v3_by_itself(scope)).await;
    assert_eq!(answer.status, 200, "{}", rig.verdict(&answer).await);
    let (header, claims) = decode_unverified::<Value>(answer.ok()["access_token"].as_str().unwrap()).unwrap();
    assert_eq!((header.alg.as_str(), &claims["scope"]), ("GOST3410_2012_256", &json!(scope)));
    assert_eq!(claims["org_oid"], json!(1_000_000_111));
    assert_eq!(claims.get("urn:esia:sbj_id"), None);
    for (scope, expected) in [
        ("http://lk.gosuslugi.ru/api-order", "200 "),
        ("http://esia.gosuslugi.ru/org_shortname?org_oid=7", "400 invalid_scope ESIA-007006"),
        ("http://esia.gosuslugi.ru/org_emps?org_oid=1000000111", "400 invalid_scope ESIA-007019"),
        ("org_inn?org_oid=1000000111 org_shortname?org_oid=1000000112", "400 invalid_scope ESIA-007019"),
        ("org_inn", "400 invalid_scope ESIA-007019"),
        ("fullname?oid=1000300001", "400 invalid_scope ESIA-007019"),
        ("prm_chg?oid=1000300001", "400 invalid_scope ESIA-007019"),
    ] {
        assert_eq!(rig.v3_te(&rp.v3_by_itself(scope)).await.ended(), expected, "{scope}");
    }
}

#[tokio::test]
async fn who_acts_for_an_organisation_gives_its_data_and_nobody_else_does() {
    let (rig, rp) = (rig().await, Rp { scope: "openid fullname", ..Rp::gost() });
    let session = rig.session("пётр").await;
    let named = [("scope_org", "org_shortname?org_oid=1000000111")];
    let code = rig.v2_code(&rp.v2_ac(&named), &session).await.code();
    let answer = rig.v3_te(&rp.v3_by_code(&code)).await;
    assert_eq!(answer.status, 200, "{}", rig.verdict(&answer).await);
    let claims = decode_unverified::<Value>(answer.ok()["access_token"].as_str().unwrap()).unwrap().1;
    assert_eq!(claims["org_oid"], json!(1_000_000_111));
    assert!(claims["scope"].as_str().unwrap().ends_with("org_shortname?org_oid=1000000111"), "{claims}");

    let entered = async |session: &str, own: &[(&'static str, &str)]| {
        let sent = rig.person(session).v2_ac(&rp.v2_ac(own)).await;
        rig.person(session).page(sent.location()).await.ended()
    };
    let anna = rig.session("анна").await;
    assert_eq!(entered(&anna, &named).await, "302 invalid_scope ESIA-007194");
    assert_eq!(entered(&session, &[("scope_org", "org_shortname")]).await, "302 invalid_scope ESIA-007194");
    let two = [("scope_org", "org_shortname?org_oid=1000000111 org_inn?org_oid=1000000112")];
    assert_eq!(entered(&session, &two).await, "302 invalid_scope ESIA-007194", "both are his, one at a time");
    let choose = vec![("organisation", "1000000112".to_owned())];
    rig.person(&session).form("/login/role", &choose).await;
    assert_eq!(entered(&session, &[("obj_type", "L")]).await, "302 invalid_request ESIA-007062");
    let code = rig.v2_code(&rp.v2_ac(&[("scope_org", "org_inn"), ("roles", "BUSINESS LEGAL")]), &session).await.code();
    let tokens = rig.v3_te(&rp.v3_by_code(&code)).await.ok();
    let claims = decode_unverified::<Value>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    assert_eq!(claims["org_oid"], json!(1_000_000_112));
}

#[tokio::test]
async fn the_first_version_names_an_organisation_in_the_scope_itself() {
    let scope = "openid http://esia.gosuslugi.ru/org_shortname?org_oid=1000000111";
    let (rig, rp) = (rig().await, Rp { scope, ..Rp::gost() });
    let tokens = rig.tokens(&rp, "пётр").await;
    let claims = decode_unverified::<Value>(tokens["access_token"].as_str().unwrap()).unwrap().1;
    assert_eq!((&claims["scope"], &claims["org_oid"]), (&json!(scope), &json!(1_000_000_111)));
    let anna = rig.session("анна").await;
    assert_eq!(rig.arrive(&rp, &anna).await.ended(), "302 invalid_scope ESIA-007194");
    let passed_over = with(Rp::gost().ac(), "scope_org", Some("no such thing"));
    assert!(rig.anyone().ac(&passed_over).await.location().starts_with("/login"), "the first version does not know it");
}

#[tokio::test]
async fn a_consent_that_is_revoked_is_in_no_token_any_more() {
    let rig = rig().await;
    let rp = Rp { client_id: "DIGITAL", scope: "openid", access_type: "offline", ..Rp::default() };
    let session = rig.session("анна").await;
    let asked = permissions(&json!([credit()]));
    let code = rig.v2_code(&rp.v2_ac(&[("permissions", &asked)]), &session).await.code();
    let tokens = rig.v3_te(&rp.v3_by_code(&code)).await.ok();
    assert_eq!(rig.person(&session).delete("/lk/api/consents/1").await.status, 204);
    let renewed = rig.v3_te(&rp.v3_by_refresh(tokens["refresh_token"].as_str().unwrap())).await.ok();
    let claims = decode_unverified::<AccessClaims>(renewed["access_token"].as_str().unwrap()).unwrap().1;
    assert_eq!((claims.scope.as_str(), claims.permissions, claims.permissions_url), ("openid", None, None));
    let over = rig.v3_te(&rp.v3_by_itself(&format!("prm_chg?oid={}", claims.subject))).await;
    assert_eq!(over.ended(), "400 invalid_scope ESIA-007019");
}

#[tokio::test]
async fn a_child_is_let_in_by_a_filter_for_children_and_kept_out_by_one_for_others() {
    let mut section = wide_section();
    section["people"]["катя"]["account"]["made-by"] = json!("анна");
    let (rig, rp) = (Rig::new(section).await, Rp { scope: "openid", ..Rp::gost() });
    let session = rig.session("катя").await;
    let entered = async |filter: &str| {
        let sent = rig.person(&session).v2_ac(&rp.v2_ac(&[("person_filter", filter)])).await;
        rig.person(&session).page(sent.location()).await.ended()
    };
    assert_eq!(entered("acc_kid").await, "302 http://127.0.0.1:9/callback");
    assert_eq!(entered("acc_not_kid").await, "302 invalid_request ESIA-007062");
    assert_eq!(entered("conf_acc").await, "302 access_denied ESIA-007055");
}

#[tokio::test]
async fn a_key_and_a_signature_over_it_give_a_token_without_te() {
    let (rig, rp) = (rig().await, Rp { client_id: "DIGITAL", ..Rp::default() });
    let key = "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11";
    let get = async |key: &str, signature: &str| {
        rig.anyone().get(&format!("/esia-rs/api/public/v1/orgs/ext-app/{key}/tkn?signature={signature}")).await
    };
    let good = get(key, &rp.sign(key)).await;
    let claims = decode_unverified::<Value>(good.ok()["accessTkn"].as_str().unwrap()).unwrap().1;
    assert_eq!(
        (&claims["client_id"], &claims["scope"]),
        (&json!("DIGITAL"), &json!("http://lk.gosuslugi.ru/api-order"))
    );
    let outcome = async |key: &str, signature: &str| {
        let answer = get(key, signature).await;
        format!("{} {}", answer.status.as_u16(), answer.json(answer.status.as_u16())["code"].as_str().unwrap())
    };
    let last = async || {
        let client = rig.control().get("/control/clients/DIGITAL").await.ok();
        client["about"]["last-request"]["verdict"].as_str().map(str::to_owned)
    };
    assert_eq!(last().await.as_deref(), Some("passed"));
    assert_eq!(outcome("another-key", &rp.sign("another-key")).await, "401 ESIA-008010");
    assert_eq!(outcome(key, &rp.sign("another-key")).await, "401 ESIA-007053");
    assert_eq!(outcome(key, "").await, "401 ESIA-007014");
    assert_eq!(outcome(key, "AAAA").await, "401 ESIA-007053");
    assert_eq!(last().await.as_deref(), Some("failed"));
}
