//! Authorization endpoint: decides whether the person may sign in, what consent is needed, and what the code stands for
//! (ESIA §3.8, §5.2; OpenID Connect Core §3.1.2).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Oid, Scopes,
    token::{AuthMethod, CodeClaims, Subject},
};
use sha2::{Digest, Sha256};
use worlds::WorldRng;

use super::{
    asking::{Asking, ConsentAnswer, RequestGone},
    decision::Decision,
    entry::{Arrival, Denial, Entry, entry, organisation},
    event::GrantEvent,
    grant::{EsiaGrant, Grant, GrantDetails, OidcGrant},
    in_force::{in_force, needs_consent, permissions_in_force, refresh_until, seconds, terms},
    permission::Permission,
    request::{AccessType, AuthorizationRequest, EsiaRequest, OidcRequest, Protocol, RequestDetails, consentable},
};
use crate::{
    clients::Client,
    event::Event,
    portal::{
        accounts::{Account, SecondFactor, Session},
        consents::{Consent, ConsentEvent, ConsentId, Wanted},
    },
    signing::ProviderKey,
    state::Gosuslugi,
};

/// Next step of an authorization request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NextStep {
    /// Show the login page.
    SignIn {
        /// `login_hint` of the request.
        hint: Option<String>,
    },
    /// Show the consent page.
    Ask(Asking),
    /// Redirect to the client with a code.
    Code(Box<AuthorizationRequest>, IssuedCode),
    /// Redirect to the client with an error.
    Denied(Box<AuthorizationRequest>, Denial),
}

/// Authorization code in the form of its protocol.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum IssuedCode {
    /// Code of ЕСИА's own protocol: a JWT with these claims, to be signed with this key.
    Esia(Box<CodeClaims>, Arc<ProviderKey>),
    /// Code of OpenID Connect: 32 random bytes in hex.
    Oidc(String),
}

/// Returns the key under which a code of ЕСИА's own protocol is stored: SHA-256 of its claims, hex. The recorded form
/// of a code contains no id, and its signature follows from the claims.
pub(crate) fn fingerprint(claims: &CodeClaims) -> String {
    hex::encode(Sha256::digest(serde_json::to_vec(claims).unwrap_or_default()))
}

/// Pending request with its identifier and the browser's session, if any.
#[derive(Clone, Copy)]
struct Asked<'s> {
    id: &'s str,
    arrival: Arrival<'s>,
}

/// Stores an authorization request that has passed its checks. The outcome is its new identifier.
pub(crate) fn keep(
    state: &Gosuslugi,
    request: &AuthorizationRequest,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Decision<String> {
    state.grants.note_displaced(&request.client, now);
    let id = rng.uuid();
    let event = GrantEvent::AuthorizationRequested { request: id.clone(), pending: Box::new(request.clone()) };
    Decision::of(vec![Event::Grant(event)], id)
}

/// Pending request that a page of its protocol continues.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Continuation<'a> {
    pub(crate) protocol: Protocol,
    /// Identifier of the request.
    pub(crate) request: &'a str,
    /// Answer from the consent page; `None` before that page.
    pub(crate) answer: Option<ConsentAnswer>,
}

