use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use worlds::WorldRng;

use super::{
    asking::{ConsentAnswer, RequestGone},
    authorize::{Continuation, NextStep, proceed},
    event::{ClientTokenPurpose, GrantEvent, IssuedAccess, IssuedTokens},
    grant::{EsiaGrant, Grant, GrantDetails, OidcGrant},
    redirect_uri::RedirectUri,
    request::{AccessType, AuthorizationRequest, EsiaRequest, Protocol, RequestDetails, RequestedClaims},
    store::Grants,
};
use crate::testing::september;

fn address() -> RedirectUri {
    "http://127.0.0.1/".to_owned().try_into().unwrap()
}

fn diary() -> Mnemonic {
    "DIARY".parse().unwrap()
}

fn request(client: &str, at: DateTime<Utc>) -> Box<AuthorizationRequest> {
    let details = EsiaRequest {
        access_type: AccessType::Online,
        scope_org: None,
        permissions: Vec::new(),
        filters: super::filters::Filters::default(),
    };
    Box::new(AuthorizationRequest {
        client: client.parse().unwrap(),
        redirect_uri: address(),
        scopes: "openid".parse().unwrap(),
        state: Some("x".to_owned()),
        challenge: None,
        asked_at: at,
        expires_at: at + TimeDelta::hours(1),
        details: RequestDetails::Esia(details),
    })
}

fn grant(details: GrantDetails, at: DateTime<Utc>, challenge: &str) -> Box<Grant> {
    Box::new(Grant {
        subject: Oid::new(1_000_300_001),
        client: diary(),
        sid: challenge.to_owned(),
        signed_in_at: at,
        scopes: "openid".parse().unwrap(),
        redirect_uri: address(),
        state: None,
        challenge: Some(challenge.to_owned()),
        refresh_until: Some(at + TimeDelta::days(1)),
        details,
    })
}

fn esia() -> GrantDetails {
    let granted = "openid".parse().unwrap();
    GrantDetails::Esia(EsiaGrant { all: None, granted, organisation: None, has_permissions: false })
}

fn oidc() -> GrantDetails {
    GrantDetails::Oidc(OidcGrant { amr: Vec::new(), claims: RequestedClaims::default(), nonce: None })
}

/// Events of a code and its redemption, and the code.
fn login(details: GrantDetails, at: DateTime<Utc>, rng: &mut WorldRng) -> (String, [GrantEvent; 2]) {
    let access = matches!(details, GrantDetails::Oidc(_)).then(|| IssuedAccess {
        jti: rng.uuid(),
        expires_at: at + TimeDelta::hours(1),
        iss: "http://127.0.0.1".to_owned(),
    });
    let code = rng.hex::<32>();
    let grant = grant(details, at, &rng.uuid());
    let tokens = IssuedTokens { access, refresh: Some(rng.hex::<32>()) };
    let (subject, client, expires_at) = (grant.subject, grant.client.clone(), at + TimeDelta::seconds(240));
    let issued = GrantEvent::CodeIssued { request: rng.uuid(), code: code.clone(), grant, expires_at };
    (code.clone(), [issued, GrantEvent::CodeRedeemed { code, subject, client, tokens }])
}

#[test]
fn requests_and_clients_own_tokens_are_forgotten_after_their_term() {
    let mut grants = Grants::default();
    for hour in 0..100 {
        let at = september() + TimeDelta::hours(hour);
        let pending = request("DIARY", at);
        grants.apply(at, &GrantEvent::AuthorizationRequested { request: hour.to_string(), pending });
        let (client, jti, expires_at) = (diary(), hour.to_string(), at + TimeDelta::hours(1));
        let purpose = ClientTokenPurpose::AskConsent(Oid::new(1));
        grants.apply(at, &GrantEvent::ClientTokenIssued { client, purpose, jti, expires_at });
        assert!(grants.size() <= 4, "{} after {hour} hours", grants.size());
    }
}

