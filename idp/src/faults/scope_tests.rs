//! Other ways to set a fault: for a person of the seed, and through the `state` of a request; and faults of logout
//! tokens.

use axum::Router;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::testing::{Party, named, on, set};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::{
    Gosuslugi,
    protocols::{esia::testing as esia_rp, oidc::testing as oidc_rp},
    testing::{Rig, september},
};

#[tokio::test]
async fn a_person_of_the_seed_meets_the_fault_and_nobody_else() {
    let mut section = oidc_rp::section();
    section["people"]["анна"]["fault"] = json!("claim.aud-other");
    let rig = Rig::new(section).await;
    assert_eq!(on(&rig).await, ["claim.aud-other"]);
    assert_eq!(named(&Party::Oidc.tokens(&rig).await), "claim.aud-other");
    let rp = oidc_rp::Rp::default();
    let code = rig.oidc_code(&rp, "пётр").await;
    assert_eq!(named(&rig.post("/oidc/token", &rp.by_code(&code)).await), "");
}

#[test]
fn a_fault_of_a_person_that_cannot_be_is_named_in_the_seed() {
    let mut told = Vec::new();
    for (key, fault) in [("анна", "claim.aud-othr"), ("анна", "keys.slow"), ("ваня", "claim.aud-other")] {
        let mut section = oidc_rp::section();
        section["people"][key]["fault"] = json!(fault);
        let seed = worlds::SeedDocument { gosuslugi: section, ..worlds::SeedDocument::default() };
        let error = <Gosuslugi as worlds::Domain>::genesis(&seed, september()).unwrap_err();
        told.push(format!("{} {}", error.path, error.message));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    gosuslugi.people.анна.fault ошибки «claim.aud-othr» нет: esia-stand faults; похоже на claim.aud-other
    gosuslugi.people.анна.fault «keys.slow» не бывает у одного человека
    gosuslugi.people.ваня.fault у «ваня» нет учётной записи
    ");
}

#[tokio::test]
async fn a_state_brings_its_fault_into_one_sign_in() {
    let rig = Party::Oidc.rig().await;
    let (rp, session) = (oidc_rp::Rp::default(), rig.session("анна").await);
    Party::Oidc.tokens(&rig).await;
    let with_state = |state: &str| esia_rp::with(rp.asks(), "state", Some(state));
    let code = rig.person(&session).authorize(&with_state("fault:claim.aud-other,rs.sub-other:tab-1")).await.code();
    let answer = rig.post("/oidc/token", &rp.by_code(&code)).await;
    assert_eq!(named(&answer), "claim.aud-other");
    assert_eq!(named(&rig.userinfo(&answer.ok()).await), "rs.sub-other");
    for harmless in ["fault:claim.aud-othr:x", "fault:", "fault:keys.empty-set:x", "no-fault:claim.aud-other"] {
        let code = rig.person(&session).authorize(&with_state(harmless)).await.code();
        assert_eq!(named(&rig.post("/oidc/token", &rp.by_code(&code)).await), "", "{harmless}");
    }
    assert_eq!(on(&rig).await, ["claim.aud-other", "rs.sub-other"]);
    rig.wall.set(september() + chrono::TimeDelta::hours(1));
    assert!(on(&rig).await.is_empty());
}

#[tokio::test]
async fn a_state_brings_its_fault_into_one_sign_in_of_esia() {
    let rig = Party::Esia.rig().await;
    let rp = esia_rp::Rp { state: "fault:claim.aud-other,rs.403-scope:tab-1", ..esia_rp::Rp::default() };
    let code = rig.code(&rp, "анна").await;
    let answer = rig.te(&rp.by_code(&code)).await;
    assert_eq!(named(&answer), "claim.aud-other");
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    let tokens = answer.ok();
    assert_eq!(named(&rig.rs(&person, tokens["access_token"].as_str().unwrap()).await), "rs.403-scope");
    let other = rig.tokens(&esia_rp::Rp::default(), "анна").await;
    assert_eq!(named(&rig.rs(&person, other["access_token"].as_str().unwrap()).await), "");
}

#[tokio::test]
async fn chance_is_the_worlds_own() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let rig = Party::Oidc.rig().await;
        set(&rig, json!({ "fault": "net.flaky", "parameters": { "p": 0.5, "at": "keys" } })).await;
        let mut met = String::new();
        for _ in 0..20 {
            met.push(if rig.anyone().get("/oidc/jwks").await.extensions.get::<web::Wire>().is_some() {
                'x'
            } else {
                '-'
            });
        }
        seen.push(met);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].contains('x') && seen[0].contains('-'), "{}", seen[0]);
}

