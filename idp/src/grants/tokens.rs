//! Token endpoint: exchanges codes and refresh tokens for new tokens (RFC 6749 §4.1.3, §6; ESIA §3.2, §3.6, §3.7).

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Scope, Scopes};
use subtle::ConstantTimeEq as _;
use worlds::WorldRng;

use super::{
    decision::Decision,
    error::GrantError,
    event::{GrantEvent, IssuedAccess, IssuedTokens, Replayed},
    grant::Grant,
    in_force::{of_grant, seconds, subject_of, terms},
    request::Protocol,
    store::{Code, RefreshToken},
};
use crate::{event::Event, slips::pkce::challenge_of, state::Gosuslugi};

/// Rules for the tokens of a grant that differ between the protocols.
#[derive(Debug, Clone, Copy)]
struct Policy {
    rotation: Rotation,
    replay: Replay,
    /// Whether the provider stores each access token.
    remembers_access: bool,
    /// Whether a code yields a refresh token only with the scope `offline_access`.
    needs_offline_access: bool,
}

/// Treatment of a refresh token that has been used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rotation {
    /// A new refresh token replaces it.
    Replaced,
    /// It stays valid.
    Kept,
}

/// Consequence of the second use of a code or a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replay {
    /// The request is refused.
    Refused,
    /// The request is refused, and all tokens issued for the code are revoked.
    RevokesGrant,
}

impl Policy {
    fn of(state: &Gosuslugi, protocol: Protocol) -> Self {
        match protocol {
            Protocol::Esia => Self {
                rotation: if state.portal.settings.tokens.refresh_rotation {
                    Rotation::Replaced
                } else {
                    Rotation::Kept
                },
                replay: Replay::Refused,
                remembers_access: false,
                needs_offline_access: false,
            },
            Protocol::Oidc => Self {
                rotation: Rotation::Replaced,
                replay: Replay::RevokesGrant,
                remembers_access: true,
                needs_offline_access: true,
            },
        }
    }
}

/// Token request whose client has been authenticated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) protocol: Protocol,
    pub(crate) client: &'a Mnemonic,
    /// Issuer URL under which the client sent the request.
    pub(crate) iss: &'a str,
}

/// Authorization code of a token request, with the parameters checked against its authorization request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PresentedCode<'a> {
    /// Code; in ЕСИА's protocol the SHA-256 of its claims, hex.
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
}

/// Refresh token of a token request, with the parameter `scope` that narrows the new tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PresentedRefresh<'a> {
    pub(crate) token: &'a str,
    pub(crate) narrowed: Option<&'a Scopes>,
}

/// Granted tokens, not yet written and signed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) grant: Grant,
    /// Scopes that the tokens open.
    pub(crate) scopes: Scopes,
    pub(crate) issued: IssuedTokens,
    pub(crate) issued_at: DateTime<Utc>,
}

/// Exchanges a code for tokens. A second use is refused; where the policy says so, it revokes all tokens issued for the
/// code.
pub(crate) fn redeem(
    state: &Gosuslugi,
    presented: PresentedCode<'_>,
    request: TokenRequest<'_>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Decision<Result<Tokens, GrantError>> {
    let code = state.grants.code(request.protocol, presented.code);
    let granted = check_code(state, code, presented, request, now).and_then(|grant| {
        let scopes = opened(state, grant, grant.first_scopes(), now)?;
        let may_refresh =
            !Policy::of(state, request.protocol).needs_offline_access || scopes.contains("offline_access");
        let has_refresh = may_refresh && grant.refresh_until.is_some_and(|until| now < until);
        let refresh = has_refresh.then(|| new_refresh(request.protocol, rng));
        let issued = IssuedTokens { access: new_access(state, request, now, rng), refresh };
        Ok(Tokens { grant: grant.clone(), scopes, issued, issued_at: now })
    });
    match granted {
        Ok(tokens) => {
            let redeemed = GrantEvent::CodeRedeemed {
                code: presented.code.to_owned(),
                subject: tokens.grant.subject,
                client: tokens.grant.client.clone(),
                tokens: tokens.issued.clone(),
            };
            given(redeemed, tokens)
        }
        Err(error) => refused(error, Replayed::Code, presented.code, code),
    }
}

/// Exchanges a refresh token for new tokens. The refresh token is replaced unless the policy keeps it; a second use of
/// a replaced one may revoke all tokens issued for its code. Consents are checked again: the new tokens open what has
/// been granted since, and no longer open what has been revoked.
pub(crate) fn refresh(
    state: &Gosuslugi,
    presented: PresentedRefresh<'_>,
    request: TokenRequest<'_>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Decision<Result<Tokens, GrantError>> {
    let known = state.grants.refresh(request.protocol, presented.token);
    let granted = check_refresh(state, known, presented, request, now).and_then(|grant| {
        let asked = presented.narrowed.unwrap_or(grant.all_scopes());
        let scopes = opened(state, grant, asked, now)?;
        let refresh = match Policy::of(state, request.protocol).rotation {
            Rotation::Replaced => new_refresh(request.protocol, rng),
            Rotation::Kept => presented.token.to_owned(),
        };
        let issued = IssuedTokens { access: new_access(state, request, now, rng), refresh: Some(refresh) };
        Ok(Tokens { grant: grant.clone(), scopes, issued, issued_at: now })
    });
    match granted {
        Ok(tokens) => {
            let refreshed = GrantEvent::Refreshed {
                used: presented.token.to_owned(),
                subject: tokens.grant.subject,
                client: tokens.grant.client.clone(),
                tokens: tokens.issued.clone(),
            };
            given(refreshed, tokens)
        }
        Err(error) => {
            let (code, of_code) = known.map_or(("", None), |(refresh, code)| (refresh.code.as_str(), Some(code)));
            refused(error, Replayed::Refresh, code, of_code)
        }
    }
}

