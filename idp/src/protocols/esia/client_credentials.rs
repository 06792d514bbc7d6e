//! Grant type `client_credentials`: a client gets tokens without a person (ESIA §3.2).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::{
    EsiaError, Mnemonic, Oid, Scope, Scopes,
    language::{Told, both, pick, tr},
    secret::{Order, Request, Signed as Values},
    token::{AccessClaims, SystemClaims},
};
use web::{InWorld, Problem};
use worlds::{ActError, Check, Decided, WorldRng};

use super::{
    claims::{Access, TokenClaims, access_claims, permissions_claim},
    judge::{Judge, Rule, TOKEN_SOURCE as SOURCE, Version},
    signature::Call,
    token_response::{Refusal, Signed, sign},
};
use crate::{
    clients::Client,
    event::Event,
    grants::{ClientTokenPurpose, GrantEvent, permission_subject, seconds, terms},
    signing::{KeyRing, ProviderKey},
    state::Gosuslugi,
};

const SCOPE: Rule = ("system-scope", "ESIA §3.2; Design, Consent on the wire");

pub(super) const API_ORDER: &str = "http://lk.gosuslugi.ru/api-order";

/// Purpose of a token without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    /// To request a consent about a person (`prm_req?oid=…`). Only the mock has this.
    AskConsent(Oid),
    /// To read the data of a person whose consent is in force (`prm_chg?oid=…`).
    Consented(Oid),
    /// To read the data of an organisation, or to use API ЕПГУ.
    Organisation(Option<Oid>),
}

impl Purpose {
    fn of(scopes: &Scopes) -> Option<Self> {
        if let Some(subject) = permission_subject(scopes) {
            return Some(Self::AskConsent(subject));
        }
        let all: Vec<&Scope> = scopes.iter().collect();
        if let [Scope { name, oid: Some(subject), .. }] = all[..]
            && name == "prm_chg"
        {
            return Some(Self::Consented(*subject));
        }
        let of_organisations = || all.iter().filter(|scope| scope.is_of_organisation());
        let organisation = of_organisations().find_map(|scope| scope.org_oid);
        let is_fit = |scope: &&Scope| {
            if scope.is_of_organisation() {
                scope.org_oid.is_some() && scope.org_oid == organisation
            } else {
                scope.name == API_ORDER && scope.oid.is_none() && scope.org_oid.is_none()
            }
        };
        all.iter().all(is_fit).then_some(Self::Organisation(organisation))
    }
}

/// Reason why a client gets no such token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum SystemError {
    #[error(
        "{}",
        pick(
            "ни одно согласие этого человека для системы не действует",
            "no consent of this person to the client is in force"
        )
    )]
    NoConsent,
    #[error(
        "{}",
        tr!(
            "за организацию {_0} в этом мире никто не действует",
            "nobody acts for organisation {_0} in this world"
        )
    )]
    NoOrganisation(Oid),
}

/// Scope of a client's own token, and the organisation that it is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientScope<'a> {
    pub(super) scope: &'a str,
    pub(super) organisation: Option<Oid>,
}

/// Issues a client's own token, or a token about a person who is absent.
pub(super) async fn client_credentials(judge: &Judge<'_>, client: &Client) -> Result<Signed, Refusal> {
    let scope = judge.required("scope", SOURCE)?;
    signed_by(judge, client, scope).await?;
    let read = scope.parse::<Scopes>();
    let got = Told::of(|| read.as_ref().map_or_else(ToString::to_string, ToString::to_string));
    judge.require(
        Check::of(SCOPE, both!("области доступа через пробел", "scopes with blanks between them"), got, read.is_ok()),
        EsiaError::InvalidScope,
    )?;
    let scopes = read.map_err(|_| EsiaError::InvalidScope)?;
    let purpose = Purpose::of(&scopes);
    let expected = both!(
        "prm_req?oid=…, prm_chg?oid=…, org_…?org_oid=… одной организации, api-order",
        "prm_req?oid=…, prm_chg?oid=…, org_…?org_oid=… of one organisation, api-order"
    );
    judge.require(Check::of(SCOPE, expected, scope, purpose.is_some()), EsiaError::NoGrants)?;
    match purpose.ok_or(EsiaError::NoGrants)? {
        Purpose::AskConsent(subject) => ask_consent(judge, client, subject).await,
        Purpose::Consented(subject) => {
            judge.allowed(client, &scopes)?;
            consented(judge, client, subject).await
        }
        Purpose::Organisation(organisation) => {
            judge.allowed(client, &scopes)?;
            of_organisation(judge, client, ClientScope { scope, organisation }).await
        }
    }
}

