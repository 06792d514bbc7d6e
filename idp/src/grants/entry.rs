//! Checks whether a person may sign in by an authorization request (ESIA §1.2, §6.1–§6.3; OpenID Connect Core
//! §3.1.2.3).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{
    EsiaError, Oid,
    language::{Told, both},
    token,
};
use web::{Strictness, weigh};
use worlds::Check;

use super::{
    filters::{Filters, PersonFilter, SubjectType},
    in_force::strictness,
    request::{AuthorizationRequest, EsiaRequest, OidcRequest, Protocol, RequestDetails, SignInDemands},
};
use crate::{
    clients::Client,
    portal::accounts::{Account, Level, SecondFactor, Session},
    state::Gosuslugi,
};

/// Reason why an authorization request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The person refused consent.
    ByPerson,
    /// The person is a minor for whom nobody has consented to any of the requested scopes.
    NothingGranted,
    /// The person does not satisfy a demand that ЕСИА's protocol lets a client make.
    Entry(EsiaError),
    /// The person who signed in is not the one that the request names.
    OtherPerson,
    /// The account has none of the levels that the request names as essential `acr`.
    OtherLevel,
}

impl Denial {
    /// Returns the error code in the protocol of the request.
    pub(crate) const fn code(&self, protocol: Protocol) -> &'static str {
        match (protocol, self) {
            (Protocol::Esia, Self::Entry(error)) => error.code(),
            (Protocol::Esia, _) => EsiaError::AccessDenied.code(),
            (Protocol::Oidc, Self::OtherPerson) => "login_required",
            // OpenID Connect Core Unmet Authentication Requirements 1.0.
            (Protocol::Oidc, Self::OtherLevel) => "unmet_authentication_requirements",
            (Protocol::Oidc, _) => "access_denied",
        }
    }
}

/// Outcome of the check whether a person may sign in to the client.
pub(super) enum Entry<'s> {
    Open(&'s Session, &'s Account),
    /// The browser has no session that the request accepts.
    SignIn {
        hint: Option<String>,
    },
    Refused(Oid, Denial),
}

/// Authorization request with its client and the browser's session, if any.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'s> {
    pub(super) request: &'s AuthorizationRequest,
    pub(super) client: &'s Client,
    pub(super) session: Option<&'s Session>,
    pub(super) now: DateTime<Utc>,
}

/// Decides whether the person may sign in, and returns the checks made. `None` for a session whose account is gone.
pub(super) fn entry<'s>(state: &'s Gosuslugi, arrival: Arrival<'s>) -> (Option<Entry<'s>>, Vec<Check>) {
    match (&arrival.request.details, arrival.session) {
        (RequestDetails::Esia(_), None) => (Some(Entry::SignIn { hint: None }), Vec::new()),
        (RequestDetails::Esia(details), Some(session)) => {
            let Some(account) = state.portal.accounts.get(session.oid) else { return (None, Vec::new()) };
            let (refused, checks) = esia_demands(state, arrival, details, account, session);
            let entry = refused
                .map_or(Entry::Open(session, account), |error| Entry::Refused(account.oid, Denial::Entry(error)));
            (Some(entry), checks)
        }
        (RequestDetails::Oidc(details), session) => (oidc_entry(state, arrival, details, session), Vec::new()),
    }
}

fn oidc_entry<'s>(
    state: &'s Gosuslugi,
    Arrival { request, .. }: Arrival<'s>,
    details: &OidcRequest,
    session: Option<&'s Session>,
) -> Option<Entry<'s>> {
    let demands = &details.sign_in;
    let sign_in = || Some(Entry::SignIn { hint: demands.login_hint.clone() });
    let Some(session) = session.filter(|session| demands.accept(request.asked_at, session)) else { return sign_in() };
    if !demands.is_for(session.oid) {
        // A session from before the request: ask to sign in as the other person. A session from after it: the wrong
        // person has signed in for this request.
        let is_new = demands.is_new(request.asked_at, session);
        return if is_new { Some(Entry::Refused(session.oid, Denial::OtherPerson)) } else { sign_in() };
    }
    let account = state.portal.accounts.get(session.oid)?;
    if !demands.acr.is_empty() && demands.acr.iter().all(|wanted| wanted != acr(account)) {
        return Some(Entry::Refused(account.oid, Denial::OtherLevel));
    }
    Some(Entry::Open(session, account))
}

/// Checks whether a session meets a pending request's demands for the sign-in. ЕСИА's own protocol has none.
pub(crate) fn accepts(request: &AuthorizationRequest, session: &Session) -> bool {
    match &request.details {
        RequestDetails::Esia(_) => true,
        RequestDetails::Oidc(details) => details.sign_in.accept(request.asked_at, session),
    }
}

impl SignInDemands {
    /// Whether a session began after the request.
    fn is_new(&self, asked_at: DateTime<Utc>, session: &Session) -> bool {
        session.started_at >= asked_at && self.stale.as_ref() != Some(&session.sid)
    }

    fn accept(&self, asked_at: DateTime<Utc>, session: &Session) -> bool {
        let is_new = self.is_new(asked_at, session);
        let age = (asked_at - session.started_at).num_seconds();
        let is_young = self.max_age.is_none_or(|max_age| is_new || age <= max_age);
        (is_new || !self.fresh) && is_young
    }
}

/// Values of `acr`, one for each level of an account. ЕСИА itself sends none.
pub(crate) const ACR: [&str; 3] =
    ["urn:esia-stand:level:simplified", "urn:esia-stand:level:standard", "urn:esia-stand:level:confirmed"];

