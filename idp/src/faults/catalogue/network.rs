//! `net.*`: faults of the connection; `time.*`: faults of clocks and lifetimes.

use web::TlsFault;

use super::entry::{BOTH, ESIA, Entry, Parameter};
use crate::faults::act::{Act, NetworkFault as Network, TimeFault as Time};

const fn row(id: &'static str, act: Network) -> Entry {
    Entry::new(id, BOTH, Act::Network(act)).degraded(&["P", "C", "N"])
}

const fn time(id: &'static str, protocols: &'static [&'static str], act: Time) -> Entry {
    Entry::new(id, protocols, Act::Time(act)).degraded(&["P"])
}

const AT: Parameter = Parameter { name: "at", default: "any", one_of: &["any", "te", "rs", "keys"] };
const SECONDS: Parameter = Parameter { name: "seconds", default: "65", one_of: &[] };
const MILLISECONDS: Parameter = Parameter { name: "milliseconds", default: "1000", one_of: &[] };
const BYTES: Parameter = Parameter { name: "bytes", default: "100", one_of: &[] };
const CHANCE: Parameter = Parameter { name: "p", default: "0.3", one_of: &[] };
const MINUTES: Parameter = Parameter { name: "minutes", default: "10", one_of: &[] };
const TERM: Parameter = Parameter { name: "seconds", default: "5", one_of: &[] };
const AGE: Parameter = Parameter { name: "age", default: "18", one_of: &["14", "18"] };

/// Creates the row of a TLS fault. A client that does not refuse gives its code, its secret and people's data to
/// whoever intercepts the connection.
const fn tls(fault: TlsFault) -> Entry {
    Entry::new(fault.name(), BOTH, Act::Tls(fault)).refused(&["U", "P"])
}

/// Rows of these families.
pub(super) const TABLE: &[Entry] = &[
    row("net.refused", Network::Refused)
        .does("Соединение сброшено, запрос не выполнен.", "The connection is reset, the request is not acted upon.")
        .source("RFC 9110 §9.2.2")
        .with(&[AT]),
    row("net.reset", Network::Reset)
        .does(
            "Запрос выполнен, вместо ответа сброс соединения.",
            "The request is acted upon, the connection is reset in place of an answer.",
        )
        .source("RFC 9110 §9.2.2")
        .with(&[AT]),
    row("net.empty", Network::Empty)
        .does("Соединение закрыто без ответа.", "The connection is closed without an answer.")
        .source("RFC 9112 §8")
        .with(&[AT]),
    row("net.garbage", Network::Garbage)
        .does("Вместо ответа то, что на HTTP не похоже.", "What comes is nothing like HTTP.")
        .source("RFC 9112 §2.2")
        .with(&[AT]),
    row("net.broken-chunk", Network::BrokenChunk)
        .does(
            "Ответ частями, длина одной из них не читается.",
            "A chunked answer, the length of a chunk cannot be read.",
        )
        .source("RFC 9112 §7.1")
        .with(&[AT]),
    row("net.drip", Network::Drip)
        .does("Ответ приходит по байту в секунду.", "The answer comes a byte a second.")
        .with(&[AT, MILLISECONDS]),
    row("net.cut", Network::Cut)
        .does("Ответ обрывается через 100 байт.", "The answer breaks off after 100 bytes.")
        .source("RFC 9112 §8")
        .with(&[AT, BYTES]),
    row("net.slow", Network::Slow)
        .does("Ответ приходит через 65 секунд.", "The answer comes after 65 seconds.")
        .with(&[AT, SECONDS]),
    row("net.flaky", Network::Reset)
        .does("Три соединения из десяти сброшены.", "Three connections in ten are reset.")
        .source("RFC 9110 §9.2.2")
        .with(&[AT, CHANCE]),
    tls(TlsFault::Expired)
        .does(
            "Срок действия сертификата сервера истёк (порт свой, см. --tls-faults).",
            "The server's certificate is not valid any more (on a port of its own, see --tls-faults).",
        )
        .source("RFC 5280 §6.1.3"),
    tls(TlsFault::WrongHost)
        .does(
            "Сертификат сервера выдан другому узлу (порт свой, см. --tls-faults).",
            "The server's certificate is of another host (on a port of its own, see --tls-faults).",
        )
        .source("RFC 9110 §4.3.4"),
    tls(TlsFault::UnknownCa)
        .does(
            "Сертификат сервера выпущен неизвестным удостоверяющим центром (порт свой, см. --tls-faults).",
            "The server's certificate is issued by an unknown CA (on a port of its own, see --tls-faults).",
        )
        .source("RFC 5280 §6.1"),
    tls(TlsFault::OldProtocol)
        .does(
            "Сервер говорит только по TLS 1.1 (порт свой, см. --tls-faults).",
            "The server speaks TLS 1.1 alone (on a port of its own, see --tls-faults).",
        )
        .source("RFC 8996 §5"),
    time("time.client-behind", ESIA, Time::ClientBehind)
        .does(
            "Часы системы отстают: у поставщика на 10 минут больше.",
            "The client's clock is behind: the provider's shows 10 minutes more.",
        )
        .source("ESIA §5.5")
        .with(&[MINUTES]),
    time("time.client-ahead", ESIA, Time::ClientAhead)
        .does(
            "Часы системы спешат: у поставщика на 10 минут меньше.",
            "The client's clock is ahead: the provider's shows 10 minutes less.",
        )
        .source("ESIA §5.5")
        .with(&[MINUTES]),
    time("time.code-late", BOTH, Time::CodeLate)
        .does("Срок кода истёк, пока система его несла.", "The code has expired on its way.")
        .source("RFC 6749 §4.1.2; ESIA §3.8"),
    time("time.token-ends-in-use", BOTH, Time::TokenEndsInUse)
        .does("Маркеры действуют 5 секунд.", "The tokens are good for 5 seconds.")
        .source("RFC 6749 §5.1")
        .with(&[TERM]),
    time("time.birthday", ESIA, Time::Birthday)
        .does("Человеку сегодня исполнилось 18 или 14 лет.", "The person has turned 18, or 14, today.")
        .source("ESIA §6.1")
        .with(&[AGE]),
];
