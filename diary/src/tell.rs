//! Sentences of the timeline, one for each event.

#![warn(clippy::wildcard_enum_match_arm)]
#![expect(clippy::unnested_or_patterns, reason = "the pattern macros of `event.rs` hold or-patterns")]

use esia::{
    FullName, Snils,
    language::{pick, tr},
};

use crate::{
    event::{DiaryEvent, Way, nested_events, school_events, sign_in_events},
    gendered::{self, Case},
    register::{Comparison, Register, Relation},
};

/// Describes an event in one sentence, in the current language.
pub(crate) fn tell(register: &Register, event: &DiaryEvent) -> String {
    match event {
        DiaryEvent::SigninStarted { .. } => {
            pick("Начат вход через портал Госуслуг", "A sign-in through Gosuslugi has begun").to_owned()
        }
        DiaryEvent::SigninReturned { .. } => {
            pick("Посетитель вернулся с портала Госуслуг", "The visitor has come back from Gosuslugi").to_owned()
        }
        DiaryEvent::SigninFailed { reason, reason_in_english, .. } => {
            let english = reason_in_english.as_ref().unwrap_or(reason);
            tr!("Вход не состоялся: {reason}", "The sign-in failed: {english}")
        }
        DiaryEvent::ConsentAsked { oid, status, guardians } => consent_asked(&oid.to_string(), status, *guardians),
        DiaryEvent::Refused { refusal, name, compared, .. } => {
            let name = if name.is_empty() { pick("Посетитель", "A visitor") } else { name };
            let (why, differences) = (refusal.brief(), differences(compared));
            tr!("{name}: вход не разрешён: {why}{differences}", "{name}: was not let in: {why}{differences}")
        }
        DiaryEvent::SignedIn { who, stranger: Some(stranger), .. } => tr!(
            "{}: вход через портал Госуслуг, дневник не открыт: {}",
            "{}: signed in through Gosuslugi, the diary was not opened: {}",
            who.name,
            stranger.refusal.brief()
        ),
        DiaryEvent::SignedIn { who, way, .. } => {
            let way = match way {
                Way::Gosuslugi => pick("вход через портал Госуслуг", "signed in through Gosuslugi"),
                Way::Password => pick("вход по паролю дневника", "signed in by a password of the diary"),
                Way::Control => {
                    pick("вход без пароля через API для тестов", "signed in without a password by the control API")
                }
            };
            format!("{}: {way}", who.name)
        }
        DiaryEvent::LinkOpened { name, .. } => {
            tr!("{name}: сеанс открыт в браузере по ссылке", "{name}: the session was opened in a browser by a link")
        }
        DiaryEvent::AccountTookOver { name, oid, .. } => tr!(
            "{name}: вместо пароля теперь учётная запись Госуслуг {oid}",
            "{name}: the account {oid} of Gosuslugi now stands for the password"
        ),
        DiaryEvent::SignedOut { name, .. } => tr!("{name}: выход", "{name}: signed out"),
        DiaryEvent::AccessRenewed { oid, .. } => tr!(
            "Обновляется маркер доступа к данным учётной записи {oid}",
            "The access token for the data of account {oid} is being renewed"
        ),
        DiaryEvent::PasswordMissed { key } => {
            tr!("{}: неверный пароль дневника", "{}: a wrong password of the diary", register.who(key).name)
        }
        DiaryEvent::SessionOver { name, is_lost, .. } => session_over(name, *is_lost),
        DiaryEvent::LeftGosuslugi { sessions, .. } => {
            let names: Vec<_> = sessions.iter().map(|(_, name)| name.as_str()).collect();
            left_gosuslugi(&names)
        }
        DiaryEvent::ConsentEnded { name, .. } => tr!(
            "{name}: согласие больше не действует, сеанс завершён",
            "{name}: the consent is not in force any more, the session is over"
        ),
        DiaryEvent::PasswordForgotten { login, to, .. } => {
            tr!("Забыт пароль «{login}»: письмо на {to}", "The password of «{login}» was forgotten: a letter to {to}")
        }
        DiaryEvent::PasswordMade { login, .. } => tr!("У «{login}» новый пароль", "«{login}» has a new password"),
        DiaryEvent::FeedbackLeft { text, .. } => {
            tr!("Обращение в школу: {text}", "A message to the school: «{text}»")
        }
        event @ school_events!() => tell_of_school(register, event),
        nested_events!() => String::new(),
    }
}