fn given(event: GrantEvent, tokens: Tokens) -> Decision<Result<Tokens, GrantError>> {
    Decision::of(vec![Event::Grant(event)], Ok(tokens))
}

fn refused(error: GrantError, what: Replayed, key: &str, code: Option<&Code>) -> Decision<Result<Tokens, GrantError>> {
    let revokes = matches!(error, GrantError::Used { revokes: true, .. });
    let replayed = code.filter(|_| revokes).map(|Code { grant, .. }| {
        let (code, subject, client) = (key.to_owned(), grant.subject, grant.client.clone());
        Event::Grant(GrantEvent::Replayed { what, code, subject, client })
    });
    Decision::of(replayed.into_iter().collect(), Err(error))
}

fn check_code<'s>(
    state: &Gosuslugi,
    code: Option<&'s Code>,
    presented: PresentedCode<'_>,
    request: TokenRequest<'_>,
    now: DateTime<Utc>,
) -> Result<&'s Grant, GrantError> {
    let Code { grant, expires_at, used_at, .. } = code.ok_or(GrantError::Unknown)?;
    check_use(state, grant, Use { used_at: *used_at, expires_at: *expires_at, request }, now)?;
    let asked = grant.redirect_uri.as_str();
    if let Some(given) = presented.redirect_uri.filter(|given| *given != asked) {
        return Err(GrantError::OtherRedirect { asked: asked.to_owned(), given: given.to_owned() });
    }
    check_verifier(state, grant, presented.verifier, now)?;
    Ok(grant)
}

fn check_refresh<'s>(
    state: &Gosuslugi,
    known: Option<(&RefreshToken, &'s Code)>,
    presented: PresentedRefresh<'_>,
    request: TokenRequest<'_>,
    now: DateTime<Utc>,
) -> Result<&'s Grant, GrantError> {
    let (refresh, Code { grant, is_revoked, .. }) = known.ok_or(GrantError::Unknown)?;
    if grant.client == *request.client && (*is_revoked || refresh.is_revoked) {
        return Err(GrantError::Revoked);
    }
    check_use(state, grant, Use { used_at: refresh.used_at, expires_at: refresh.expires_at, request }, now)?;
    let asked = grant.all_scopes();
    let is_wider = |scope: &&Scope| !asked.iter().any(|known| known == *scope);
    match presented.narrowed.and_then(|narrowed| narrowed.iter().find(is_wider)) {
        Some(wider) => Err(GrantError::Wider(wider.to_string())),
        None => Ok(grant),
    }
}

/// Use of a code or a refresh token by a request.
#[derive(Clone, Copy)]
struct Use<'a> {
    used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
    request: TokenRequest<'a>,
}

/// Checks that a code or a refresh token is used by its own client, for the first time, before its expiry.
fn check_use(state: &Gosuslugi, grant: &Grant, used: Use<'_>, now: DateTime<Utc>) -> Result<(), GrantError> {
    let Use { used_at, expires_at, request } = used;
    if grant.client != *request.client {
        return Err(GrantError::OtherClient(grant.client.clone()));
    }
    if let Some(at) = used_at {
        let revokes = Policy::of(state, request.protocol).replay == Replay::RevokesGrant;
        return Err(GrantError::Used { at, revokes });
    }
    if now >= expires_at {
        return Err(GrantError::Expired(expires_at));
    }
    Ok(())
}

/// Checks `code_verifier` against the `code_challenge` of the authorization request (RFC 7636 §4.6).
fn check_verifier(
    state: &Gosuslugi,
    grant: &Grant,
    verifier: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), GrantError> {
    match (&grant.challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(GrantError::NoChallenge),
        (Some(challenge), None) => Err(GrantError::NoVerifier(challenge.clone())),
        (Some(challenge), Some(verifier)) => {
            let got = challenge_of(verifier);
            if bool::from(got.as_bytes().ct_eq(challenge.as_bytes())) {
                return Ok(());
            }
            let another = state.grants.with_challenge(&got, now);
            Err(GrantError::OtherVerifier { expected: challenge.clone(), got, another })
        }
    }
}

/// Returns those of the scopes `asked` that tokens of the grant may open now.
fn opened(state: &Gosuslugi, grant: &Grant, asked: &Scopes, now: DateTime<Utc>) -> Result<Scopes, GrantError> {
    let account = subject_of(state, grant).ok_or(GrantError::SessionGone)?;
    of_grant(state, grant, account, asked, now).ok_or(GrantError::NothingLeft)
}

fn new_refresh(protocol: Protocol, rng: &mut WorldRng) -> String {
    match protocol {
        Protocol::Esia => rng.uuid(),
        Protocol::Oidc => rng.hex::<32>(),
    }
}

fn new_access(
    state: &Gosuslugi,
    request: TokenRequest<'_>,
    now: DateTime<Utc>,
    rng: &mut WorldRng,
) -> Option<IssuedAccess> {
    Policy::of(state, request.protocol).remembers_access.then(|| IssuedAccess {
        jti: rng.uuid(),
        expires_at: now + seconds(terms(state, request.client).access_ttl_s),
        iss: request.iss.to_owned(),
    })
}
