use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;
use crate::testing::{Answer, Rig, family, newest, rng, september, six_digits, state};

async fn post(rig: &Rig, path: &str, body: Value) -> Answer {
    rig.anyone().post(&format!("/lk/api/registration{path}"), &body).await
}

fn lev(change: fn(&mut Value)) -> Value {
    let mut lev = json!({ "last": "Новиков", "first": "Лев", "phone": "+7(000)0000077", "email": "lev@family.test" });
    change(&mut lev);
    lev
}

/// Starts a registration and returns its secret identifier.
async fn start(rig: &Rig) -> String {
    post(rig, "", lev(|_| ())).await.json(201)["id"].as_str().unwrap().to_owned()
}

async fn letter(rig: &Rig) -> Value {
    let link = newest(rig, "lev@family.test").await["link"].as_str().unwrap().to_owned();
    json!({ "letter": link.split("letter=").nth(1).unwrap() })
}

async fn code(rig: &Rig) -> Value {
    json!({ "code": six_digits(&newest(rig, "+7(000)0000077").await) })
}

#[tokio::test]
async fn each_field_is_refused_by_name_and_nothing_begins() {
    let rig = Rig::new(family()).await;
    let outcome = async |change| post(&rig, "", lev(change)).await.outcome();
    assert_eq!(outcome(|lev| lev["last"] = json!("")).await, "400 bad-field last");
    assert_eq!(outcome(|lev| lev["first"] = json!("L3v")).await, "400 bad-field first");
    assert_eq!(outcome(|lev| lev["middle"] = json!("?")).await, "400 bad-field middle");
    assert_eq!(outcome(|lev| lev["phone"] = json!("12")).await, "400 bad-field phone");
    assert_eq!(outcome(|lev| lev["email"] = json!("lev")).await, "400 bad-field email");
    assert_eq!(outcome(|lev| (lev["phone"], lev["email"]) = (json!(""), json!(" "))).await, "400 bad-field phone");
    assert_eq!(outcome(|lev| lev["phone"] = json!("8 000 000 00 01")).await, "409 phone-taken phone");
    assert_eq!(outcome(|lev| lev["email"] = json!("KATYA@family.test")).await, "409 email-taken email");
    assert_eq!(rig.control().get("/control/outbox").await.ok(), json!([]), "nothing was sent");
}

#[tokio::test]
async fn an_account_comes_of_proved_contacts_and_a_password_and_once() {
    let rig = Rig::new(family()).await;
    let id = start(&rig).await;
    let password = json!({ "password": "lev-secret", "repeated": "lev-secret" });
    let finish = async || post(&rig, &format!("/{id}/password"), password.clone()).await.outcome();
    assert_eq!(finish().await, "409 not-proved");
    assert_eq!(post(&rig, &format!("/{id}/code"), code(&rig).await).await.ok()["phone_to_prove"], Value::Null);
    assert_eq!(finish().await, "409 not-proved");
    let first = letter(&rig).await;
    assert_eq!(post(&rig, &format!("/{id}/again"), json!({ "channel": "email" })).await.outcome(), "204");
    assert_eq!(post(&rig, &format!("/{id}/email"), first).await.outcome(), "409 other-letter");
    assert_eq!(post(&rig, &format!("/{id}/email"), letter(&rig).await).await.outcome(), "200");
    assert_eq!(
        post(&rig, &format!("/{id}/email"), json!({ "letter": "any" })).await.outcome(),
        "200",
        "proved is proved"
    );
    let short = json!({ "password": "short", "repeated": "short" });
    assert_eq!(post(&rig, &format!("/{id}/password"), short).await.outcome(), "400 bad-field password");
    assert_eq!(finish().await, "201");
    assert_eq!(finish().await, "409 registration-gone");
    let session = rig.sign_in("lev@family.test", "lev-secret").await;
    let me = rig.person(&session).get("/lk/api/me").await.ok();
    assert_eq!((me["name"].as_str(), me["level"].as_str()), (Some("Новиков Лев"), Some("simplified")));
    let timeline = rig.control().get("/control/timeline?limit=1000").await.ok().to_string();
    for told in ["начата", "телефон подтверждён", "электронная почта подтверждена", "завершена"]
    {
        assert!(timeline.contains(&format!("Регистрация, Новиков Лев: {told}")), "{told}: {timeline}");
    }
}

#[tokio::test]
async fn wrong_codes_are_counted_and_no_more_than_five_are_sent() {
    let rig = Rig::new(family()).await;
    let id = start(&rig).await;
    let right = code(&rig).await;
    let wrong = json!({ "code": if right["code"] == "000000" { "000001" } else { "000000" } });
    assert_eq!(post(&rig, &format!("/{id}/code"), json!({ "code": "12" })).await.outcome(), "400 not-a-code code");
    for _ in 0..5 {
        assert_eq!(post(&rig, &format!("/{id}/code"), wrong.clone()).await.outcome(), "409 wrong-code code");
    }
    assert_eq!(post(&rig, &format!("/{id}/code"), right).await.outcome(), "409 code-lapsed code");
    let again =
        async |channel: &str| post(&rig, &format!("/{id}/again"), json!({ "channel": channel })).await.outcome();
    for channel in ["sms", "email"] {
        for _ in 0..4 {
            assert_eq!(again(channel).await, "204");
        }
        assert_eq!(again(channel).await, "409 no-more");
    }
    assert_eq!(post(&rig, &format!("/{id}/code"), code(&rig).await).await.outcome(), "200", "the last one works");
    assert_eq!(again("sms").await, "409 no-more", "nothing is left to prove");
    rig.wall.set(september() + TimeDelta::hours(1));
    assert_eq!(post(&rig, &format!("/{id}/email"), letter(&rig).await).await.outcome(), "409 registration-gone");
    assert_eq!(post(&rig, "/nonsense/code", json!({ "code": "000000" })).await.outcome(), "409 registration-gone");
}

/// Starts a registration with an e-mail address and returns its secret identifier.
fn begin(state: &mut crate::state::Gosuslugi, rng: &mut worlds::WorldRng, email: &str) -> String {
    use worlds::Domain as _;
    let email = Some(email.parse().unwrap());
    let applicant = Applicant { name: "Новиков Лев".parse().unwrap(), phone: None, email };
    let (events, id) = state.portal.start_registration(&applicant, september(), rng).unwrap();
    for event in &events {
        state.apply(september(), event);
    }
    id
}

#[test]
fn a_stranger_who_begins_many_registrations_shuts_nobody_out_though_time_stands() {
    let (mut state, mut rng) = (state(family()), rng());
    let own = begin(&mut state, &mut rng, "lev@family.test");
    let first = begin(&mut state, &mut rng, "stranger@family.test");
    for _ in 1..20 {
        begin(&mut state, &mut rng, "stranger@family.test");
    }
    assert!(state.portal.accounts.registration(&first, september()).is_ok(), "twenty with one address");
    begin(&mut state, &mut rng, "stranger@family.test");
    assert_eq!(state.portal.accounts.registration(&first, september()).unwrap_err(), RegistrationError::Gone);
    for number in 0..10_000 {
        begin(&mut state, &mut rng, &format!("stranger{}@family.test", number % 1_000));
    }
    assert!(state.portal.accounts.registration(&own, september()).is_ok(), "whoever has the most gives way");
}
