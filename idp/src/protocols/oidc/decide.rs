//! Who gets what: the pure decisions about requests, codes and tokens of this door. Consents follow the rules of the other
//! door (Design, Consent on the wire): a minor is never asked, and without a guardian's consent gets `openid` alone.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use serde_json::{Map, Value};
use worlds::{
    Decided, WorldRng,
    mistakes::{named, short},
};

use super::{
    keys::s256,
    model::{ACR, Grant, Issued, OidcEvent, Pending, ReplyTo},
    requested::scopes_of,
    scopes::{all_behind, behind},
};
use crate::{
    clients::Client,
    event::Event,
    grants::{Asking, RequestGone},
    portal::accounts::{Account, Level, SecondFactor, Session},
    state::Gosuslugi,
};

/// What comes next for a person whom a system has sent here.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Signing in.
    SignIn {
        /// `login_hint`
        hint: Option<String>,
    },
    /// The consent page.
    Ask(Asking),
    /// Back to the system with a code.
    Code {
        /// The code.
        code: String,
        /// Where it goes.
        reply: ReplyTo,
    },
    /// Back to the system: the person has refused, or need not be asked.
    Denied(ReplyTo),
    /// Back to the system: somebody else signed in than it has named.
    OtherPerson(ReplyTo),
    /// Back to the system: the account is not of a level that it has named as essential.
    OtherLevel(ReplyTo),
}

/// `error` where an essential `acr` cannot be had (OpenID Connect Core Unmet Authentication Requirements 1.0).
pub(super) const UNMET: &str = "unmet_authentication_requirements";

/// Why no tokens are given for a code or a refresh token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum GrantError {
    #[error("этот мир такого не выдавал")]
    Unknown,
    #[error("уже использован: всё, что по нему выдано, отозвано")]
    Used,
    #[error("отозван")]
    Revoked,
    #[error("срок истёк {}", worlds::moscow::date_time(*.0))]
    Expired(DateTime<Utc>),
    #[error("выдан системе {0}")]
    OtherClient(Mnemonic),
    #[error("запрошен с redirect_uri {0}")]
    OtherRedirect(String),
    #[error("code_verifier не передан, а запрос был с code_challenge {0}")]
    NoVerifier(String),
    #[error("code_verifier передан, а запрос был без code_challenge")]
    NoChallenge,
    #[error("SHA-256 от code_verifier — {got}, а code_challenge запроса — {expected}{}", of_another(.another.as_deref()))]
    OtherVerifier {
        /// The challenge of the request.
        expected: String,
        /// That of the verifier.
        got: String,
        /// Another code that it belongs to.
        another: Option<String>,
    },
    #[error("сеанс, в котором он выдан, завершён сменой пароля или давно истёк")]
    SessionGone,
    #[error("scope шире, чем при входе: {0}")]
    Wider(String),
}

fn of_another(code: Option<&str>) -> String {
    code.map_or_else(|| ", и другого такого кода нет".to_owned(), |code| format!("; этот verifier — от кода {code}"))
}

impl GrantError {
    /// Stable name for verdicts and tests, with what it is about.
    pub(super) fn mistake(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::Unknown => "grant-unknown".to_owned(),
            Self::Used => "grant-used".to_owned(),
            Self::Revoked => "grant-revoked".to_owned(),
            Self::Expired(at) => named("grant-expired", &short(now - *at)),
            Self::OtherClient(client) => named("grant-other-client", client.as_str()),
            Self::OtherRedirect(_) => "grant-other-redirect".to_owned(),
            Self::NoVerifier(_) => "pkce-missing".to_owned(),
            Self::NoChallenge => "pkce-unexpected".to_owned(),
            Self::OtherVerifier { another: Some(_), .. } => "pkce-other-code".to_owned(),
            Self::OtherVerifier { .. } => "pkce-mismatch".to_owned(),
            Self::SessionGone => "grant-session-gone".to_owned(),
            Self::Wider(scope) => named("grant-wider", scope),
        }
    }

    /// For `error_description`.
    pub(super) const fn description(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown to this issuer",
            Self::Used => "already used; everything that came from it is revoked",
            Self::Revoked => "revoked",
            Self::Expired(_) => "expired",
            Self::OtherClient(_) => "issued to another client",
            Self::OtherRedirect(_) => "redirect_uri is not that of the authorization request",
            Self::NoVerifier(_) => "code_verifier is missing",
            Self::NoChallenge => "code_verifier without a code_challenge in the authorization request",
            Self::OtherVerifier { .. } => "code_verifier does not match code_challenge",
            Self::SessionGone => "the session has ended",
            Self::Wider(_) => "scope exceeds that of the original grant",
        }
    }
}

