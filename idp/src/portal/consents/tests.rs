use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use worlds::Domain as _;

use super::*;
use crate::{
    event::Event,
    state::Gosuslugi,
    testing::{Rig, family, september, state},
};

struct Story {
    state: Gosuslugi,
    now: DateTime<Utc>,
}

impl Story {
    /// Катя is bound to both parents.
    fn new() -> Self {
        let mut section = family();
        section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }, { "guardian": "пётр", "child": "катя" }]);
        Self { state: state(section), now: september() }
    }

    fn oid(&self, key: &str) -> esia::Oid {
        self.state.portal.cast.account(key, &self.state.portal.accounts).unwrap().oid
    }

    fn take(&mut self, events: &[Event]) {
        for event in events {
            self.state.apply(self.now, event);
        }
    }

    fn ask(&mut self, subject: &str) -> Result<ConsentResponse, ConsentError> {
        let client = self.state.clients.get(&"DIARY".parse().unwrap()).unwrap().clone();
        let scopes: BTreeSet<_> = ["fullname", "snils"].map(str::to_owned).into();
        let (events, asked) =
            self.state.portal.ask_consent(&client, self.oid(subject), Wanted { scopes, purpose: "вход" }, self.now)?;
        self.take(&events);
        Ok(asked)
    }

    fn grant(&mut self, request: u64, by: &str) -> Result<(), &'static str> {
        let events = self
            .state
            .portal
            .grant_request(RequestId(request), self.oid(by), self.now)
            .map_err(|error| error.code())?;
        self.take(&events);
        Ok(())
    }

    fn news(&self, key: &str) -> usize {
        self.state.portal.notices.of(self.oid(key)).count()
    }
}

#[test]
fn every_bound_guardian_is_asked_once() {
    let mut story = Story::new();
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(2)));
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(2)));
    assert_eq!([story.news("анна"), story.news("пётр"), story.news("катя")], [1, 1, 0]);
}

#[test]
fn an_adult_is_asked_in_person_and_a_minor_without_guardians_nobody_for() {
    let mut story = Story::new();
    assert_eq!(story.ask("соседка"), Ok(ConsentResponse::requested(1)));
    assert_eq!(story.news("соседка"), 1);
    assert_eq!(story.ask("глеб"), Ok(ConsentResponse::NO_GUARDIAN));
}

#[test]
fn either_guardian_grants_also_after_the_other_refused_and_the_request_is_settled() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    let refused = story.state.portal.refuse_request(RequestId(1), story.oid("анна")).unwrap();
    story.take(&refused);
    assert_eq!(story.grant(1, "соседка"), Err("consent-unknown"));
    assert_eq!(story.grant(1, "катя"), Err("consent-unknown"));
    assert_eq!(story.grant(1, "пётр"), Ok(()));
    assert_eq!(story.grant(1, "анна"), Err("consent-already-granted"));
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::GRANTED));
}

#[test]
fn after_a_revocation_a_new_request_is_made() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    story.grant(1, "пётр").unwrap();
    for stranger in ["соседка", "глеб"] {
        assert_eq!(story.state.portal.revoke_consent(ConsentId(1), story.oid(stranger)), Err(ConsentError::Unknown));
    }
    let revoked = story.state.portal.revoke_consent(ConsentId(1), story.oid("анна")).unwrap();
    story.take(&revoked);
    assert!(story.state.portal.consents.scopes(story.oid("катя"), &"DIARY".parse().unwrap()).is_empty());
    assert_eq!(story.state.portal.revoke_consent(ConsentId(1), story.oid("анна")), Err(ConsentError::Unknown));
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(2)));
    assert_eq!(story.news("анна"), 2);
}

#[test]
fn a_consent_lapses_at_its_term() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    story.grant(1, "пётр").unwrap();
    let term = story.now + chrono::TimeDelta::days(365);
    // Глеб turns 18 before that.
    while let Some(due) = story.state.due(term) {
        for event in &due.events {
            story.state.apply(due.at, event);
        }
    }
    assert_eq!(story.state.portal.consents.of(story.oid("катя")).count(), 0);
}

