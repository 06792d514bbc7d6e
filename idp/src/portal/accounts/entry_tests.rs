//! Tests of the second factor and of password recovery.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Answer, Entered, Rig, family, newest, september, six_digits};

async fn post(rig: &Rig, path: &str, body: Value) -> Answer {
    rig.anyone().post(path, &body).await
}

async fn login(rig: &Rig, password: &str) -> Entered {
    rig.enter("/login", &[("login", "anna@family.test"), ("password", password)]).await
}

/// Анна chooses a second factor.
async fn choose(rig: &Rig, session: &str, factor: &str, current: &str) -> Answer {
    let body = json!({ "factor": factor, "current": current });
    rig.person(session).put("/lk/api/security/factor", &body).await
}

async fn sms(rig: &Rig) -> String {
    six_digits(&newest(rig, "+7(000)0000001").await)
}

fn other(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn second(rig: &Rig, entry: &str, code: &str) -> Entered {
    rig.enter("/login/second", &[("entry", entry), ("code", code)]).await
}

#[tokio::test]
async fn a_second_factor_stands_between_password_and_session() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    assert_eq!(choose(&rig, &anna, "sms", "nonsense").await.outcome(), "409 wrong-password current");
    assert_eq!(choose(&rig, &anna, "smoke", "anna-secret").await.outcome(), "400 bad-field factor");
    assert_eq!(choose(&rig, &anna, "sms", "anna-secret").await.ok()["factor"], "sms");
    let petr = rig.session("пётр").await;
    assert_eq!(choose(&rig, &petr, "sms", "petr-secret").await.outcome(), "409 no-phone factor");

    let entered = login(&rig, "anna-secret").await;
    let entry = entered.entry();
    assert_eq!(rig.person(entry).get("/lk/api/me").await.status, 401, "an entry is no session");
    let right = sms(&rig).await;
    assert_eq!(second(&rig, entry, "12").await.refusal(), "403 Код состоит из шести цифр");
    for _ in 0..5 {
        assert!(second(&rig, entry, other(&right)).await.refusal().starts_with("403 Неверный код. Осталось попыток: "));
    }
    assert_eq!(
        second(&rig, entry, &right).await.refusal(),
        "403 Код больше не действует: срок истёк или исчерпаны попытки. Запросите новый код"
    );
    let again = async || rig.enter("/login/second/again", &[("entry", entry)]).await;
    for _ in 0..4 {
        assert_eq!(again().await, entered);
    }
    assert_eq!(again().await.refusal(), "409 Больше кодов отправить нельзя: начните вход заново");
    assert!(second(&rig, entry, &sms(&rig).await).await.is_session());
    assert_eq!(second(&rig, entry, &sms(&rig).await).await.refusal(), "409 Время входа истекло", "a sign-in ends once");
    assert_eq!(second(&rig, "nonsense", "000000").await.refusal(), "409 Время входа истекло");
}

#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_its_password_nor_its_term() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    choose(&rig, &anna, "sms", "anna-secret").await;
    let entered = login(&rig, "anna-secret").await;
    let entry = entered.entry();
    let code = sms(&rig).await;
    let change = json!({ "current": "anna-secret", "password": "anna-secret-2", "repeated": "anna-secret-2" });
    let changed = rig.person(&anna).put("/lk/api/security/password", &change).await;
    assert_eq!(changed.outcome(), "204");
    assert_eq!(second(&rig, entry, &code).await.refusal(), "409 Время входа истекло");
    let entered = login(&rig, "anna-secret-2").await;
    let entry = entered.entry();
    rig.wall.set(september() + TimeDelta::minutes(30));
    assert_eq!(second(&rig, entry, &sms(&rig).await).await.refusal(), "409 Время входа истекло");
}

