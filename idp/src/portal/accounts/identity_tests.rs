use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Rig, family, newest, september, six_digits};

/// Лев is 15, has a passport, and no account yet.
fn section() -> Value {
    let mut section = family();
    section["people"]["лев"] = json!({ "name": "Новиков Лев Ильич", "gender": "M", "born": "2009-05-05",
        "snils": "001-000-021 00",
        "passport": { "series": "0023", "number": "000021", "issued": "2023-05-20", "issued-by": "УМВД" } });
    section
}

fn documents(change: impl Fn(&mut Value)) -> Value {
    let mut documents = json!({ "gender": "M", "born": "2009-05-05", "snils": "001-000-021 00", "series": "0023",
        "number": "000021", "issued": "2023-05-20", "issued_by": "УМВД" });
    change(&mut documents);
    documents
}

/// Somebody with an упрощённая account.
struct Newcomer {
    rig: Rig,
    session: String,
    phone: &'static str,
}

impl Newcomer {
    async fn register(rig: Rig, phone: &'static str) -> Self {
        let who = json!({ "last": "Новиков", "first": "Лев", "middle": "Ильич", "phone": phone });
        let id = rig.anyone().post("/lk/api/registration", &who).await.json(201)["id"].as_str().unwrap().to_owned();
        let code = json!({ "code": six_digits(&newest(&rig, phone).await) });
        rig.anyone().post(&format!("/lk/api/registration/{id}/code"), &code).await;
        let password = json!({ "password": "lev-secret", "repeated": "lev-secret" });
        rig.anyone().post(&format!("/lk/api/registration/{id}/password"), &password).await;
        let mut newcomer = Self { rig, session: String::new(), phone };
        newcomer.sign_in().await;
        newcomer
    }

    async fn sign_in(&mut self) {
        self.session = self.rig.sign_in(self.phone, "lev-secret").await;
    }

    async fn enter(&self, documents: Value) -> String {
        self.rig.person(&self.session).put("/lk/api/documents", &documents).await.outcome()
    }

    async fn view(&self) -> Value {
        self.rig.person(&self.session).get("/lk/api/documents").await.ok()
    }

    async fn confirm(&self, desk: Value) -> String {
        let path = format!("/control/people/{}/confirm", self.phone);
        self.rig.control().post(&path, &desk).await.outcome()
    }
}

#[tokio::test]
async fn documents_make_an_account_standard_and_a_desk_confirms_it() {
    let mut lev = Newcomer::register(Rig::new(section()).await, "+7(000)0000021").await;
    assert_eq!(lev.confirm(json!({ "place": "mfc" })).await, "409 not-standard");
    assert_eq!(lev.enter(documents(|_| ())).await, "202");
    assert_eq!(lev.enter(documents(|_| ())).await, "409 checking");
    lev.rig.wall.set(september() + TimeDelta::minutes(14));
    assert_eq!(lev.view().await["level"], "simplified");
    lev.rig.wall.set(september() + TimeDelta::minutes(15));
    assert_eq!(lev.view().await["level"], "standard");
    assert_eq!(lev.enter(documents(|_| ())).await, "409 already-checked");
    let bank = |card: &str| json!({ "place": "bank", "card": card });
    assert_eq!(lev.confirm(json!({ "place": "bank" })).await, "409 card-not-adult card");
    assert_eq!(lev.confirm(bank("child")).await, "409 card-not-adult card");
    assert_eq!(lev.confirm(bank("adult")).await, "200");
    assert_eq!(lev.confirm(json!({ "place": "mfc" })).await, "409 already-confirmed");
    lev.phone = "001-000-021 00";
    lev.sign_in().await;
    assert_eq!(lev.view().await["level"], "confirmed", "the СНИЛС is a login now");
}

#[tokio::test]
async fn what_an_agency_does_not_find_is_said_and_may_be_entered_again() {
    let lev = Newcomer::register(Rig::new(section()).await, "+7(000)0000021").await;
    let mut minutes = 0;
    for (change, passport, snils) in [
        ("number", "not-found", "confirmed"),
        ("issued", "not-found", "confirmed"),
        ("snils", "confirmed", "not-found"),
        ("born", "not-found", "not-found"),
    ] {
        let wrong =
            json!({ "number": "000022", "issued": "2023-05-21", "snils": "001-000-022 00", "born": "2009-05-06" });
        assert_eq!(
            lev.enter(documents(|documents| documents[change] = wrong[change].clone())).await,
            "202",
            "{change}"
        );
        minutes += 15;
        lev.rig.wall.set(september() + TimeDelta::minutes(minutes));
        let view = lev.view().await;
        assert_eq!(
            (&view["passport"]["answer"], &view["snils"]["answer"]),
            (&json!(passport), &json!(snils)),
            "{change}"
        );
        assert_eq!((view["level"].as_str(), view["may_enter"].as_bool()), (Some("simplified"), Some(true)));
    }
    assert_eq!(lev.enter(documents(|_| ())).await, "202");
}

#[tokio::test]
async fn each_document_field_is_refused_by_name() {
    let lev = Newcomer::register(Rig::new(section()).await, "+7(000)0000021").await;
    for (field, value, outcome) in [
        ("gender", "X", "400 bad-field gender"),
        ("born", "yesterday", "400 bad-field born"),
        ("snils", "1", "400 bad-field snils"),
        ("series", "1", "400 bad-field series"),
        ("number", "12345x", "400 bad-field number"),
        ("issued", "", "400 bad-field issued"),
        ("issued_by", " ", "400 bad-field issued_by"),
        ("born", "2010-09-03", "409 too-young born"),
        ("born", "2025-01-01", "409 too-young born"),
        ("issued", "2023-05-04", "409 issued-when issued"),
        ("issued", "2024-09-03", "409 issued-when issued"),
        ("snils", "001-000-001 00", "409 snils-taken snils"),
    ] {
        let entered = lev.enter(documents(|documents| documents[field] = json!(value))).await;
        assert_eq!(entered, outcome, "{field}: {value:?}");
    }
    assert_eq!(lev.view().await["passport"], Value::Null, "nothing was entered");
}

#[tokio::test]
async fn of_two_accounts_that_claim_one_snils_one_gets_it() {
    let first = Newcomer::register(Rig::new(section()).await, "+7(000)0000021").await;
    assert_eq!(first.enter(documents(|_| ())).await, "202");
    first.rig.wall.set(september() + TimeDelta::minutes(1));
    let (first_session, rig) = (first.session, first.rig);
    let second = Newcomer::register(rig, "+7(000)0000022").await;
    assert_eq!(second.enter(documents(|_| ())).await, "202", "nobody has it yet");
    second.rig.wall.set(september() + TimeDelta::minutes(16));
    let view = second.view().await;
    assert_eq!((&view["level"], &view["snils"]["answer"]), (&json!("simplified"), &json!("taken")));
    let first = second.rig.person(&first_session).get("/lk/api/documents").await.ok();
    assert_eq!(first["level"], "standard");
    assert_eq!(second.enter(documents(|_| ())).await, "409 snils-taken snils");
}