#[test]
fn a_guardian_consents_beforehand_only_for_a_bound_child_and_an_offered_system() {
    let mut story = Story::new();
    let decide = |story: &Story, guardian: &str, child: &str, client: &str| {
        let client = client.parse().unwrap();
        let (guardian, child) = (story.oid(guardian), story.oid(child));
        let offer = Beforehand { guardian, child, client: &client, days: None };
        story.state.portal.grant_beforehand(&story.state.clients, &offer, story.now)
    };
    assert_eq!(decide(&story, "анна", "глеб", "DIARY"), Err(ConsentError::NotGuardian));
    assert_eq!(decide(&story, "анна", "катя", "MINOBR"), Err(ConsentError::NotOffered));
    assert_eq!(decide(&story, "анна", "катя", "NONE"), Err(ConsentError::NotOffered));
    let events = decide(&story, "анна", "катя", "DIARY").unwrap();
    story.take(&events);
    assert_eq!(decide(&story, "анна", "катя", "DIARY"), Err(ConsentError::AlreadyGranted));
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::GRANTED));
}

#[tokio::test]
async fn two_guardians_granting_at_once_leave_one_winner_and_one_clear_refusal() {
    let mut section = family();
    section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }, { "guardian": "пётр", "child": "катя" }]);
    let rig = Rig::new(section).await;
    let (anna, petr) = (rig.session("анна").await, rig.session("пётр").await);
    let offer = rig.person(&anna).get("/lk/api/portfolio").await.ok()[0].clone();
    let grant = json!({ "child": offer["child"], "client": offer["client"] });
    let (one, other) = tokio::join!(
        rig.person(&anna).post("/lk/api/portfolio", &grant),
        rig.person(&petr).post("/lk/api/portfolio", &grant)
    );
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "409 consent-already-granted"]);
    let consents = rig.person(&petr).get("/lk/api/consents").await.ok();
    assert_eq!(consents.as_array().unwrap().len(), 1);
}

#[test]
fn a_request_that_nobody_answers_lapses_and_the_next_one_is_new() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    let term = story.now + chrono::TimeDelta::days(30);
    // Глеб turns 18 before that.
    while let Some(due) = story.state.due(term) {
        for event in &due.events {
            story.state.apply(due.at, event);
        }
    }
    assert_eq!(story.grant(1, "анна"), Err("consent-request-closed"));
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(2)));
    assert_eq!(story.grant(2, "анна"), Ok(()));
}

#[test]
fn a_guardian_bound_since_is_added_to_the_open_request_and_the_first_is_not_told_twice() {
    let mut section = family();
    section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }]);
    let mut story = Story { state: state(section), now: september() };
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(1)));
    let (petr, katya) = (story.oid("пётр"), story.oid("катя"));
    story.state.portal.bindings.bind(petr, katya);
    assert_eq!(story.ask("катя"), Ok(ConsentResponse::requested(2)));
    assert_eq!([story.news("анна"), story.news("пётр")], [1, 1]);
    assert_eq!(story.grant(1, "пётр"), Ok(()));
    assert_eq!(story.grant(1, "анна"), Err("consent-already-granted"));
}

#[test]
fn a_request_for_more_replaces_the_open_one() {
    let mut story = Story::new();
    let client = story.state.clients.get(&"DIARY".parse().unwrap()).unwrap().clone();
    let mut ask = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let katya = story.oid("катя");
        let (events, _) =
            story.state.portal.ask_consent(&client, katya, Wanted { scopes, purpose: "вход" }, story.now).unwrap();
        story.take(&events);
    };
    ask(&["fullname"]);
    ask(&["fullname", "snils"]);
    assert_eq!(story.grant(1, "анна"), Err("consent-request-closed"));
    assert_eq!(story.grant(2, "анна"), Ok(()));
}

#[test]
fn the_term_of_a_consent_given_beforehand_is_chosen_within_bounds() {
    let story = Story::new();
    let grant = |days: Option<u32>| {
        let (anna, katya) = (story.oid("анна"), story.oid("катя"));
        let client = "DIARY".parse().unwrap();
        let offer = Beforehand { guardian: anna, child: katya, client: &client, days };
        let decided = story.state.portal.grant_beforehand(&story.state.clients, &offer, story.now);
        decided.map(|events| match &events[..] {
            [Event::Consent(ConsentEvent::Granted { consent, .. })] => (consent.expires_at - story.now).num_days(),
            other => panic!("{other:?}"),
        })
    };
    assert_eq!([grant(None), grant(Some(1)), grant(Some(1825))], [Ok(365), Ok(1), Ok(1825)]);
    assert_eq!([grant(Some(0)), grant(Some(1826))], [Err(ConsentError::Days), Err(ConsentError::Days)]);
}

