//! Sentences of the timeline for events of the authorization server.

use esia::language::{pick, tr};

use super::{
    event::{ClientTokenPurpose, GrantEvent, IssuedTokens, Replayed, TokenName},
    grant::GrantDetails,
    request::RequestDetails,
};
use crate::state::Gosuslugi;

/// Returns the sentence for an event, with people's names from the current state.
#[expect(clippy::too_many_lines, reason = "a sentence for each event, in both languages")]
pub(crate) fn sentence(state: &Gosuslugi, event: &GrantEvent) -> String {
    let name = |oid| state.portal.name_of(oid);
    match event {
        GrantEvent::AuthorizationRequested { pending, .. } => {
            let by = match pending.details {
                RequestDetails::Esia(_) => pick("Госуслуги", "Gosuslugi"),
                RequestDetails::Oidc(_) => "OpenID Connect",
            };
            tr!(
                "Система {} просит войти через {by}: {}",
                "Client {} asks for a sign-in through {by}: {}",
                pending.client,
                pending.scopes
            )
        }
        GrantEvent::AuthorizationRefused { subject, client, code, .. } => {
            tr!(
                "{}: системе {client} отказано в доступе ({code})",
                "{}: client {client} was refused access ({code})",
                name(*subject)
            )
        }
        GrantEvent::Permitted { subject, client, permission, .. } => {
            let kind = &permission.sysname;
            tr!(
                "{}: дано согласие «{kind}» цифрового профиля системе {client}",
                "{}: consent «{kind}» of the digital profile was given to client {client}",
                name(*subject)
            )
        }
        GrantEvent::CodeIssued { grant, .. } => {
            let code = match &grant.details {
                GrantDetails::Esia(details) => tr!("код авторизации: {}", "an authorization code: {}", details.granted),
                GrantDetails::Oidc(_) => pick("код OpenID Connect", "an OpenID Connect code").to_owned(),
            };
            tr!("{}: системе {} выдан {code}", "{}: client {} was issued {code}", name(grant.subject), grant.client)
        }
        GrantEvent::CodeRedeemed { subject, client, tokens, .. } => {
            tr!(
                "{}: система {client} обменяла код на маркеры{}",
                "{}: client {client} exchanged the code for tokens{}",
                name(*subject),
                of_protocol(tokens)
            )
        }
        GrantEvent::Refreshed { subject, client, tokens, .. } => {
            tr!(
                "{}: система {client} обновила маркеры{}",
                "{}: client {client} renewed the tokens{}",
                name(*subject),
                of_protocol(tokens)
            )
        }
        GrantEvent::Replayed { what, subject, client, .. } => {
            let what = match what {
                Replayed::Code => pick("код", "the code"),
                Replayed::Refresh => pick("маркер обновления", "the refresh token"),
            };
            tr!(
                "{}: {what} пришёл второй раз, маркеры системы {client} отозваны",
                "{}: {what} came a second time, the tokens of client {client} are revoked",
                name(*subject)
            )
        }
        GrantEvent::Revoked { token: TokenName::Access(_), client } => {
            tr!("Система {client} вернула маркер доступа", "Client {client} gave back an access token")
        }
        GrantEvent::Revoked { token: TokenName::Refresh(_), client } => {
            tr!(
                "Система {client} вернула маркер обновления, и с ним маркеры доступа",
                "Client {client} gave back a refresh token, and with it the access tokens"
            )
        }
        GrantEvent::AssertionUsed { client, .. } => {
            tr!("Система {client} подтвердила себя ключом", "Client {client} authenticated with its key")
        }
        GrantEvent::ClientTokenIssued { client, purpose, .. } => match purpose {
            ClientTokenPurpose::AskConsents => tr!(
                "Система {client} получила собственный маркер OpenID Connect",
                "Client {client} got an OpenID Connect token of its own"
            ),
            ClientTokenPurpose::AskConsent(subject) => {
                tr!(
                    "{}: система {client} получила маркер, чтобы запросить согласие",
                    "{}: client {client} got a token to ask for a consent",
                    name(*subject)
                )
            }
            ClientTokenPurpose::Organisation(scope) => tr!(
                "Система {client} получила собственный маркер: {scope}",
                "Client {client} got a token of its own: {scope}"
            ),
        },
        GrantEvent::ConsentTokenIssued { subject, client, .. } => {
            tr!(
                "{}: система {client} получила маркер по действующему согласию",
                "{}: client {client} got a token by a consent in force",
                name(*subject)
            )
        }
        GrantEvent::LogoutNotified { client, subject, is_heard, outcome, outcome_in_english } => {
            let outcome = pick(outcome, outcome_in_english.as_ref().unwrap_or(outcome));
            let told = if *is_heard {
                pick("сообщено", "was told")
            } else {
                pick("не удалось сообщить", "could not be told")
            };
            tr!(
                "{}: системе {client} {told} о выходе: {outcome}",
                "{}: client {client} {told} of the sign-out: {outcome}",
                name(*subject)
            )
        }
    }
}

/// Returns the protocol's name for the sentence: only access tokens of OpenID Connect are stored.
fn of_protocol(tokens: &IssuedTokens) -> &'static str {
    if tokens.access.is_some() { " OpenID Connect" } else { "" }
}