/// Returns the `acr` of an account.
pub(crate) fn acr(account: &Account) -> &'static str {
    let [simplified, standard, confirmed] = ACR;
    match account.level {
        Level::Simplified => simplified,
        Level::Standard => standard,
        Level::Confirmed => confirmed,
    }
}

const PERSON: (&str, &str) = ("person-filter", "ESIA §1.2, §6.1, §6.2");
const KIND: (&str, &str) = ("subject-type", "ESIA §1.2, §6.3, §10");

/// Checks of the person, made in order until one refuses.
struct Demands {
    strictness: Strictness,
    checks: Vec<Check>,
    refused: Option<EsiaError>,
}

impl Demands {
    fn demand(&mut self, check: Check, error: EsiaError) {
        if self.refused.is_some() {
            return;
        }
        let (check, result) = weigh(check, self.strictness, error);
        self.checks.push(check);
        self.refused = result.err();
    }
}

/// Checks the person who has signed in against the demands of a request of ЕСИА's own protocol.
fn esia_demands(
    state: &Gosuslugi,
    Arrival { request, client, now, .. }: Arrival<'_>,
    EsiaRequest { filters, .. }: &EsiaRequest,
    account: &Account,
    session: &Session,
) -> (Option<EsiaError>, Vec<Check>) {
    let mut demands = Demands { strictness: strictness(state, Some(client)), checks: Vec::new(), refused: None };
    demand_level(&mut demands, filters, client, account, now);
    let secured = &client.spec.esia.second_factor_scopes;
    if request.scopes.names().iter().any(|name| secured.contains(*name)) {
        let has = *account.factor() != SecondFactor::None;
        let got = if has {
            both!("второй фактор включён", "the second factor is on")
        } else {
            both!("второго фактора нет", "there is no second factor")
        };
        let rule = ("second-factor", "ESIA §1.5");
        demands.demand(
            Check::of(
                rule,
                both!("область доступа требует второго фактора", "the scope wants a second factor"),
                got,
                has,
            ),
            EsiaError::SecondFactorImpossible,
        );
    }
    let kind = SubjectType::of(account, session.organisation);
    for allowed in [&filters.types, &filters.roles] {
        if !allowed.is_empty() {
            let expected = both!("входят как {allowed:?}", "people enter as {allowed:?}");
            let found = Check::of(KIND, expected, format!("{kind:?}"), allowed.contains(&kind));
            demands.demand(found, EsiaError::BadSubjectType);
        }
    }
    let asked_for = match organisation(request, account, session) {
        Ok(None) => None,
        Ok(Some(organisation)) => {
            Some((both!("сотрудник организации {organisation}", "a member of organisation {organisation}"), true))
        }
        Err(got) => Some((got, false)),
    };
    if let Some((got, is_met)) = asked_for {
        let rule = ("organisation", "ESIA §1.5, §6.3");
        demands.demand(
            Check::of(
                rule,
                both!("входят как сотрудник той же организации", "people enter as a member of the same organisation"),
                got,
                is_met,
            ),
            EsiaError::NotEmployed,
        );
    }
    (demands.refused, demands.checks)
}

fn demand_level(demands: &mut Demands, filters: &Filters, client: &Client, account: &Account, now: DateTime<Utc>) {
    let level = account.wire_level(worlds::moscow::date(now));
    let (is_confirmed, is_child) = (level == token::Level::Pr, level == token::Level::Kd);
    let got = if is_child {
        both!("детская учётная запись", "a child's account")
    } else {
        account.level.told()
    };
    if client.spec.esia.confirmed_only || filters.person == Some(PersonFilter::ConfAcc) {
        let error = EsiaError::AccountNotConfirmed;
        demands.demand(
            Check::of(PERSON, both!("подтверждённая учётная запись", "a confirmed account"), got.clone(), is_confirmed),
            error,
        );
    }
    match filters.person {
        Some(PersonFilter::AccKid) => {
            demands.demand(
                Check::of(PERSON, both!("детская учётная запись", "a child's account"), got, is_child),
                EsiaError::BadSubjectType,
            );
        }
        Some(PersonFilter::AccNotKid) => {
            demands.demand(
                Check::of(PERSON, both!("не детская учётная запись", "not a child's account"), got, !is_child),
                EsiaError::BadSubjectType,
            );
        }
        Some(PersonFilter::ConfAcc) | None => {}
    }
}

/// Returns the organisation whose data a request asks for: the one that its scopes name, else the one as whose member
/// the person has signed in. `None` if it asks for no organisation's data.
///
/// # Errors
/// The text of the verdict: the scopes name several organisations, or the person is no member of the organisation or
/// has signed in as a private person.
pub(super) fn organisation(
    request: &AuthorizationRequest,
    account: &Account,
    session: &Session,
) -> Result<Option<Oid>, Told> {
    let asked = request.all_scopes();
    let named: BTreeSet<Option<Oid>> =
        asked.iter().filter(|scope| scope.is_of_organisation()).map(|scope| scope.org_oid).collect();
    let Some(first) = named.first() else { return Ok(None) };
    if named.len() > 1 {
        return Err(both!("области называют разные организации", "the scopes name different organisations"));
    }
    let organisation = first
        .or(session.organisation)
        .ok_or_else(|| both!("человек вошёл как частное лицо", "the person has entered as a private person"))?;
    let is_employed = account.roles.iter().any(|role| role.oid == organisation);
    if is_employed {
        Ok(Some(organisation))
    } else {
        Err(both!("организация {organisation}: не сотрудник", "organisation {organisation}: no member"))
    }
}
