//! Codes and refresh tokens become tokens: the pure decisions (ESIA §3.2, §3.6, §3.7).

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Mnemonic, Oid, Scopes,
    token::{AccessClaims, AuthMethod, IdClaims, Subject},
};
use worlds::{
    Decided, WorldRng,
    mistakes::{named, short},
};

use super::model::{AccessType, Grant, NewRefresh, OAuthEvent};
use crate::{
    clients::{TokenAlgorithm, TokenSettings},
    event::Event,
    state::Gosuslugi,
};

/// Why no tokens are given for a code or a refresh token; on the wire all of these are ESIA-007011.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("этот мир такого не выдавал")]
    Unknown,
    #[error("уже использован {}", worlds::moscow::date_time(*.0))]
    Used(DateTime<Utc>),
    #[error("срок истёк {}", worlds::moscow::date_time(*.0))]
    Expired(DateTime<Utc>),
    #[error("выдан системе {0}")]
    OtherClient(Mnemonic),
    #[error("запрошен с redirect_uri {asked}, а прислан {given}")]
    OtherRedirect { asked: String, given: String },
    #[error("сеанс, в котором он выдан, завершён сменой пароля или давно истёк")]
    SessionGone,
    #[error("ни одно из согласий больше не действует")]
    NothingLeft,
}

impl GrantError {
    /// Stable name for verdicts and tests.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "grant-unknown",
            Self::Used(_) => "grant-used",
            Self::Expired(_) => "grant-expired",
            Self::OtherClient(_) => "grant-other-client",
            Self::OtherRedirect { .. } => "grant-other-redirect",
            Self::SessionGone => "grant-session-gone",
            Self::NothingLeft => "grant-nothing-left",
        }
    }

    /// The same with what it is about.
    pub(super) fn mistake(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::Expired(at) => named(self.code(), &short(now - *at)),
            Self::OtherClient(client) => named(self.code(), client.as_str()),
            _ => self.code().to_owned(),
        }
    }
}

/// Tokens to be signed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) access: AccessClaims,
    pub(crate) id: Option<IdClaims>,
    pub(crate) refresh: Option<String>,
    pub(crate) algorithm: TokenAlgorithm,
}

