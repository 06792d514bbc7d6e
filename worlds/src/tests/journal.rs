//! The journal keeps the newest, in order.

use proptest::prelude::*;

use super::ledger::at;
use crate::{Check, Entry, Journal, Message, Outcome, verdict_line};

fn entry(id: u64) -> Entry {
    let (request, response) = (Message::default(), Message::default());
    let (method, target) = ("GET".to_owned(), format!("/{id}"));
    let at = at("2026-03-02T09:00:00Z");
    let (client, person, verdict) = (None, None, Vec::new());
    Entry { id, at, method, target, client, person, request, status: 200, response, duration_us: 1, verdict }
}

fn ids(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.id).collect()
}

#[test]
fn a_journal_is_read_backwards_page_by_page() {
    let journal = Journal::new(5);
    for _ in 0..8 {
        journal.keep(entry(journal.next_id()));
    }
    assert_eq!(ids(&journal.newest(3, |_| true)), [8, 7, 6]);
    assert_eq!(ids(&journal.newest(9, |entry| entry.id < 6)), [5, 4]);
    assert!(journal.newest(9, |entry| entry.id < 4).is_empty());
    assert_eq!(journal.get(7).unwrap().target, "/7");
    assert_eq!((journal.get(3), journal.get(9)), (None, None));
}

#[test]
fn a_verdict_is_one_line_of_ascii() {
    let check = |rule: &str, outcome| Check::new((rule, "§1"), "это", "то", outcome);
    let wrong = |rule: &str, outcome| {
        let (error, mistakes) = (Some("ESIA-007053".to_owned()), vec!["slip-order".to_owned()]);
        Check { error, mistakes, ..check(rule, outcome) }
    };
    let line = |verdict: &[Check]| verdict_line(verdict, "/control/requests/17");
    assert_eq!(line(&[]), None);
    let told = [
        line(&[check("form", Outcome::Passed)]),
        line(&[check("form", Outcome::Passed), check("even", Outcome::Failed)]),
        line(&[wrong("time", Outcome::Tolerated), wrong("client-signature", Outcome::Failed)]),
        line(&[wrong("time", Outcome::Tolerated), check("form", Outcome::Passed), check("even", Outcome::Tolerated)]),
        line(&[check("правило\r\n", Outcome::Failed)]),
    ];
    insta::assert_snapshot!(told.map(Option::unwrap).join("\n"), @"
    ok; see /control/requests/17
    failed even; see /control/requests/17
    failed client-signature; ESIA-007053 ESIA-007053; slip-order slip-order; see /control/requests/17
    tolerated time even; ESIA-007053; slip-order; see /control/requests/17
    failed ?????????; see /control/requests/17
    ");
}

#[test]
fn an_entry_is_found_by_how_it_ended_and_by_what_was_wrong_with_it() {
    let check = |outcome, mistake: &str| Check::new(("code", "§1"), "это", "то", outcome).mistakes([mistake]);
    let with = |verdict| Entry { verdict, ..entry(1) };
    assert_eq!(with(vec![]).outcome(), "none");
    assert_eq!(with(vec![check(Outcome::Passed, "x")]).outcome(), "ok");
    assert_eq!(with(vec![check(Outcome::Passed, "x"), check(Outcome::Tolerated, "x")]).outcome(), "tolerated");
    let failed = with(vec![check(Outcome::Tolerated, "x=1"), check(Outcome::Failed, "y")]);
    assert_eq!(failed.outcome(), "failed");
    assert!(["code", "x", "x=1", "y"].iter().all(|name| failed.names(name)));
    assert!(!failed.names("x=2") && !with(vec![check(Outcome::Passed, "x")]).names("x"));
}

proptest! {
    #[test]
    fn whatever_the_order_of_answers_the_newest_stay(
        order in Just((1..=20_u64).collect::<Vec<_>>()).prop_shuffle(), bound in 0..25_usize
    ) {
        let journal = Journal::new(bound);
        for id in &order {
            journal.keep(entry(*id));
        }
        let newest: Vec<u64> = (1..=20).rev().take(bound).collect();
        prop_assert_eq!(ids(&journal.newest(99, |_| true)), &newest[..]);
        for id in 1..=20 {
            prop_assert_eq!(journal.get(id).is_some(), newest.contains(&id));
        }
    }
}