fn consent_asked(oid: &str, status: &str, guardians: u32) -> String {
    match status {
        "requested" => {
            let of_whom = match guardians {
                1 => pick("у одного человека", "one person was asked").to_owned(),
                count => tr!("у {count} человек", "{count} people were asked"),
            };
            tr!(
                "Запрошено согласие на данные учётной записи {oid}: {of_whom}",
                "A consent for the data of account {oid} was requested: {of_whom}"
            )
        }
        "no-guardian" => tr!(
            "Согласие на данные учётной записи {oid} спросить не у кого",
            "There is nobody to ask for a consent for the data of account {oid}"
        ),
        _ => tr!(
            "Согласие на данные учётной записи {oid} уже выдано",
            "A consent for the data of account {oid} has been given already"
        ),
    }
}

fn session_over(name: &str, is_lost: bool) -> String {
    if is_lost {
        tr!(
            "{name}: дневник перезапущен, и маркера доступа больше нет, сеанс завершён",
            "{name}: the diary was started again and the access token is gone, the session is over"
        )
    } else {
        tr!(
            "{name}: маркер доступа больше не действует, сеанс завершён",
            "{name}: the access token is not good any more, the session is over"
        )
    }
}

/// Describes the sessions that ended by a sign-out at Gosuslugi, given the names of their owners.
fn left_gosuslugi(names: &[&str]) -> String {
    if names.is_empty() {
        let told = pick(
            "Госуслуги сообщили о выходе; сеансов в дневнике не было",
            "Gosuslugi told of a sign-out; there were no sessions in the diary",
        );
        return told.to_owned();
    }
    let names = names.join(", ");
    tr!("{names}: выход на Госуслугах, сеанс завершён", "{names}: signed out at Gosuslugi, the session is over")
}

fn tell_of_school(register: &Register, event: &DiaryEvent) -> String {
    let pupil = |key: &str, case| gendered::pupil(register, key, case);
    let parent = |key: &str| register.parent(key).map_or(key.to_owned(), |parent| parent.name.to_string());
    match event {
        DiaryEvent::PupilCorrected { by, pupil: key, record } => tr!(
            "{by} исправляет карточку {}: {record}",
            "{by} corrects the card of {}: {record}",
            pupil(key, Case::Genitive)
        ),
        DiaryEvent::PupilMoved { by, pupil: key, class } => {
            tr!("{by} переводит {} в класс {class}", "{by} moves {} to class «{class}»", pupil(key, Case::Accusative))
        }
        DiaryEvent::ParentAdded { by, pupil: key, name, snils, .. } => tr!(
            "{by} добавляет в карточку {} родителя: {name}, СНИЛС {snils}",
            "{by} adds a parent to the card of {}: {name}, SNILS {snils}",
            pupil(key, Case::Genitive)
        ),
        DiaryEvent::ParentCorrected { by, name, snils, relation, .. } => tr!(
            "{by} исправляет данные родителя: {}",
            "{by} corrects the data of a parent: {}",
            self::parent(name, *snils, *relation)
        ),
        DiaryEvent::ParentActivated { by, parent: key, active } => {
            let change =
                if *active { pick("теперь", "is now") } else { pick("больше не", "is no longer") };
            tr!("{by}: {} {change} активный пользователь", "{by}: {} {change} an active user", parent(key))
        }
        DiaryEvent::ParentRemoved { by, pupil: key, parent: gone } => tr!(
            "{by} убирает из карточки {} родителя: {}",
            "{by} removes a parent from the card of {}: {}",
            pupil(key, Case::Genitive),
            parent(gone)
        ),
        DiaryEvent::RegisterImported { by, pupils } => tr!(
            "{by} загружает журнал из файла: учеников добавлено или исправлено {}",
            "{by} loads the register from a file: pupils added or corrected: {}",
            pupils.len()
        ),
        sign_in_events!() | nested_events!() => String::new(),
    }
}

/// Describes a parent: name, СНИЛС and relation.
pub(crate) fn parent(name: &FullName, snils: Snils, relation: Option<Relation>) -> String {
    let relation = relation.map(|relation| format!(", {}", relation.words())).unwrap_or_default();
    tr!("{name}, СНИЛС {snils}{relation}", "{name}, SNILS {snils}{relation}")
}

fn differences(compared: &[Comparison]) -> String {
    let told = compared.iter().filter(|comparison| !comparison.same);
    told.fold(String::new(), |told, comparison| {
        let (what, [expected, got]) = (&comparison.what, comparison.values());
        let why = comparison.likeness().map(|why| format!(" ({why})")).unwrap_or_default();
        tr!(
            "{told}; {what}: в журнале «{expected}», на Госуслугах «{got}»{why}",
            "{told}; {what}: «{expected}» in the register, «{got}» at Gosuslugi{why}"
        )
    })
}
