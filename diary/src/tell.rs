//! What happened, as the timeline says it.

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

/// One sentence about an event.
#[expect(clippy::too_many_lines, reason = "a sentence for each event, in both languages")]
pub(crate) fn tell(register: &Register, event: &DiaryEvent) -> String {
    match event {
        DiaryEvent::SigninStarted { .. } => {
            pick("Начат вход через портал Госуслуг", "A sign-in through Gosuslugi has begun").to_owned()
        }
        DiaryEvent::SigninReturned { .. } => {
            pick("Посетитель вернулся с портала Госуслуг", "The visitor has come back from Gosuslugi").to_owned()
        }
        DiaryEvent::SigninFailed { reason, .. } => {
            tr!("Вход не состоялся: {reason}", "The sign-in has failed: {reason}")
        }
        DiaryEvent::ConsentAsked { oid, status, guardians } => match status.as_str() {
            "requested" => {
                let of_whom = match guardians {
                    1 => pick("у одного человека", "of one person").to_owned(),
                    count => tr!("у {count} человек", "of {count} people"),
                };
                tr!(
                    "Запрошено согласие на данные учётной записи {oid}: {of_whom}",
                    "Consent to the data of account {oid} was asked {of_whom}"
                )
            }
            "no-guardian" => tr!(
                "Согласие на данные учётной записи {oid} спросить не у кого",
                "There is nobody to ask for consent to the data of account {oid}"
            ),
            _ => tr!(
                "Согласие на данные учётной записи {oid} уже выдано",
                "Consent to the data of account {oid} is given already"
            ),
        },
        DiaryEvent::Refused { refusal, name, compared, .. } => {
            let name = if name.is_empty() { pick("Посетитель", "A visitor") } else { name };
            tr!("{name}: вход не разрешён: {}{}", "{name}: not let in: {}{}", refusal.brief(), differences(compared))
        }
        DiaryEvent::SignedIn { who, stranger: Some(stranger), .. } => {
            tr!(
                "{}: вход через портал Госуслуг, дневник не открыт: {}",
                "{}: signed in through Gosuslugi, the diary stays closed: {}",
                who.name,
                stranger.refusal.brief()
            )
        }
        DiaryEvent::SignedIn { who, way, .. } => match way {
            Way::Gosuslugi => tr!("{}: вход через портал Госуслуг", "{}: signed in through Gosuslugi", who.name),
            Way::Password => tr!("{}: вход по паролю дневника", "{}: signed in by the password of the diary", who.name),
            Way::Control => tr!(
                "{}: вход без пароля через API для тестов",
                "{}: signed in without a password by the control API",
                who.name
            ),
        },
        DiaryEvent::LinkOpened { name, .. } => {
            tr!("{name}: сеанс открыт в браузере по ссылке", "{name}: a link has opened the session in a browser")
        }
        DiaryEvent::AccountTookOver { name, oid, .. } => {
            tr!(
                "{name}: вместо пароля теперь учётная запись Госуслуг {oid}",
                "{name}: the account {oid} of Gosuslugi replaces the password"
            )
        }
        DiaryEvent::SignedOut { name, .. } => tr!("{name}: выход", "{name}: signed out"),
        DiaryEvent::AccessRenewed { oid, .. } => tr!(
            "Обновляется маркер доступа к данным учётной записи {oid}",
            "The access token for the data of account {oid} is renewed"
        ),
        DiaryEvent::PasswordMissed { key } => {
            tr!("{}: неверный пароль дневника", "{}: wrong password of the diary", register.who(key).name)
        }
        DiaryEvent::SessionOver { name, is_lost: true, .. } => {
            tr!(
                "{name}: дневник перезапущен, и маркера доступа больше нет, сеанс завершён",
                "{name}: the diary was restarted and the access token is gone, the session has ended"
            )
        }
        DiaryEvent::SessionOver { name, .. } => tr!(
            "{name}: маркер доступа больше не действует, сеанс завершён",
            "{name}: the access token is no good any more, the session has ended"
        ),
        DiaryEvent::LeftGosuslugi { sessions, .. } if sessions.is_empty() => pick(
            "Госуслуги сообщили о выходе; сеансов в дневнике не было",
            "Gosuslugi told of a sign-out; the diary had no session",
        )
        .to_owned(),
        DiaryEvent::LeftGosuslugi { sessions, .. } => {
            let names: Vec<_> = sessions.iter().map(|(_, name)| name.as_str()).collect();
            tr!(
                "{}: выход на Госуслугах, сеанс завершён",
                "{}: signed out at Gosuslugi, the session has ended",
                names.join(", ")
            )
        }
        DiaryEvent::ConsentEnded { name, .. } => tr!(
            "{name}: согласие больше не действует, сеанс завершён",
            "{name}: the consent is in force no longer, the session has ended"
        ),
        DiaryEvent::PasswordForgotten { login, to, .. } => {
            tr!("Забыт пароль «{login}»: письмо на {to}", "The password of «{login}» was forgotten: a letter to {to}")
        }
        DiaryEvent::PasswordMade { login, .. } => tr!("У «{login}» новый пароль", "«{login}» has a new password"),
        DiaryEvent::FeedbackLeft { text, .. } => tr!("Обращение в школу: {text}", "A message to the school: {text}"),
        event @ school_events!() => tell_of_school(register, event),
        nested_events!() => String::new(),
    }
}

