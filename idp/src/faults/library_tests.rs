//! Reaction of a strict third-party library to faults of OpenID Connect: `openidconnect` discovers the provider,
//! redeems a code and verifies the id token. In the other tests, jsonwebtoken and OpenSSL show what a fault has
//! changed.

use std::{collections::BTreeMap, fmt::Debug, io};

use axum::{
    body::Body,
    http::{Request, Uri},
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, NonceVerifier, OAuth2TokenResponse as _,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse, TokenResponse as _, UserInfoError,
    core::{CoreClient, CoreErrorResponseType, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims},
    http,
};
use serde_json::{Value, json};

use super::{
    catalogue::faults,
    place::Place,
    testing::{Party, set},
};
use crate::{
    protocols::oidc::testing::{ISSUER, Rp, VERIFIER},
    testing::{Rig, september},
};

/// Brings a request of the library to the provider.
async fn carry(rig: Rig, request: HttpRequest) -> Result<HttpResponse, io::Error> {
    let (mut parts, body) = request.into_parts();
    if parts.uri.authority().is_none_or(|authority| authority != "127.0.0.1:8001") {
        return Err(io::Error::other(format!("nobody listens at {}", parts.uri)));
    }
    parts.uri = parts.uri.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()));
    let answer = rig.send(Request::from_parts(parts, Body::from(body))).await;
    let mut response = http::Response::builder().status(answer.status);
    for name in ["content-type", "location"] {
        if let Some(value) = answer.headers.get(name) {
            response = response.header(name, value);
        }
    }
    response.body(answer.body.into_bytes()).map_err(io::Error::other)
}

/// Client of the library for a discovered provider.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Client that verifies only what the library verifies by itself, and `at_hash`, for which the library only provides
/// the functions. Errors are reported by their kind; a malformed id token is reported as an error of the response:
/// `tokens: Parse`.
struct Visitor {
    rig: Rig,
    rp: Rp,
    client: Client,
}

impl Visitor {
    async fn finds(rig: &Rig, rp: Rp) -> Result<Self, String> {
        let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
        let carried = |request: HttpRequest| carry(rig.clone(), request);
        let found = CoreProviderMetadata::discover_async(issuer, &carried).await.map_err(|error| match error {
            DiscoveryError::Parse(error) => format!("discovery: Parse at {}", error.path()),
            DiscoveryError::Response(status, ..) => format!("discovery: Response {}", status.as_u16()),
            other => format!("discovery: {}", kind(&other)),
        })?;
        let secret = ClientSecret::new(rp.secret.unwrap().to_owned());
        let client = CoreClient::from_provider_metadata(found, ClientId::new(rp.client_id.to_owned()), Some(secret))
            .set_redirect_uri(RedirectUrl::new(rp.redirect_uri.to_owned()).unwrap());
        Ok(Self { rig: rig.clone(), rp, client })
    }

