//! Scopes that a client may use by the consents in force (Design, Consent on the wire).

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

/// Returns those of the scopes `asked` that the person's consents in force cover; `openid` needs no consent. `None` if
/// there are none.
pub(crate) fn in_force(state: &Gosuslugi, subject: Oid, client: &Mnemonic, asked: &Scopes) -> Option<Scopes> {
    let given = state.portal.consents.scopes(subject, client);
    asked.filtered(|scope| scope.name == "openid" || given.contains(scope.bare_name()))
}

/// Returns those of the OpenID Connect scopes `asked` that consents in force cover completely. A minor for whom nobody
/// has consented gets `openid` alone, without `offline_access`. `None` if there are none.
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

/// Returns those of the scopes `asked` that tokens of the grant open now. `None` if there are none.
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

/// Returns the organisation whose data the grant opens; `None` once the person is no longer its member.
pub(crate) fn organisation_of(grant: &Grant, account: &Account) -> Option<Oid> {
    let organisation = grant.esia()?.organisation?;
    account.roles.iter().any(|role| role.oid == organisation).then_some(organisation)
}

/// Checks whether consent to some of these scopes is missing. A minor is never asked.
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

/// Returns a person's consents of the digital profile to a client that are in force.
pub(crate) fn permissions_in_force<'s>(state: &'s Gosuslugi, subject: Oid, client: &Mnemonic) -> Vec<&'s Permission> {
    let given = state.grants.permissions(subject, client).iter();
    given
        .filter(|(consent, _)| state.portal.consents.get(*consent).is_some())
        .map(|(_, permission)| permission)
        .collect()
}

/// Returns the account of a grant; `None` if the session of the grant is forgotten, as after a change of the password.
pub(crate) fn subject_of<'s>(state: &'s Gosuslugi, grant: &Grant) -> Option<&'s Account> {
    let of_session = state.portal.accounts.sid_owner(&grant.sid) == Some(grant.subject);
    state.portal.accounts.get(grant.subject).filter(|_| of_session)
}

/// Checks whether the `urn:esia:sid` of a token belongs to a session of this person, or to a token issued without a
/// session (`prm_chg`).
pub(crate) fn knows_sid(state: &Gosuslugi, sid: &str, subject: Oid) -> bool {
    state.portal.accounts.sid_owner(sid) == Some(subject) || state.grants.is_sid_of(sid, subject)
}

/// Returns the life of a client's codes and tokens: from its registration, else from the settings of the world.
pub(crate) fn terms(state: &Gosuslugi, client: &Mnemonic) -> TokenSettings {
    let world = &state.portal.settings.tokens;
    state.clients.get(client).map_or_else(|| world.clone(), |client| client.spec.tokens.within(world))
}

/// Returns the expiry of all refresh tokens of a grant, however often they are renewed. It counts from the sign-in;
/// with a term set in the client's registration it counts from the code.
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

/// Converts a term of the settings from seconds.
pub(crate) fn seconds(term: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(term))
}

/// Returns whether violations by a client are tolerated: by its registration, else by the setting of the world, which
/// also holds for an unknown client.
pub(crate) fn strictness(state: &Gosuslugi, client: Option<&Client>) -> Strictness {
    let of_world = if state.portal.settings.lenient { Strictness::Lenient } else { Strictness::Strict };
    client.and_then(|client| client.spec.esia.strictness).unwrap_or(of_world)
}
