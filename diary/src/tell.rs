//! What happened, as the timeline says it.

#![warn(clippy::wildcard_enum_match_arm)]
#![expect(clippy::unnested_or_patterns, reason = "the pattern macros of `event.rs` hold or-patterns")]

use esia::{FullName, Snils};

use crate::{
    event::{DiaryEvent, Way, nested_events, school_events, sign_in_events},
    gendered::{self, Case},
    register::{Comparison, Register, Relation},
};

/// One sentence about an event.
pub(crate) fn tell(register: &Register, event: &DiaryEvent) -> String {
    match event {
        DiaryEvent::SigninStarted { .. } => "Начат вход через портал Госуслуг".to_owned(),
        DiaryEvent::SigninReturned { .. } => "Посетитель вернулся с портала Госуслуг".to_owned(),
        DiaryEvent::SigninFailed { reason, .. } => format!("Вход не состоялся: {reason}"),
        DiaryEvent::ConsentAsked { oid, status, guardians } => match status.as_str() {
            "requested" => {
                let of_whom = match guardians {
                    1 => "у одного человека".to_owned(),
                    count => format!("у {count} человек"),
                };
                format!("Запрошено согласие на данные учётной записи {oid}: {of_whom}")
            }
            "no-guardian" => format!("Согласие на данные учётной записи {oid} спросить не у кого"),
            _ => format!("Согласие на данные учётной записи {oid} уже выдано"),
        },
        DiaryEvent::Refused { refusal, name, compared, .. } => {
            let name = if name.is_empty() { "Посетитель" } else { name };
            format!("{name}: вход не разрешён: {}{}", refusal.brief(), differences(compared))
        }
        DiaryEvent::SignedIn { who, stranger: Some(stranger), .. } => {
            format!("{}: вход через портал Госуслуг, дневник не открыт: {}", who.name, stranger.refusal.brief())
        }
        DiaryEvent::SignedIn { who, way, .. } => match way {
            Way::Gosuslugi => format!("{}: вход через портал Госуслуг", who.name),
            Way::Password => format!("{}: вход по паролю дневника", who.name),
            Way::Control => format!("{}: вход без пароля через API для тестов", who.name),
        },
        DiaryEvent::LinkOpened { name, .. } => format!("{name}: сеанс открыт в браузере по ссылке"),
        DiaryEvent::AccountTookOver { name, oid, .. } => {
            format!("{name}: вместо пароля теперь учётная запись Госуслуг {oid}")
        }
        DiaryEvent::SignedOut { name, .. } => format!("{name}: выход"),
        DiaryEvent::AccessRenewed { oid, .. } => format!("Обновляется маркер доступа к данным учётной записи {oid}"),
        DiaryEvent::PasswordMissed { key } => format!("{}: неверный пароль дневника", register.who(key).name),
        DiaryEvent::SessionOver { name, is_lost: true, .. } => {
            format!("{name}: дневник перезапущен, и маркера доступа больше нет, сеанс завершён")
        }
        DiaryEvent::SessionOver { name, .. } => format!("{name}: маркер доступа больше не действует, сеанс завершён"),
        DiaryEvent::LeftGosuslugi { sessions, .. } if sessions.is_empty() => {
            "Госуслуги сообщили о выходе; сеансов в дневнике не было".to_owned()
        }
        DiaryEvent::LeftGosuslugi { sessions, .. } => {
            let names: Vec<_> = sessions.iter().map(|(_, name)| name.as_str()).collect();
            format!("{}: выход на Госуслугах, сеанс завершён", names.join(", "))
        }
        DiaryEvent::ConsentEnded { name, .. } => format!("{name}: согласие больше не действует, сеанс завершён"),
        DiaryEvent::PasswordForgotten { login, to, .. } => format!("Забыт пароль «{login}»: письмо на {to}"),
        DiaryEvent::PasswordMade { login, .. } => format!("У «{login}» новый пароль"),
        DiaryEvent::FeedbackLeft { text, .. } => format!("Обращение в школу: {text}"),
        event @ school_events!() => tell_of_school(register, event),
        nested_events!() => String::new(),
    }
}

fn tell_of_school(register: &Register, event: &DiaryEvent) -> String {
    let pupil = |key: &str, case| gendered::pupil(register, key, case);
    let parent = |key: &str| register.parent(key).map_or(key.to_owned(), |parent| parent.name.to_string());
    match event {
        DiaryEvent::PupilCorrected { by, pupil: key, record } => {
            format!("{by} исправляет карточку {}: {record}", pupil(key, Case::Genitive))
        }
        DiaryEvent::PupilMoved { by, pupil: key, class } => {
            format!("{by} переводит {} в класс {class}", pupil(key, Case::Accusative))
        }
        DiaryEvent::ParentAdded { by, pupil: key, name, snils, .. } => {
            format!("{by} добавляет в карточку {} родителя: {name}, СНИЛС {snils}", pupil(key, Case::Genitive))
        }
        DiaryEvent::ParentCorrected { by, name, snils, relation, .. } => {
            format!("{by} исправляет данные родителя: {}", self::parent(name, *snils, *relation))
        }
        DiaryEvent::ParentActivated { by, parent: key, active } => {
            let change = if *active { "теперь" } else { "больше не" };
            format!("{by}: {} {change} активный пользователь", parent(key))
        }
        DiaryEvent::ParentRemoved { by, pupil: key, parent: gone } => {
            format!("{by} убирает из карточки {} родителя: {}", pupil(key, Case::Genitive), parent(gone))
        }
        DiaryEvent::RegisterImported { by, pupils } => {
            format!("{by} загружает журнал из файла: учеников добавлено или исправлено {}", pupils.len())
        }
        sign_in_events!() | nested_events!() => String::new(),
    }
}

/// A parent's data.
pub(crate) fn parent(name: &FullName, snils: Snils, relation: Option<Relation>) -> String {
    let relation = relation.map(|relation| format!(", {}", relation.name())).unwrap_or_default();
    format!("{name}, СНИЛС {snils}{relation}")
}

fn differences(compared: &[Comparison]) -> String {
    let told = compared.iter().filter(|comparison| !comparison.same);
    told.fold(String::new(), |told, comparison| {
        let Comparison { what, expected, got, .. } = comparison;
        let why = comparison.likeness().map(|why| format!(" ({why})")).unwrap_or_default();
        format!("{told}; {what}: в журнале «{expected}», на Госуслугах «{got}»{why}")
    })
}