async fn signed_by(judge: &Judge<'_>, client: &Client, scope: &str) -> Result<(), Refusal> {
    let timestamp = judge.timestamp(SOURCE)?;
    let signed = Values {
        client_id: client.spec.mnemonic.as_str(),
        scope,
        // Not part of the signed string; a client that signs it nevertheless gets this explained.
        scope_org: judge.optional("scope_org")?.unwrap_or_default(),
        timestamp: &timestamp,
        state: judge.required("state", SOURCE)?,
        redirect_uri: judge.optional("redirect_uri")?.unwrap_or_default(),
    };
    let order = match judge.protocol.version {
        Version::First => Order::V1,
        Version::Second => Order::V3ClientCredentials,
    };
    let request = Request { signed, code: "", refresh_token: "" };
    Ok(judge.secret(client, &Call { order, also: None, may_omit_hash: false, request }).await?)
}

async fn ask_consent(judge: &Judge<'_>, client: &Client, subject: Oid) -> Result<Signed, Refusal> {
    let mnemonic = &client.spec.mnemonic;
    let decide = |state: &Gosuslugi, now: DateTime<Utc>, rng: &mut WorldRng| {
        let scope = format!("prm_req?oid={subject}");
        let asked = ClientScope { scope: &scope, organisation: None };
        let (claims, expires_at) = system_claims(state, mnemonic, asked, now, rng);
        Ok::<_, Problem>((vec![issued(&claims, ClientTokenPurpose::AskConsent(subject), expires_at)], claims))
    };
    let claims = judge.world.world.act(decide).await.map_err(Problem::from)?;
    sign_system(judge, &claims, client)
}

async fn of_organisation(judge: &Judge<'_>, client: &Client, asked: ClientScope<'_>) -> Result<Signed, Refusal> {
    let issued = |state: &Gosuslugi, now, rng: &mut WorldRng| organisation_token(state, client, asked, now, rng);
    let claims = match judge.world.world.act(issued).await {
        Ok(claims) => claims,
        Err(error) => return Err(refuse(judge, error)),
    };
    sign_system(judge, &claims, client)
}

async fn consented(judge: &Judge<'_>, client: &Client, subject: Oid) -> Result<Signed, Refusal> {
    let issued = |state: &Gosuslugi, now, rng: &mut WorldRng| consented_token(state, client, subject, now, rng);
    let access = match judge.world.world.act(issued).await {
        Ok(access) => access,
        Err(error) => return Err(refuse(judge, error)),
    };
    let rule = ("consent", "ESIA §3.2, §5.2");
    judge.checks.expect(rule, both!("действующее согласие", "a consent in force"), access.scope.as_str(), true);
    sign(judge, TokenClaims { access, id: None, refresh: None, key: Arc::clone(signer(&judge.keys, client)) })
}

fn refuse(judge: &Judge<'_>, error: ActError<SystemError>) -> Refusal {
    match error {
        ActError::Refused(error) => {
            let (rule, answer) = match error {
                SystemError::NoConsent => ("consent", EsiaError::NoGrants),
                SystemError::NoOrganisation(_) => ("organisation", EsiaError::InvalidScope),
            };
            let found = Check::failed(
                (rule, "ESIA §3.2"),
                both!("есть в этом мире", "it is in this world"),
                Told::from_display(&error),
            );
            judge.checks.refuse(found, answer).into()
        }
        ActError::Store(error) => error.into(),
    }
}

