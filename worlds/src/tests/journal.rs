//! The journal keeps the newest, in order.

use std::sync::Arc;

use esia::language::{Language, both};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::ledger::at;
use crate::{Check, Entry, Journal, JournalBudget, KEPT_TEXT, Message, Outcome, verdict_line};

fn entry(id: u64) -> Entry {
    let (request, response) = (Message::default(), Message::default());
    let (method, target) = ("GET".to_owned(), format!("/{id}"));
    let at = at("2026-03-02T09:00:00Z");
    let (answered_at, by_program) = (at, false);
    let (client, person, verdict, faults) = (None, None, Vec::new(), Vec::new());
    let (status, duration_us) = (200, 1);
    Entry {
        id,
        at,
        answered_at,
        method,
        target,
        by_program,
        client,
        person,
        request,
        status,
        response,
        duration_us,
        verdict,
        faults,
    }
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
    let check = |rule: &str, outcome| Check::new((rule, "ESIA §1"), "это", "то", outcome);
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
    assert_snapshot!(told.map(Option::unwrap).join("\n"), @"
    ok; see /control/requests/17
    failed even; see /control/requests/17
    failed client-signature; ESIA-007053 ESIA-007053; slip-order slip-order; see /control/requests/17
    tolerated time even; ESIA-007053; slip-order; see /control/requests/17
    failed ?????????; see /control/requests/17
    ");
}

#[test]
fn an_entry_is_found_by_how_it_ended_and_by_what_was_wrong_with_it() {
    let check = |outcome, mistake: &str| Check::new(("code", "ESIA §1"), "это", "то", outcome).mistakes([mistake]);
    let with = |verdict| Entry { verdict, ..entry(1) };
    assert_eq!(with(vec![]).outcome(), "none");
    assert_eq!(with(vec![check(Outcome::Passed, "x")]).outcome(), "ok");
    assert_eq!(with(vec![check(Outcome::Passed, "x"), check(Outcome::Tolerated, "x")]).outcome(), "tolerated");
    let failed = with(vec![check(Outcome::Tolerated, "x=1"), check(Outcome::Failed, "y")]);
    assert_eq!(failed.outcome(), "failed");
    assert!(["code", "x", "x=1", "y"].iter().all(|name| failed.names(name)));
    assert!(!failed.names("x=2") && !with(vec![check(Outcome::Passed, "x")]).names("x"));
}

fn large(id: u64, kb: usize) -> Entry {
    let text = "я".repeat(kb * 512);
    let headers = vec![("cookie".to_owned(), text.clone()), ("x".to_owned(), text.clone())];
    let check =
        Check::new(("rule", "ESIA §1"), text.clone(), text.clone(), Outcome::Failed).detail("signed", text.clone());
    let request = Message { headers, body: text.clone() };
    Entry { target: text, request, verdict: vec![check; 20], ..entry(id) }
}

#[test]
fn an_entry_has_a_size_and_what_is_cut_says_how_much() {
    let journal = Journal::new(5);
    let whole = |entry: &Entry| serde_json::to_string(entry).unwrap().len();
    journal.keep(large(1, 4));
    let kept = journal.get(1).unwrap();
    assert_eq!(kept.target.len(), 4 * 1024, "what fits is left as it is");
    assert_eq!(kept.request, large(1, 4).request);
    journal.keep(large(2, 360));
    let kept = journal.get(2).unwrap();
    assert!(kept.target.ends_with("… и ещё 352256 байт"), "{}", &kept.target[16_000..]);
    assert!(kept.request.headers[0].1.ends_with("байт"));
    assert!(whole(&kept) < 200 * 1024, "{}", whole(&kept));
    let many = (0..10_000).map(|number| (format!("x-{number}"), "y".to_owned())).collect();
    journal.keep(Entry { request: Message { headers: many, body: String::new() }, ..entry(3) });
    let headers = journal.get(3).unwrap().request.headers;
    assert!(headers.len() < 5_000 && headers.last().unwrap().1.starts_with("и ещё "), "{}", headers.len());
    for limit in [KEPT_TEXT, KEPT_TEXT + 1] {
        journal.keep(Entry { target: "a".repeat(limit), ..entry(limit as u64) });
        assert_eq!(journal.get(limit as u64).unwrap().target.ends_with("и ещё 1 байт"), limit > KEPT_TEXT);
    }
}

#[test]
fn all_journals_of_a_server_share_their_room() {
    let budget = Arc::new(JournalBudget::of(1024 * 1024));
    let journals: Vec<_> = (0..5).map(|_| Journal::within(500, Arc::clone(&budget))).collect();
    for id in 1..=40 {
        for journal in &journals {
            journal.keep(large(id, 16));
            assert!(budget.used() <= 1024 * 1024, "{}", budget.used());
        }
    }
    for journal in &journals {
        let kept = ids(&journal.newest(99, |_| true));
        assert!(!kept.is_empty() && kept.len() < 10 && kept[0] == 40, "{kept:?}");
    }
    drop(journals);
    assert_eq!(budget.used(), 0, "a dropped world gives its room back");
    let alone = Journal::within(2, Arc::clone(&budget));
    for id in 11..=19 {
        alone.keep(entry(id));
    }
    let two = budget.used();
    alone.keep(entry(20));
    assert_eq!((ids(&alone.newest(9, |_| true)), budget.used()), (vec![20, 19], two));
}

#[test]
fn a_part_of_a_journal_is_never_larger_than_an_answer() {
    let journal = Journal::new(500);
    for id in 1..=300 {
        journal.keep(large(id, 16));
    }
    let first = journal.newest(1000, |_| true);
    assert!(serde_json::to_string(&first).unwrap().len() < 16 * 1024 * 1024);
    assert!(first.len() > 10 && first.len() < 300, "{}", first.len());
    let last = first.last().unwrap().id;
    let next = journal.newest(1000, |entry| entry.id < last);
    assert_eq!(next[0].id + 1, last, "the rest comes with `before`");
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

/// A check as handlers make it, whose texts are prose.
fn both_told() -> Check {
    let term = 5;
    Check::of(
        ("time", "ESIA §1.5"),
        both!("сейчас", "now"),
        both!("часы отстают на {term} мин", "{term} min behind"),
        false,
    )
    .detail("Подпишите время", "2024.09.02")
    .detail("Прислан", both!("маркер", "a token"))
}

#[test]
fn a_verdict_is_kept_in_both_languages_and_told_in_one() {
    let journal = Journal::new(5);
    journal.keep(Entry { verdict: vec![both_told()], ..entry(1) });
    let kept = serde_json::to_string(&journal.get(1).unwrap()).unwrap();
    let told = |language| {
        let again: Entry = serde_json::from_str(&kept).unwrap();
        serde_json::to_string(&again.told_in(language).verdict[0]).unwrap()
    };
    assert_snapshot!(told(Language::Russian), @r#"{"rule":"time","source":"ESIA §1.5","expected":"сейчас","got":"часы отстают на 5 мин","outcome":"failed","details":[{"name":"Подпишите время","text":"2024.09.02"},{"name":"Прислан","text":"маркер"}]}"#);
    assert_snapshot!(told(Language::English), @r#"{"rule":"time","source":"ESIA §1.5","expected":"now","got":"5 min behind","outcome":"failed","details":[{"name":"Write the time as","text":"2024.09.02"},{"name":"Sent","text":"a token"}]}"#);
    let one = Check::of(("client", "ESIA §1.2"), "DIARY", "DAIRY", false);
    assert!(!serde_json::to_string(&one).unwrap().contains("english"), "values are kept once");
}

#[test]
fn a_verdict_that_was_kept_in_russian_alone_is_still_told() {
    let kept = r#"{"id":7,"at":"2026-03-02T09:00:00Z","answered_at":"2026-03-02T09:00:00Z","method":"GET","target":"/7","by_program":true,"request":{"headers":[],"body":""},"status":400,"response":{"headers":[],"body":""},"duration_us":7,"verdict":[{"rule":"time","source":"ESIA §1.5","expected":"сейчас","got":"часы отстают","outcome":"failed","error":"ESIA-007015","mistakes":["clock-behind=5m"],"details":[{"name":"Подпишите время","text":"2024.09.02"}]},{"rule":"form","source":"ESIA §1.2","expected":"форма","got":"читается","outcome":"passed"}]}"#;
    let old: Entry = serde_json::from_str(kept).unwrap();
    assert_eq!(serde_json::to_string(&old).unwrap(), kept, "it is written as it was");
    assert_eq!(old.clone().told_in(Language::Russian), old);
    let told = old.told_in(Language::English).verdict;
    assert_eq!((&*told[0].expected, &*told[0].got, &*told[1].got), ("сейчас", "часы отстают", "читается"));
    assert_eq!(told[0].details[0].name, "Write the time as", "what is always called the same has its English");
}

#[test]
fn a_text_that_is_cut_says_so_in_the_language_of_its_reader() {
    let journal = Journal::new(5);
    let long = "x".repeat(KEPT_TEXT + 3);
    let check = Check::of(("rule", "ESIA §1"), long.clone(), both!("нет: {long}", "no: {long}"), false);
    journal.keep(Entry { target: long, verdict: vec![check], ..entry(1) });
    let ends = |language| {
        let told = journal.get(1).unwrap().told_in(language);
        let end = |text: &str| text.trim_start_matches(|sign| sign != '…').to_owned();
        [&told.target, &*told.verdict[0].expected, &*told.verdict[0].got].map(end)
    };
    assert_eq!(ends(Language::Russian), ["… и ещё 3 байт", "… и ещё 3 байт", "… и ещё 11 байт"]);
    assert_eq!(ends(Language::English), ["… and 3 bytes more", "… and 3 bytes more", "… and 7 bytes more"]);
}
