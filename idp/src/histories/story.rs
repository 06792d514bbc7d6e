//! One random history: commands, decided against the state, recorded in a log and applied.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Email, Oid, Phone};
use serde_json::{Value, json};
use worlds::{Domain as _, WorldRng};

use super::entry::{Notes, Try};
use crate::{
    Gosuslugi,
    event::Event,
    portal::{
        accounts::{AccountEvent, Applicant, NewAccount, OneTimeCode, RegistrationEvent},
        binding::{BindingCode, BindingEvent, Logins},
        consents::ConsentEvent,
        family::{CardData, CardId, ChildAccountEvent, OwnCard, Reach},
    },
    testing::{self, rng, september},
};

/// Keys of the cast: the first two are guardians, the last three are children.
pub(super) const PEOPLE: [&str; 6] = ["анна", "пётр", "соседка", "ваня", "катя", "глеб"];
/// Number of e-mails and phones that people compete for.
pub(super) const PLACES: usize = 4;
/// Maximum number of wrong entries per binding code, and its lifetime. Taken from the documents of this crate, not from
/// its code.
const TRIES: u32 = 5;
const CODE_FOR: TimeDelta = TimeDelta::minutes(10);

/// Returns the family of the tests, before any requests for consent.
pub(super) fn section() -> Value {
    let mut section = testing::family();
    section["people"]["лев"] = json!({ "name": "Новиков Лев", "gender": "M", "born": "2000-01-01", "snils": "001-000-021 00",
        "passport": { "series": "0014", "number": "000021", "issued": "2014-01-20", "issued-by": "УМВД" } });
    section["people"]["пётр"]["account"]["phone"] = json!("+7(000)0000005");
    section["families"] = json!([
        { "guardian": "анна", "child": "глеб" },
        { "guardian": "анна", "child": "катя" },
        { "guardian": "анна", "child": "ваня" },
        { "guardian": "пётр", "child": "катя" },
        { "guardian": "пётр", "child": "глеб" },
    ]);
    section
}

pub(super) fn email(index: usize) -> Email {
    let known = ["vanya@family.test", "katya@family.test", "new@family.test", "gleb@family.test"];
    known[index % PLACES].parse().unwrap()
}

fn phone(index: usize) -> Phone {
    format!("+7(000)000000{}", index % PLACES).parse().unwrap()
}

/// Returns the digits that the SMS contains.
pub(super) fn digits(code: &OneTimeCode) -> String {
    serde_json::to_value(code).unwrap()["digits"].as_str().unwrap().to_owned()
}

/// Returns the name of an event, such as `family/card-added`.
pub(super) fn name(event: &str) -> String {
    let event: Value = serde_json::from_str(event).unwrap();
    let (domain, what) = event.as_object().unwrap().iter().next().unwrap();
    format!("{domain}/{}", what["type"].as_str().unwrap_or_default())
}

/// Command of a person. People, cards and requests are given by small indices; a command may refer to one that does not
/// exist.
#[derive(Debug, Clone)]
pub(super) enum Command {
    AddCard { by: usize, child: usize, right: bool },
    Send { by: usize, card: usize },
    Start { by: usize, card: usize, email: usize, phone: bool },
    FollowLetter { right: bool },
    EnterSms { by: usize, card: usize, right: bool },
    Finish { by: usize, card: usize },
    Register { email: usize, phone: bool },
    ProveAndComplete { right: bool },
    IssueCode { by: usize, card: usize, whose: usize },
    Bind { by: usize, card: usize },
    Redeem { child: usize, back: usize },
    Miss { child: usize },
    Ask { about: usize, more: bool },
    Grant { by: usize, back: usize },
    Refuse { by: usize, back: usize },
    Beforehand { by: usize, about: usize, days: u32 },
    Revoke { by: usize, back: usize },
    GrantOwn { about: usize },
    Logins { by: usize, card: usize, email: usize, phone: usize },
    Password { by: usize, card: usize },
    Delete { by: usize, card: usize },
    SignIn { who: usize },
    Try(Try),
    Wait { minutes: i64 },
}

/// Binding code, and what the test knows about it.
struct Seen {
    card: CardId,
    child: Oid,
    code: BindingCode,
    until: DateTime<Utc>,
    misses: u32,
    dead: bool,
}

