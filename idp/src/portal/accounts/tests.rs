use axum::{body::Body, http::Request};
use serde_json::json;

use super::*;
use crate::{
    portal::age,
    testing::{Rig, family, september, state},
};

#[test]
fn one_signs_in_by_email_phone_or_snils() {
    let state = state(family());
    for login in
        ["anna@family.test", "ANNA@family.test", "+7(000)0000001", "8 000 000 00 01", "001-000-001 00", " 00100000100 "]
    {
        let account =
            state.portal.accounts.authenticate(login, "anna-secret", september()).map(|account| account.name.first());
        assert_eq!(account.unwrap(), "Анна", "{login}");
    }
    assert_eq!(state.portal.accounts.authenticate("nobody", "x", september()), Err((SignInError::Wrong, None)));
}

#[test]
fn years_are_counted_by_the_calendar() {
    let years = |born: &str, today: &str| age(born.parse().unwrap(), today.parse().unwrap());
    assert_eq!(years("2006-10-01", "2024-09-30"), 17);
    assert_eq!(years("2006-10-01", "2024-10-01"), 18);
    assert_eq!(years("2008-02-29", "2026-02-28"), 17);
    assert_eq!(years("2008-02-29", "2026-03-01"), 18);
    assert_eq!(years("2024-09-03", "2024-09-02"), -1);
}

#[test]
fn the_wire_level_follows_confirmation_age_and_who_made_the_account() {
    let mut section = family();
    section["people"]["катя"]["account"]["made-by"] = json!("анна");
    let state = state(section);
    let level = |key: &str, today: &str| {
        state.portal.cast.account(key, &state.portal.accounts).unwrap().wire_level(today.parse().unwrap())
    };
    assert_eq!(level("анна", "2024-09-02"), esia::token::Level::Pr);
    assert_eq!(level("соседка", "2024-09-02"), esia::token::Level::P);
    assert_eq!(level("катя", "2027-02-02"), esia::token::Level::Kd);
    assert_eq!(level("катя", "2027-02-03"), esia::token::Level::P);
}

/// A browser with the cookies of the login page.
struct Visitor {
    rig: Rig,
    cookies: String,
    csrf: String,
}

impl Visitor {
    async fn new() -> Self {
        let mut section = family();
        section["people"]["анна"]["account"]["roles"] =
            json!([{ "oid": 1_000_000_111_u64, "organisation": "Ромашка", "type": "LEGAL" }]);
        let rig = Rig::new(section).await;
        let page = rig.send(Request::get("/login").body(Body::empty()).unwrap()).await;
        let cookies = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let csrf = cookies.split('=').nth(1).unwrap().to_owned();
        Self { rig, cookies, csrf }
    }

    async fn post(&mut self, path: &str, fields: &str) -> (u16, String, String) {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("cookie", &self.cookies).body(Body::from(format!("csrf={}&{fields}", self.csrf)));
        let answer = self.rig.send(request.unwrap()).await;
        if let Some(cookie) = answer.headers.get("set-cookie") {
            self.cookies = format!("{}; {}", self.cookies, cookie.to_str().unwrap().split(';').next().unwrap());
        }
        let location = answer.headers.get("location").map_or("", |location| location.to_str().unwrap()).to_owned();
        (answer.status.as_u16(), location, answer.body)
    }

    async fn get(&self, path: &str) -> (u16, String, String) {
        let answer =
            self.rig.send(Request::get(path).header("cookie", &self.cookies).body(Body::empty()).unwrap()).await;
        let location = answer.headers.get("location").map_or("", |location| location.to_str().unwrap()).to_owned();
        (answer.status.as_u16(), location, answer.body)
    }
}

#[tokio::test]
async fn after_signing_in_one_goes_where_one_wanted_but_never_outside() {
    let mut visitor = Visitor::new().await;
    let mut next = async |next: &str| {
        visitor.post("/login", &format!("login=petr%40family.test&password=petr-secret&next={next}")).await.1
    };
    assert_eq!(next("%2Flk%2Ffamily").await, "/lk/family");
    for outside in ["", "https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "javascript%3A1"] {
        assert_eq!(next(outside).await, "/lk", "{outside}");
    }
}

