//! `out.*`: faults of logout tokens, and of the redirect after logout.

use super::entry::{ESIA, Entry, OIDC};
use crate::faults::act::{Act, LogoutFault as Logout};

const BCL: &str = "OpenID Connect Back-Channel Logout §2.6";

const fn row(id: &'static str, act: Logout) -> Entry {
    Entry::new(id, OIDC, Act::Logout(act)).refused(&["S"]).source(BCL)
}

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("out.alg-none", Logout::AlgNone).does("Маркер выхода без подписи.", "The logout token is not signed."),
    row("out.wrong-alg", Logout::WrongAlg).does(
        "Маркер выхода подписан по HS256 открытым ключом.",
        "The logout token is signed with HS256 by the public key.",
    ),
    row("out.wrong-aud", Logout::WrongAud)
        .does("Маркер выхода — для другой системы.", "The logout token is meant for another client."),
    row("out.wrong-iss", Logout::WrongIss)
        .does("Маркер выхода от другого издателя.", "The logout token is another issuer's."),
    row("out.no-event", Logout::NoEvent).does("В маркере выхода нет events.", "The logout token has no events."),
    row("out.wrong-event", Logout::WrongEvent)
        .does("В маркере выхода другое событие.", "The logout token is about another event."),
    row("out.with-nonce", Logout::WithNonce).does("В маркере выхода есть nonce.", "The logout token has a nonce."),
    row("out.no-subject", Logout::NoSubject)
        .does("В маркере выхода нет ни sub, ни sid.", "The logout token has neither sub nor sid."),
    row("out.id-token-as-logout", Logout::IdToken)
        .does("Вместо маркера выхода id_token.", "An id token in the place of the logout token."),
    row("out.replayed", Logout::Replayed).does("Один маркер выхода приходит дважды.", "One logout token comes twice."),
    row("out.unknown-sid", Logout::UnknownSid)
        .does("sid, которого ни у кого нет.", "A sid that nobody has.")
        .degraded(&["P"])
        .source("OpenID Connect Back-Channel Logout §2.7"),
    row("out.state-missing", Logout::StateMissing)
        .does("Обратно после выхода — без state.", "The way back after signing out has no state.")
        .degraded(&["P"])
        .source("OpenID Connect RP-Initiated Logout §3"),
    row("out.state-other", Logout::StateOther)
        .does("Обратно после выхода — с чужим state.", "The way back after signing out has another state.")
        .degraded(&["P"])
        .source("OpenID Connect RP-Initiated Logout §3"),
    Entry::new("out.no-return", ESIA, Act::Logout(Logout::NoReturn))
        .does("После выхода человек остаётся на Госуслугах.", "After signing out the person stays at Gosuslugi.")
        .degraded(&["S"])
        .source("ESIA §5.1"),
];
