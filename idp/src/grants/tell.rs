//! The timeline's sentences about the authorization server.

use super::{
    event::{ClientTokenPurpose, GrantEvent, IssuedTokens, Replayed, TokenName},
    grant::GrantDetails,
    request::RequestDetails,
};
use crate::state::Gosuslugi;

/// One sentence for an event; names are those of the state now.
pub(crate) fn sentence(state: &Gosuslugi, event: &GrantEvent) -> String {
    let name = |oid| state.portal.name_of(oid);
    match event {
        GrantEvent::AuthorizationRequested { pending, .. } => {
            let by = match pending.details {
                RequestDetails::Esia(_) => "Госуслуги",
                RequestDetails::Oidc(_) => "OpenID Connect",
            };
            format!("Система {} просит войти через {by}: {}", pending.client, pending.scopes)
        }
        GrantEvent::AuthorizationRefused { subject, client, code, .. } => {
            format!("{}: системе {client} отказано в доступе ({code})", name(*subject))
        }
        GrantEvent::Permitted { subject, client, permission, .. } => {
            let kind = &permission.sysname;
            format!("{}: дано согласие «{kind}» цифрового профиля системе {client}", name(*subject))
        }
        GrantEvent::CodeIssued { grant, .. } => {
            let code = match &grant.details {
                GrantDetails::Esia(details) => format!("код авторизации: {}", details.granted),
                GrantDetails::Oidc(_) => "код OpenID Connect".to_owned(),
            };
            format!("{}: системе {} выдан {code}", name(grant.subject), grant.client)
        }
        GrantEvent::CodeRedeemed { subject, client, tokens, .. } => {
            format!("{}: система {client} обменяла код на маркеры{}", name(*subject), of_protocol(tokens))
        }
        GrantEvent::Refreshed { subject, client, tokens, .. } => {
            format!("{}: система {client} обновила маркеры{}", name(*subject), of_protocol(tokens))
        }
        GrantEvent::Replayed { what, subject, client, .. } => {
            let what = match what {
                Replayed::Code => "код",
                Replayed::Refresh => "маркер обновления",
            };
            format!("{}: {what} пришёл второй раз, маркеры системы {client} отозваны", name(*subject))
        }
        GrantEvent::Revoked { token: TokenName::Access(_), client } => {
            format!("Система {client} вернула маркер доступа")
        }
        GrantEvent::Revoked { token: TokenName::Refresh(_), client } => {
            format!("Система {client} вернула маркер обновления, и с ним маркеры доступа")
        }
        GrantEvent::AssertionUsed { client, .. } => format!("Система {client} подтвердила себя ключом"),
        GrantEvent::ClientTokenIssued { client, purpose, .. } => match purpose {
            ClientTokenPurpose::AskConsents => format!("Система {client} получила собственный маркер OpenID Connect"),
            ClientTokenPurpose::AskConsent(subject) => {
                format!("{}: система {client} получила маркер, чтобы запросить согласие", name(*subject))
            }
            ClientTokenPurpose::Organisation(scope) => format!("Система {client} получила собственный маркер: {scope}"),
        },
        GrantEvent::ConsentTokenIssued { subject, client, .. } => {
            format!("{}: система {client} получила маркер по действующему согласию", name(*subject))
        }
        GrantEvent::LogoutNotified { client, subject, is_heard, outcome } => {
            let told = if *is_heard { "сообщено" } else { "не удалось сообщить" };
            format!("{}: системе {client} {told} о выходе: {outcome}", name(*subject))
        }
    }
}

/// Only OpenID Connect's access tokens are remembered.
fn of_protocol(tokens: &IssuedTokens) -> &'static str {
    if tokens.access.is_some() { " OpenID Connect" } else { "" }
}