/// What a client hears of a sign-out: header and claims of the logout tokens that come to its address.
async fn heard(fault: &str) -> Vec<(Value, Value)> {
    let (hears, mut inbox) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/out", listener.local_addr().unwrap());
    let client = Router::new().fallback(async move |body: String| hears.send(body).unwrap());
    tokio::spawn(async move { axum::serve(listener, client).await });
    let mut section = oidc_rp::section();
    section["clients"][0]["oidc"]["backchannel-logout-uri"] = json!(uri);
    let (rig, rp) = (Rig::new(section).await, oidc_rp::Rp { scope: "openid", ..oidc_rp::Rp::default() });
    let session = rig.session("анна").await;
    let code = rig.person(&session).authorize(&rp.asks()).await.code();
    rig.post("/oidc/token", &rp.by_code(&code)).await;
    set(&rig, json!({ "fault": fault, "requests": 1 })).await;
    rig.person(&session).form("/logout", &[]).await;
    let mut tokens = Vec::new();
    for _ in 0..if fault == "out.replayed" { 2 } else { 1 } {
        let body = inbox.recv().await.unwrap();
        let token = body.strip_prefix("logout_token=").unwrap();
        let part = |at: usize| {
            let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()
        };
        tokens.push((part(0), part(1)));
    }
    assert!(on(&rig).await.is_empty(), "{fault}");
    tokens
}

#[tokio::test]
async fn logout_tokens_are_wrong() {
    let mut told = Vec::new();
    for entry in super::catalogue::faults().filter(|entry| entry.id.starts_with("out.")) {
        if ["out.state-missing", "out.state-other", "out.no-return"].contains(&entry.id) {
            continue;
        }
        let heard = heard(entry.id).await;
        let (header, claims) = &heard[0];
        let said: Vec<_> = ["iss", "aud", "sub", "sid", "events", "nonce", "jti"]
            .into_iter()
            .filter_map(|name| match (name, &claims[name]) {
                (_, Value::Null) => None,
                ("sid" | "jti", value) if value.as_str().unwrap().starts_with("00000000") => {
                    Some(format!("{name} nobody's"))
                }
                ("sid" | "jti", _) => Some(name.to_owned()),
                (_, value) => Some(format!("{name} {value}")),
            })
            .collect();
        let times = heard.len();
        told.push(format!("{} ×{times}: {} {} {}", entry.id, header["alg"], header["typ"], said.join(" ")));
        assert!(heard.windows(2).all(|pair| pair[0] == pair[1]));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    out.alg-none ×1: "none" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.wrong-alg ×1: "HS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.wrong-aud ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "OTHER-SYSTEM" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.wrong-iss ×1: "RS256" "logout+jwt" iss "https://issuer.example" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.no-event ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid jti
    out.wrong-event ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/other":{}} jti
    out.with-nonce ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} nonce "n-1" jti
    out.no-subject ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.id-token-as-logout ×1: "RS256" "JWT" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid nonce "n-1"
    out.replayed ×2: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sub "1000300001" sid events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    out.unknown-sid ×1: "RS256" "logout+jwt" iss "http://127.0.0.1:8001" aud "DIARY" sid nobody's events {"http://schemas.openid.net/event/backchannel-logout":{}} jti
    "#);
}

#[tokio::test]
async fn the_way_back_after_signing_out_is_wrong() {
    let rig = Party::Oidc.rig().await;
    let mut told = Vec::new();
    let path = "/oidc/logout?client_id=DIARY&post_logout_redirect_uri=https%3A%2F%2Frp.example%2Fbye&state=s-9";
    for fault in ["", "out.state-missing", "out.state-other"] {
        if !fault.is_empty() {
            set(&rig, json!({ "fault": fault, "requests": 1 })).await;
        }
        let answer = rig.anyone().get(path).await;
        told.push(format!("{fault} {} {} {}", answer.status.as_u16(), answer.location(), named(&answer)));
    }
    let rig = Party::Esia.rig().await;
    let path = "/idp/ext/Logout?client_id=DIARY&redirect_url=http%3A%2F%2F127.0.0.1%3A9%2Fbye";
    for fault in ["", "out.no-return"] {
        if !fault.is_empty() {
            set(&rig, json!({ "fault": fault, "requests": 1 })).await;
        }
        let answer = rig.anyone().get(path).await;
        told.push(format!("{fault} {} {} {}", answer.status.as_u16(), answer.location(), named(&answer)));
    }
    insta::assert_snapshot!(told.join("\n"), @"
     302 https://rp.example/bye?state=s-9 
    out.state-missing 302 https://rp.example/bye out.state-missing
    out.state-other 302 https://rp.example/bye?state=00000000-0000-4000-8000-000000000000 out.state-other
     302 http://127.0.0.1:9/bye 
    out.no-return 200  out.no-return
    ");
}
