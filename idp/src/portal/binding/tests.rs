use serde_json::json;
use worlds::Domain as _;

use super::*;
use crate::{
    event::Event,
    portal::family::CardId,
    state::Gosuslugi,
    testing::{Rig, family, rng, september, state},
};

fn card(state: &Gosuslugi, guardian: &str, child: &str) -> crate::portal::family::Card {
    let guardian = state.portal.cast.account(guardian, &state.portal.accounts).unwrap().oid;
    state.portal.family.of(guardian).find(|card| card.name.first() == child).unwrap().clone()
}

fn refusal(section: serde_json::Value, child: &str, email: &str) -> &'static str {
    let state = state(section);
    let card = card(&state, "анна", child);
    state.portal.issue_binding_code(&card, &email.parse().unwrap(), september(), &mut rng()).unwrap_err().code()
}

#[test]
fn a_code_is_refused_with_the_reason() {
    assert_eq!(refusal(family(), "Екатерина", "nobody@family.test"), "nobody-has-email");
    assert_eq!(refusal(family(), "Екатерина", "petr@family.test"), "email-of-adult");
    assert_eq!(refusal(family(), "Екатерина", "gleb@family.test"), "other-child");
    assert_eq!(refusal(family(), "Глеб", "gleb@family.test"), "already-bound");
    let mut unchecked = family();
    unchecked["families"][1]["checked"] = json!(false);
    assert_eq!(refusal(unchecked, "Екатерина", "katya@family.test"), "certificate-not-confirmed");
}

#[test]
fn an_account_without_checked_documents_is_nobodys_yet() {
    let mut alone = Codes::new();
    let applicant = crate::portal::accounts::Applicant {
        name: "Петрова Екатерина Петровна".parse().unwrap(),
        phone: None,
        email: Some("alone@family.test".parse().unwrap()),
    };
    let (events, id) = alone.state.portal.start_registration(&applicant, september(), &mut rng()).unwrap();
    alone.apply(&events);
    let letter = alone.state.portal.outbox.iter().next().unwrap().1.1.link.clone().unwrap();
    let proved = alone.state.portal.prove_email(&id, letter.split("letter=").nth(1).unwrap(), september()).unwrap();
    alone.apply(&proved);
    let (events, _) = alone.state.portal.complete_registration(&id, "alone-secret", september()).unwrap();
    alone.apply(&events);
    let (card, address) = (card(&alone.state, "анна", "Екатерина"), "alone@family.test".parse().unwrap());
    let refused = alone.state.portal.issue_binding_code(&card, &address, september(), &mut rng());
    assert_eq!(refused.unwrap_err().code(), "account-not-identified");
}

struct Codes {
    state: Gosuslugi,
    now: chrono::DateTime<chrono::Utc>,
    rng: worlds::WorldRng,
}

impl Codes {
    fn new() -> Self {
        Self { state: state(family()), now: september(), rng: rng() }
    }

    fn apply(&mut self, events: &[Event]) {
        for event in events {
            self.state.apply(self.now, event);
        }
    }

    fn issue(&mut self, guardian: &str) -> BindingCode {
        let card = card(&self.state, guardian, "Екатерина");
        let email = "katya@family.test".parse().unwrap();
        let (events, code) = self.state.portal.issue_binding_code(&card, &email, self.now, &mut self.rng).unwrap();
        self.apply(&events);
        code
    }

    fn redeem(&mut self, child: &str, code: &BindingCode) -> Result<(), &'static str> {
        let child = self.state.portal.cast.account(child, &self.state.portal.accounts).unwrap().oid;
        let (events, outcome) = self.state.portal.redeem_code(child, code, self.now).map_err(|error| error.code())?;
        self.apply(&events);
        outcome.map(|_| ()).map_err(|error| error.code())
    }

    fn wrong(right: &BindingCode) -> BindingCode {
        let other = if right.to_string() == "000000" { "000001" } else { "000000" };
        other.parse().unwrap()
    }
}