#[tokio::test]
async fn an_application_is_connected_by_its_first_code_and_none_is_taken_twice() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    let shown = async || rig.control().get("/control/people/anna@family.test/totp").await;
    let confirm =
        async |code: &str| rig.person(&anna).post("/lk/api/security/totp", &json!({ "code": code })).await.outcome();
    assert_eq!(shown().await.outcome(), "404 not-found");
    assert_eq!(confirm("000000").await, "409 no-offer code");
    let offer = choose(&rig, &anna, "totp", "anna-secret").await.ok();
    assert_eq!(offer["factor"], "none", "it works only after the first code");
    let link = offer["offer"]["link"].as_str().unwrap();
    assert!(link.starts_with("otpauth://totp/") && link.contains(offer["offer"]["secret"].as_str().unwrap()), "{link}");
    let code = shown().await.ok()["code"].as_str().unwrap().to_owned();
    assert_eq!(confirm(other(&code)).await, "409 wrong-code code");
    assert_eq!(confirm(&code).await, "200");
    assert_eq!(confirm(&code).await, "409 no-offer code");
    let entered = login(&rig, "anna-secret").await;
    assert!(
        second(&rig, entered.entry(), &code).await.refusal().starts_with("403 Неверный код. Осталось попыток: "),
        "it was taken once"
    );
    rig.wall.set(september() + TimeDelta::seconds(30));
    let code = shown().await.ok()["code"].as_str().unwrap().to_owned();
    assert!(second(&rig, entered.entry(), &code).await.is_session());
}

#[tokio::test]
async fn wrong_codes_lock_an_account_as_wrong_passwords_do() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    choose(&rig, &anna, "sms", "anna-secret").await;
    for _ in 0..2 {
        let entered = login(&rig, "anna-secret").await;
        let entry = entered.entry();
        let code = sms(&rig).await;
        for _ in 0..5 {
            assert!(
                second(&rig, entry, other(&code)).await.refusal().starts_with("403 Неверный код. Осталось попыток: ")
            );
        }
    }
    assert!(
        login(&rig, "anna-secret").await.refusal().starts_with("403 Вход временно заблокирован"),
        "however often one begins anew"
    );
    assert_eq!(choose(&rig, &anna, "none", "anna-secret").await.outcome(), "409 locked current");
    rig.wall.set(september() + TimeDelta::minutes(15));
    assert!(!login(&rig, "anna-secret").await.entry().is_empty());
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_spares_ones_own() {
    let rig = Rig::new(family()).await;
    let (here, elsewhere) = (rig.session("анна").await, rig.session("анна").await);
    let change = async |current: &str| {
        let body = json!({ "current": current, "password": "anna-secret-2", "repeated": "anna-secret-2" });
        rig.person(&here).put("/lk/api/security/password", &body).await.outcome()
    };
    assert_eq!(change("nonsense").await, "409 wrong-password current");
    assert_eq!(rig.person(&elsewhere).get("/lk/api/me").await.status, 200);
    assert_eq!(change("anna-secret").await, "204");
    assert_eq!(rig.person(&elsewhere).get("/lk/api/me").await.status, 401);
    assert_eq!(rig.person(&here).get("/lk/api/me").await.status, 200);
}

async fn recover(rig: &Rig, login: &str) -> Answer {
    post(rig, "/lk/api/recovery", json!({ "login": login })).await
}

async fn prove(rig: &Rig, login: &str, code: &str) -> Answer {
    post(rig, "/lk/api/recovery/code", json!({ "login": login, "code": code })).await
}

async fn restore(rig: &Rig, token: &Value) -> String {
    let body = json!({ "token": token, "password": "brand-new-one", "repeated": "brand-new-one" });
    post(rig, "/lk/api/recovery/password", body).await.outcome()
}

