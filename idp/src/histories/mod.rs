//! Random histories of one world, with invariants that hold after any sequence of commands. Every command goes through
//! *decide* and *apply*, as in a running server.

mod asking;
mod entry;
mod story;

use std::collections::BTreeSet;

use proptest::prelude::*;
use worlds::Domain as _;

use crate::{Gosuslugi, event::Event, testing};
use entry::Try;
use story::{Command, Story};

fn who() -> impl Strategy<Value = usize> {
    0..story::PEOPLE.len()
}

fn guardian() -> impl Strategy<Value = usize> {
    prop_oneof![9 => 0..2usize, 1 => who()]
}

fn child() -> impl Strategy<Value = usize> {
    prop_oneof![9 => 3..6usize, 1 => who()]
}

/// Generates an index that is mostly 0, the newest.
fn back() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(0usize), 1 => 0..5usize]
}

fn commands() -> impl Strategy<Value = Command> {
    use Command as C;
    let small = 0..4usize;
    prop_oneof![
        3 => (guardian(), 3..6usize, any::<bool>()).prop_map(|(by, child, right)| C::AddCard { by, child, right }),
        4 => (guardian(), small.clone()).prop_map(|(by, card)| C::Send { by, card }),
        4 => (guardian(), small.clone(), small.clone(), any::<bool>())
            .prop_map(|(by, card, email, phone)| C::Start { by, card, email, phone }),
        4 => any::<bool>().prop_map(|right| C::FollowLetter { right }),
        3 => (guardian(), small.clone(), any::<bool>()).prop_map(|(by, card, right)| C::EnterSms { by, card, right }),
        4 => (guardian(), small.clone()).prop_map(|(by, card)| C::Finish { by, card }),
        3 => (small.clone(), any::<bool>()).prop_map(|(email, phone)| C::Register { email, phone }),
        3 => any::<bool>().prop_map(|right| C::ProveAndComplete { right }),
        4 => (guardian(), small.clone(), child()).prop_map(|(by, card, whose)| C::IssueCode { by, card, whose }),
        4 => (guardian(), small.clone()).prop_map(|(by, card)| C::Bind { by, card }),
        6 => (child(), back()).prop_map(|(child, back)| C::Redeem { child, back }),
        2 => child().prop_map(|child| C::Miss { child }),
        5 => (child(), any::<bool>()).prop_map(|(about, more)| C::Ask { about, more }),
        5 => (guardian(), back()).prop_map(|(by, back)| C::Grant { by, back }),
        2 => (guardian(), back()).prop_map(|(by, back)| C::Refuse { by, back }),
        5 => (guardian(), child(), 1..60u32).prop_map(|(by, about, days)| C::Beforehand { by, about, days }),
        2 => (who(), small.clone()).prop_map(|(by, back)| C::Revoke { by, back }),
        2 => who().prop_map(|about| C::GrantOwn { about }),
        3 => (guardian(), small.clone(), small.clone(), small.clone())
            .prop_map(|(by, card, email, phone)| C::Logins { by, card, email, phone }),
        2 => (guardian(), small.clone()).prop_map(|(by, card)| C::Password { by, card }),
        2 => (guardian(), small).prop_map(|(by, card)| C::Delete { by, card }),
        2 => child().prop_map(|who| C::SignIn { who }),
        20 => tries().prop_map(C::Try),
        5 => (1..30i64).prop_map(|minutes| C::Wait { minutes }),
        2 => (1..40i64).prop_map(|days| C::Wait { minutes: days * 24 * 60 }),
    ]
}

fn tries() -> impl Strategy<Value = Try> {
    use Try as T;
    let mostly = || prop_oneof![3 => Just(true), 1 => Just(false)];
    prop_oneof![
        2 => (who(), 0..3usize, mostly()).prop_map(|(who, factor, right)| T::Choose { who, factor, right }),
        2 => (who(), mostly()).prop_map(|(who, right)| T::Connect { who, right }),
        4 => (who(), mostly()).prop_map(|(who, right)| T::Enter { who, right }),
        3 => (0..2usize, 1..3usize).prop_map(|(who, factor)| T::Begin { who, factor }),
        4 => mostly().prop_map(|right| T::Pass { right }),
        1 => Just(T::PassAgain),
        1 => Just(T::Again),
        2 => (0..2usize, any::<bool>()).prop_map(|(who, by_phone)| T::Recover { who, by_phone }),
        3 => mostly().prop_map(|right| T::Prove { right }),
        2 => mostly().prop_map(|right| T::Restore { right }),
        1 => who().prop_map(|who| T::Desk { who }),
        2 => Just(T::Replace),
        2 => mostly().prop_map(|right| T::Identify { right }),
    ]
}