/// World, and what the test has noted about it.
pub(super) struct Story {
    pub(super) state: Gosuslugi,
    pub(super) now: DateTime<Utc>,
    pub(super) log: Vec<(DateTime<Utc>, String)>,
    pub(super) rng: WorldRng,
    pub(super) notes: Notes,
    codes: Vec<Seen>,
    made: BTreeSet<Oid>,
    sessions: BTreeMap<Oid, Vec<String>>,
    letter: Option<String>,
    sms: BTreeMap<CardId, String>,
    registration: Option<(String, Option<String>, Option<String>)>,
}

impl Story {
    pub(super) fn new() -> Self {
        let state = testing::state(section());
        let made = state.portal.accounts.iter().map(|account| account.oid).collect();
        Self {
            state,
            now: september(),
            log: Vec::new(),
            rng: rng(),
            notes: Notes::default(),
            codes: Vec::new(),
            made,
            sessions: BTreeMap::new(),
            letter: None,
            sms: BTreeMap::new(),
            registration: None,
        }
    }

    pub(super) fn oid(&self, who: usize) -> Option<Oid> {
        self.state.portal.cast.account(PEOPLE[who], &self.state.portal.accounts).map(|account| account.oid)
    }

    fn card(&self, by: usize, card: usize) -> Option<OwnCard> {
        let guardian = self.oid(by)?;
        let cards: Vec<_> = self.state.portal.family.of(guardian).map(|card| card.id).collect();
        Some(OwnCard { card: *cards.get(card)?, guardian })
    }

    pub(super) fn take(&mut self, at: DateTime<Utc>, events: &[Event]) {
        for event in events {
            self.note(at, event);
            self.log.push((at, serde_json::to_string(event).unwrap()));
            self.state.apply(at, event);
        }
    }

    /// Notes an event, and fails on events that must never happen.
    fn note(&mut self, at: DateTime<Utc>, event: &Event) {
        self.note_entry(at, event);
        match event {
            Event::Account(AccountEvent::Created { account }) => {
                assert!(self.made.insert(account.oid), "{} was there before", account.oid);
                if account.made_by.is_some() {
                    both_documents_are_the_childs(&account.name.to_string(), account);
                }
            }
            Event::Account(AccountEvent::SignedIn { oid, session, .. }) => {
                self.sessions.entry(*oid).or_default().push(session.clone());
            }
            Event::Binding(BindingEvent::CodeIssued { card, child, code, .. }) => {
                let earlier = self.codes.iter_mut().filter(|seen| seen.card == *card);
                earlier.for_each(|seen| seen.dead = true);
                let (code, until) = (code.clone(), at + CODE_FOR);
                self.codes.push(Seen { card: *card, child: *child, code, until, misses: 0, dead: false });
            }
            Event::Consent(ConsentEvent::Granted { consent, .. }) => {
                let own = consent.given_by == consent.subject;
                assert!(
                    own || self.state.portal.bindings.is_guardian(consent.given_by, consent.subject),
                    "{consent:?}"
                );
            }
            Event::Registration(RegistrationEvent::Started { registration, code, letter, .. }) => {
                let code = code.as_ref().map(digits);
                self.registration = Some((registration.clone(), code, letter.clone()));
            }
            Event::ChildAccount(ChildAccountEvent::Started { card, token, code, .. }) => {
                self.letter = token.clone().or(self.letter.take());
                self.sms.extend(code.as_ref().map(|code| (*card, digits(code))));
            }
            _ => {}
        }
    }

    /// Advances the time; due events are applied at their own times, in order.
    fn wait_until(&mut self, until: DateTime<Utc>) {
        let mut last = self.now;
        while let Some(due) = self.state.due(until) {
            assert!(due.at >= last, "what is due comes in order");
            last = due.at;
            self.take(due.at, &due.events);
        }
        self.now = until;
    }

    pub(super) fn decided<T, X>(&mut self, decision: Result<(Vec<Event>, T), X>) -> Option<T> {
        let (events, answer) = decision.ok()?;
        self.take(self.now, &events);
        Some(answer)
    }

    pub(super) fn only<X>(&mut self, decision: Result<Vec<Event>, X>) {
        self.decided(decision.map(|events| (events, ())));
    }

