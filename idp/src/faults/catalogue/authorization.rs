//! `ac.*`: faults of the response to an authorization request; `user.*`: sign-ins that fail because of the person or
//! the account.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter};
use crate::faults::act::{Act, AuthorizationFault as Authorization};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Authorization) -> Entry {
    Entry::new(id, protocols, Act::Authorization(act))
}

const CODE: Parameter =
    Parameter { name: "code", default: "007053", one_of: &["007053", "007005", "007002", "007019"] };
const TEXT: Parameter = Parameter { name: "text", default: "script", one_of: &["script", "crlf", "long"] };

/// Rows of these families.
pub(super) const TABLE: &[Entry] = &[
    row("ac.state-missing", BOTH, Authorization::StateMissing)
        .does("Ответ без state.", "The answer has no state.")
        .refused(&["S", "T"])
        .source("RFC 6749 §4.1.2, §10.12"),
    row("ac.state-other", BOTH, Authorization::StateOther)
        .does("state другого браузера.", "The state of another browser.")
        .refused(&["S", "T"])
        .source("RFC 6749 §4.1.2, §10.12"),
    row("ac.back-button", BOTH, Authorization::BackButton)
        .does(
            "Новый код с state прошлого входа, который уже использован.",
            "A new code with the state of an earlier sign-in, which is used already.",
        )
        .degraded(&["P"])
        .source("RFC 6749 §10.12"),
    Entry::new("ac.callback-twice", BOTH, Act::Browser)
        .does("Браузер открывает один и тот же ответ дважды сразу.", "The browser opens the same answer twice at once.")
        .degraded(&["T", "S"])
        .source("RFC 6749 §4.1.2"),
    Entry::new("ac.two-tabs", BOTH, Act::Browser)
        .does(
            "Два входа в одном браузере, законченные в обратном порядке.",
            "Two sign-ins in one browser, finished in reverse order.",
        )
        .accepted(&["S"])
        .source("RFC 6749 §10.12"),
    row("ac.iss-wrong", OIDC, Authorization::IssWrong)
        .does("В ответе iss другого поставщика.", "The answer has the iss of another provider.")
        .refused(&["S", "T"])
        .source("RFC 9207 §2.4"),
    row("ac.iss-dropped", OIDC, Authorization::IssDropped)
        .does(
            "iss обещан в описании поставщика, и его нет.",
            "The iss is promised by the discovery document and is missing.",
        )
        .refused(&["S", "T"])
        .source("RFC 9207 §2.4"),
    row("ac.denied", BOTH, Authorization::Denied)
        .does("Человек отказал системе в доступе.", "The person has refused access.")
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1; ESIA §1.5"),
    row("ac.not-confirmed", ESIA, Authorization::NotConfirmed)
        .does("Учётная запись не подтверждена.", "The account is not confirmed.")
        .degraded(&["P"])
        .source("ESIA §1.5"),
    row("ac.our-own-fault", ESIA, Authorization::OurOwnFault)
        .does(
            "Система обратилась неверно: ошибка в её настройках.",
            "The client has asked wrongly: its settings are wrong.",
        )
        .degraded(&["P"])
        .source("ESIA §1.4")
        .with(&[CODE]),
    row("ac.overloaded", BOTH, Authorization::Overloaded)
        .does("Поставщик перегружен, нужно прийти позже.", "The provider is overloaded, one should come later.")
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1"),
    row("ac.unknown-error", BOTH, Authorization::UnknownError)
        .does("Ошибка, которой нет ни в одном документе.", "An error that stands in no document.")
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1"),
    row("ac.error-and-code", BOTH, Authorization::ErrorAndCode)
        .does("В одном ответе и ошибка, и код.", "One answer has both an error and a code.")
        .refused(&["S", "T"])
        .source("RFC 6749 §4.1.2"),
    row("ac.description-hostile", BOTH, Authorization::DescriptionHostile)
        .does(
            "В описании ошибки сценарий, перевод строки или 8 КиБ.",
            "The error's description has a script, line ends, or 8 KiB.",
        )
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1")
        .with(&[TEXT]),
    row("ac.code-4k", ESIA, Authorization::CodeLong)
        .does("Код длиннее 4000 знаков, действующий.", "A good code longer than 4,000 characters.")
        .accepted(&["S"])
        .source("ESIA §3.8"),
    row("ac.extra-parameters", BOTH, Authorization::ExtraParameters)
        .does(
            "В ответе параметры, которых система не знает.",
            "The answer has parameters that the client does not know.",
        )
        .accepted(&["S"])
        .source("RFC 6749 §4.1.2"),
    row("ac.code-of-another", OIDC, Authorization::CodeOfAnother)
        .does(
            "Код входа другого человека в эту же систему, если такой ждёт.",
            "The code of another person's sign-in to the same client, where one waits.",
        )
        .refused(&["S"])
        .source("RFC 9700 §4.5"),
    Entry::new("ac.too-late", BOTH, Act::Browser)
        .does("Человек возвращается через 40 минут.", "The person comes back after 40 minutes.")
        .degraded(&["P"]),
    row("user.cancel", BOTH, Authorization::Denied)
        .does("Человек нажал «Отказать».", "The person has pressed \"refuse\".")
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1"),
    row("user.locked", OIDC, Authorization::UserLocked)
        .does("Учётная запись заблокирована.", "The account is locked.")
        .degraded(&["P"])
        .source("RFC 6749 §4.1.2.1"),
    row("user.no-factor", BOTH, Authorization::NoFactor)
        .does(
            "Второго фактора, который нужен, у человека нет.",
            "The person has not got the second factor that is needed.",
        )
        .degraded(&["P"])
        .source("ESIA §1.5"),
    row("user.timeout", OIDC, Authorization::UserTimeout)
        .does("Человек не успел войти.", "The person was too slow to sign in.")
        .degraded(&["P"])
        .source("OpenID Connect Core §3.1.2.6"),
    row("user.weak-factor", OIDC, Authorization::WeakFactor)
        .does("Человек вошёл слабее, чем просили.", "The person has signed in by weaker means than was asked for.")
        .degraded(&["P"])
        .source("OpenID Connect Core §3.1.2.6"),
];