fn issued(claims: &SystemClaims, purpose: ClientTokenPurpose, expires_at: DateTime<Utc>) -> Event {
    let (client, jti) = (claims.client_id.clone(), claims.jti.clone());
    Event::Grant(GrantEvent::ClientTokenIssued { client, purpose, jti, expires_at })
}

/// Returns the claims of a client's own token, and its expiry.
fn system_claims(
    state: &Gosuslugi,
    client: &Mnemonic,
    asked: ClientScope<'_>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> (SystemClaims, DateTime<Utc>) {
    let ttl_s = terms(state, client).access_ttl_s;
    let (iat, iss, client_id) = (now.timestamp(), state.portal.settings.iss.clone(), client.clone());
    let (exp, jti) = (iat + i64::from(ttl_s), rng.uuid());
    let (scope, org_oid) = (asked.scope.to_owned(), asked.organisation);
    (SystemClaims { nbf: iat, scope, iss, exp, iat, client_id, org_oid, jti }, now + seconds(ttl_s))
}

/// Decides on a token for the data of an organisation, or without an organisation.
fn organisation_token(
    state: &Gosuslugi,
    client: &Client,
    asked: ClientScope<'_>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Result<Decided<Event, SystemClaims>, SystemError> {
    if let Some(oid) = asked.organisation.filter(|oid| !has_organisation(state, *oid)) {
        return Err(SystemError::NoOrganisation(oid));
    }
    let mnemonic = &client.spec.mnemonic;
    let (claims, expires_at) = system_claims(state, mnemonic, asked, now, rng);
    Ok((vec![issued(&claims, ClientTokenPurpose::Organisation(asked.scope.to_owned()), expires_at)], claims))
}

fn has_organisation(state: &Gosuslugi, organisation: Oid) -> bool {
    state.portal.organisations.get(organisation).is_some() || state.portal.accounts.any_acts_for(organisation)
}

/// Decides on a token about a person from the consents in force, without asking again.
fn consented_token(
    state: &Gosuslugi,
    client: &Client,
    subject: Oid,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Result<Decided<Event, AccessClaims>, SystemError> {
    let client = &client.spec.mnemonic;
    let given = state.portal.consents.scopes(subject, client).into_iter().collect::<Vec<_>>().join(" ");
    let granted: Scopes = given.parse().map_err(|_| SystemError::NoConsent)?;
    state.portal.accounts.get(subject).ok_or(SystemError::NoConsent)?;
    let sid = rng.uuid();
    let opens = Access { subject, client, sid: &sid, granted: &granted, organisation: None };
    let access = access_claims(state, opens, now);
    let access = AccessClaims { permissions: permissions_claim(state, subject, client), ..access };
    let expires_at = now + seconds(terms(state, client).access_ttl_s);
    let issued = GrantEvent::ConsentTokenIssued { client: client.clone(), subject, sid, expires_at };
    Ok((vec![Event::Grant(issued)], access))
}

/// Issues a token by API key (МР Б.12).
pub(super) async fn api_token(
    world: &InWorld<Gosuslugi>,
    client: &Client,
    asked: ClientScope<'_>,
) -> Result<String, Problem> {
    let issued = |state: &Gosuslugi, now, rng: &mut WorldRng| {
        let decided = organisation_token(state, client, asked, now, rng);
        let (events, claims) = decided.map_err(Problem::internal)?;
        Ok::<_, Problem>((events, (claims, Arc::clone(signer(&state.keys, client)))))
    };
    let (claims, key) = world.world.act(issued).await.map_err(Problem::from)?;
    key.sign(&claims).map_err(Problem::internal)
}

fn signer<'k>(keys: &'k KeyRing, client: &Client) -> &'k Arc<ProviderKey> {
    keys.signer(client.spec.esia.token_algorithm)
}

fn sign_system(judge: &Judge<'_>, claims: &SystemClaims, client: &Client) -> Result<Signed, Refusal> {
    let access = signer(&judge.keys, client).sign(claims).map_err(Problem::internal)?;
    let expires_in = u32::try_from(claims.exp - claims.iat).unwrap_or_default();
    Ok(Signed { access, id: None, refresh: None, expires_in })
}
