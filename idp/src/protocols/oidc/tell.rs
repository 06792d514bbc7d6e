//! The timeline's sentences about this door.

use super::model::{OidcEvent, TokenName};
use crate::state::Gosuslugi;

impl OidcEvent {
    /// One sentence.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let name = |oid| state.portal.name_of(oid);
        match self {
            Self::AuthorizationRequested { pending, .. } => {
                format!("Система {} просит войти через OpenID Connect: {}", pending.client, pending.scopes.join(" "))
            }
            Self::AuthorizationRefused { subject, client, .. } => {
                format!("{}: системе {client} отказано в доступе", name(*subject))
            }
            Self::CodeIssued { grant, .. } => {
                format!("{}: системе {} выдан код OpenID Connect", name(grant.subject), grant.client)
            }
            Self::CodeRedeemed { subject, client, .. } => {
                format!("{}: система {client} обменяла код на маркеры OpenID Connect", name(*subject))
            }
            Self::CodeReplayed { subject, client, .. } => {
                format!("{}: код пришёл второй раз, маркеры системы {client} отозваны", name(*subject))
            }
            Self::Refreshed { subject, client, .. } => {
                format!("{}: система {client} обновила маркеры OpenID Connect", name(*subject))
            }
            Self::RefreshReplayed { subject, client, .. } => {
                format!("{}: маркер обновления пришёл второй раз, маркеры системы {client} отозваны", name(*subject))
            }
            Self::Revoked { token: TokenName::Access { .. }, client } => {
                format!("Система {client} вернула маркер доступа")
            }
            Self::Revoked { token: TokenName::Refresh { .. }, client } => {
                format!("Система {client} вернула маркер обновления, и с ним маркеры доступа")
            }
            Self::AssertionUsed { client, .. } => format!("Система {client} подтвердила себя ключом"),
            Self::SystemTokenIssued { client, .. } => {
                format!("Система {client} получила собственный маркер OpenID Connect")
            }
            Self::LogoutTold { client, subject, is_heard: true, outcome } => {
                format!("{}: системе {client} сообщено о выходе: {outcome}", name(*subject))
            }
            Self::LogoutTold { client, subject, is_heard: false, outcome } => {
                format!("{}: системе {client} не удалось сообщить о выходе: {outcome}", name(*subject))
            }
        }
    }
}
