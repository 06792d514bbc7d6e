//! What consents in force let a client have (Design, Consent on the wire).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid, Scopes};

use super::{
    grant::{Grant, GrantDetails},
    oidc_scopes::{all_behind, behind},
    permission::Permission,
};
use crate::{
    clients::{Client, Strictness, TokenSettings},
    portal::accounts::Account,
    state::Gosuslugi,
};

/// Of `asked`, `openid` and what the person's consents in force let the client have. `None` when that is nothing.
pub(crate) fn in_force(state: &Gosuslugi, subject: Oid, client: &Mnemonic, asked: &Scopes) -> Option<Scopes> {
    let given = state.portal.consents.scopes(subject, client);
    asked.filtered(|scope| scope.name == "openid" || given.contains(scope.bare_name()))
}

/// Of OpenID Connect's scopes asked for, those that the consents in force give in whole. `offline_access` goes with them: a
/// minor for whom nobody has consented gets `openid` alone. `None` when that is nothing.
pub(crate) fn oidc_in_force(
    state: &Gosuslugi,
    account: &Account,
    client: &Mnemonic,
    asked: &Scopes,
    now: DateTime<Utc>,
) -> Option<Scopes> {
    let given = state.portal.consents.scopes(account.oid, client);
    let is_given = |name: &str| behind(name).is_some_and(|names| names.iter().all(|name| given.contains(name)));
    let scopes = asked.filtered(|scope| is_given(&scope.name))?;
    if account.is_minor(worlds::moscow::date(now)) && all_behind(&scopes).is_empty() {
        return scopes.filtered(|scope| scope.name != "offline_access");
    }
    Some(scopes)
}

/// Of the scopes that a grant's tokens may open, those that they open now. `None` when that is nothing.
pub(super) fn of_grant(
    state: &Gosuslugi,
    grant: &Grant,
    account: &Account,
    asked: &Scopes,
    now: DateTime<Utc>,
) -> Option<Scopes> {
    match &grant.details {
        GrantDetails::Oidc(_) => oidc_in_force(state, account, &grant.client, asked, now),
        GrantDetails::Esia(_) => {
            let organisation = organisation_of(grant, account);
            let granted = in_force(state, grant.subject, &grant.client, asked)?;
            granted.filtered(|scope| !scope.is_of_organisation() || organisation.is_some())
        }
    }
}

/// The organisation whose data a grant opens. Who has left an organisation has its data no more.
pub(crate) fn organisation_of(grant: &Grant, account: &Account) -> Option<Oid> {
    let organisation = grant.esia()?.organisation?;
    account.roles.iter().any(|role| role.oid == organisation).then_some(organisation)
}

/// Whether a person is to be shown the consent page: never a minor, and nobody who has consented to all of it.
pub(super) fn needs_consent(
    state: &Gosuslugi,
    account: &Account,
    client: &Client,
    asked: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> bool {
    let given = state.portal.consents.scopes(account.oid, &client.spec.mnemonic);
    !account.is_minor(worlds::moscow::date(now)) && asked.iter().any(|name| !given.contains(name.as_str()))
}

/// Consents of the digital profile that are in force.
pub(crate) fn permissions_in_force<'s>(state: &'s Gosuslugi, subject: Oid, client: &Mnemonic) -> Vec<&'s Permission> {
    let given = state.grants.permissions(subject, client).iter();
    given
        .filter(|(consent, _)| state.portal.consents.get(*consent).is_some())
        .map(|(_, permission)| permission)
        .collect()
}

/// The account of a grant, as long as the session that it was given in is remembered: not after a new password.
pub(crate) fn subject_of<'s>(state: &'s Gosuslugi, grant: &Grant) -> Option<&'s Account> {
    let of_session = state.portal.accounts.sid_owner(&grant.sid) == Some(grant.subject);
    state.portal.accounts.get(grant.subject).filter(|_| of_session)
}

/// Whether `urn:esia:sid` of a token is of a session of that person, or of a token that was given without one.
pub(crate) fn knows_sid(state: &Gosuslugi, sid: &str, subject: Oid) -> bool {
    state.portal.accounts.sid_owner(sid) == Some(subject) || state.grants.is_sid_of(sid, subject)
}

/// How long codes and tokens of a client work: as its registration says, else as the world does.
pub(crate) fn terms(state: &Gosuslugi, client: &Mnemonic) -> TokenSettings {
    let world = &state.portal.settings.tokens;
    state.clients.get(client).map_or_else(|| world.clone(), |client| client.spec.tokens.within(world))
}

/// When refresh tokens end, however often renewed: so long after the person signed in; where the client has a term of its
/// own, so long after its code.
pub(super) fn refresh_until(
    state: &Gosuslugi,
    client: &Client,
    signed_in_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let has_own_term = client.spec.tokens.refresh_ttl_s.is_some();
    let from = if has_own_term { now } else { signed_in_at };
    from + seconds(terms(state, &client.spec.mnemonic).refresh_ttl_s)
}

/// A term of the settings.
pub(crate) fn seconds(term: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(term))
}

/// Whether a client's violations are tolerated: by its registration, else, and for a client that is not known, by the world's
/// setting.
pub(crate) fn strictness(state: &Gosuslugi, client: Option<&Client>) -> Strictness {
    let of_world = if state.portal.settings.lenient { Strictness::Lenient } else { Strictness::Strict };
    client.and_then(|client| client.spec.esia.strictness).unwrap_or(of_world)
}