/// Decides the next step of a pending request. A code is issued when nothing more is needed, else the consent page is
/// shown, except to a minor. A refusal on the consent page creates a consent request, which the person can still grant
/// from its notification (R001.6).
///
/// # Errors
/// The request is answered already, expired or of another protocol, or its client or account no longer exists.
pub(crate) fn proceed(
    state: &Gosuslugi,
    at: Continuation<'_>,
    session: Option<&Session>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Result<Decision<NextStep>, RequestGone> {
    let request = state.grants.request(at.protocol, at.request, now).ok_or(RequestGone)?;
    let client = state.clients.get(&request.client).ok_or(RequestGone)?;
    let asked = Asked { id: at.request, arrival: Arrival { request, client, session, now } };
    next_step(state, asked, at.answer, rng)
}

/// Decides a request with `prompt=none`: without a page, so nothing is stored unless a code is issued.
///
/// # Errors
/// The client or the account of the session no longer exists.
pub(crate) fn proceed_silently(
    state: &Gosuslugi,
    request: &AuthorizationRequest,
    session: Option<&Session>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Result<Decision<NextStep>, RequestGone> {
    let client = state.clients.get(&request.client).ok_or(RequestGone)?;
    let Decision { mut events, outcome: id, .. } = keep(state, request, now, rng);
    let asked = Asked { id: &id, arrival: Arrival { request, client, session, now } };
    let Decision { events: more, checks, outcome } = next_step(state, asked, None, rng)?;
    if matches!(outcome, NextStep::Code(..)) {
        events.extend(more);
    } else {
        events.clear();
    }
    Ok(Decision { events, checks, outcome })
}

fn next_step(
    state: &Gosuslugi,
    asked: Asked<'_>,
    answer: Option<ConsentAnswer>,
    rng: &mut WorldRng,
) -> Result<Decision<NextStep>, RequestGone> {
    let (entry, checks) = entry(state, asked.arrival);
    let (events, outcome) = match entry.ok_or(RequestGone)? {
        Entry::SignIn { hint } => (Vec::new(), NextStep::SignIn { hint }),
        Entry::Refused(subject, denial) => denied(asked, subject, denial),
        Entry::Open(session, account) => entered(state, asked, Person { session, account }, answer, rng),
    };
    Ok(Decision { events, checks, outcome })
}

/// Person who may sign in: the session and its account.
#[derive(Clone, Copy)]
struct Person<'s> {
    session: &'s Session,
    account: &'s Account,
}

fn entered(
    state: &Gosuslugi,
    asked: Asked<'_>,
    person: Person<'_>,
    answer: Option<ConsentAnswer>,
    rng: &mut WorldRng,
) -> (Vec<Event>, NextStep) {
    let Arrival { request, client, now, .. } = asked.arrival;
    let account = person.account;
    let is_minor = account.is_minor(worlds::moscow::date(now));
    let lacks = lacks_consent(state, asked.arrival, account);
    match answer.filter(|_| !is_minor) {
        Some(ConsentAnswer::Refuse) => refused_by_person(state, asked, account),
        Some(ConsentAnswer::Grant) => {
            let mut events = if lacks { consents_given(state, request, account.oid, client, now) } else { Vec::new() };
            let (issued, step) = issue_code(state, asked, person, request.all_scopes(), rng);
            events.extend(issued);
            (events, step)
        }
        None if lacks || (!is_minor && must_show(request)) => {
            let asking = Asking::of(client, account, &request.consentable());
            let lines = request.permissions().iter().map(|permission| permission.line(client)).collect();
            (Vec::new(), NextStep::Ask(asking.with_consents(lines)))
        }
        None => match granted(state, request, account.oid) {
            Some(granted) => issue_code(state, asked, person, granted, rng),
            None => denied(asked, account.oid, Denial::NothingGranted),
        },
    }
}

/// Checks whether the consent of an adult is missing for some requested scope or consent of the digital profile.
fn lacks_consent(state: &Gosuslugi, Arrival { request, client, now, .. }: Arrival<'_>, account: &Account) -> bool {
    let permitted = permissions_in_force(state, account.oid, &request.client);
    let is_covered = |asked: &Permission| permitted.iter().any(|given| given.covers(asked));
    let is_minor = account.is_minor(worlds::moscow::date(now));
    (!is_minor && !request.permissions().iter().all(is_covered))
        || needs_consent(state, account, client, &request.consentable(), now)
}

/// Checks whether the consent page is shown even if all scopes are consented to already (`prompt=consent`).
fn must_show(request: &AuthorizationRequest) -> bool {
    match &request.details {
        RequestDetails::Esia(_) => false,
        RequestDetails::Oidc(details) => details.sign_in.consent && !request.consentable().is_empty(),
    }
}

/// Returns the scopes of a code: in ЕСИА's protocol those covered by consents in force; in OpenID Connect all, because
/// consents are checked when tokens are issued. `None` if the code would open nothing.
fn granted(state: &Gosuslugi, request: &AuthorizationRequest, subject: Oid) -> Option<Scopes> {
    match &request.details {
        RequestDetails::Esia(_) => in_force(state, subject, &request.client, &request.all_scopes()),
        RequestDetails::Oidc(_) => Some(request.scopes.clone()),
    }
}

fn refused_by_person(state: &Gosuslugi, asked: Asked<'_>, account: &Account) -> (Vec<Event>, NextStep) {
    let Arrival { request, client, now, .. } = asked.arrival;
    let (mut events, step) = denied(asked, account.oid, Denial::ByPerson);
    // A lenient world may have accepted a scope that can never be consented to: then no consent request is created.
    let purpose = format!("Вход: {}", client.spec.title);
    let asked =
        state.portal.ask_consent(client, account.oid, Wanted { scopes: request.consentable(), purpose: &purpose }, now);
    events.extend(asked.map(|(events, _)| events).unwrap_or_default());
    (events, step)
}

/// Ends the request without a code.
fn denied(Asked { id, arrival }: Asked<'_>, subject: Oid, denial: Denial) -> (Vec<Event>, NextStep) {
    let request = arrival.request;
    let refused = GrantEvent::AuthorizationRefused {
        request: id.to_owned(),
        subject,
        client: request.client.clone(),
        code: denial.code(request.protocol()).to_owned(),
    };
    (vec![Event::Grant(refused)], NextStep::Denied(Box::new(request.clone()), denial))
}

/// Returns the events of the consents given: one for the scopes of the request, and one with its own term for each
/// consent of the digital profile.
fn consents_given(
    state: &Gosuslugi,
    request: &AuthorizationRequest,
    subject: Oid,
    client: &Client,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let usual = TimeDelta::days(i64::from(state.portal.settings.consent_days));
    let named = match request.details {
        RequestDetails::Esia(_) => consentable(&request.own_scopes()),
        RequestDetails::Oidc(_) => request.consentable(),
    };
    let mut events = if named.is_empty() { Vec::new() } else { state.portal.grant_own(subject, client, named, now) };
    let first = state.portal.consents.next_consent().0 + u64::from(!events.is_empty());
    for (id, permission) in (first..).map(ConsentId).zip(request.permissions()) {
        let term = permission.expire.map_or(usual, |minutes| TimeDelta::minutes(i64::from(minutes)));
        let consent = Consent {
            subject,
            client: request.client.clone(),
            scopes: permission.scope_names(),
            purpose: permission.sysname.clone(),
            given_by: subject,
            given_at: now,
            expires_at: now + term,
        };
        events.push(Event::Consent(ConsentEvent::Granted { id, consent }));
        let (client, permission) = (request.client.clone(), Box::new(permission.clone()));
        events.push(Event::Grant(GrantEvent::Permitted { subject, client, permission, consent: id }));
    }
    events
}

fn issue_code(
    state: &Gosuslugi,
    Asked { id, arrival }: Asked<'_>,
    person: Person<'_>,
    granted: Scopes,
    rng: &mut WorldRng,
) -> (Vec<Event>, NextStep) {
    let Arrival { request, client, now, .. } = arrival;
    let (issued, code, details) = match &request.details {
        RequestDetails::Esia(details) => esia_code(state, arrival, person, details, granted),
        RequestDetails::Oidc(details) => oidc_code(person.account, details, rng),
    };
    let has_refresh = match &request.details {
        RequestDetails::Esia(details) => details.access_type == AccessType::Offline,
        RequestDetails::Oidc(_) => true,
    };
    let Person { session, account } = person;
    let grant = Grant {
        subject: account.oid,
        client: request.client.clone(),
        sid: session.sid.clone(),
        signed_in_at: session.started_at,
        scopes: request.scopes.clone(),
        redirect_uri: request.redirect_uri.clone(),
        state: request.state.clone(),
        challenge: request.challenge.clone(),
        refresh_until: has_refresh.then(|| refresh_until(state, client, session.started_at, now)),
        details,
    };
    let event = GrantEvent::CodeIssued {
        request: id.to_owned(),
        code,
        grant: Box::new(grant),
        expires_at: now + seconds(terms(state, &request.client).code_ttl_s),
    };
    (vec![Event::Grant(event)], NextStep::Code(Box::new(request.clone()), issued))
}

/// Returns a code of OpenID Connect, its storage key, and the grant's fields of that protocol.
fn oidc_code(account: &Account, details: &OidcRequest, rng: &mut WorldRng) -> (IssuedCode, String, GrantDetails) {
    let code = rng.hex::<32>();
    let (claims, nonce) = (details.claims.clone(), details.nonce.clone());
    let details = GrantDetails::Oidc(OidcGrant { amr: amr(account), claims, nonce });
    (IssuedCode::Oidc(code.clone()), code, details)
}

/// Returns a code of ЕСИА's own protocol, its storage key, and the grant's fields of that protocol.
fn esia_code(
    state: &Gosuslugi,
    Arrival { request, client, now, .. }: Arrival<'_>,
    Person { session, account }: Person<'_>,
    details: &EsiaRequest,
    granted: Scopes,
) -> (IssuedCode, String, GrantDetails) {
    // A lenient world lets a request pass that names an organisation of which the person is no member.
    let organisation = organisation(request, account, session).ok().flatten();
    let iat = now.timestamp();
    let mut claims = CodeClaims {
        nbf: iat,
        scope: granted.narrowed(account.oid, organisation),
        auth_time: session.started_at.timestamp(),
        iss: state.portal.settings.iss.clone(),
        session_id: session.sid.clone(),
        state: request.state.clone().unwrap_or_default(),
        auth_mthd: AuthMethod::Pwd,
        subject: Subject::person(account.oid, account.wire_level(worlds::moscow::date(now))),
        exp: iat + i64::from(terms(state, &request.client).code_ttl_s),
        params: serde_json::Map::new(),
        iat,
        client_id: request.client.clone(),
    };
    // The same request in the same second of the same session would make an equal code; `nbf` may be earlier (ESIA
    // §3.6).
    let mut key = fingerprint(&claims);
    while state.grants.code(Protocol::Esia, &key).is_some() {
        claims.nbf -= 1;
        key = fingerprint(&claims);
    }
    let grant = EsiaGrant {
        all: Some(request.all_scopes()).filter(|all| *all != request.scopes),
        granted,
        organisation,
        has_permissions: !details.permissions.is_empty(),
    };
    let signer = Arc::clone(state.keys.signer(client.spec.esia.token_algorithm));
    (IssuedCode::Esia(Box::new(claims), signer), key, GrantDetails::Esia(grant))
}

/// Returns the authentication methods of a sign-in (RFC 8176 §2).
fn amr(account: &Account) -> Vec<String> {
    let methods: &[&str] = match account.factor() {
        SecondFactor::None => &["pwd"],
        SecondFactor::Sms => &["pwd", "sms", "mfa"],
        SecondFactor::Totp { .. } => &["pwd", "otp", "mfa"],
    };
    methods.iter().map(|&method| method.to_owned()).collect()
}