    /// Anna signs in.
    async fn signs_in(&self) -> Result<CoreTokenResponse, String> {
        let code = AuthorizationCode::new(self.rig.oidc_code(&self.rp, "анна").await);
        let exchange = self.client.exchange_code(code).map_err(|error| format!("tokens: {}", kind(&error)))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(VERIFIER.to_owned()));
        let carried = |request: HttpRequest| carry(self.rig.clone(), request);
        let answer = exchange.request_async(&carried).await.map_err(untaken)?;
        self.looks_at(&answer, &Nonce::new("n-1".to_owned()))?;
        Ok(answer)
    }

    /// The tokens are renewed; the id token that comes along has no nonce to compare.
    async fn renews(&self, answer: &CoreTokenResponse) -> Result<(), String> {
        let refresh = answer.refresh_token().ok_or("there is no refresh token")?;
        let exchange =
            self.client.exchange_refresh_token(refresh).map_err(|error| format!("tokens: {}", kind(&error)))?;
        let carried = |request: HttpRequest| carry(self.rig.clone(), request);
        let answer = exchange.request_async(&carried).await.map_err(untaken)?;
        self.looks_at(&answer, |_: Option<&Nonce>| Ok(()))
    }

    /// Requests userinfo about the subject of the id token.
    async fn asks_about(&self, answer: &CoreTokenResponse) -> Result<(), String> {
        let verifier = self.client.id_token_verifier().set_time_fn(september);
        let id_token = answer.id_token().ok_or("there is no id token")?;
        let claims = id_token.claims(&verifier, |_: Option<&Nonce>| Ok(())).map_err(|error| kind(&error))?;
        let token = answer.access_token().clone();
        let asked = self.client.user_info(token, Some(claims.subject().clone())).map_err(|error| kind(&error))?;
        let carried = |request: HttpRequest| carry(self.rig.clone(), request);
        let told: Result<CoreUserInfoClaims, _> = asked.request_async(&carried).await;
        told.map(|_| ()).map_err(|error| match error {
            UserInfoError::Parse(error) => format!("userinfo: Parse at {}", error.path()),
            UserInfoError::Response(status, ..) => format!("userinfo: Response {}", status.as_u16()),
            other => format!("userinfo: {}", kind(&other)),
        })
    }

    fn looks_at(&self, answer: &CoreTokenResponse, nonce: impl NonceVerifier) -> Result<(), String> {
        let id_token = answer.id_token().ok_or("there is no id token")?;
        let verifier = self.client.id_token_verifier().set_time_fn(september);
        let claims = id_token.claims(&verifier, nonce).map_err(|error| format!("id token: {}", kind(&error)))?;
        let Some(expected) = claims.access_token_hash() else { return Ok(()) };
        let (algorithm, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&verifier).unwrap());
        let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, key).unwrap();
        if hash == *expected { Ok(()) } else { Err("at_hash is of another access token".to_owned()) }
    }
}

/// Returns the reason why the library rejects a token response.
fn untaken(error: RequestTokenError<io::Error, StandardErrorResponse<CoreErrorResponseType>>) -> String {
    match error {
        RequestTokenError::Parse(error, _) => format!("tokens: Parse at {}", error.path()),
        RequestTokenError::ServerResponse(error) => format!("tokens: ServerResponse {}", error.error().as_ref()),
        other => format!("tokens: {}", kind(&other)),
    }
}

/// Anna signs in by the library.
async fn signs_in(rig: &Rig) -> Result<(), String> {
    Visitor::finds(rig, Rp::default()).await?.signs_in().await.map(|_| ())
}

/// Anna signs in, and her tokens are renewed.
async fn renews(rig: &Rig) -> Result<(), String> {
    let visitor = Visitor::finds(rig, Rp::default()).await?;
    visitor.renews(&visitor.signs_in().await?).await
}

/// Anna signs in, and userinfo is asked.
async fn asks_about(rig: &Rig) -> Result<(), String> {
    let visitor = Visitor::finds(rig, Rp { scope: "openid email profile", ..Rp::default() }).await?;
    visitor.asks_about(&visitor.signs_in().await?).await
}

/// The names of an error's variants, outermost first.
fn kind(error: &impl Debug) -> String {
    let told = format!("{error:?}");
    let names = told.split(['"', '{', ')']).next().unwrap_or_default();
    names.trim().trim_end_matches('(').replace('(', ": ")
}

/// Returns the library's reaction to each fault of a family at a place when Анна signs in.
async fn table(family: &str, place: Place, more: &[Value], open: &[(&str, &str)]) -> String {
    let of_family =
        faults().filter(|entry| entry.id.starts_with(family) && entry.is_of("oidc") && entry.act.acts_at(place));
    let plain = of_family.map(|entry| json!({ "fault": entry.id }));
    tried(signs_in, plain.chain(more.iter().cloned()), open).await
}