#[test]
fn codes_and_tokens_of_both_protocols_are_forgotten_after_their_term() {
    for details in [esia(), oidc()] {
        let (mut grants, mut rng) = (Grants::default(), WorldRng::new(1, 0));
        for day in 0..40 {
            let at = september() + TimeDelta::days(day);
            let (_, events) = login(details.clone(), at, &mut rng);
            for event in &events {
                grants.apply(at, event);
            }
            assert!(grants.size() <= 15, "{} after {day} days", grants.size());
        }
    }
}

#[test]
fn no_protocol_knows_a_code_of_the_other() {
    let (mut grants, mut rng) = (Grants::default(), WorldRng::new(1, 0));
    for (details, own, other) in [(esia(), Protocol::Esia, Protocol::Oidc), (oidc(), Protocol::Oidc, Protocol::Esia)] {
        let (code, events) = login(details, september(), &mut rng);
        for event in &events {
            grants.apply(september(), event);
        }
        assert!(grants.code(own, &code).is_some() && grants.code(other, &code).is_none());
        let GrantEvent::CodeRedeemed { tokens, .. } = &events[1] else { panic!("{events:?}") };
        let refresh = tokens.refresh.as_deref().unwrap();
        assert!(grants.refresh(own, refresh).is_some() && grants.refresh(other, refresh).is_none());
    }
}

#[test]
fn requests_that_wait_are_bounded_for_each_client_and_the_oldest_gives_way() {
    let at = september();
    let mut grants = Grants::default();
    let mut ask = |client: &str, number: usize| {
        let (pending, request) = (request(client, at), format!("{client}{number}"));
        grants.apply(at, &GrantEvent::AuthorizationRequested { request, pending });
        ["OTHER0", "DIARY0", "DIARY1"].map(|request| grants.request(Protocol::Esia, request, at).is_some())
    };
    assert_eq!(ask("OTHER", 0), [true, false, false]);
    let kept: Vec<_> = (0..2_000).map(|number| ask("DIARY", number)).collect();
    assert_eq!(kept.last(), Some(&[true, true, true]));
    assert_eq!(ask("DIARY", 2_000), [true, false, true], "the client's own oldest");
}

#[test]
fn a_request_of_one_protocol_waits_untouched_by_the_pages_of_the_other() {
    let mut state = crate::testing::state(crate::testing::family());
    let pending = request("DIARY", september());
    state.grants.apply(september(), &GrantEvent::AuthorizationRequested { request: "r1".to_owned(), pending });
    let mut rng = WorldRng::new(1, 0);
    let mut at = |protocol, answer| {
        let at = Continuation { protocol, request: "r1", answer };
        proceed(&state, at, None, september(), &mut rng).map(|decision| decision.outcome)
    };
    for answer in [None, Some(ConsentAnswer::Grant), Some(ConsentAnswer::Refuse)] {
        assert_eq!(at(Protocol::Oidc, answer), Err(RequestGone));
        assert_eq!(at(Protocol::Esia, answer), Ok(NextStep::SignIn { hint: None }));
    }
}

#[test]
fn too_many_sign_ins_at_once_leave_the_newest_and_what_is_kept_is_bounded() {
    for details in [esia(), oidc()] {
        let (mut grants, mut rng) = (Grants::default(), WorldRng::new(1, 0));
        let mut codes = Vec::new();
        for second in 0..1_100 {
            let at = september() + TimeDelta::seconds(second);
            let (code, events) = login(details.clone(), at, &mut rng);
            for event in &events {
                grants.apply(at, event);
            }
            codes.push(code);
        }
        assert!(grants.size() <= 5 * 1_000 + 200, "{} things are kept", grants.size());
        let protocol = if matches!(details, GrantDetails::Oidc(_)) { Protocol::Oidc } else { Protocol::Esia };
        let is_kept = |code: &String| grants.code(protocol, code).is_some();
        assert_eq!(codes.iter().position(is_kept), Some(100), "the oldest gave way");
        assert!(codes[100..].iter().all(is_kept));
    }
}