#[tokio::test]
async fn several_roles_are_chosen_from_with_the_private_person_first() {
    let mut visitor = Visitor::new().await;
    let (status, location, _) = visitor.post("/login", "login=anna%40family.test&password=anna-secret").await;
    assert_eq!((status, location.as_str()), (303, "/login/role?next=%2Flk"));
    assert!(visitor.get("/lk").await.1.starts_with("/login/role"), "nothing opens before a role is chosen");
    let page = visitor.get("/login/role").await.2;
    let (private, organisation) = (page.find("Частное лицо").unwrap(), page.find("Ромашка").unwrap());
    assert!(private < organisation);
    assert_eq!(visitor.post("/login/role", "organisation=5").await.0, 400);
    assert_eq!(visitor.post("/login/role", "organisation=").await.1, "/lk");
    assert_eq!(visitor.get("/lk").await.0, 200);
}

#[tokio::test]
async fn a_program_chooses_a_role_and_signs_out() {
    let mut section = family();
    section["people"]["анна"]["account"]["roles"] =
        json!([{ "oid": 1_000_000_111_u64, "organisation": "Ромашка", "type": "LEGAL" }]);
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    let role = async |organisation: &str| {
        let body = json!({ "organisation": organisation });
        rig.person(&anna).put("/lk/api/session/role", &body).await.outcome()
    };
    assert_eq!(role("5").await, "400 bad-request organisation");
    assert_eq!(role("1000000111").await, "204");
    assert_eq!(role("").await, "204");
    let me = rig.person(&anna).get("/lk/api/me").await.ok();
    assert_eq!((&me["snils"], &me["email"]), (&json!("001-000-001 00"), &json!("anna@family.test")));
    assert_eq!(rig.person(&anna).delete("/lk/api/session").await.outcome(), "204");
    assert_eq!(rig.person(&anna).get("/lk/api/me").await.status, 401);
}

#[tokio::test]
async fn ten_wrong_passwords_lock_the_account_for_fifteen_minutes() {
    let mut visitor = Visitor::new().await;
    for _ in 0..10 {
        let (status, _, body) = visitor.post("/login", "login=petr%40family.test&password=wrong").await;
        assert!(status == 403 && body.contains("Неверный логин или пароль"));
    }
    let right = "login=petr%40family.test&password=petr-secret";
    assert!(visitor.post("/login", right).await.2.contains("временно заблокирован"));
    visitor.rig.wall.set(september() + chrono::TimeDelta::minutes(15));
    assert_eq!(visitor.post("/login", right).await.0, 303);
}

#[tokio::test]
async fn a_session_ends_after_three_hours_and_at_signing_out() {
    let mut visitor = Visitor::new().await;
    visitor.post("/login", "login=petr%40family.test&password=petr-secret").await;
    visitor.rig.wall.set(september() + chrono::TimeDelta::minutes(179));
    assert_eq!(visitor.get("/lk").await.0, 200);
    visitor.rig.wall.set(september() + chrono::TimeDelta::minutes(180));
    assert_eq!(visitor.get("/lk/profile").await.1, "/login?next=%2Flk%2Fprofile");
    let mut again = Visitor::new().await;
    again.post("/login", "login=petr%40family.test&password=petr-secret").await;
    let session = again.cookies.clone();
    again.post("/logout", "").await;
    again.cookies = session;
    assert_eq!(again.get("/lk").await.0, 303, "the old cookie opens nothing");
}