/// Returns the library's reaction to faults, one per line. Every fault that it accepts has its reason in `open`, which
/// has no other entries.
async fn tried(
    attempt: impl AsyncFn(&Rig) -> Result<(), String>,
    wanted: impl Iterator<Item = Value>,
    open: &[(&str, &str)],
) -> String {
    let rig = Party::Oidc.rig().await;
    assert_eq!(attempt(&rig).await, Ok(()), "without a fault");
    let mut open: BTreeMap<_, _> = open.iter().copied().collect();
    let mut lines = Vec::new();
    for fault in wanted {
        set(&rig, fault.clone()).await;
        let said = attempt(&rig).await;
        let parameters = fault.get("parameters").map_or(String::new(), |parameters| format!(" {parameters}"));
        let name = format!("{}{parameters}", fault["fault"].as_str().unwrap());
        lines.push(if let Err(refusal) = said {
            format!("{name}: refused, {refusal}")
        } else {
            let why = open.remove(name.as_str()).unwrap_or_else(|| panic!("{name} is believed, and nobody says why"));
            format!("{name}: believed, {why}")
        });
        assert_eq!(rig.control().delete("/control/faults").await.status, 204);
        assert_eq!(attempt(&rig).await, Ok(()), "after {name}");
    }
    assert!(open.is_empty(), "refused, whatever is said: {open:?}");
    lines.join("\n")
}