#[test]
fn a_code_binds_once() {
    let mut codes = Codes::new();
    let code = codes.issue("анна");
    assert_eq!(codes.redeem("катя", &code), Ok(()));
    assert_eq!(codes.redeem("катя", &code), Err("nothing-to-redeem"));
}

#[test]
fn a_new_code_puts_the_old_one_out_of_use() {
    let mut codes = Codes::new();
    let (old, new) = (codes.issue("анна"), codes.issue("анна"));
    assert_ne!(old, new);
    assert_eq!(codes.redeem("катя", &old), Err("wrong-code"));
    assert_eq!(codes.redeem("катя", &new), Ok(()));
}

#[test]
fn another_child_cannot_use_a_code() {
    let mut codes = Codes::new();
    let code = codes.issue("анна");
    assert_eq!(codes.redeem("глеб", &code), Err("nothing-to-redeem"));
    assert_eq!(codes.redeem("катя", &code), Ok(()));
}

#[test]
fn both_parents_may_bind_each_with_their_own_code() {
    let mut codes = Codes::new();
    let (mothers, fathers) = (codes.issue("анна"), codes.issue("пётр"));
    assert_eq!(codes.redeem("катя", &mothers), Ok(()));
    assert_eq!(codes.redeem("катя", &fathers), Ok(()));
    let child = codes.state.portal.cast.account("катя", &codes.state.portal.accounts).unwrap().oid;
    assert_eq!(codes.state.portal.bindings.guardians_of(child).count(), 2);
}

#[test]
fn five_wrong_codes_put_the_right_one_out_of_use() {
    let mut codes = Codes::new();
    let code = codes.issue("анна");
    let wrong = Codes::wrong(&code);
    for _ in 0..5 {
        assert_eq!(codes.redeem("катя", &wrong), Err("wrong-code"));
    }
    assert_eq!(codes.redeem("катя", &code), Err("nothing-to-redeem"));
}

#[test]
fn a_code_lapses_at_its_term_to_the_second() {
    let mut codes = Codes::new();
    let code = codes.issue("анна");
    let term = codes.now + chrono::TimeDelta::seconds(600);
    assert_eq!(codes.state.next_due(), Some(term));
    codes.now = term - chrono::TimeDelta::seconds(1);
    assert!(codes.state.portal.bindings.code(CardId(2), codes.now).is_some());
    codes.now = term;
    assert_eq!(codes.redeem("катя", &code), Err("nothing-to-redeem"));
    let due = codes.state.due(term).unwrap();
    codes.apply(&due.events);
    assert!(codes.state.next_due().is_none_or(|at| at > term));
}

#[test]
fn turning_18_ends_guardianship_and_the_consents_it_gave() {
    let mut section = family();
    section["consents"] = json!([{ "subject": "глеб", "given-by": "анна", "client": "DIARY", "scopes": ["fullname"] }]);
    let mut state = state(section);
    let gleb = state.portal.cast.account("глеб", &state.portal.accounts).unwrap().oid;
    let birthday = "2024-09-30T21:00:00Z".parse().unwrap();
    assert_eq!(state.next_due(), Some(birthday));
    assert_eq!(state.portal.consents.of(gleb).count(), 1);
    let due = state.due(birthday).unwrap();
    for event in &due.events {
        state.apply(due.at, event);
    }
    assert_eq!((state.portal.bindings.guardians_of(gleb).count(), state.portal.consents.of(gleb).count()), (0, 0));
    assert!(state.next_due().is_none_or(|at| at > birthday));
}

#[test]
fn a_code_never_shows_in_debug_output() {
    assert_eq!(format!("{:?}", "123456".parse::<BindingCode>().unwrap()), "[redacted]");
    for not_a_code in ["", "12345", "1234567", "12345a", "１２３４５６"] {
        assert!(not_a_code.parse::<BindingCode>().is_err(), "{not_a_code}");
    }
}

