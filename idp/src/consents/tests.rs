use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use worlds::Domain as _;

use super::*;
use crate::{
    state::{Event, Gosuslugi},
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
        self.state.cast.account(key, &self.state.accounts).unwrap().oid
    }

    fn take(&mut self, events: &[Event]) {
        events.iter().for_each(|event| self.state.apply(self.now, event));
    }

    fn ask(&mut self, subject: &str) -> Result<Asked, ConsentError> {
        let client = self.state.clients.get(&"DIARY".parse().unwrap()).unwrap().clone();
        let scopes: BTreeSet<_> = ["fullname", "snils"].map(str::to_owned).into();
        let today = web::date(self.now);
        let (events, asked) = self.state.ask_consent(&client, self.oid(subject), (scopes, "вход"), today)?;
        self.take(&events);
        Ok(asked)
    }

    fn grant(&mut self, request: u64, by: &str) -> Result<(), &'static str> {
        let events = self.state.grant_request(RequestId(request), self.oid(by), self.now).map_err(|error| error.code())?;
        self.take(&events);
        Ok(())
    }

    fn news(&self, key: &str) -> usize {
        self.state.notices.of(self.oid(key)).len()
    }
}

#[test]
fn every_bound_guardian_is_asked_once() {
    let mut story = Story::new();
    assert_eq!(story.ask("катя"), Ok(Asked::Requested(2)));
    assert_eq!(story.ask("катя"), Ok(Asked::Requested(2)));
    assert_eq!([story.news("анна"), story.news("пётр"), story.news("катя")], [1, 1, 0]);
}

#[test]
fn an_adult_is_asked_in_person_and_a_minor_without_guardians_nobody_for() {
    let mut story = Story::new();
    assert_eq!(story.ask("соседка"), Ok(Asked::Requested(1)));
    assert_eq!(story.news("соседка"), 1);
    assert_eq!(story.ask("глеб"), Ok(Asked::NoGuardian));
}

#[test]
fn either_guardian_grants_also_after_the_other_refused_and_the_request_is_settled() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    let refused = story.state.refuse_request(RequestId(1), story.oid("анна")).unwrap();
    story.take(&refused);
    assert_eq!(story.grant(1, "соседка"), Err("consent-unknown"));
    assert_eq!(story.grant(1, "катя"), Err("consent-unknown"));
    assert_eq!(story.grant(1, "пётр"), Ok(()));
    assert_eq!(story.grant(1, "анна"), Err("consent-already-granted"));
    assert_eq!(story.ask("катя"), Ok(Asked::Granted));
}

#[test]
fn after_a_revocation_a_new_request_is_made() {
    let mut story = Story::new();
    story.ask("катя").unwrap();
    story.grant(1, "пётр").unwrap();
    let revoked = story.state.revoke_consent(ConsentId(1), story.oid("анна")).unwrap();
    story.take(&revoked);
    assert!(story.state.consents.scopes(story.oid("катя"), &"DIARY".parse().unwrap()).is_empty());
    assert_eq!(story.state.revoke_consent(ConsentId(1), story.oid("анна")), Err(ConsentError::Unknown));
    assert_eq!(story.ask("катя"), Ok(Asked::Requested(2)));
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
        due.events.iter().for_each(|event| story.state.apply(due.at, event));
    }
    assert_eq!(story.state.consents.of(story.oid("катя")).count(), 0);
}

#[test]
fn a_guardian_consents_beforehand_only_for_a_bound_child_and_an_offered_system() {
    let mut story = Story::new();
    let decide = |story: &Story, guardian: &str, child: &str, client: &str| {
        story.state.grant_beforehand(story.oid(guardian), story.oid(child), &client.parse().unwrap(), story.now)
    };
    assert_eq!(decide(&story, "анна", "глеб", "DIARY"), Err(ConsentError::NotGuardian));
    assert_eq!(decide(&story, "анна", "катя", "MINOBR"), Err(ConsentError::NotOffered));
    assert_eq!(decide(&story, "анна", "катя", "NONE"), Err(ConsentError::NotOffered));
    let events = decide(&story, "анна", "катя", "DIARY").unwrap();
    story.take(&events);
    assert_eq!(decide(&story, "анна", "катя", "DIARY"), Err(ConsentError::AlreadyGranted));
    assert_eq!(story.ask("катя"), Ok(Asked::Granted));
}

#[tokio::test]
async fn two_guardians_granting_at_once_leave_one_winner_and_one_clear_refusal() {
    let mut section = family();
    section["bindings"] = json!([{ "guardian": "анна", "child": "катя" }, { "guardian": "пётр", "child": "катя" }]);
    let rig = Rig::new(section).await;
    let (anna, petr) = (rig.session("анна").await, rig.session("пётр").await);
    let offer = rig.call("GET", "/lk/api/portfolio", Some(&anna), &json!({})).await.json()[0].clone();
    let grant = json!({ "child": offer["child"], "client": offer["client"] });
    let (one, other) = tokio::join!(
        rig.call("POST", "/lk/api/portfolio", Some(&anna), &grant),
        rig.call("POST", "/lk/api/portfolio", Some(&petr), &grant)
    );
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["204", "409 consent-already-granted -"]);
    let consents = rig.call("GET", "/lk/api/consents", Some(&petr), &json!({})).await.json();
    assert_eq!(consents.as_array().unwrap().len(), 1);
}