#[tokio::test]
async fn headers_that_lie_are_refused() {
    let more = [
        json!({ "fault": "hdr.kid-hostile", "parameters": { "kid": "sql" } }),
        json!({ "fault": "hdr.kid-hostile", "parameters": { "kid": "long" } }),
    ];
    let open = [("hdr.kid-absent-one-key", "the one key that is published checks it")];
    insta::assert_snapshot!(table("hdr.", Place::Token, &more, &open).await, @r#"
    hdr.alg-none: refused, id token: SignatureVerification: NoSignature
    hdr.alg-none-mixed-case: refused, tokens: Parse at .
    hdr.hs256-with-public-key: refused, id token: SignatureVerification: DisallowedAlg
    hdr.hs256-empty-key: refused, id token: SignatureVerification: DisallowedAlg
    hdr.alg-unadvertised: refused, id token: SignatureVerification: DisallowedAlg
    hdr.kid-unknown: refused, id token: SignatureVerification: NoMatchingKey
    hdr.kid-absent-one-key: believed, the one key that is published checks it
    hdr.kid-absent-many-keys: refused, id token: SignatureVerification: AmbiguousKeyId
    hdr.kid-hostile: refused, id token: SignatureVerification: NoMatchingKey
    hdr.jwk-embedded: refused, id token: SignatureVerification: CryptoError
    hdr.jku-foreign: refused, id token: SignatureVerification: CryptoError
    hdr.crit-unknown: refused, id token: Unsupported
    hdr.kind-swapped: refused, id token: Unsupported
    hdr.base64-odd: refused, tokens: Parse at .
    hdr.kid-hostile {"kid":"sql"}: refused, id token: SignatureVerification: NoMatchingKey
    hdr.kid-hostile {"kid":"long"}: refused, id token: SignatureVerification: NoMatchingKey
    "#);
}

#[tokio::test]
async fn signatures_that_do_not_hold_are_refused() {
    let more = [json!({ "fault": "sig.parts", "parameters": { "parts": 5 } })];
    insta::assert_snapshot!(table("sig.", Place::Token, &more, &[]).await, @r#"
    sig.bit-flipped: refused, id token: SignatureVerification: CryptoError
    sig.payload-edited: refused, id token: SignatureVerification: CryptoError
    sig.stripped: refused, id token: SignatureVerification: CryptoError
    sig.stranger: refused, id token: SignatureVerification: CryptoError
    sig.parts: refused, tokens: Parse at .
    sig.parts {"parts":5}: refused, tokens: Parse at .
    "#);
}

#[tokio::test]
async fn claims_that_lie_are_refused_but_for_what_a_client_has_to_look_at_itself() {
    let more = [json!({ "fault": "claim.aud-array-foreign", "parameters": { "azp": "other" } })];
    let open = [
        ("claim.aud-array-own", "a list of one is right"),
        ("claim.exp-milliseconds", "a day far ahead is a day"),
        ("claim.iat-future", "iat is for set_issue_time_verifier_fn, which is the client's"),
        ("claim.nbf-future", "nbf is none of its claims: the client has to look"),
        ("claim.skew-small", "of all times exp alone is looked at"),
        ("claim.skew-large", "of all times exp alone is looked at"),
        ("claim.acr-lower", "acr is for set_auth_context_verifier_fn, which is the client's"),
        ("claim.auth-time-old", "auth_time is for set_auth_time_verifier_fn, which is the client's"),
        ("claim.bool-as-string", "this id token has no such claim"),
        ("claim.scope-narrowed", "it is of the access token, which is not looked into"),
    ];
    insta::assert_snapshot!(table("claim.", Place::Token, &more, &open).await, @r#"
    claim.iss-other: refused, id token: InvalidIssuer
    claim.iss-missing: refused, tokens: Parse at .
    claim.aud-other: refused, id token: InvalidAudience
    claim.aud-missing: refused, id token: InvalidAudience
    claim.aud-array-own: believed, a list of one is right
    claim.aud-array-foreign: refused, id token: InvalidAudience
    claim.exp-past: refused, id token: Expired
    claim.exp-missing: refused, tokens: Parse at .
    claim.exp-milliseconds: believed, a day far ahead is a day
    claim.exp-as-string: refused, tokens: Parse at .
    claim.iat-future: believed, iat is for set_issue_time_verifier_fn, which is the client's
    claim.nbf-future: believed, nbf is none of its claims: the client has to look
    claim.iat-missing: refused, tokens: Parse at .
    claim.skew-small: believed, of all times exp alone is looked at
    claim.skew-large: believed, of all times exp alone is looked at
    claim.sub-missing: refused, tokens: Parse at .
    claim.sub-type: refused, tokens: Parse at .
    claim.nonce-other: refused, id token: InvalidNonce
    claim.nonce-absent: refused, id token: InvalidNonce
    claim.nonce-unsupported-flag: refused, id token: InvalidNonce
    claim.at-hash-wrong: refused, at_hash is of another access token
    claim.acr-lower: believed, acr is for set_auth_context_verifier_fn, which is the client's
    claim.auth-time-old: believed, auth_time is for set_auth_time_verifier_fn, which is the client's
    claim.bool-as-string: believed, this id token has no such claim
    claim.scope-narrowed: believed, it is of the access token, which is not looked into
    claim.duplicate-key: refused, tokens: Parse at .
    claim.bomb: refused, tokens: Parse at .
    claim.aud-array-foreign {"azp":"other"}: refused, id token: InvalidAudience
    "#);
}

#[tokio::test]
async fn answers_without_a_token_are_refused() {
    let open = [
        ("te.slow", "connections are not played here"),
        ("te.reset-after-request", "connections are not played here"),
        ("te.no-refresh", "refresh_token is optional (RFC 6749 §5.1)"),
        ("te.no-expires-in", "expires_in is optional (RFC 6749 §5.1)"),
        ("te.token-type-case", "the case of a type says nothing (RFC 6749 §5.1)"),
        ("te.token-type-unknown", "other types are extensions: the client has to look"),
        ("te.refresh-other-person", "nothing is renewed here, see the test below"),
        ("te.refresh-other-issuer", "nothing is renewed here, see the test below"),
        ("te.refresh-revoked", "nothing is renewed here, see the test below"),
    ];
    insta::assert_snapshot!(table("te.", Place::Token, &[], &open).await, @r#"
    te.invalid-grant: refused, tokens: ServerResponse invalid_grant
    te.500: refused, tokens: Parse at .
    te.503-retry-after: refused, tokens: Parse at .
    te.html-200: refused, tokens: Other
    te.empty-200: refused, tokens: Other
    te.cut-json: refused, tokens: Parse at refresh_token
    te.slow: believed, connections are not played here
    te.reset-after-request: believed, connections are not played here
    te.no-id-token: refused, there is no id token
    te.no-refresh: believed, refresh_token is optional (RFC 6749 §5.1)
    te.no-expires-in: believed, expires_in is optional (RFC 6749 §5.1)
    te.token-type-case: believed, the case of a type says nothing (RFC 6749 §5.1)
    te.expires-in-string: refused, tokens: Parse at expires_in
    te.token-type-unknown: believed, other types are extensions: the client has to look
    te.redirect: refused, tokens: Other
    te.refresh-other-person: believed, nothing is renewed here, see the test below
    te.refresh-other-issuer: believed, nothing is renewed here, see the test below
    te.refresh-revoked: believed, nothing is renewed here, see the test below
    "#);
}

#[tokio::test]
async fn renewed_tokens_of_somebody_else_are_for_the_client_to_tell_apart() {
    let faults = ["te.refresh-other-person", "te.refresh-other-issuer", "te.refresh-revoked", "te.no-id-token"];
    let open =
        [("te.refresh-other-person", "sub is compared with the one before by nobody (OpenID Connect Core §12.2)")];
    let wanted = faults.into_iter().map(|fault| json!({ "fault": fault }));
    insta::assert_snapshot!(tried(renews, wanted, &open).await, @r"
    te.refresh-other-person: believed, sub is compared with the one before by nobody (OpenID Connect Core §12.2)
    te.refresh-other-issuer: refused, id token: InvalidIssuer
    te.refresh-revoked: refused, tokens: ServerResponse invalid_grant
    te.no-id-token: refused, there is no id token
    ");
}

#[tokio::test]
async fn what_userinfo_says_in_another_form_is_refused() {
    // Faults of the connection have no effect in this test.
    let acting = faults().filter(|entry| !entry.id.starts_with("net.") && entry.act.acts_at(Place::Resource));
    let acting = acting.filter(|entry| entry.is_of("oidc"));
    let wanted = acting.map(|entry| json!({ "fault": entry.id }));
    let open = [
        ("keys.no-overlap", "userinfo is not signed here"),
        ("claim.contact-unverified", "email_verified is false, and that is for the client to see"),
        ("rs.fields-missing", "every claim but sub is optional (OpenID Connect Core §5.3.2)"),
        ("rs.person-changed", "sub is the same"),
        ("rs.slow", "connections are not played here"),
    ];
    insta::assert_snapshot!(tried(asks_about, wanted, &open).await, @r"
    claim.bool-as-string: refused, userinfo: Parse at .
    claim.contact-unverified: believed, email_verified is false, and that is for the client to see
    keys.no-overlap: believed, userinfo is not signed here
    rs.401-expired: refused, userinfo: Response 401
    rs.403-scope: refused, userinfo: Response 403
    rs.sub-other: refused, userinfo: ClaimsVerification: InvalidSubject
    rs.500-after-token: refused, userinfo: Response 500
    rs.slow: believed, connections are not played here
    rs.fields-missing: believed, every claim but sub is optional (OpenID Connect Core §5.3.2)
    rs.person-changed: believed, sub is the same
    rs.consent-withdrawn: refused, userinfo: Response 401
    ");
}

#[tokio::test]
async fn keys_that_check_nothing_are_refused() {
    let open = [
        ("keys.rotated-after-login", "the key that signs is published too"),
        ("keys.rotated-before-signing", "the key that signs is published too"),
        ("keys.no-overlap", "the key that signs is published"),
        ("keys.published-not-used", "the key that signs is published too"),
        ("keys.slow", "connections are not played here"),
        ("keys.huge", "a document of any length is read"),
        ("keys.jwk-without-alg", "alg of a key is optional (RFC 7517 §4.4)"),
    ];
    insta::assert_snapshot!(table("keys.", Place::Keys, &[], &open).await, @r#"
    keys.rotated-after-login: believed, the key that signs is published too
    keys.rotated-before-signing: believed, the key that signs is published too
    keys.no-overlap: believed, the key that signs is published
    keys.published-not-used: believed, the key that signs is published too
    keys.withdrawn: refused, id token: SignatureVerification: NoMatchingKey
    keys.fetch-500-cold: refused, discovery: Response 500
    keys.fetch-500-warm: refused, discovery: Response 500
    keys.empty-set: refused, id token: SignatureVerification: NoMatchingKey
    keys.slow: believed, connections are not played here
    keys.huge: believed, a document of any length is read
    keys.jwk-without-alg: believed, alg of a key is optional (RFC 7517 §4.4)
    keys.jwk-use-enc: refused, id token: SignatureVerification: NoMatchingKey
    "#);
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_refused() {
    let open = [("disc.moved", "the addresses that are named are asked")];
    insta::assert_snapshot!(table("disc.", Place::Discovery, &[], &open).await, @r#"
    disc.issuer-other: refused, discovery: Validation
    disc.token-endpoint-foreign: refused, tokens: Request: Custom
    disc.moved: believed, the addresses that are named are asked
    disc.junk: refused, discovery: Response 200
    "#);
}
