//! Who gets what: the pure decisions about requests, codes and tokens (ESIA-PROTOCOL §3; DESIGN.md, *Consent on the wire*).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Mnemonic, Oid, Scopes,
    token::{AccessClaims, AuthMethod, CodeClaims, IdClaims, Subject},
};
use sha2::{Digest, Sha256};
use web::Trouble;
use worlds::{Decided, WorldRng};

use super::model::{AccessType, Grant, NewRefresh, OAuthEvent, Pending};
use crate::{
    accounts::{Account, Session},
    clients::Client,
    state::{Event, Gosuslugi},
};

/// What comes next for a person whom a system has sent here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Back to the system with a code.
    Code {
        /// What the code says; still to be signed.
        claims: Box<CodeClaims>,
        /// Where it goes.
        redirect_uri: String,
    },
    /// Back to the system with `access_denied`.
    Denied {
        /// Where it goes.
        redirect_uri: String,
        /// `state` of the request.
        state: String,
    },
    /// The consent page.
    Ask(Asking),
}

/// What the consent page says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asking {
    /// The system's title.
    pub(crate) title: String,
    /// Who runs it.
    pub(crate) organisation: String,
    /// What it asks for, in words.
    pub(crate) items: Vec<String>,
    /// Who is asked.
    pub(crate) who: String,
}

impl Asking {
    /// The page's words for scopes, given by their bare names.
    pub(crate) fn of(client: &Client, account: &Account, asked: &BTreeSet<String>) -> Self {
        let known = esia::scope::all_known().filter(|known| asked.contains(known.name));
        let strange = asked.iter().filter(|name| esia::scope::all_known().all(|known| known.name != name.as_str()));
        Self {
            title: client.spec.title.clone(),
            organisation: client.spec.organisation.clone(),
            items: known.map(|known| known.description.to_owned()).chain(strange.cloned()).collect(),
            who: account.name.to_string(),
        }
    }
}

/// The request of a page is not there (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Запрос на вход не найден: он уже выполнен или его срок истёк")]
pub(crate) struct RequestGone;

impl From<RequestGone> for Trouble {
    fn from(error: RequestGone) -> Self {
        Self::bad_request("request", error.to_string())
            .or("Вернитесь на сайт, в который вы входили, и начните вход заново")
    }
}

/// Why no tokens are given for a code or a refresh token; on the wire all of these are ESIA-007011.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("этот мир такого не выдавал")]
    Unknown,
    #[error("уже использован")]
    Used,
    #[error("срок истёк {}", web::date_time(*.0))]
    Expired(DateTime<Utc>),
    #[error("выдан системе {0}")]
    OtherClient(Mnemonic),
    #[error("запрошен с redirect_uri {0}")]
    OtherRedirect(String),
    #[error("сеанс, в котором он выдан, завершён сменой пароля или давно истёк")]
    SessionGone,
    #[error("ни одно из согласий больше не действует")]
    NothingLeft,
}

/// Tokens to be signed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) access: AccessClaims,
    pub(crate) id: Option<IdClaims>,
    pub(crate) refresh: Option<String>,
}

/// What a code is kept by: the recorded form has no id in it, and its signature follows from its claims.
pub(crate) fn fingerprint(claims: &CodeClaims) -> String {
    hex::encode(Sha256::digest(serde_json::to_vec(claims).unwrap_or_default()))
}

/// Bare names of scopes that need a consent.
fn consentable(scopes: &Scopes) -> BTreeSet<String> {
    scopes.names().into_iter().filter(|name| *name != "openid").map(str::to_owned).collect()
}

impl Gosuslugi {
    /// Of `asked`, `openid` and what the person's consents in force let the system have. `None` when that is nothing.
    pub(crate) fn in_force(&self, subject: Oid, client: &Mnemonic, asked: &Scopes) -> Option<Scopes> {
        let given = self.consents.scopes(subject, client);
        asked.filtered(|scope| scope.name == "openid" || given.contains(scope.bare_name()))
    }

    /// Whether a person is to be shown the consent page: never a minor, and nobody who has consented to all of it.
    pub(crate) fn must_ask(
        &self,
        account: &Account,
        client: &Client,
        asked: &BTreeSet<String>,
        now: DateTime<Utc>,
    ) -> bool {
        let given = self.consents.scopes(account.oid, &client.spec.mnemonic);
        !account.is_minor(web::date(now)) && asked.iter().any(|name| !given.contains(name.as_str()))
    }