/// Checks that no two accounts share a СНИЛС, e-mail or phone, and that each value finds its account.
fn logins_are_unique(state: &Gosuslugi) {
    let (mut emails, mut phones, mut snils) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for account in state.portal.accounts.iter() {
        let own =
            |found: Option<&crate::portal::accounts::Account>| found.is_some_and(|found| found.oid == account.oid);
        if let Some(email) = &account.email {
            assert!(emails.insert(email) && own(state.portal.accounts.with_email(email)), "{email}");
        }
        if let Some(phone) = &account.phone {
            assert!(phones.insert(phone) && own(state.portal.accounts.with_phone(phone)), "{phone}");
        }
        if let Some(number) = &account.snils {
            assert!(snils.insert(number) && own(state.portal.accounts.with_snils(number)), "{number}");
        }
    }
    for email in (0..story::PLACES).map(story::email) {
        assert_eq!(
            state.portal.accounts.with_email(&email).is_some(),
            emails.contains(&email),
            "{email} is free or taken"
        );
    }
}

/// Checks that every consent in force was given by a bound guardian, or by an adult for their own data.
fn consents_have_a_ground(state: &Gosuslugi, now: chrono::DateTime<chrono::Utc>) {
    for account in state.portal.accounts.iter() {
        for (_, consent) in state.portal.consents.of(account.oid) {
            assert!(now < consent.expires_at, "{consent:?} has ended");
            if consent.given_by == account.oid {
                assert!(!account.is_minor(worlds::moscow::date(consent.given_at)), "{consent:?} is a minor's own");
            } else {
                assert!(account.is_minor(worlds::moscow::date(now)), "{consent:?} is for somebody of age");
                assert!(
                    state.portal.bindings.is_guardian(consent.given_by, account.oid),
                    "{consent:?} is nobody's guardian's"
                );
            }
        }
    }
}

/// Checks that only minors are bound, to existing accounts, and that both directions of a binding agree.
fn bindings_are_whole(state: &Gosuslugi, now: chrono::DateTime<chrono::Utc>) {
    for account in state.portal.accounts.iter() {
        for guardian in state.portal.bindings.guardians_of(account.oid) {
            assert!(account.is_minor(worlds::moscow::date(now)), "{} is of age and bound", account.name);
            assert!(state.portal.accounts.get(guardian).is_some(), "{} is bound to nobody", account.name);
            assert!(state.portal.bindings.children_of(guardian).any(|child| child == account.oid));
        }
        for child in state.portal.bindings.children_of(account.oid) {
            assert!(state.portal.accounts.get(child).is_some(), "{} is the guardian of nobody", account.name);
        }
    }
}

fn hold(story: &Story) {
    logins_are_unique(&story.state);
    consents_have_a_ground(&story.state, story.now);
    bindings_are_whole(&story.state, story.now);
    assert!(story.state.next_due().is_none_or(|at| at > story.now), "what is due is settled");
}

/// Replays the log from its JSON form.
fn replayed(story: &Story) -> Gosuslugi {
    let mut state = testing::state(story::section());
    for (at, event) in &story.log {
        let event: Event = serde_json::from_str(event).unwrap();
        state.apply(*at, &event);
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_rules_hold_and_a_replay_gives_the_same(
        script in prop::collection::vec(commands(), 1..100)
    ) {
        let mut story = Story::new();
        for command in &script {
            story.play(command);
            hold(&story);
        }
        prop_assert_eq!(format!("{:#?}", replayed(&story)), format!("{:#?}", story.state));
    }
}

/// Random histories are useful only if they reach the interesting outcomes.
#[test]
fn random_histories_reach_every_outcome() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..150 {
        let script = prop::collection::vec(commands(), 60..120).new_tree(&mut runner).unwrap().current();
        let mut story = Story::new();
        for command in &script {
            story.play(command);
            hold(&story);
        }
        seen.extend(story.log.iter().map(|(_, event)| story::name(event)));
    }
    let must = [
        "account/created",
        "account/one-time-password-given",
        "account/password-changed",
        "account/password-restored",
        "account/recovery-code-missed",
        "account/recovery-proved",
        "account/sign-in-failed",
        "account/signed-in",
        "binding/account-deleted",
        "binding/bound",
        "binding/came-of-age",
        "binding/code-issued",
        "binding/code-lapsed",
        "binding/code-missed",
        "binding/logins-changed",
        "binding/password-changed",
        "child-account/ended",
        "consent/granted",
        "consent/lapsed",
        "consent/refused",
        "consent/request-closed",
        "consent/requested",
        "consent/reached",
        "consent/revoked",
        "factor/chosen",
        "factor/code-missed",
        "factor/code-sent",
        "factor/passed",
        "family/card-added",
        "identity/answered",
        "identity/raised",
        "registration/completed",
    ];
    let missed: Vec<_> = must.iter().filter(|name| !seen.contains(**name)).collect();
    assert_eq!(missed, Vec::<&&str>::new(), "of {seen:?}");
}
