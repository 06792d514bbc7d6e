//! `te.*`: faults of the token endpoint's response.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter};
use crate::faults::act::{Act, TokenResponseFault as Response};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Response) -> Entry {
    Entry::new(id, protocols, Act::TokenResponse(act))
}

const SECONDS: Parameter = Parameter { name: "seconds", default: "65", one_of: &[] };
const TRAP: Parameter = Parameter { name: "to", default: "http://127.0.0.1:9/token", one_of: &[] };

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("te.invalid-grant", BOTH, Response::InvalidGrant)
        .does("Код не подходит.", "The code is no good.")
        .degraded(&["C"])
        .source("RFC 6749 §5.2; ESIA §1.5"),
    row("te.500", BOTH, Response::Failed)
        .does("Ошибка сервера вместо маркеров, код использован.", "A server error and no tokens, the code is used.")
        .degraded(&["C", "P"])
        .source("RFC 9110 §15.6.1"),
    row("te.503-retry-after", BOTH, Response::Unavailable)
        .does("Сервер просит прийти через 5 секунд.", "The server asks to come again in 5 seconds.")
        .degraded(&["C", "P"])
        .source("RFC 9110 §10.2.3"),
    row("te.html-200", BOTH, Response::Html)
        .does("Страница вместо маркеров, статус 200.", "A page and no tokens, with status 200.")
        .degraded(&["P", "N"])
        .source("RFC 6749 §5.1"),
    row("te.empty-200", BOTH, Response::Empty)
        .does("Пустой ответ, статус 200.", "An empty answer, with status 200.")
        .degraded(&["P", "N"])
        .source("RFC 6749 §5.1"),
    row("te.cut-json", BOTH, Response::CutJson)
        .does("JSON обрывается на середине.", "The JSON breaks off in its middle.")
        .degraded(&["P", "N"])
        .source("RFC 8259 §2"),
    row("te.slow", BOTH, Response::Slow)
        .does("Верный ответ через 65 секунд.", "The right answer after 65 seconds.")
        .degraded(&["P"])
        .with(&[SECONDS]),
    row("te.reset-after-request", BOTH, Response::Reset)
        .does("Соединение сброшено, код уже использован.", "The connection is reset, the code is used already.")
        .degraded(&["C"]),
    row("te.no-id-token", OIDC, Response::NoIdToken)
        .does("Просили openid, а id_token нет.", "openid was asked for, and there is no id token.")
        .refused(&["S"])
        .source("OpenID Connect Core §3.1.3.3"),
    row("te.no-refresh", BOTH, Response::NoRefresh)
        .does("Нет маркера обновления.", "There is no refresh token.")
        .accepted(&["S"])
        .source("RFC 6749 §5.1"),
    row("te.no-expires-in", BOTH, Response::NoExpiresIn)
        .does("Не сказано, сколько действует маркер.", "The answer does not say how long the token is good.")
        .accepted(&["S"])
        .source("RFC 6749 §5.1"),
    row("te.token-type-case", BOTH, Response::TokenTypeCase)
        .does("token_type — bearer строчными.", "The token_type is bearer in small letters.")
        .accepted(&["S"])
        .source("RFC 6749 §5.1"),
    row("te.expires-in-string", BOTH, Response::ExpiresInString)
        .does("expires_in — строка, а не число.", "The expires_in is a text and not a number.")
        .degraded(&["P"])
        .source("RFC 6749 §5.1"),
    row("te.token-type-unknown", BOTH, Response::TokenTypeUnknown)
        .does("token_type — mac.", "The token_type is mac.")
        .refused(&["U"])
        .source("RFC 6749 §7.1"),
    row("te.state-other", ESIA, Response::StateOther)
        .does("В ответе state другого запроса.", "The answer repeats the state of another request.")
        .refused(&["S"])
        .source("ESIA §3.3"),
    row("te.redirect", BOTH, Response::Redirect)
        .does("Запрос отправлен на чужой адрес (307).", "The request is sent on to a foreign address (307).")
        .refused(&["H"])
        .source("RFC 9110 §15.4.8")
        .with(&[TRAP]),
    row("te.refresh-other-person", BOTH, Response::RefreshOtherPerson)
        .does("После обновления id_token другого человека.", "A renewed id token is another person's.")
        .refused(&["L"])
        .source("OpenID Connect Core §12.2"),
    row("te.refresh-other-issuer", BOTH, Response::RefreshOtherIssuer)
        .does("После обновления id_token другого издателя.", "A renewed id token is another issuer's.")
        .refused(&["L"])
        .source("OpenID Connect Core §12.2"),
    row("te.refresh-revoked", BOTH, Response::RefreshRevoked)
        .does("Маркер обновления отозван.", "The refresh token is revoked.")
        .degraded(&["L", "C"])
        .source("RFC 6749 §6"),
];
