use serde_json::{Value, json};
use worlds::Domain as _;

use crate::{
    Gosuslugi,
    event::Event,
    portal::{
        accounts::{FactorEvent, SecondFactor},
        family::OwnCard,
    },
    testing::{Rig, family, september, state},
};

/// Анна and Пётр are bound to Катя; Анна to Глеб as well.
async fn rig() -> (Rig, String) {
    let mut section = family();
    section["bindings"] = json!([
        { "guardian": "анна", "child": "глеб" },
        { "guardian": "анна", "child": "катя" },
        { "guardian": "пётр", "child": "катя" },
    ]);
    section["consents"] = json!([{ "subject": "катя", "given-by": "анна", "client": "DIARY", "scopes": ["fullname"] }]);
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    (rig, anna)
}

/// The card of Катя in Анна's account, and in Пётр's.
const MOTHERS: &str = "/lk/api/family/2/manage";
const FATHERS: &str = "/lk/api/family/4/manage";

async fn put(rig: &Rig, session: &str, path: &str, body: Value) -> String {
    rig.person(session).put(path, &body).await.outcome()
}

#[tokio::test]
async fn logins_are_refused_by_field_and_nothing_is_half_done() {
    let (rig, anna) = rig().await;
    let change =
        async |email: &str, phone: &str| put(&rig, &anna, MOTHERS, json!({ "email": email, "phone": phone })).await;
    assert_eq!(change("", "").await, "400 bad-field email");
    assert_eq!(change("katya", "").await, "400 bad-field email");
    assert_eq!(change("katya@family.test", "12").await, "400 bad-field phone");
    assert_eq!(change("gleb@family.test", "").await, "409 email-taken email");
    assert_eq!(change("new@family.test", "+7(000)0000001").await, "409 phone-taken phone");
    let now = rig.person(&anna).get(MOTHERS).await.ok();
    assert_eq!((now["email"].as_str(), now["phone"].as_str()), (Some("katya@family.test"), None));
    assert_eq!(change("new@family.test", "+7(000)0000012").await, "200");
    let people = rig.control().get("/control/people").await.ok();
    let katya = people.as_array().unwrap().iter().find(|person| person["key"] == "катя").unwrap();
    assert_eq!(katya["login"], "new@family.test");
    let letters = rig.control().get("/control/outbox?to=katya@family.test").await.ok();
    assert_eq!(letters[0]["subject"], "Изменены настройки учётной записи");
    assert_eq!(put(&rig, &anna, MOTHERS, json!({ "email": "", "phone": "+7(000)0000012" })).await, "200");
    let free = json!({ "email": "katya@family.test", "phone": "" });
    assert_eq!(put(&rig, &anna, "/lk/api/family/3/manage", free).await, "200", "the old address is free");
}

#[tokio::test]
async fn a_new_password_ends_the_childs_sessions_and_no_others() {
    let (rig, anna) = rig().await;
    let (katya, gleb) = (rig.session("катя").await, rig.session("глеб").await);
    let path = format!("{MOTHERS}/password");
    let new = |password: &str, repeated: &str| json!({ "password": password, "repeated": repeated });
    assert_eq!(put(&rig, &anna, &path, new("short", "short")).await, "400 bad-field password");
    assert_eq!(put(&rig, &anna, &path, new("long-enough", "otherwise")).await, "400 bad-field password");
    let me = async |session: &str| rig.person(session).get("/lk/api/me").await.status.as_u16();
    assert_eq!([me(&katya).await, me(&gleb).await], [200, 200]);
    assert_eq!(put(&rig, &anna, &path, new("katya-again", "katya-again")).await, "204");
    assert_eq!([me(&katya).await, me(&gleb).await, me(&anna).await], [401, 200, 200]);
}

#[test]
fn a_guardian_switches_a_second_factor_off_once() {
    let mut state = state(family());
    let oid = |key: &str, state: &Gosuslugi| state.portal.cast.account(key, &state.portal.accounts).unwrap().oid;
    let (anna, gleb) = (oid("анна", &state), oid("глеб", &state));
    let (key, today) = (OwnCard::new(3, anna), worlds::moscow::date(september()));
    let off = |state: &Gosuslugi| state.portal.switch_factor_off(key, today).map_err(|error| error.code());
    assert_eq!(off(&state), Err("no-second-factor"));
    state.apply(september(), &Event::Factor(FactorEvent::Chosen { oid: gleb, factor: SecondFactor::Sms }));
    for event in off(&state).unwrap() {
        state.apply(september(), &event);
    }
    assert_eq!(state.portal.accounts.get(gleb).unwrap().second_factor, SecondFactor::None);
    assert_eq!(state.portal.notices.of(gleb).count(), 1);
    assert_eq!(off(&state), Err("no-second-factor"));
}