/// Tokens to be signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tokens {
    pub(super) issued: Issued,
    pub(super) grant: Grant,
    pub(super) acr: &'static str,
    pub(super) scopes: Vec<String>,
    pub(super) now: DateTime<Utc>,
    /// When the id token ends.
    pub(super) id_expires_at: DateTime<Utc>,
    /// What the id token says about the person besides.
    pub(super) id_claims: Map<String, Value>,
}

/// A term of the world's settings.
fn seconds(term: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(term))
}

/// What is decided, and how it ended: a replay is refused and yet leaves an event.
type Tried = (Vec<Event>, Result<Tokens, GrantError>);

/// Who asks for tokens, as the token endpoint has established.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asks<'a> {
    pub(super) client: &'a Mnemonic,
    pub(super) iss: &'a str,
}

impl Pending {
    /// Whether a session is the one that the request needs.
    fn accepts(&self, session: &Session) -> bool {
        let is_new = session.started_at >= self.asked_at && self.wanted.stale.as_ref() != Some(&session.sid);
        let age = (self.asked_at - session.started_at).num_seconds();
        let is_young = self.wanted.max_age.is_none_or(|max_age| is_new || age <= max_age);
        (is_new || !self.wanted.fresh) && is_young
    }

    /// ЕСИА's scopes behind everything that is asked for.
    fn all_behind(&self) -> BTreeSet<String> {
        all_behind(&self.scopes).into_iter().chain(self.claims.behind()).collect()
    }
}

/// How a person signed in (RFC 8176 §2).
fn amr(account: &Account) -> Vec<String> {
    let methods: &[&str] = match account.factor() {
        SecondFactor::None => &["pwd"],
        SecondFactor::Sms => &["pwd", "sms", "mfa"],
        SecondFactor::Totp { .. } => &["pwd", "otp", "mfa"],
    };
    methods.iter().map(|&method| method.to_owned()).collect()
}

fn acr(account: &Account) -> &'static str {
    let [simplified, standard, confirmed] = ACR;
    match account.level {
        Level::Simplified => simplified,
        Level::Standard => standard,
        Level::Confirmed => confirmed,
    }
}

impl Gosuslugi {
    /// Of the scopes asked for, those that the person's consents in force give the system in whole. `offline_access` goes
    /// with them: a minor for whom nobody has consented gets `openid` alone.
    pub(super) fn scopes_in_force(
        &self,
        account: &Account,
        client: &Mnemonic,
        asked: &[String],
        now: DateTime<Utc>,
    ) -> Vec<String> {
        let given = self.portal.consents.scopes(account.oid, client);
        let is_given =
            |scope: &&String| behind(scope).is_some_and(|names| names.iter().all(|name| given.contains(name)));
        let mut scopes: Vec<String> = asked.iter().filter(is_given).cloned().collect();
        if account.is_minor(worlds::moscow::date(now)) && all_behind(&scopes).is_empty() {
            scopes.retain(|scope| scope != "offline_access");
        }
        scopes
    }

    fn oidc_request(&self, request: &str, now: DateTime<Utc>) -> Result<&Pending, RequestGone> {
        self.oidc.pending(request, now).ok_or(RequestGone)
    }

    /// Whether a request that waits is content with a session.
    pub(super) fn oidc_accepts(&self, request: &str, session: Option<&Session>, now: DateTime<Utc>) -> bool {
        let pending = self.oidc.pending(request, now);
        pending.zip(session).is_some_and(|(pending, session)| pending.accepts(session))
    }

    /// Somebody is signed in, or nobody: what is next for a request that waits.
    ///
    /// # Errors
    /// The request is used up or too old.
    pub(super) fn oidc_proceed(
        &self,
        request: &str,
        session: Option<&Session>,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let pending = self.oidc_request(request, now)?;
        self.oidc_step((request, pending), session, now, rng)
    }

