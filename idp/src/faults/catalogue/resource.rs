//! `rs.*`: faults of personal data.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter};
use crate::faults::act::{Act, ResourceFault as Resource};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Resource) -> Entry {
    Entry::new(id, protocols, Act::Resource(act))
}

const SECONDS: Parameter = Parameter { name: "seconds", default: "65", one_of: &[] };
const PART: Parameter = Parameter { name: "part", default: "docs", one_of: &["docs", "kids", "ctts", "addrs"] };
const TRAP: Parameter = Parameter { name: "to", default: "http://127.0.0.1:9", one_of: &[] };

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("rs.401-expired", BOTH, Resource::Expired)
        .does("Маркер доступа больше не действует.", "The access token is good no longer.")
        .degraded(&["C"])
        .source("ESIA §4.9; RFC 6750 §3.1"),
    row("rs.error-in-array", ESIA, Resource::ErrorInArray)
        .does("Та же ошибка, но в списке.", "The same error, within a list.")
        .degraded(&["P"])
        .source("ESIA §4.9"),
    row("rs.403-scope", BOTH, Resource::Forbidden)
        .does("Маркер этого не открывает.", "The token does not open this.")
        .degraded(&["P"])
        .source("ESIA §4.9; RFC 6750 §3.1"),
    row("rs.sub-other", OIDC, Resource::SubOther)
        .does("Данные другого человека.", "The data are another person's.")
        .refused(&["S"])
        .source("OpenID Connect Core §5.3.2"),
    row("rs.500-after-token", BOTH, Resource::Failed)
        .does(
            "Маркеры выданы, а данные не читаются: ошибка сервера.",
            "There are tokens, and the data cannot be read: a server error.",
        )
        .degraded(&["S", "P", "N"])
        .source("RFC 9110 §15.6.1"),
    row("rs.slow", BOTH, Resource::Slow)
        .does("Верный ответ через 65 секунд.", "The right answer after 65 seconds.")
        .degraded(&["P"])
        .with(&[SECONDS]),
    row("rs.part-fails", ESIA, Resource::PartFails)
        .does("Человек читается, а документы или дети — нет.", "The person can be read, documents or children cannot.")
        .degraded(&["P"])
        .source("ESIA §4.2")
        .with(&[PART]),
    row("rs.links-foreign", ESIA, Resource::LinksForeign)
        .does("Ссылки списка ведут на чужой адрес.", "The links of a list lead to a foreign address.")
        .refused(&["H"])
        .source("ESIA §4.3")
        .with(&[TRAP]),
    row("rs.empty", ESIA, Resource::Empty)
        .does("Список пуст.", "The list is empty.")
        .accepted(&["S"])
        .source("ESIA §4.3"),
    row("rs.fields-missing", BOTH, Resource::FieldsMissing)
        .does("У человека нет отчества.", "The person has no middle name.")
        .accepted(&["S"])
        .source("ESIA §4.4"),
    row("rs.person-changed", BOTH, Resource::PersonChanged)
        .does(
            "У того же человека другая фамилия, почта и телефон.",
            "The same person has another surname, e-mail and phone.",
        )
        .accepted(&["S"])
        .source("OpenID Connect Core §5.7"),
    row("rs.consent-withdrawn", BOTH, Resource::ConsentWithdrawn)
        .does("Согласие отозвано, пока человек в системе.", "The consent is withdrawn while the person is signed in.")
        .degraded(&["L", "P"])
        .source("ESIA §5.2"),
    row("rs.charset", ESIA, Resource::Charset)
        .does(
            "Перед JSON знак BOM, а в заголовке windows-1251.",
            "There is a byte order mark before the JSON, and the header says windows-1251.",
        )
        .degraded(&["P"])
        .source("RFC 8259 §8.1"),
];