#[tokio::test]
async fn only_a_bound_guardian_of_a_minor_manages() {
    let (rig, anna) = rig().await;
    let petr = rig.session("пётр").await;
    let get = async |session: &str, path: &str| rig.person(session).get(path).await.outcome();
    assert_eq!(get(&petr, FATHERS).await, "200");
    assert_eq!(get(&petr, MOTHERS).await, "404 card-unknown");
    assert_eq!(get(&anna, "/lk/api/family/1/manage").await, "409 not-bound", "Ваня has no account");
    assert_eq!(get(&anna, "/lk/api/family/3/manage").await, "200");
    // Глеб turns 18 on 1 October.
    rig.wall.set("2024-09-30T21:00:00Z".parse().unwrap());
    let anna = rig.session("анна").await;
    assert_eq!(get(&anna, "/lk/api/family/3/manage").await, "409 not-bound");
    let password = json!({ "password": "gleb-again", "repeated": "gleb-again" });
    assert_eq!(put(&rig, &anna, "/lk/api/family/3/manage/password", password).await, "409 not-bound");
    assert_eq!(rig.person(&anna).delete("/lk/api/family/3/manage").await.outcome(), "409 not-bound");
}

#[tokio::test]
async fn two_guardians_deleting_at_once_leave_one_winner_and_everything_free() {
    let (rig, anna) = rig().await;
    let (petr, katya) = (rig.session("пётр").await, rig.session("катя").await);
    let (one, other) = tokio::join!(rig.person(&anna).delete(MOTHERS), rig.person(&petr).delete(FATHERS));
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "409 not-bound"]);
    assert_eq!(rig.person(&katya).get("/lk/api/me").await.status, 401);
    assert_eq!(rig.person(&anna).get("/lk/api/consents").await.ok(), json!([]));
    assert_eq!(rig.person(&petr).get("/lk/api/portfolio").await.ok(), json!([]));
    let card = rig.person(&anna).get("/lk/api/family/2").await.ok();
    assert_eq!((card["account"].clone(), card["may_bind"].clone()), (Value::Null, json!(true)));
    let taken = put(&rig, &anna, "/lk/api/family/3/manage", json!({ "email": "katya@family.test" })).await;
    assert_eq!(taken, "200", "the e-mail is free");
}

#[tokio::test]
async fn two_guardians_taking_one_address_at_once_leave_one_winner() {
    let (rig, anna) = rig().await;
    let petr = rig.session("пётр").await;
    let wanted = json!({ "email": "wanted@family.test" });
    let (one, other) = tokio::join!(
        rig.person(&anna).put("/lk/api/family/3/manage", &wanted),
        rig.person(&petr).put(FATHERS, &wanted)
    );
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["200", "409 email-taken email"]);
}

#[tokio::test]
async fn one_code_entered_twice_at_once_binds_once() {
    let rig = Rig::new(family()).await;
    let (anna, katya, again) = (rig.session("анна").await, rig.session("катя").await, rig.session("катя").await);
    let email = json!({ "email": "katya@family.test" });
    let code = rig.person(&anna).post("/lk/api/family/2/binding", &email).await.json(201)["code"].clone();
    let code = json!({ "code": code });
    let (one, other) = tokio::join!(
        rig.person(&katya).post("/lk/api/binding/redeem", &code),
        rig.person(&again).post("/lk/api/binding/redeem", &code)
    );
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["200", "409 nothing-to-redeem code"]);
}

#[tokio::test]
async fn of_codes_asked_for_at_once_on_one_card_one_works_and_each_parent_has_their_own() {
    let rig = Rig::new(family()).await;
    let (anna, petr, katya) = (rig.session("анна").await, rig.session("пётр").await, rig.session("катя").await);
    let email = json!({ "email": "katya@family.test" });
    let ask = async |session: &str, card: u8| {
        let path = format!("/lk/api/family/{card}/binding");
        rig.person(session).post(&path, &email).await.json(201)["code"].clone()
    };
    let (one, other, fathers) = tokio::join!(ask(&anna, 2), ask(&anna, 2), ask(&petr, 4));
    let mut bound = Vec::new();
    for code in [one, other, fathers] {
        let answer = rig.person(&katya).post("/lk/api/binding/redeem", &json!({ "code": code })).await;
        bound.push(answer.outcome());
    }
    assert_eq!(bound.iter().filter(|outcome| *outcome == "200").count(), 2, "{bound:?}");
    let me = rig.person(&katya).get("/lk/api/me").await.ok();
    assert_eq!(me["guardians"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn tokens_of_a_child_open_nothing_after_a_new_password_or_a_deletion() {
    let mut section = crate::protocols::esia::testing::section();
    section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }]);
    section["consents"] =
        json!([{ "subject": "катя", "given-by": "анна", "client": "DIARY", "scopes": ["fullname", "snils"] }]);
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    let token = async || {
        let tokens = rig.tokens(&crate::protocols::esia::testing::Rp::default(), "катя").await;
        tokens["access_token"].as_str().unwrap().to_owned()
    };
    let person = format!("/rs/prns/{}", rig.oid("катя").await);
    let first = token().await;
    assert_eq!(rig.rs(&person, &first).await.ok()["firstName"], "Екатерина");
    let password = json!({ "password": "katya-again", "repeated": "katya-again" });
    assert_eq!(put(&rig, &anna, &format!("{MOTHERS}/password"), password).await, "204");
    assert_eq!(rig.rs(&person, &first).await.status, 401);
    let second = token().await;
    assert_eq!(rig.rs(&person, &second).await.status, 200);
    assert_eq!(rig.person(&anna).delete(MOTHERS).await.outcome(), "204");
    assert_eq!(rig.rs(&person, &second).await.status, 401);
}
