//! Checks of a request in OpenID Connect, each recorded for the journal as in ЕСИА's own protocol (Design, Two voices).

use std::sync::Arc;

use esia::Mnemonic;
use esia::language::both;
use web::{Checks, InWorld};
use worlds::{mistakes::named, store::StoreError};

use super::error::OidcError;
use crate::{
    clients::{Client, OidcSpec, Strictness},
    grants::strictness,
    protocols::{Params, judge::Protocol},
    slips::unknown::misspelt,
    state::Gosuslugi,
};

/// Parameters of the authorization endpoint: those of OpenID Connect Core §3.1.2.1, §5, §6 and of PKCE.
pub(super) const AUTHORIZE: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "response_mode",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "display",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "request",
    "request_uri",
    "registration",
    "client_secret",
    "resource",
    "audience",
];
/// Parameters of the token, introspection and revocation endpoints.
pub(super) const TOKEN: &[&str] = &[
    "client_id",
    "client_secret",
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "token",
    "token_type_hint",
    "client_assertion",
    "client_assertion_type",
    "resource",
    "audience",
    "state",
];
/// Parameters that only requests of ЕСИА's own protocol have.
const ESIA: [&str; 6] =
    ["timestamp", "client_certificate_hash", "access_type", "scope_org", "permissions", "person_filter"];

/// OpenID Connect, whose checks need no state beyond what both protocols share.
pub(super) struct Oidc;

pub(super) use crate::protocols::judge::Rule;

/// One request of a client in OpenID Connect.
pub(super) type Judge<'w> = crate::protocols::judge::Judge<'w, Oidc>;

impl Protocol for Oidc {
    type Error = OidcError;

    const PARAMETERS: &'static str = "RFC 6749 §3.1";
    const MAINTENANCE: &'static str = "RFC 6749 §4.1.2.1";

    fn known(params: &Params, name: &str) -> &'static [&'static str] {
        if params.has("response_type") || name == "response_type" { AUTHORIZE } else { TOKEN }
    }

    fn elsewhere(params: &Params) -> Option<String> {
        let is_theirs = params.has("timestamp") || params.has("client_certificate_hash");
        let path = match (params.has("grant_type"), params.has("client_certificate_hash")) {
            (true, true) => "/aas/oauth2/v3/te",
            (true, false) => "/aas/oauth2/te",
            (false, true) => "/aas/oauth2/v2/ac",
            (false, false) => "/aas/oauth2/ac",
        };
        is_theirs.then(|| named("request-of-esia", path))
    }

    fn missing(name: &str) -> OidcError {
        OidcError::invalid_request(format!("parameter {name} is missing"))
    }

    fn repeated(name: &str) -> OidcError {
        OidcError::invalid_request(format!("parameter {name} is repeated"))
    }

    fn unreadable() -> OidcError {
        OidcError::invalid_request("the body must be application/x-www-form-urlencoded")
    }

    fn closed() -> OidcError {
        OidcError::new("temporarily_unavailable", "maintenance: a setting of this world")
    }
}

/// Registered client with its registration for OpenID Connect.
#[derive(Debug, Clone)]
pub(super) struct Registered {
    pub(super) client: Arc<Client>,
    pub(super) oidc: OidcSpec,
    /// Whether mistakes of this client are refused or tolerated.
    pub(super) strictness: Strictness,
}

impl Registered {
    /// Returns the client's `client_id`.
    pub(super) fn id(&self) -> &Mnemonic {
        &self.client.spec.mnemonic
    }
}

impl<'w> Judge<'w> {
    /// Reads from the world what the checks of a request need. Client authentication reads `Authorization: Basic`
    /// separately.
    pub(super) async fn of(world: &'w InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Self, StoreError> {
        Self::of_request(world, checks, params.without_basic(), |_, _, _| Oidc).await
    }

    /// Returns the issuer: the world's URL as the client has called it.
    pub(super) fn issuer(&self) -> String {
        self.world.world_url.url("")
    }

    /// Records tolerated mistakes in the form of the parameters, and parameters that belong elsewhere.
    pub(super) fn note_manners(&self, known: &[&str]) {
        self.tolerate(
            ("form", "RFC 6749 §3.2"),
            both!("форма в UTF-8", "a form in UTF-8"),
            both!("иначе", "otherwise"),
            self.params.tolerated().iter().cloned(),
        );
        let unknown = misspelt(self.params.names(), known);
        self.tolerate(
            ("parameters", "RFC 6749 §3.1"),
            both!("известные параметры", "known parameters"),
            both!("похожие на известные", "like known ones"),
            unknown,
        );
        let foreign = ESIA.iter().filter(|name| self.params.has(name)).map(|name| named("parameter-of-esia", name));
        self.tolerate(
            ("parameters", "RFC 6749 §3.1"),
            both!("параметры OpenID Connect", "parameters of OpenID Connect"),
            both!("параметры ЕСИА", "parameters of ESIA"),
            foreign,
        );
    }
}

/// Returns a client by its `client_id`.
pub(super) async fn registered(world: &InWorld<Gosuslugi>, id: &str) -> Result<Option<Registered>, StoreError> {
    let Ok(mnemonic) = id.parse::<Mnemonic>() else { return Ok(None) };
    let look = |state: &Gosuslugi, _| {
        let client = state.clients.shared(&mnemonic)?;
        let strictness = strictness(state, Some(&client));
        Some(Registered { oidc: client.oidc().into_owned(), client, strictness })
    };
    world.world.read(look).await
}