    /// The same for a request that is just being recorded.
    pub(super) fn oidc_step(
        &self,
        (request, pending): (&str, &Pending),
        session: Option<&Session>,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let client = self.clients.get(&pending.client).ok_or(RequestGone)?;
        let hint = pending.wanted.login_hint.clone();
        let Some(session) = session.filter(|session| pending.accepts(session)) else {
            return Ok((Vec::new(), Step::SignIn { hint }));
        };
        if !pending.wanted.is_for(session.oid) {
            // Whoever was there before is asked to sign in as the other; whoever has just signed in is somebody else still.
            let is_new = session.started_at >= pending.asked_at && pending.wanted.stale.as_ref() != Some(&session.sid);
            if !is_new {
                return Ok((Vec::new(), Step::SignIn { hint }));
            }
            let (events, reply) = oidc_refused(request, pending, session.oid);
            return Ok((events, Step::OtherPerson(reply)));
        }
        let account = self.portal.accounts.get(session.oid).ok_or(RequestGone)?;
        if !pending.wanted.acr.is_empty() && pending.wanted.acr.iter().all(|wanted| wanted != acr(account)) {
            let (events, reply) = oidc_refused(request, pending, session.oid);
            return Ok((events, Step::OtherLevel(reply)));
        }
        let asked = pending.all_behind();
        let is_minor = account.is_minor(worlds::moscow::date(now));
        if self.must_ask(account, client, &asked, now) || (pending.wanted.consent && !is_minor && !asked.is_empty()) {
            return Ok((Vec::new(), Step::Ask(Asking::of(client, account, &asked))));
        }
        Ok(self.oidc_code((request, pending), (session, account), now, rng))
    }

