//! Who may have what: the pure decisions between an authorization request and its code (ESIA §3.8, §5.2;
//! Design, Consent on the wire).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    EsiaError, Mnemonic, Oid, Scopes,
    token::{AuthMethod, CodeClaims, Subject},
};
use sha2::{Digest, Sha256};
use worlds::Decided;

use super::{
    filters::{demands, organisation},
    model::{Grant, OAuthEvent, Pending},
    permissions::Permission,
};
use crate::grants::{Asking, RequestGone};
use crate::{
    clients::{Client, Strictness, TokenAlgorithm},
    event::Event,
    portal::{
        accounts::{Account, Session},
        consents::{Consent, ConsentEvent, ConsentId},
    },
    state::Gosuslugi,
};

/// What comes next for a person whom a system has sent here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Back to the system with a code.
    Code {
        /// What the code says; still to be signed.
        claims: Box<CodeClaims>,
        /// With which key.
        algorithm: TokenAlgorithm,
        /// Where it goes.
        redirect_uri: String,
    },
    /// Back to the system with an error.
    Denied {
        /// Why.
        error: EsiaError,
        /// Where it goes.
        redirect_uri: String,
        /// `state` of the request.
        state: String,
    },
    /// The consent page.
    Ask(Asking),
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
        let given = self.portal.consents.scopes(subject, client);
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
        let given = self.portal.consents.scopes(account.oid, &client.spec.mnemonic);
        !account.is_minor(worlds::moscow::date(now)) && asked.iter().any(|name| !given.contains(name.as_str()))
    }

    /// Consents of the digital profile that are in force.
    pub(crate) fn permissions_in_force(&self, subject: Oid, client: &Mnemonic) -> Vec<&Permission> {
        let given = self.oauth.permissions(subject, client).iter();
        given
            .filter(|(consent, _)| self.portal.consents.get(*consent).is_some())
            .map(|(_, permission)| permission)
            .collect()
    }

    /// A request that waits, the account that has signed in for it, and the system.
    pub(super) fn request_of(
        &self,
        request: &str,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<(&Pending, &Account, &Client), RequestGone> {
        let pending = self.oauth.pending(request, now).ok_or(RequestGone)?;
        let account = self.portal.accounts.get(session.oid).ok_or(RequestGone)?;
        let client = self.clients.get(&pending.client).ok_or(RequestGone)?;
        Ok((pending, account, client))
    }

    /// Whether what a system does wrong is let through.
    pub(super) fn is_lenient_to(&self, client: &Client) -> bool {
        let own = client.spec.esia.strictness;
        own.map_or(self.portal.settings.lenient, |strictness| strictness == Strictness::Lenient)
    }

    /// Somebody is signed in: refused if who they are is not who may enter; a code when nothing more is needed, else the
    /// consent page, which a minor never sees.
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
        if let Some(error) = self.refused_entry(pending, (account, session), client, now) {
            return Ok(denied(request, pending, account.oid, error));
        }
        let asked = pending.all_scopes();
        let permitted = self.permissions_in_force(account.oid, &pending.client);
        let is_covered = |asked: &Permission| permitted.iter().any(|given| given.covers(asked));
        let is_minor = account.is_minor(worlds::moscow::date(now));
        let lacks_consent = !is_minor && !pending.extras.permissions.iter().all(is_covered);
        if lacks_consent || self.must_ask(account, client, &consentable(&asked), now) {
            let asking = Asking::of(client, account, &consentable(&asked));
            let lines = pending.extras.permissions.iter().map(|permission| permission.line(client)).collect();
            return Ok((Vec::new(), Step::Ask(asking.with_consents(lines))));
        }
        Ok(match self.in_force(account.oid, &pending.client, &asked) {
            Some(granted) => self.authorize(request, session, granted, now)?,
            None => denied(request, pending, account.oid, EsiaError::AccessDenied),
        })
    }

    fn refused_entry(
        &self,
        pending: &Pending,
        who: (&Account, &Session),
        client: &Client,
        now: DateTime<Utc>,
    ) -> Option<EsiaError> {
        let mut demands = demands(pending, who, client, now).into_iter();
        let unmet = demands.find(|(is_met, _)| !is_met);
        unmet.filter(|_| !self.is_lenient_to(client)).map(|(_, (_, error))| error)
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
        let is_refused = self.refused_entry(pending, (account, session), client, now).is_some();
        if is_refused || account.is_minor(worlds::moscow::date(now)) {
            return self.proceed(request, session, now);
        }
        let asked = pending.all_scopes();
        if is_granted {
            let mut events = self.consents_given(pending, account.oid, client, now);
            let (issued, step) = self.authorize(request, session, asked, now)?;
            events.extend(issued);
            return Ok((events, step));
        }
        let (mut events, step) = denied(request, pending, account.oid, EsiaError::AccessDenied);
        // A lenient world may have let through a scope that can never be consented to: then nothing is asked.
        let purpose = format!("Вход: {}", client.spec.title);
        events.extend(
            self.portal
                .ask_consent(client, account.oid, (consentable(&asked), &purpose), now)
                .map(|(asked, _)| asked)
                .unwrap_or_default(),
        );
        Ok((events, step))
    }

    /// One consent for what the request names by itself, and one of its own term for each of the digital profile's.
    fn consents_given(&self, pending: &Pending, subject: Oid, client: &Client, now: DateTime<Utc>) -> Vec<Event> {
        let usual = TimeDelta::days(i64::from(self.portal.settings.consent_days));
        let named = consentable(&pending.own_scopes());
        let mut events = if named.is_empty() { Vec::new() } else { self.portal.grant_own(subject, client, named, now) };
        let first = self.portal.consents.next_consent().0 + u64::from(!events.is_empty());
        for (id, permission) in (first..).map(ConsentId).zip(&pending.extras.permissions) {
            let term = permission.expire.map_or(usual, |minutes| TimeDelta::minutes(i64::from(minutes)));
            let consent = Consent {
                subject,
                client: pending.client.clone(),
                scopes: permission.scope_names(),
                purpose: permission.sysname.clone(),
                given_by: subject,
                given_at: now,
                expires_at: now + term,
            };
            events.push(Event::Consent(ConsentEvent::Granted { id, consent }));
            let (client, permission) = (pending.client.clone(), Box::new(permission.clone()));
            events.push(Event::Oauth(OAuthEvent::Permitted { subject, client, permission, consent: id }));
        }
        events
    }

    fn authorize(
        &self,
        request: &str,
        session: &Session,
        granted: Scopes,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let (pending, account, client) = self.request_of(request, session, now)?;
        // Where mistakes are let through, nobody's organisation may have been asked for.
        let organisation = organisation(pending, account, session).ok().flatten();
        let ttl_s = i64::from(self.terms(&pending.client).code_ttl_s);
        let iat = now.timestamp();
        let mut claims = CodeClaims {
            nbf: iat,
            scope: granted.narrowed(account.oid, organisation),
            auth_time: session.started_at.timestamp(),
            iss: self.portal.settings.iss.clone(),
            session_id: session.sid.clone(),
            state: pending.state.clone(),
            auth_mthd: AuthMethod::Pwd,
            subject: Subject::person(account.oid, account.wire_level(worlds::moscow::date(now))),
            exp: iat + ttl_s,
            params: serde_json::Map::new(),
            iat,
            client_id: pending.client.clone(),
        };
        // The same request in the same second of the same session would make the same code; `nbf` may be earlier (ESIA §3.6).
        while self.oauth.code(&fingerprint(&claims)).is_some() {
            claims.nbf -= 1;
        }
        let grant = Grant {
            subject: account.oid,
            client: pending.client.clone(),
            sid: session.sid.clone(),
            signed_in_at: session.started_at,
            asked: pending.scopes.clone(),
            all: Some(pending.all_scopes()).filter(|all| *all != pending.scopes),
            organisation,
            has_permissions: !pending.extras.permissions.is_empty(),
            redirect_uri: pending.redirect_uri.clone(),
            access_type: pending.access_type,
            state: pending.state.clone(),
            challenge: pending.extras.challenge.clone(),
        };
        let issued = OAuthEvent::CodeIssued {
            request: request.to_owned(),
            code: fingerprint(&claims),
            grant: Box::new(grant),
            granted,
            expires_at: now + TimeDelta::seconds(ttl_s),
        };
        let redirect_uri = pending.redirect_uri.clone();
        let algorithm = client.spec.esia.token_algorithm;
        Ok((vec![Event::Oauth(issued)], Step::Code { claims: Box::new(claims), algorithm, redirect_uri }))
    }
}

fn denied(request: &str, pending: &Pending, subject: Oid, error: EsiaError) -> Decided<Event, Step> {
    let (request, client, code) = (request.to_owned(), pending.client.clone(), error.code().to_owned());
    let refused = OAuthEvent::AuthorizationRefused { request, subject, client, code };
    let (redirect_uri, state) = (pending.redirect_uri.clone(), pending.state.clone());
    (vec![Event::Oauth(refused)], Step::Denied { error, redirect_uri, state })
}