    pub(super) fn play(&mut self, command: &Command) {
        let now = self.now;
        match command {
            Command::Wait { minutes } => self.wait_until(now + TimeDelta::minutes(*minutes)),
            Command::SignIn { who } => {
                let account = self.oid(*who).and_then(|oid| self.state.portal.accounts.get(oid)).cloned();
                if let Some(account) = account {
                    let signed_in = self.state.portal.sign_in(&account, now, &mut self.rng);
                    self.decided(Ok::<_, ()>(signed_in));
                }
            }
            Command::Try(command) => drop(self.attempt(command)),
            Command::Redeem { child, back } => self.redeem(*child, *back),
            Command::Bind { by, card } => drop(self.bind(*by, *card)),
            Command::Miss { child } => self.miss(*child),
            Command::Register { .. } | Command::ProveAndComplete { .. } => self.register(command),
            Command::Ask { .. }
            | Command::Grant { .. }
            | Command::Refuse { .. }
            | Command::Beforehand { .. }
            | Command::Revoke { .. }
            | Command::GrantOwn { .. } => drop(self.consent(command)),
            _ => drop(self.of_card(command)),
        }
    }

    fn of_card(&mut self, command: &Command) -> Option<()> {
        let (now, today) = (self.now, worlds::moscow::date(self.now));
        match *command {
            Command::AddCard { by, child, right } => {
                let data = data_of(child, right);
                let added = self.state.portal.add_card(self.oid(by)?, data, today);
                self.decided(added)?;
            }
            Command::Send { by, card } => {
                let OwnCard { card, guardian } = self.card(by, card)?;
                let sent = self.state.portal.send_to_check(&[card].into(), guardian, now);
                self.only(sent);
            }
            Command::Start { by, card, email: index, phone: given } => {
                let key = self.card(by, card)?;
                let reach = Reach { email: email(index), childrens_mail: false, phone: given.then(|| phone(index)) };
                let started = self.state.portal.start_child_account(key, &reach, now, &mut self.rng);
                self.only(started);
            }
            Command::FollowLetter { right } => {
                let token = self.letter.clone().filter(|_| right).unwrap_or_else(|| "nonsense".to_owned());
                let followed = self.state.portal.confirm_child_email(&token);
                self.decided(followed)?;
            }
            Command::EnterSms { by, card, right } => {
                let key = self.card(by, card)?;
                let code = self.sms.get(&key.card).cloned().filter(|_| right).unwrap_or_else(|| "000000".to_owned());
                let entered = self.state.portal.confirm_child_phone(key, &code, now);
                drop(self.decided(entered)?);
            }
            Command::Finish { by, card } => {
                let key = self.card(by, card)?;
                let finished = self.state.portal.finish_child_account(key, "a-password".to_owned(), now);
                self.decided(finished)?;
            }
            Command::IssueCode { by, card, whose } => {
                let card = self.card(by, card)?.card;
                let address = self.state.portal.accounts.get(self.oid(whose)?)?.email.clone()?;
                let card = self.state.portal.family.get(card)?.clone();
                let issued = self.state.portal.issue_binding_code(&card, &address, now, &mut self.rng);
                self.decided(issued)?;
            }
            Command::Logins { by, card, email: e, phone: p } => {
                let key = self.card(by, card)?;
                let logins = Logins { email: Some(email(e)), phone: (p > 0).then(|| phone(p)) };
                let changed = self.state.portal.change_child_logins(key, logins, today);
                self.only(changed);
            }
            Command::Password { by, card } => {
                let key = self.card(by, card)?;
                let child = self.state.portal.managed(key.card, key.guardian, today).ok()?.oid;
                let changed = self.state.portal.change_child_password(key, "another-one", today);
                self.only(changed);
                self.has_no_session(child);
            }
            Command::Delete { by, card } => {
                let key = self.card(by, card)?;
                let child = self.state.portal.managed(key.card, key.guardian, today).ok()?.oid;
                let deleted = self.state.portal.delete_child_account(key, today);
                self.only(deleted);
                self.has_no_session(child);
                assert!(self.state.portal.accounts.get(child).is_none());
                assert_eq!(
                    self.state.portal.consents.of(child).count()
                        + self.state.portal.bindings.guardians_of(child).count(),
                    0
                );
            }
            _ => {}
        }
        Some(())
    }

    pub(super) fn has_no_session(&self, child: Oid) {
        let sessions = self.sessions.get(&child).into_iter().flatten();
        let living = sessions.filter(|session| self.state.portal.accounts.session(session, self.now).is_some());
        assert_eq!(living.count(), 0);
    }