#[tokio::test]
async fn binding_over_json_from_card_to_bound_account() {
    let rig = Rig::new(family()).await;
    let (anna, katya) = (rig.session("анна").await, rig.session("катя").await);
    let me = |session: &str| {
        let session = session.to_owned();
        let rig = &rig;
        async move { rig.person(&session).get("/lk/api/me").await.ok() }
    };
    assert_eq!(me(&katya).await["binding_window"], false);
    let issued = rig.person(&anna).post("/lk/api/family/2/binding", &json!({ "email": "katya@family.test" })).await;
    let code = issued.json(201)["code"].clone();
    assert_eq!(me(&katya).await["binding_window"], true);
    let not_hers = rig.person(&anna).post("/lk/api/family/4/binding", &json!({ "email": "katya@family.test" })).await;
    assert_eq!(not_hers.outcome(), "404 card-unknown");
    let nonsense = rig.person(&katya).post("/lk/api/binding/redeem", &json!({ "code": "abc" })).await;
    assert_eq!(nonsense.outcome(), "400 not-a-code code");
    let bound = rig.person(&katya).post("/lk/api/binding/redeem", &json!({ "code": code })).await;
    assert_eq!(bound.ok()["guardian"], "Петрова Анна Сергеевна");
    assert_eq!(me(&katya).await["binding_window"], false);
    let nobody = rig.anyone().post("/lk/api/binding/redeem", &json!({ "code": code })).await;
    assert_eq!(nobody.outcome(), "401 not-signed-in");
}

#[tokio::test]
async fn each_refusal_of_a_code_has_its_name_and_field_and_issues_nothing() {
    let mut section = family();
    let cards = section["families"].as_array_mut().unwrap();
    cards.push(json!({ "guardian": "пётр", "child": "глеб", "card": { "birth-certificate": "I-ОО 000099" } }));
    let rig = Rig::new(section).await;
    let (anna, petr) = (rig.session("анна").await, rig.session("пётр").await);
    let ask = async |session: &str, card: u8, email: &str| {
        let path = format!("/lk/api/family/{card}/binding");
        rig.person(session).post(&path, &json!({ "email": email })).await.outcome()
    };
    assert_eq!(ask(&anna, 2, "").await.split(' ').next(), Some("400"));
    assert_eq!(ask(&anna, 2, "nobody@family.test").await, "409 nobody-has-email email");
    assert_eq!(ask(&anna, 2, "petr@family.test").await, "409 email-of-adult email");
    assert_eq!(ask(&anna, 2, "gleb@family.test").await, "409 other-child email");
    assert_eq!(ask(&anna, 3, "gleb@family.test").await, "409 already-bound email");
    assert_eq!(ask(&petr, 5, "gleb@family.test").await, "409 certificate-not-confirmed");
    assert_eq!(ask(&petr, 2, "katya@family.test").await, "404 card-unknown");
    let katya = rig.session("катя").await;
    let me = rig.person(&katya).get("/lk/api/me").await.ok();
    assert_eq!((me["binding_window"].clone(), me["binding_block"].clone()), (json!(false), json!(false)));
    rig.wall.set("2027-02-02T21:00:00Z".parse().unwrap());
    let anna = rig.session("анна").await;
    assert_eq!(ask(&anna, 2, "katya@family.test").await, "409 come-of-age email");
}

#[tokio::test]
async fn the_ministrys_consent_hides_the_window_until_it_is_revoked_and_one_signs_in_again() {
    let mut section = family();
    section["consents"] =
        json!([{ "subject": "катя", "given-by": "катя", "client": "MINOBR", "scopes": ["fullname"] }]);
    let rig = Rig::new(section).await;
    let (anna, katya) = (rig.session("анна").await, rig.session("катя").await);
    rig.person(&anna).post("/lk/api/family/2/binding", &json!({ "email": "katya@family.test" })).await;
    let shown = async |session: &str| rig.person(session).get("/lk/api/me").await.ok()["binding_window"].clone();
    assert_eq!(shown(&katya).await, false);
    assert_eq!(rig.person(&katya).delete("/lk/api/consents/1").await.outcome(), "204");
    assert_eq!(shown(&katya).await, false, "only the next sign-in shows it");
    assert_eq!(shown(&rig.session("катя").await).await, true);
}
