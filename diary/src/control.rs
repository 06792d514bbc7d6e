//! The diary's part of the control API: people of the register, sessions opened without Gosuslugi, letters sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use esia::language::{pick, tr};
use web::{Acting, LinkSession, OutboxChannel, OutboxMessage, People, PersonView, Problem, is_link_of, no_person};
use worlds::{Decided, WorldRng};

use crate::{
    event::{DiaryEvent, Way},
    register::{Role, Staff, Who},
    signin::{NewSession, SESSION_COOKIE},
    state::Diary,
};

impl People for Diary {
    const SESSION_COOKIE: &'static str = SESSION_COOKIE;

    fn people(&self, now: DateTime<Utc>) -> Vec<PersonView> {
        let today = worlds::moscow::date(now);
        let mut logins = BTreeMap::new();
        for (id, login, password) in self.register.logins() {
            if self.config.profile.sign_in.of(id).passwords.work_on(today) {
                logins.insert(id.key(), (login.to_owned(), password.to_owned()));
            }
        }
        let people = self.register.people().into_iter().map(|(key, who)| {
            let (login, password): (Option<String>, _) = logins.remove(key).unzip();
            let email = login.as_deref().and_then(|login| self.register.email_of(login));
            let contacts = email.map(ToString::to_string).into_iter().collect();
            let (key, about) = (key.to_owned(), about(self, &who));
            PersonView { key, about, name: who.name, oid: None, contacts, login, password }
        });
        people.collect()
    }

    fn open_session(
        &self,
        key: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<DiaryEvent, String>, Problem> {
        let who = self.register.who(key);
        if who.is_nobody() {
            return Err(no_person(tr!("В журнале нет ключа «{key}»", "There is no key «{key}» in the register")));
        }
        let (session, event) = NewSession::of(who, Way::Control).open(self, now, rng);
        Ok((vec![event], session))
    }

    fn acting(&self, session: &str, now: DateTime<Utc>) -> Option<Acting> {
        let who = &self.sessions.get(session, now)?.who;
        Some(Acting { name: who.name.clone(), home: who.home() })
    }

    fn take_over(&self, code: &str, now: DateTime<Utc>) -> Option<Decided<DiaryEvent, LinkSession>> {
        let mut waiting = self.sessions.iter(now).filter(|(_, kept)| kept.link_until.is_some_and(|until| now < until));
        let (session, kept) = waiting.find(|(session, _)| is_link_of(code, session))?;
        let opened = DiaryEvent::LinkOpened { session: session.to_owned(), name: kept.who.name.clone() };
        Some((vec![opened], LinkSession { session: session.to_owned(), home: kept.who.home() }))
    }

    fn outbox(&self) -> impl DoubleEndedIterator<Item = OutboxMessage> {
        let before = self.letters_sent - self.letters.len();
        self.letters.iter().enumerate().map(move |(number, letter)| OutboxMessage {
            seq: before + number + 1,
            at: letter.at,
            channel: OutboxChannel::Email,
            to: letter.to.clone(),
            subject: Some("Новый пароль электронного дневника".to_owned()),
            text: format!("Чтобы задать новый пароль для «{}», перейдите по ссылке.", letter.login),
            link: Some(format!("/login/recovery/{}", letter.secret)),
        })
    }
}

fn about(diary: &Diary, who: &Who) -> String {
    let mut parts = Vec::new();
    if let Some(pupil) = who.pupil.as_ref().and_then(|key| diary.register.pupil(key)) {
        parts.push(if pupil.class.is_empty() {
            pick("ученик", "pupil").to_owned()
        } else {
            tr!("ученик, {}", "pupil, {}", pupil.class)
        });
    }
    if let Some(parent) = who.parent.as_ref().and_then(|key| diary.register.parent(key)) {
        let children = parent.children.iter().filter_map(|key| diary.register.pupil(key));
        let names = children.map(|pupil| pupil.name.first()).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() {
            pick("нет в карточках учеников", "in no pupil's card")
        } else {
            &names
        };
        let active = if parent.active {
            ""
        } else {
            pick(", не активный пользователь", ", not an active user")
        };
        parts.push(tr!("родитель: {names}{active}", "parent: {names}{active}"));
    }
    parts.extend(who.staff.as_ref().and_then(|key| diary.register.staff(key)).map(about_staff));
    parts.join("; ")
}

fn about_staff(staff: &Staff) -> String {
    let roles = staff.roles.iter().map(|role| {
        let of = match role {
            Role::ClassTeacher => staff.classes.iter().cloned().collect(),
            Role::Teacher => staff.teaches.iter().map(|(class, subject)| format!("{subject} {class}")).collect(),
            Role::Administrator | Role::Secretary => Vec::new(),
        };
        if of.is_empty() { role.name().to_owned() } else { format!("{}: {}", role.name(), of.join(", ")) }
    });
    roles.collect::<Vec<_>>().join("; ")
}