#[tokio::test]
async fn a_password_comes_back_by_sms_once_and_a_stranger_learns_nothing() {
    let rig = Rig::new(family()).await;
    let (anna, nobody) = ("+7(000)0000001", "+7(000)0000099");
    for phone in [anna, nobody] {
        let asked = recover(&rig, phone).await;
        assert_eq!(asked.json(202), json!({ "sent": "sms" }));
        assert_eq!(prove(&rig, phone, "12").await.outcome(), "400 not-a-code code");
    }
    assert_eq!(newest(&rig, nobody).await, Value::Null, "no SMS goes to nobody");
    let code = sms(&rig).await;
    for phone in [anna, nobody] {
        for _ in 0..5 {
            assert_eq!(prove(&rig, phone, other(&code)).await.outcome(), "409 wrong-code code");
        }
        assert_eq!(prove(&rig, phone, &code).await.outcome(), "409 code-lapsed code");
        for _ in 0..4 {
            assert_eq!(recover(&rig, phone).await.status, 202);
        }
        assert_eq!(recover(&rig, phone).await.outcome(), "409 too-many-codes login");
    }
    let session = rig.session("анна").await;
    let token = prove(&rig, anna, &sms(&rig).await).await.ok()["token"].clone();
    assert_eq!(prove(&rig, anna, &sms(&rig).await).await.outcome(), "409 code-lapsed code", "a code is used once");
    assert_eq!(restore(&rig, &json!("nonsense")).await, "409 recovery-lapsed");
    assert_eq!(restore(&rig, &token).await, "204");
    assert_eq!(restore(&rig, &token).await, "409 recovery-lapsed");
    assert_eq!(rig.person(&session).get("/lk/api/me").await.status, 401, "all sessions end");
    assert!(login(&rig, "brand-new-one").await.is_session());
}

#[tokio::test]
async fn a_letter_restores_only_the_password_it_was_sent_for() {
    let rig = Rig::new(family()).await;
    let token = async || {
        recover(&rig, "anna@family.test").await;
        let link = newest(&rig, "anna@family.test").await["link"].as_str().unwrap().to_owned();
        json!(link.split("token=").nth(1).unwrap())
    };
    let (first, later) = (token().await, token().await);
    assert_eq!(restore(&rig, &later).await, "204");
    assert_eq!(restore(&rig, &first).await, "409 recovery-lapsed", "the password is another one now");
    let last = token().await;
    rig.wall.set(september() + TimeDelta::hours(1));
    assert_eq!(restore(&rig, &last).await, "409 recovery-lapsed");
}

#[tokio::test]
async fn an_mfc_gives_a_password_for_one_sign_in() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    choose(&rig, &anna, "sms", "anna-secret").await;
    let desk = async |login: &str| post(&rig, &format!("/control/people/{login}/restore"), json!({})).await;
    assert_eq!(desk("olga@family.test").await.outcome(), "409 no-checked-documents");
    assert_eq!(desk("nobody@family.test").await.outcome(), "404 not-found key");
    let once = desk("anna@family.test").await.ok()["password"].as_str().unwrap().to_owned();
    assert_eq!(rig.person(&anna).get("/lk/api/me").await.status, 401);
    assert_eq!(login(&rig, "anna-secret").await.refusal(), "403 Неверный логин или пароль");
    let entered = login(&rig, &once).await;
    let replace = async |password: &str| {
        let fields = [("entry", entered.entry()), ("password", password), ("repeated", password)];
        rig.enter("/login/second/password", &fields).await
    };
    assert_eq!(
        second(&rig, entered.entry(), "000000").await,
        entered,
        "the second factor is off: no code is asked for"
    );
    assert!(replace("short").await.refusal().starts_with("400 "));
    assert_eq!(replace(&once).await.refusal(), "400 Новый пароль должен отличаться от одноразового");
    assert!(replace("brand-new-one").await.is_session());
    assert_eq!(replace("brand-new-two").await.refusal(), "409 Время входа истекло");
    assert_eq!(login(&rig, &once).await.refusal(), "403 Неверный логин или пароль");
    assert!(login(&rig, "brand-new-one").await.is_session());
}
