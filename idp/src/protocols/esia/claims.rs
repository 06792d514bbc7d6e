//! Claims of ЕСИА's tokens (ESIA §3.6, §3.7).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::{
    Mnemonic, Oid, Scope, Scopes,
    token::{AccessClaims, AuthMethod, IdClaims, Subject},
};

use crate::{
    grants::{Tokens, organisation_of, permissions_in_force, terms},
    signing::ProviderKey,
    state::Gosuslugi,
};

/// Claims of tokens to be signed, and the refresh token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TokenClaims {
    pub(super) access: AccessClaims,
    pub(super) id: Option<IdClaims>,
    pub(super) refresh: Option<String>,
    /// Key that signs the tokens.
    pub(super) key: Arc<ProviderKey>,
}

/// Subject, client and scopes of an access token.
#[derive(Clone, Copy)]
pub(super) struct Access<'a> {
    pub(super) subject: Oid,
    pub(super) client: &'a Mnemonic,
    /// Session id, the claim `urn:esia:sid`.
    pub(super) sid: &'a str,
    pub(super) granted: &'a Scopes,
    pub(super) organisation: Option<Oid>,
}

/// Returns the claims of the tokens of a grant. `None` if the account no longer exists, or for a grant of another
/// protocol, which the token endpoint does not pass.
pub(super) fn token_claims(state: &Gosuslugi, tokens: &Tokens) -> Option<TokenClaims> {
    let Tokens { grant, scopes, issued, issued_at } = tokens;
    let details = grant.esia()?;
    let account = state.portal.accounts.get(grant.subject)?;
    let (subject, client, sid) = (grant.subject, &grant.client, grant.sid.as_str());
    let organisation = organisation_of(grant, account);
    let access = access_claims(state, Access { subject, client, sid, granted: scopes, organisation }, *issued_at);
    let permissions = if details.has_permissions { permissions_claim(state, subject, client) } else { None };
    let iat = issued_at.timestamp();
    let id = scopes.contains("openid").then(|| IdClaims {
        aud: grant.client.clone(),
        sub: grant.subject,
        nbf: iat,
        amr: AuthMethod::Pwd,
        amd: AuthMethod::Pwd,
        auth_time: grant.signed_in_at.timestamp(),
        iss: access.iss.clone(),
        session_id: grant.sid.clone(),
        subject: Subject::person(subject, account.wire_level(worlds::moscow::date(*issued_at))),
        exp: iat + i64::from(terms(state, client).id_ttl_s),
        iat,
    });
    Some(TokenClaims {
        access: AccessClaims { permissions, ..access },
        id,
        refresh: issued.refresh.clone(),
        key: Arc::clone(state.keys.signer(state.clients.get(client)?.spec.esia.token_algorithm)),
    })
}

/// Returns the claims of a person's access token. The caller adds `permissions_url`, which needs the world's address.
pub(super) fn access_claims(state: &Gosuslugi, access: Access<'_>, now: DateTime<Utc>) -> AccessClaims {
    let Access { subject, client, sid, granted, organisation } = access;
    let iat = now.timestamp();
    AccessClaims {
        nbf: iat,
        scope: granted.narrowed(subject, organisation),
        iss: state.portal.settings.iss.clone(),
        session_id: sid.to_owned(),
        subject,
        exp: iat + i64::from(terms(state, client).access_ttl_s),
        iat,
        client_id: client.clone(),
        org_oid: organisation.filter(|_| granted.iter().any(Scope::is_of_organisation)),
        permissions: None,
        permissions_url: None,
    }
}

/// Returns the claim `permissions` of an access token: the consents of the digital profile that are in force, as JSON.
pub(super) fn permissions_claim(state: &Gosuslugi, subject: Oid, client: &Mnemonic) -> Option<String> {
    let permissions = permissions_in_force(state, subject, client);
    if permissions.is_empty() { None } else { serde_json::to_string(&permissions).ok() }
}