    /// Enters a binding code that was issued earlier, and compares the outcome with the expected one.
    fn redeem(&mut self, child: usize, back: usize) {
        let Some(child) = self.oid(child) else { return };
        let Some(index) = self.codes.len().checked_sub(back + 1) else { return };
        let now = self.now;
        let code = self.codes[index].code.clone();
        let lives = |seen: &Seen| !seen.dead && seen.child == child && now < seen.until && seen.misses < TRIES;
        let works = self.codes.iter().any(|seen| lives(seen) && seen.code == code);
        let redeemed = self.state.portal.redeem_code(child, &code, now);
        let bound = matches!(self.decided(redeemed), Some(Ok(_)));
        assert_eq!(bound, works, "a code that {} work", if works { "should" } else { "should not" });
        if bound {
            let used = self.codes.iter_mut().find(|seen| lives(seen) && seen.code == code).unwrap();
            used.dead = true;
        } else {
            self.codes.iter_mut().filter(|seen| lives(seen)).for_each(|seen| seen.misses += 1);
        }
    }

    /// Issues and redeems a binding code for a card without a mistake.
    fn bind(&mut self, by: usize, card: usize) -> Option<()> {
        let id = self.card(by, card)?.card;
        let name = self.state.portal.family.get(id)?.name.to_string();
        let child = PEOPLE.iter().position(|key| section()["people"][key]["name"] == *name)?;
        let known = self.codes.len();
        self.play(&Command::IssueCode { by, card, whose: child });
        if self.codes.len() > known {
            self.redeem(child, 0);
        }
        Some(())
    }

    fn miss(&mut self, child: usize) {
        let Some(child) = self.oid(child) else { return };
        let (now, wrong) = (self.now, "000000".parse::<BindingCode>().unwrap());
        if self.codes.iter().any(|seen| seen.code == wrong) {
            return;
        }
        let missed = self.state.portal.redeem_code(child, &wrong, now);
        assert!(!matches!(self.decided(missed), Some(Ok(_))), "a code that was never issued works");
        let lives = |seen: &&mut Seen| !seen.dead && seen.child == child && now < seen.until && seen.misses < TRIES;
        self.codes.iter_mut().filter(lives).for_each(|seen| seen.misses += 1);
    }

    fn register(&mut self, command: &Command) {
        let now = self.now;
        match *command {
            Command::Register { email: index, phone: given } => {
                let phone = given.then(|| phone(index));
                let applicant =
                    Applicant { name: "Новиков Лев".parse().unwrap(), email: Some(email(index)), phone };
                let started = self.state.portal.start_registration(&applicant, now, &mut self.rng);
                self.decided(started);
            }
            Command::ProveAndComplete { right } => {
                let Some((id, code, letter)) = self.registration.clone() else { return };
                if let Some(letter) = letter.filter(|_| right) {
                    let proved = self.state.portal.prove_email(&id, &letter, now);
                    self.only(proved);
                }
                if let Some(code) = code {
                    let (events, _) = self.state.portal.prove_phone(&id, if right { &code } else { "000000" }, now);
                    self.take(now, &events);
                }
                let completed = self.state.portal.complete_registration(&id, "a-password", now);
                self.decided(completed);
            }
            _ => {}
        }
    }
}

/// Checks that a child account has both documents of the person in the seed.
fn both_documents_are_the_childs(name: &str, account: &NewAccount) {
    let people = section()["people"].clone();
    let person = people.as_object().unwrap().values().find(|person| person["name"] == name).cloned().unwrap();
    let written = |value: Option<String>| value.map_or(Value::Null, Value::from);
    assert_eq!(written(account.snils.map(|snils| snils.to_string())), person["snils"], "{name}");
    assert_eq!(
        written(account.birth_certificate.as_ref().map(ToString::to_string)),
        person["birth-certificate"],
        "{name}"
    );
}

fn data_of(child: usize, right: bool) -> CardData {
    let person = section()["people"][PEOPLE[child]].clone();
    let text = |field: &str| person[field].as_str().unwrap().to_owned();
    let certificate: esia::BirthCertificate =
        if right { text("birth-certificate") } else { "I-ОО 000099".to_owned() }.parse().unwrap();
    CardData {
        name: text("name").parse().unwrap(),
        gender: serde_json::from_value(person["gender"].clone()).unwrap(),
        born: text("born").parse().unwrap(),
        certificate: Some(certificate.into()),
        snils: None,
    }
}