#[test]
fn coming_of_age_closes_what_guardians_were_asked() {
    let mut story = Story::new();
    let (anna, gleb) = (story.oid("анна"), story.oid("глеб"));
    story.state.portal.bindings.bind(anna, gleb);
    assert_eq!(story.ask("глеб"), Ok(ConsentResponse::requested(1)));
    let birthday = "2024-09-30T21:00:00Z".parse().unwrap();
    while let Some(due) = story.state.due(birthday) {
        for event in &due.events {
            story.state.apply(due.at, event);
        }
    }
    story.now = birthday;
    assert_eq!(story.grant(1, "анна"), Err("consent-request-closed"));
    assert_eq!(story.ask("глеб"), Ok(ConsentResponse::requested(1)));
    assert_eq!(story.grant(2, "глеб"), Ok(()));
}

#[test]
fn the_history_and_settled_requests_of_a_person_are_bounded() {
    let mut story = Story::new();
    let katya = story.oid("катя");
    for _ in 0..MAX_KEPT {
        story.ask("катя").unwrap();
        let request = story.state.portal.consents.requests_to(story.oid("анна")).next().unwrap().0;
        story.grant(request.0, "анна").unwrap();
        let consent = story.state.portal.consents.of(katya).next().unwrap().0;
        let revoked = story.state.portal.revoke_consent(consent, katya).unwrap();
        story.take(&revoked);
        story.now += chrono::TimeDelta::seconds(1);
    }
    assert_eq!(story.state.portal.consents.history(katya).count(), MAX_KEPT);
    assert_eq!(story.state.portal.consents.history(katya).next().unwrap().what, What::Revoked);
    story.ask("катя").unwrap();
    story.grant(MAX_KEPT as u64 + 1, "анна").unwrap();
    assert_eq!(story.state.portal.consents.requests_to(story.oid("анна")).count(), MAX_KEPT);
    assert!(story.state.portal.consents.request(RequestId(1)).is_none());
}

/// Катя bound to both parents, over HTTP.
async fn both_parents() -> (Rig, String, String) {
    let mut section = family();
    section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }, { "guardian": "пётр", "child": "катя" }]);
    section["consents"] = json!([{ "subject": "катя", "given-by": "анна", "client": "DIARY", "scopes": ["fullname"] }]);
    let rig = Rig::new(section).await;
    let (anna, petr) = (rig.session("анна").await, rig.session("пётр").await);
    (rig, anna, petr)
}

#[tokio::test]
async fn two_guardians_revoking_at_once_leave_one_winner_and_the_history_says_who() {
    let (rig, anna, petr) = both_parents().await;
    let (one, other) =
        tokio::join!(rig.person(&anna).delete("/lk/api/consents/1"), rig.person(&petr).delete("/lk/api/consents/1"));
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "404 consent-unknown"]);
    let history = rig.person(&petr).get("/lk/api/consents/history").await.ok();
    let lines: Vec<_> = history.as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(lines, ["revoked", "granted"]);
    assert!(history[0]["by"].as_str().unwrap().starts_with("Петров"), "{history}");
    let strangers = rig.session("соседка").await;
    let history = rig.person(&strangers).get("/lk/api/consents/history").await.ok();
    assert_eq!(history, json!([]));
}

#[tokio::test]
async fn a_term_that_no_consent_has_is_refused_by_its_field() {
    let (rig, anna, _) = both_parents().await;
    let offer = rig.person(&anna).get("/lk/api/portfolio").await.ok()[0].clone();
    let grant = json!({ "child": offer["child"], "client": offer["client"], "days": 0 });
    assert_eq!(rig.person(&anna).post("/lk/api/portfolio", &grant).await.outcome(), "400 consent-days days");
}

#[tokio::test]
async fn two_guardians_granting_one_request_at_once_leave_one_winner() {
    use crate::protocols::esia::testing::Rp;
    let (rig, anna, petr) = both_parents().await;
    let oid = rig.oid("катя").await;
    let system = rig.te(&Rp::default().by_itself(&format!("prm_req?oid={oid}"))).await.ok();
    let ask = json!({ "purpose": "EDUCATION_DIARY", "scopes": ["snils"] });
    let endpoint = format!("/rs/prns/{oid}/permissions/requests");
    let asked = rig.system(system["access_token"].as_str().unwrap()).post(&endpoint, &ask);
    assert_eq!(asked.await.ok(), json!({ "status": "requested", "guardians": 2 }));
    let (path, nothing) = ("/lk/api/consents/requests/1/grant", json!({}));
    let (one, other) = tokio::join!(rig.person(&anna).post(path, &nothing), rig.person(&petr).post(path, &nothing));
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "409 consent-already-granted"]);
    let requests = rig.person(&petr).get("/lk/api/consents/requests").await.ok();
    assert_eq!(requests[0]["status"], "granted");
    assert!(requests[0]["granted_by"].as_str().unwrap().starts_with("Петров"), "{requests}");
}