    /// A person of age has answered on the consent page. A refusal leaves a request for consent (R001.6).
    ///
    /// # Errors
    /// The request is used up or too old.
    pub(super) fn oidc_answer(
        &self,
        (request, is_granted): (&str, bool),
        session: &Session,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Step>, RequestGone> {
        let pending = self.oidc_request(request, now)?;
        let (events, step) = self.oidc_step((request, pending), Some(session), now, rng)?;
        let Step::Ask(_) = step else { return Ok((events, step)) };
        let client = self.clients.get(&pending.client).ok_or(RequestGone)?;
        let account = self.portal.accounts.get(session.oid).ok_or(RequestGone)?;
        let asked = pending.all_behind();
        if is_granted {
            let mut events = if self.must_ask(account, client, &asked, now) {
                self.portal.grant_own(account.oid, client, asked, now)
            } else {
                Vec::new()
            };
            let (issued, step) = self.oidc_code((request, pending), (session, account), now, rng);
            events.extend(issued);
            return Ok((events, step));
        }
        let (mut events, reply) = oidc_refused(request, pending, account.oid);
        let purpose = format!("Вход: {}", client.spec.title);
        events.extend(
            self.portal
                .ask_consent(client, account.oid, (asked, &purpose), now)
                .map(|(asked, _)| asked)
                .unwrap_or_default(),
        );
        Ok((events, Step::Denied(reply)))
    }

    fn oidc_code(
        &self,
        (request, pending): (&str, &Pending),
        (session, account): (&Session, &Account),
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Decided<Event, Step> {
        let code = rng.hex::<32>();
        let terms = self.terms(&pending.client);
        let refresh_from = if self.has_own_refresh_term(&pending.client) { now } else { session.started_at };
        let grant = Grant {
            subject: account.oid,
            client: pending.client.clone(),
            sid: session.sid.clone(),
            signed_in_at: session.started_at,
            refresh_until: refresh_from + seconds(terms.refresh_ttl_s),
            amr: amr(account),
            scopes: pending.scopes.clone(),
            claims: pending.claims.clone(),
            redirect_uri: pending.reply.redirect_uri.clone(),
            nonce: pending.nonce.clone(),
            challenge: pending.challenge.clone(),
        };
        let issued = OidcEvent::CodeIssued {
            request: request.to_owned(),
            code: code.clone(),
            grant: Box::new(grant),
            expires_at: now + seconds(terms.code_ttl_s),
        };
        (vec![Event::Oidc(issued)], Step::Code { code, reply: pending.reply.clone() })
    }

    /// A system exchanges a code. A code that comes again is refused, and everything that came from it is revoked.
    pub(super) fn oidc_redeem(
        &self,
        (code, redirect_uri, verifier): (&str, &str, Option<&str>),
        asks: Asks<'_>,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried {
        let checked = self.check_code((code, redirect_uri, verifier), asks.client, now);
        let grant = match checked {
            Ok(grant) => grant,
            Err(GrantError::Used) => {
                let subject = self.oidc.family(code).map(|family| family.grant.subject);
                let (code, client) = (code.to_owned(), asks.client.clone());
                let replayed = subject.map(|subject| Event::Oidc(OidcEvent::CodeReplayed { code, subject, client }));
                return (replayed.into_iter().collect(), Err(GrantError::Used));
            }
            Err(error) => return (Vec::new(), Err(error)),
        };
        let tokens = match self.oidc_tokens(grant, (&grant.scopes, asks.iss), now, rng) {
            Ok(tokens) => tokens,
            Err(error) => return (Vec::new(), Err(error)),
        };
        let redeemed = OidcEvent::CodeRedeemed {
            code: code.to_owned(),
            subject: grant.subject,
            client: grant.client.clone(),
            tokens: tokens.issued.clone(),
        };
        (vec![Event::Oidc(redeemed)], Ok(tokens))
    }

    fn check_code(
        &self,
        (code, redirect_uri, verifier): (&str, &str, Option<&str>),
        client: &Mnemonic,
        now: DateTime<Utc>,
    ) -> Result<&Grant, GrantError> {
        let family = self.oidc.family(code).ok_or(GrantError::Unknown)?;
        let grant = &family.grant;
        if grant.client != *client {
            return Err(GrantError::OtherClient(grant.client.clone()));
        }
        if family.is_redeemed {
            return Err(GrantError::Used);
        }
        if now >= family.expires_at {
            return Err(GrantError::Expired(family.expires_at));
        }
        if grant.redirect_uri != redirect_uri {
            return Err(GrantError::OtherRedirect(grant.redirect_uri.clone()));
        }
        match (&grant.challenge, verifier) {
            (None, None) => Ok(grant),
            (None, Some(_)) => Err(GrantError::NoChallenge),
            (Some(challenge), None) => Err(GrantError::NoVerifier(challenge.clone())),
            (Some(challenge), Some(verifier)) => {
                let got = s256(verifier);
                if got == *challenge {
                    return Ok(grant);
                }
                let another = self.oidc.with_challenge(&got).or_else(|| self.oidc.waiting_with_challenge(&got, now));
                let another = another.map(str::to_owned);
                Err(GrantError::OtherVerifier { expected: challenge.clone(), got, another })
            }
        }
    }

    /// A system renews its tokens; the refresh token is replaced, and one that comes again revokes its whole family.
    /// Consents are looked at anew.
    pub(super) fn oidc_refresh(
        &self,
        (token, narrowed): (&str, Option<&[String]>),
        asks: Asks<'_>,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried {
        let checked = self.check_refresh((token, narrowed), asks.client, now);
        let grant = match checked {
            Ok(grant) => grant,
            Err(GrantError::Used) => {
                let subject = self.oidc.refresh(token).and_then(|refresh| self.oidc.family(&refresh.code));
                let subject = subject.map(|family| family.grant.subject);
                let (token, client) = (token.to_owned(), asks.client.clone());
                let replayed =
                    subject.map(|subject| Event::Oidc(OidcEvent::RefreshReplayed { token, subject, client }));
                return (replayed.into_iter().collect(), Err(GrantError::Used));
            }
            Err(error) => return (Vec::new(), Err(error)),
        };
        let scopes = narrowed.unwrap_or(&grant.scopes);
        let tokens = self.oidc_tokens(grant, (scopes, asks.iss), now, rng).map(|mut tokens| {
            // Rotated whatever the narrowed scope says: the refresh token keeps the grant's own (RFC 6749 §6).
            tokens.issued.refresh.get_or_insert_with(|| rng.hex::<32>());
            tokens
        });
        match tokens {
            Ok(tokens) => {
                let refreshed = OidcEvent::Refreshed {
                    used: token.to_owned(),
                    subject: grant.subject,
                    client: grant.client.clone(),
                    tokens: tokens.issued.clone(),
                };
                (vec![Event::Oidc(refreshed)], Ok(tokens))
            }
            Err(error) => (Vec::new(), Err(error)),
        }
    }

    fn check_refresh(
        &self,
        (token, narrowed): (&str, Option<&[String]>),
        client: &Mnemonic,
        now: DateTime<Utc>,
    ) -> Result<&Grant, GrantError> {
        let refresh = self.oidc.refresh(token).ok_or(GrantError::Unknown)?;
        let family = self.oidc.family(&refresh.code).ok_or(GrantError::Unknown)?;
        let grant = &family.grant;
        if grant.client != *client {
            return Err(GrantError::OtherClient(grant.client.clone()));
        }
        if family.is_revoked || refresh.is_revoked {
            return Err(GrantError::Revoked);
        }
        if refresh.is_used {
            return Err(GrantError::Used);
        }
        if now >= refresh.expires_at {
            return Err(GrantError::Expired(refresh.expires_at));
        }
        match narrowed.into_iter().flatten().find(|scope| !grant.scopes.contains(scope)) {
            Some(wider) => Err(GrantError::Wider(wider.clone())),
            None => Ok(grant),
        }
    }

    fn oidc_tokens(
        &self,
        grant: &Grant,
        (scopes, iss): (&[String], &str),
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Tokens, GrantError> {
        let account = self.oidc_subject(grant).ok_or(GrantError::SessionGone)?;
        let scopes = self.scopes_in_force(account, &grant.client, scopes, now);
        let (access, terms) = (rng.uuid(), self.terms(&grant.client));
        let is_offline = scopes.iter().any(|scope| scope == "offline_access");
        let may_refresh = is_offline && now < grant.refresh_until;
        let issued = Issued {
            access,
            expires_at: now + seconds(terms.access_ttl_s),
            iss: iss.to_owned(),
            refresh: may_refresh.then(|| rng.hex::<32>()),
        };
        let id_expires_at = now + seconds(terms.id_ttl_s);
        let id_claims = self.id_claims(grant, account, &scopes, now);
        Ok(Tokens { issued, grant: grant.clone(), acr: acr(account), scopes, now, id_expires_at, id_claims })
    }

    /// What an id token says about its person: what the request has named for it, and all that the scopes open where the
    /// system is registered so.
    fn id_claims(&self, grant: &Grant, account: &Account, scopes: &[String], now: DateTime<Utc>) -> Map<String, Value> {
        let registered = self.clients.get(&grant.client).map(Client::oidc);
        let scopes = if registered.is_some_and(|oidc| oidc.id_token_claims) { scopes } else { &[] };
        let named = &grant.claims.id_token;
        if scopes.is_empty() && named.is_empty() {
            return Map::new();
        }
        let mut claims = self.oidc_claims((grant, account), (scopes, named), now);
        // `sub` is the token's own; what needs no scope is there only when it is asked for.
        claims.retain(|name, _| name != "sub" && (!scopes.is_empty() || named.contains(name)));
        claims
    }

    /// The claims that scopes open, and those that were asked for by name, as far as consents in force give them.
    pub(super) fn oidc_claims(
        &self,
        (grant, account): (&Grant, &Account),
        (scopes, named): (&[String], &BTreeSet<String>),
        now: DateTime<Utc>,
    ) -> Map<String, Value> {
        let given = self.portal.consents.scopes(grant.subject, &grant.client);
        let today = worlds::moscow::date(now);
        let by_scope: BTreeSet<_> =
            all_behind(scopes).into_iter().filter(|name| given.contains(name.as_str())).collect();
        let mut claims = self.userinfo(account, &by_scope, today);
        let by_name = named.iter().flat_map(|claim| scopes_of(claim)).filter(|name| given.contains(name.as_str()));
        let opened: BTreeSet<_> = by_scope.iter().cloned().chain(by_name).collect();
        if opened != by_scope {
            let named = self.userinfo(account, &opened, today).into_iter().filter(|(name, _)| named.contains(name));
            claims.extend(named);
        }
        claims
    }

    /// The account of a grant, as long as the session that it was given in is remembered: not after a new password.
    pub(super) fn oidc_subject(&self, grant: &Grant) -> Option<&Account> {
        let of_session = self.portal.accounts.sid_owner(&grant.sid) == Some(grant.subject);
        self.portal.accounts.get(grant.subject).filter(|_| of_session)
    }

    /// What an access token opens of a person's data now: ЕСИА's scopes behind its own, as far as consents in force still
    /// give them.
    pub(super) fn oidc_opened(&self, grant: &Grant, scopes: &[String]) -> (BTreeSet<String>, BTreeSet<String>) {
        let given = self.portal.consents.scopes(grant.subject, &grant.client);
        let named = grant.claims.userinfo.iter().flat_map(|claim| scopes_of(claim));
        all_behind(scopes).into_iter().chain(named).partition(|name| given.contains(name.as_str()))
    }
}

/// The request is used up without a code.
fn oidc_refused(request: &str, pending: &Pending, subject: Oid) -> (Vec<Event>, ReplyTo) {
    let (request, client) = (request.to_owned(), pending.client.clone());
    (vec![Event::Oidc(OidcEvent::AuthorizationRefused { request, subject, client })], pending.reply.clone())
}

/// A step where nobody may be asked anything (`prompt=none`).
pub(super) fn silently(step: Step) -> Result<(String, ReplyTo), &'static str> {
    match step {
        Step::Code { code, reply } => Ok((code, reply)),
        Step::SignIn { .. } | Step::OtherPerson(_) => Err("login_required"),
        Step::Ask(_) | Step::Denied(_) => Err("consent_required"),
        Step::OtherLevel(_) => Err(UNMET),
    }
}