impl Gosuslugi {
    /// A system exchanges a code. The scopes are those of the code (ESIA §3.2), less what has been revoked since.
    ///
    /// # Errors
    /// As [`GrantError`] says.
    pub(crate) fn redeem(
        &self,
        fingerprint: &str,
        (client, redirect_uri): (&Mnemonic, Option<&str>),
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Tokens>, GrantError> {
        let code = self.oauth.code(fingerprint).ok_or(GrantError::Unknown)?;
        check_use(&code.grant, client, (code.used_at, code.expires_at), now)?;
        let asked = &code.grant.redirect_uri;
        if let Some(given) = redirect_uri.filter(|given| given != asked) {
            return Err(GrantError::OtherRedirect { asked: asked.clone(), given: given.to_owned() });
        }
        let refresh =
            (code.grant.access_type == AccessType::Offline).then(|| self.first_refresh(&code.grant, now, rng));
        let tokens = self.tokens(&code.grant, &code.granted, refresh.as_ref(), now)?;
        let (code, subject, client) = (fingerprint.to_owned(), code.grant.subject, client.clone());
        Ok((vec![Event::Oauth(OAuthEvent::CodeRedeemed { code, subject, client, refresh })], tokens))
    }

    /// A system renews its tokens; the refresh token is replaced, unless the world's setting says that it stays. Consents
    /// are looked at anew, so that what a guardian has granted since is in, and what was revoked is out.
    ///
    /// # Errors
    /// As [`GrantError`] says.
    pub(crate) fn refresh(
        &self,
        token: &str,
        client: &Mnemonic,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Tokens>, GrantError> {
        let known = self.oauth.refresh_token(token).ok_or(GrantError::Unknown)?;
        check_use(&known.grant, client, (known.used_at, known.expires_at), now)?;
        let expires_at = known.expires_at;
        let token_after = if self.portal.settings.tokens.refresh_rotation { rng.uuid() } else { token.to_owned() };
        let refresh = NewRefresh { token: token_after, expires_at };
        let tokens = self.tokens(&known.grant, known.grant.wanted(), Some(&refresh), now)?;
        let (used, subject, client) = (token.to_owned(), known.grant.subject, client.clone());
        Ok((vec![Event::Oauth(OAuthEvent::Refreshed { used, subject, client, refresh })], tokens))
    }

    /// Refresh tokens, however often renewed, end so long after the person signed in; where the system has a term of its
    /// own, so long after its first tokens.
    fn first_refresh(&self, grant: &Grant, now: DateTime<Utc>, rng: &mut WorldRng) -> NewRefresh {
        let from = if self.has_own_refresh_term(&grant.client) { now } else { grant.signed_in_at };
        let term = TimeDelta::seconds(i64::from(self.terms(&grant.client).refresh_ttl_s));
        NewRefresh { token: rng.uuid(), expires_at: from + term }
    }

    /// How long codes and tokens of a system work: as its registration says, else as the world does.
    pub(crate) fn terms(&self, client: &Mnemonic) -> TokenSettings {
        let world = &self.portal.settings.tokens;
        self.clients.get(client).map_or_else(|| world.clone(), |client| client.spec.tokens.within(world))
    }

    /// Whether a system has a term of its own for refresh tokens.
    pub(crate) fn has_own_refresh_term(&self, client: &Mnemonic) -> bool {
        self.clients.get(client).is_some_and(|client| client.spec.tokens.refresh_ttl_s.is_some())
    }

    fn tokens(
        &self,
        grant: &Grant,
        scopes: &Scopes,
        refresh: Option<&NewRefresh>,
        now: DateTime<Utc>,
    ) -> Result<Tokens, GrantError> {
        let of_session = self.portal.accounts.sid_owner(&grant.sid) == Some(grant.subject);
        let account = self.portal.accounts.get(grant.subject).filter(|_| of_session).ok_or(GrantError::SessionGone)?;
        let algorithm = self.clients.get(&grant.client).map(|client| client.spec.esia.token_algorithm);
        // Who has left an organisation has its data no more.
        let employers = || account.roles.iter().map(|role| role.oid);
        let organisation = grant.organisation.filter(|organisation| employers().any(|oid| oid == *organisation));
        let granted = self.in_force(grant.subject, &grant.client, scopes).ok_or(GrantError::NothingLeft)?;
        let granted = granted
            .filtered(|scope| !scope.is_of_organisation() || organisation.is_some())
            .ok_or(GrantError::NothingLeft)?;
        let access = self.access(grant.subject, (&grant.client, &grant.sid), (&granted, organisation), now);
        let permissions =
            if grant.has_permissions { self.permissions_claim(grant.subject, &grant.client) } else { None };
        let iat = now.timestamp();
        let id = granted.contains("openid").then(|| IdClaims {
            aud: grant.client.clone(),
            sub: grant.subject,
            nbf: iat,
            amr: AuthMethod::Pwd,
            amd: AuthMethod::Pwd,
            auth_time: grant.signed_in_at.timestamp(),
            iss: access.iss.clone(),
            session_id: grant.sid.clone(),
            subject: Subject::person(grant.subject, account.wire_level(worlds::moscow::date(now))),
            exp: iat + i64::from(self.terms(&grant.client).id_ttl_s),
            iat,
        });
        Ok(Tokens {
            access: AccessClaims { permissions, ..access },
            id,
            refresh: refresh.map(|refresh| refresh.token.clone()),
            algorithm: algorithm.unwrap_or_default(),
        })
    }

    /// The claims of a person's access token. Whoever knows the world's address adds `permissions_url`.
    pub(super) fn access(
        &self,
        subject: Oid,
        (client, sid): (&Mnemonic, &str),
        (granted, organisation): (&Scopes, Option<Oid>),
        now: DateTime<Utc>,
    ) -> AccessClaims {
        let iat = now.timestamp();
        AccessClaims {
            nbf: iat,
            scope: granted.narrowed(subject, organisation),
            iss: self.portal.settings.iss.clone(),
            session_id: sid.to_owned(),
            subject,
            exp: iat + i64::from(self.terms(client).access_ttl_s),
            iat,
            client_id: client.clone(),
            org_oid: organisation.filter(|_| granted.iter().any(esia::Scope::is_of_organisation)),
            permissions: None,
            permissions_url: None,
        }
    }

    /// `permissions` of an access token: the consents of the digital profile that are in force.
    pub(super) fn permissions_claim(&self, subject: Oid, client: &Mnemonic) -> Option<String> {
        let permissions = self.permissions_in_force(subject, client);
        if permissions.is_empty() { None } else { serde_json::to_string(&permissions).ok() }
    }
}

fn check_use(
    grant: &Grant,
    client: &Mnemonic,
    (used_at, expires_at): (Option<DateTime<Utc>>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), GrantError> {
    if grant.client != *client {
        return Err(GrantError::OtherClient(grant.client.clone()));
    }
    if let Some(used_at) = used_at {
        return Err(GrantError::Used(used_at));
    }
    if now >= expires_at {
        return Err(GrantError::Expired(expires_at));
    }
    Ok(())
}