#[tokio::test]
async fn a_password_is_restored_by_a_letter_once() {
    let mut visitor = Visitor::new().await;
    let (status, _, body) = visitor.post("/recovery", "login=+").await;
    assert!(status == 400 && body.contains("Укажите телефон, почту или СНИЛС"), "{status} {body}");
    visitor.post("/recovery", "login=nobody%40family.test").await;
    let outbox = async |visitor: &Visitor| visitor.rig.control().get("/control/outbox?to=petr@family.test").await.ok();
    assert_eq!(outbox(&visitor).await, json!([]));
    visitor.post("/recovery", "login=petr%40family.test").await;
    let link = outbox(&visitor).await[0]["link"].as_str().unwrap().to_owned();
    let token = link.split("token=").nth(1).unwrap().to_owned();
    assert!(link.starts_with("http://127.0.0.1:8001/recovery/password?token="), "{link}");
    let fields = |password: &str| format!("token={token}&password={password}&repeated=brand-new-one");
    assert_eq!(visitor.post("/recovery/password", &fields("other-than-that")).await.0, 400);
    assert_eq!(visitor.post("/recovery/password", &fields("brand-new-one")).await.0, 200);
    assert_eq!(visitor.post("/recovery/password", &fields("brand-new-one")).await.0, 409);
    assert_eq!(visitor.post("/login", "login=petr%40family.test&password=brand-new-one").await.0, 303);
}

#[tokio::test]
async fn an_account_is_confirmed_at_a_desk_from_fourteen_on_and_by_a_bank_with_an_adult_card() {
    let rig = Rig::new(family()).await;
    let confirm = async |key: &str, body: serde_json::Value| {
        let key: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        rig.control().post(&format!("/control/people/{key}/confirm"), &body).await.outcome()
    };
    assert_eq!(confirm("катя", json!({ "place": "bank", "card": "child" })).await, "409 card-not-adult card");
    assert_eq!(confirm("катя", json!({ "place": "bank" })).await, "409 card-not-adult card");
    assert_eq!(confirm("катя", json!({ "place": "bank", "card": "adult" })).await, "200");
    assert_eq!(confirm("катя", json!({ "place": "mfc" })).await, "409 already-confirmed");
    assert_eq!(confirm("ваня", json!({ "place": "mfc" })).await, "404 not-found key");
    assert_eq!(confirm("катя", json!({ "place": "moon" })).await.split(' ').next().unwrap(), "400");
}

#[test]
fn a_session_is_forgotten_a_day_after_its_term_also_when_it_was_signed_out_of() {
    use worlds::Domain as _;

    use crate::event::Event;
    let mut state = state(family());
    let anna = state.portal.cast.account("анна", &state.portal.accounts).unwrap().clone();
    let (events, id) = state.portal.sign_in(&anna, september(), &mut crate::testing::rng());
    for event in &events {
        state.apply(september(), event);
    }
    let sid = state.portal.accounts.session(&id, september()).unwrap().sid.clone();
    let out = Event::Account(AccountEvent::SignedOut { oid: anna.oid, session: id });
    state.apply(september(), &out);
    assert_eq!(state.portal.accounts.sid_owner(&sid), Some(anna.oid), "its tokens live on for their own term");
    let later = september() + chrono::TimeDelta::hours(28);
    let (events, _) = state.portal.sign_in(&anna, later, &mut worlds::WorldRng::new(2, 0));
    for event in &events {
        state.apply(later, event);
    }
    assert_eq!(state.portal.accounts.sid_owner(&sid), None);
}

/// The clock of these worlds stands still, so no recovery would ever expire to make place for another one.
#[test]
fn a_stranger_who_asks_for_many_recoveries_shuts_nobody_out() {
    use worlds::Domain as _;

    use crate::event::Event;
    let (mut state, mut rng) = (state(family()), crate::testing::rng());
    let mut ask = |login: &str| {
        let (events, _) = state.portal.ask_recovery(login, september(), &mut rng).unwrap();
        let token = events.iter().find_map(|event| match event {
            Event::Account(AccountEvent::RecoveryAsked { token, .. }) => Some(token.clone()),
            _ => None,
        });
        for event in &events {
            state.apply(september(), event);
        }
        let living = |token: &String| state.portal.accounts.recovery(token, september()).is_ok();
        (token.clone().unwrap(), token.as_ref().is_some_and(living))
    };
    let (first, _) = ask("anna@family.test");
    for _ in 0..1_500 {
        assert!(ask("anna@family.test").1, "the newest works, whoever has asked");
    }
    assert!(ask("petr@family.test").1, "somebody else's too");
    assert!(state.portal.accounts.recovery(&first, september()).is_err(), "of one account the last twenty work");
}