    fn request_of(
        &self,
        request: &str,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<(&Pending, &Account, &Client), RequestGone> {
        let pending = self.oauth.pending(request, now).ok_or(RequestGone)?;
        let account = self.accounts.get(session.oid).ok_or(RequestGone)?;
        let client = self.clients.get(&pending.client).ok_or(RequestGone)?;
        Ok((pending, account, client))
    }

    /// Somebody is signed in: a code when nothing more is needed, else the consent page, which a minor never sees.
    ///
    /// # Errors
    /// The request is used up or too old.
    pub(crate) fn proceed(
        &self,
        request: &str,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let (pending, account, client) = self.request_of(request, session, now)?;
        let granted = self.in_force(account.oid, &pending.client, &pending.scopes);
        if !self.must_ask(account, client, &consentable(&pending.scopes), now) {
            return Ok(match granted {
                Some(granted) => self.authorize(request, session, granted, now)?,
                None => denied(request, pending, account.oid),
            });
        }
        let asking = Asking::of(client, account, &consentable(&pending.scopes));
        Ok((Vec::new(), Step::Ask(asking)))
    }

    /// A person of age has answered on the consent page. A refusal leaves a request for consent, whose notification
    /// grants later (R001.6).
    ///
    /// # Errors
    /// The request is used up or too old.
    pub(crate) fn answer_consent(
        &self,
        request: &str,
        session: &Session,
        is_granted: bool,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let (pending, account, client) = self.request_of(request, session, now)?;
        let today = web::date(now);
        if account.is_minor(today) {
            return self.proceed(request, session, now);
        }
        let scopes = consentable(&pending.scopes);
        if is_granted {
            let mut events = self.grant_own(account.oid, client, scopes, now);
            let (issued, step) = self.authorize(request, session, pending.scopes.clone(), now)?;
            events.extend(issued);
            return Ok((events, step));
        }
        let (mut events, step) = denied(request, pending, account.oid);
        // A lenient world may have let through a scope that can never be consented to: then nothing is asked.
        let purpose = format!("Вход: {}", client.spec.title);
        events.extend(
            self.ask_consent(client, account.oid, (scopes, &purpose), now).map(|(asked, _)| asked).unwrap_or_default(),
        );
        Ok((events, step))
    }

    fn authorize(
        &self,
        request: &str,
        session: &Session,
        granted: Scopes,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let (pending, account, _) = self.request_of(request, session, now)?;
        let iat = now.timestamp();
        let mut claims = CodeClaims {
            nbf: iat,
            scope: granted.with_oid(account.oid),
            auth_time: session.started_at.timestamp(),
            iss: self.settings.iss.clone(),
            session_id: session.sid.clone(),
            state: pending.state.clone(),
            auth_mthd: AuthMethod::Pwd,
            subject: Subject::person(account.oid, account.wire_level(web::date(now))),
            exp: iat + i64::from(self.settings.tokens.code_ttl_s),
            params: serde_json::Map::new(),
            iat,
            client_id: pending.client.clone(),
        };
        // The same request in the same second of the same session would make the same code; `nbf` may be earlier (§3.6).
        while self.oauth.code(&fingerprint(&claims)).is_some() {
            claims.nbf -= 1;
        }
        let grant = Grant {
            subject: account.oid,
            client: pending.client.clone(),
            sid: session.sid.clone(),
            signed_in_at: session.started_at,
            asked: pending.scopes.clone(),
            redirect_uri: pending.redirect_uri.clone(),
            access_type: pending.access_type,
        };
        let issued = OAuthEvent::CodeIssued {
            request: request.to_owned(),
            code: fingerprint(&claims),
            grant: Box::new(grant),
            granted,
            expires_at: now + TimeDelta::seconds(i64::from(self.settings.tokens.code_ttl_s)),
        };
        let step = Step::Code { claims: Box::new(claims), redirect_uri: pending.redirect_uri.clone() };
        Ok((vec![Event::Oauth(issued)], step))
    }

    /// A system exchanges a code. The scopes are those of the code (§3.2), less what has been revoked since.
    ///
    /// # Errors
    /// As [`GrantError`] says.
    pub(crate) fn redeem(
        &self,
        fingerprint: &str,
        (client, redirect_uri): (&Mnemonic, &str),
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Tokens>, GrantError> {
        let code = self.oauth.code(fingerprint).ok_or(GrantError::Unknown)?;
        check_use(&code.grant, client, (code.is_used, code.expires_at), now)?;
        if code.grant.redirect_uri != redirect_uri {
            return Err(GrantError::OtherRedirect(code.grant.redirect_uri.clone()));
        }
        let refresh = (code.grant.access_type == AccessType::Offline).then(|| self.new_refresh(&code.grant, rng));
        let tokens = self.tokens(&code.grant, &code.granted, refresh.as_ref(), now)?;
        let (code, subject, client) = (fingerprint.to_owned(), code.grant.subject, client.clone());
        Ok((vec![Event::Oauth(OAuthEvent::CodeRedeemed { code, subject, client, refresh })], tokens))
    }

    /// A system renews its tokens; the refresh token is replaced. Consents are looked at anew, so that what a guardian
    /// has granted since is in, and what was revoked is out.
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
        check_use(&known.grant, client, (known.is_used, known.expires_at), now)?;
        let refresh = self.new_refresh(&known.grant, rng);
        let tokens = self.tokens(&known.grant, &known.grant.asked, Some(&refresh), now)?;
        let (used, subject, client) = (token.to_owned(), known.grant.subject, client.clone());
        Ok((vec![Event::Oauth(OAuthEvent::Refreshed { used, subject, client, refresh })], tokens))
    }

    /// Refresh tokens, however often renewed, end so long after the person signed in.
    fn new_refresh(&self, grant: &Grant, rng: &mut WorldRng) -> NewRefresh {
        let term = TimeDelta::seconds(i64::from(self.settings.tokens.refresh_ttl_s));
        NewRefresh { token: rng.uuid(), expires_at: grant.signed_in_at + term }
    }

    fn tokens(
        &self,
        grant: &Grant,
        scopes: &Scopes,
        refresh: Option<&NewRefresh>,
        now: DateTime<Utc>,
    ) -> Result<Tokens, GrantError> {
        let of_session = self.accounts.sid_owner(&grant.sid) == Some(grant.subject);
        let account = self.accounts.get(grant.subject).filter(|_| of_session).ok_or(GrantError::SessionGone)?;
        let granted = self.in_force(grant.subject, &grant.client, scopes).ok_or(GrantError::NothingLeft)?;
        let (iat, iss, session_id) = (now.timestamp(), self.settings.iss.clone(), grant.sid.clone());
        let access = AccessClaims {
            nbf: iat,
            scope: granted.with_oid(grant.subject),
            iss: iss.clone(),
            session_id: session_id.clone(),
            subject: grant.subject,
            exp: iat + i64::from(self.settings.tokens.access_ttl_s),
            iat,
            client_id: grant.client.clone(),
            org_oid: None,
            permissions: None,
            permissions_url: None,
        };
        let id = granted.contains("openid").then(|| IdClaims {
            aud: grant.client.clone(),
            sub: grant.subject,
            nbf: iat,
            amr: AuthMethod::Pwd,
            amd: AuthMethod::Pwd,
            auth_time: grant.signed_in_at.timestamp(),
            iss,
            session_id,
            subject: Subject::person(grant.subject, account.wire_level(web::date(now))),
            exp: iat + i64::from(self.settings.tokens.id_ttl_s),
            iat,
        });
        Ok(Tokens { access, id, refresh: refresh.map(|refresh| refresh.token.clone()) })
    }
}

fn check_use(
    grant: &Grant,
    client: &Mnemonic,
    (is_used, expires_at): (bool, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), GrantError> {
    if is_used {
        return Err(GrantError::Used);
    }
    if now >= expires_at {
        return Err(GrantError::Expired(expires_at));
    }
    if grant.client != *client {
        return Err(GrantError::OtherClient(grant.client.clone()));
    }
    Ok(())
}

fn denied(request: &str, pending: &Pending, subject: Oid) -> Decided<Event, Step> {
    let (request, client) = (request.to_owned(), pending.client.clone());
    let refused = OAuthEvent::AuthorizationRefused { request, subject, client };
    let (redirect_uri, state) = (pending.redirect_uri.clone(), pending.state.clone());
    (vec![Event::Oauth(refused)], Step::Denied { redirect_uri, state })
}
