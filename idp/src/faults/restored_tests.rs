//! Tokens that a fault has changed still open the person's data, as the provider's own do.

use esia::{
    Certificate,
    token::{AccessClaims, IdClaims, verify},
};
use serde_json::{Value, json};

use super::testing::{Party, set};
use crate::testing::Rig;

async fn tokens(rig: &Rig) -> Value {
    Party::Esia.tokens(rig).await.ok()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

#[tokio::test]
async fn a_person_above_2_to_53_is_the_same_in_both_tokens_and_in_the_data() {
    const NUMBER: u64 = 9_007_199_254_740_993;
    for party in [Party::Esia, Party::Gost] {
        let rig = party.rig().await;
        set(&rig, json!({ "fault": "claim.sub-above-2^53" })).await;
        let tokens = party.tokens(&rig).await.ok();
        let (_, access) = esia::token::decode_unverified::<AccessClaims>(text(&tokens, "access_token")).unwrap();
        let (_, id) = esia::token::decode_unverified::<IdClaims>(text(&tokens, "id_token")).unwrap();
        assert_eq!((access.subject.get(), id.sub.get(), id.subject.oid.get()), (NUMBER, NUMBER, NUMBER));
        assert!(access.scope.contains(&format!("fullname?oid={NUMBER}")), "{}", access.scope);
        let answer = rig.rs(&format!("/rs/prns/{NUMBER}"), text(&tokens, "access_token")).await;
        assert_eq!(answer.ok()["lastName"], "Петрова");
        assert!(!answer.body.contains(&rig.oid("анна").await.to_string()), "{}", answer.body);
        // The number rounded to double precision belongs to nobody.
        let nearest = rig.rs("/rs/prns/9007199254740992", text(&tokens, "access_token")).await;
        assert_ne!(nearest.status, 200, "{}", nearest.body);
        rig.control().delete("/control/faults").await;
        let over = rig.rs(&format!("/rs/prns/{NUMBER}"), text(&tokens, "access_token")).await;
        assert_ne!(over.status, 200, "{}", over.body);
    }
}

#[tokio::test]
async fn without_an_overlap_the_published_certificate_checks_both_tokens_and_they_open_the_data() {
    let rig = Party::Esia.rig().await;
    let old = tokens(&rig).await;
    set(&rig, json!({ "fault": "keys.no-overlap" })).await;
    let new = tokens(&rig).await;
    let certificate = Certificate::from_der(&rig.bytes("/public/RSA_TESIA.cer").await).unwrap();
    let key = certificate.public_key().unwrap();
    let now = "2024-09-02T06:00:01Z".parse().unwrap();
    verify::<AccessClaims>(text(&new, "access_token"), key, now, chrono::TimeDelta::minutes(5)).unwrap();
    verify::<IdClaims>(text(&new, "id_token"), key, now, chrono::TimeDelta::minutes(5)).unwrap();
    assert!(verify::<AccessClaims>(text(&old, "access_token"), key, now, chrono::TimeDelta::minutes(5)).is_err());
    let person = format!("/rs/prns/{}", rig.oid("анна").await);
    for tokens in [&old, &new] {
        assert_eq!(rig.rs(&person, text(tokens, "access_token")).await.ok()["lastName"], "Петрова");
    }
    // A token with an invalid signature opens nothing.
    let changed = text(&new, "access_token").replacen('.', ".e", 1);
    assert_ne!(rig.rs(&person, &changed).await.status, 200);
}