fn tell_of_school(register: &Register, event: &DiaryEvent) -> String {
    let pupil = |key: &str, case| gendered::pupil(register, key, case);
    let parent = |key: &str| register.parent(key).map_or(key.to_owned(), |parent| parent.name.to_string());
    match event {
        DiaryEvent::PupilCorrected { by, pupil: key, record } => {
            tr!(
                "{by} исправляет карточку {}: {record}",
                "{by} corrects the card of {}: {record}",
                pupil(key, Case::Genitive)
            )
        }
        DiaryEvent::PupilMoved { by, pupil: key, class } => {
            tr!("{by} переводит {} в класс {class}", "{by} moves {} to class {class}", pupil(key, Case::Accusative))
        }
        DiaryEvent::ParentAdded { by, pupil: key, name, snils, .. } => {
            tr!(
                "{by} добавляет в карточку {} родителя: {name}, СНИЛС {snils}",
                "{by} adds a parent to the card of {}: {name}, SNILS {snils}",
                pupil(key, Case::Genitive)
            )
        }
        DiaryEvent::ParentCorrected { by, name, snils, relation, .. } => {
            tr!(
                "{by} исправляет данные родителя: {}",
                "{by} corrects the data of a parent: {}",
                self::parent(name, *snils, *relation)
            )
        }
        DiaryEvent::ParentActivated { by, parent: key, active } => {
            let change =
                if *active { pick("теперь", "is now") } else { pick("больше не", "is no longer") };
            tr!("{by}: {} {change} активный пользователь", "{by}: {} {change} an active user", parent(key))
        }
        DiaryEvent::ParentRemoved { by, pupil: key, parent: gone } => {
            tr!(
                "{by} убирает из карточки {} родителя: {}",
                "{by} takes a parent off the card of {}: {}",
                pupil(key, Case::Genitive),
                parent(gone)
            )
        }
        DiaryEvent::RegisterImported { by, pupils } => {
            tr!(
                "{by} загружает журнал из файла: учеников добавлено или исправлено {}",
                "{by} loads the register from a file: pupils added or corrected: {}",
                pupils.len()
            )
        }
        sign_in_events!() | nested_events!() => String::new(),
    }
}

/// A parent's data.
pub(crate) fn parent(name: &FullName, snils: Snils, relation: Option<Relation>) -> String {
    let relation = relation.map(|relation| format!(", {}", relation.name())).unwrap_or_default();
    tr!("{name}, СНИЛС {snils}{relation}", "{name}, SNILS {snils}{relation}")
}

fn differences(compared: &[Comparison]) -> String {
    let told = compared.iter().filter(|comparison| !comparison.same);
    told.fold(String::new(), |told, comparison| {
        let Comparison { what, expected, got, .. } = comparison;
        let why = comparison.likeness().map(|why| format!(" ({why})")).unwrap_or_default();
        tr!(
            "{told}; {what}: в журнале «{expected}», на Госуслугах «{got}»{why}",
            "{told}; {what}: «{expected}» in the register, «{got}» at Gosuslugi{why}"
        )
    })
}
