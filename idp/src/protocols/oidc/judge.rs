//! Checks of a request, noted one by one for the journal, as the other protocol does it (Design, Two voices).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::Mnemonic;
use web::{Checks, InWorld, WorldUrl};
use worlds::{Check, mistakes::named, store::StoreError};

use super::error::OidcError;
use crate::{
    clients::{Client, OidcSpec, Strictness},
    grants::strictness,
    protocols::{ParamError, Params},
    signing::KeyRing,
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
/// What ЕСИА's own requests have and none of this protocol.
const ESIA: [&str; 6] =
    ["timestamp", "client_certificate_hash", "access_type", "scope_org", "permissions", "person_filter"];

/// A rule's name and source.
pub(super) type Rule = (&'static str, &'static str);

/// One request before its judge.
pub(super) struct Judge {
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    pub(super) world_url: WorldUrl,
    /// The system that an unknown `client_id` looks like.
    pub(super) near: Option<String>,
    is_maintained: bool,
    pub(super) keys: Arc<KeyRing>,
}

/// A system with what it has registered for OpenID Connect.
#[derive(Debug, Clone)]
pub(super) struct Registered {
    pub(super) client: Arc<Client>,
    pub(super) oidc: OidcSpec,
    /// Whether what is refused otherwise is let through.
    pub(super) strictness: Strictness,
}

impl Registered {
    /// The parameter `client_id`.
    pub(super) fn id(&self) -> &Mnemonic {
        &self.client.spec.mnemonic
    }
}

impl Judge {
    pub(super) async fn of(world: &InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Self, StoreError> {
        let params = params.without_basic();
        let id = params.one("client_id").unwrap_or_default();
        if !id.is_empty() {
            checks.of_client(id.chars().take(64).collect::<String>());
        }
        let look = |state: &Gosuslugi, now| {
            let is_known = id.parse::<Mnemonic>().is_ok_and(|id| state.clients.get(&id).is_some());
            let near = (!is_known).then(|| state.clients.near(id)).flatten();
            (now, state.portal.settings.maintenance, near, Arc::clone(&state.keys))
        };
        let (now, is_maintained, near, keys) = world.world.read(look).await?;
        Ok(Self { checks, params, now, world_url: world.world_url.clone(), near, is_maintained, keys })
    }

    /// The issuer: the world's URL as it was asked.
    pub(super) fn issuer(&self) -> String {
        self.world_url.url("")
    }

    /// A rule that holds in lenient worlds too.
    pub(super) fn must(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        error: OidcError,
    ) -> Result<(), OidcError> {
        self.must_for(rule, expected, (got, right), (error, Vec::new()))
    }

    /// The same with the names of the mistakes that explain it.
    pub(super) fn must_for(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        (error, mistakes): (OidcError, Vec<String>),
    ) -> Result<(), OidcError> {
        self.checks.require(Check::of(rule, expected, got, right).mistakes(mistakes), error)
    }

    /// Notes what is passed over although no document has it.
    pub(super) fn tolerate(&self, rule: Rule, expected: &str, got: &str, mistakes: impl IntoIterator<Item = String>) {
        self.checks.tolerate(rule, expected, got, mistakes);
    }

    /// How the parameters came, and which of them belong elsewhere: what of it is passed over.
    pub(super) fn note_manners(&self, known: &[&str]) {
        self.tolerate(("form", "RFC 6749 §3.2"), "форма в UTF-8", "иначе", self.params.tolerated().iter().cloned());
        let unknown = misspelt(self.params.names(), known);
        self.tolerate(("parameters", "RFC 6749 §3.1"), "известные параметры", "похожие на известные", unknown);
        let foreign = ESIA.iter().filter(|name| self.params.has(name)).map(|name| named("parameter-of-esia", name));
        self.tolerate(("parameters", "RFC 6749 §3.1"), "параметры OpenID Connect", "параметры ЕСИА", foreign);
    }

    /// Says of a request with what only ЕСИА's own have that its place is elsewhere.
    pub(super) fn of_esia(&self) -> Option<String> {
        let is_theirs = self.params.has("timestamp") || self.params.has("client_certificate_hash");
        let path = match (self.params.has("grant_type"), self.params.has("client_certificate_hash")) {
            (true, true) => "/aas/oauth2/v3/te",
            (true, false) => "/aas/oauth2/te",
            (false, true) => "/aas/oauth2/v2/ac",
            (false, false) => "/aas/oauth2/ac",
        };
        is_theirs.then(|| named("request-of-esia", path))
    }

    /// The provider is not under maintenance: a setting of the world.
    pub(super) fn open(&self) -> Result<(), OidcError> {
        if !self.is_maintained {
            return Ok(());
        }
        let error = OidcError::new("temporarily_unavailable", "maintenance: a setting of this world");
        self.must(("maintenance", "RFC 6749 §4.1.2.1"), "поставщик работает", ("технические работы", false), error)
    }

    /// A rule that may be broken where things are lenient.
    pub(super) fn should(
        &self,
        (rule, strictness): (Rule, Strictness),
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        (error, mistakes): (OidcError, Vec<String>),
    ) -> Result<(), OidcError> {
        self.checks.prefer(Check::of(rule, expected, got, right).mistakes(mistakes), strictness, error)
    }

    /// A parameter that may be left out but not repeated (RFC 6749 §3.1).
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, OidcError> {
        match self.params.one(name) {
            Ok(value) => Ok(Some(value)),
            Err(ParamError::Missing) => Ok(None),
            Err(ParamError::Repeated) => {
                let (expected, got) = (format!("{name}: не больше одного раза"), format!("{name}: несколько раз"));
                let error = OidcError::invalid_request(format!("parameter {name} is repeated"));
                let mistakes = vec![named("parameter-repeated", name)];
                self.must_for(("parameters", "RFC 6749 §3.1"), expected, (got, false), (error, mistakes)).map(|()| None)
            }
        }
    }

    /// A mandatory parameter; noted only when something is wrong with it.
    pub(super) fn required(&self, name: &str, source: &'static str) -> Result<&str, OidcError> {
        self.optional(name)?.ok_or_else(|| {
            let (expected, got) = (format!("{name}: ровно один раз"), format!("{name}: нет или пуст"));
            let error = OidcError::invalid_request(format!("parameter {name} is missing"));
            let mistakes = self.lacking(name);
            self.must_for(("parameters", source), expected, (got, false), (error.clone(), mistakes))
                .err()
                .unwrap_or(error)
        })
    }

    /// Names of what is wrong where a parameter has no value.
    fn lacking(&self, name: &str) -> Vec<String> {
        let id = if self.params.has(name) { "parameter-empty" } else { "parameter-missing" };
        let known = if self.params.has("response_type") || name == "response_type" { AUTHORIZE } else { TOKEN };
        let meant = format!("->{name}");
        let misspelt = misspelt(self.params.names(), known).into_iter().filter(|one| one.ends_with(&meant));
        std::iter::once(named(id, name)).chain(misspelt).chain(self.of_esia()).collect()
    }

    /// The body can be read.
    pub(super) fn form(&self, source: &'static str) -> Result<(), OidcError> {
        let form = "application/x-www-form-urlencoded";
        let unreadable = self.params.unreadable();
        let got = unreadable.map_or("читается", |unreadable| unreadable.got.as_str());
        let error = OidcError::invalid_request(format!("the body must be {form}"));
        let mistakes = unreadable.map(|unreadable| unreadable.mistake.clone()).into_iter().collect();
        self.must_for(("form", source), form, (got, unreadable.is_none()), (error, mistakes))
    }
}

/// A system by `client_id`.
pub(super) async fn registered(world: &InWorld<Gosuslugi>, id: &str) -> Result<Option<Registered>, StoreError> {
    let Ok(mnemonic) = id.parse::<Mnemonic>() else { return Ok(None) };
    let look = |state: &Gosuslugi, _| {
        let client = state.clients.shared(&mnemonic)?;
        let strictness = strictness(state, Some(&client));
        Some(Registered { oidc: client.oidc().into_owned(), client, strictness })
    };
    world.world.read(look).await
}
