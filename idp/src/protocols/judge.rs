//! Checks of one request of a client, recorded in the verdict, with the parts of the world's state that they need. Both
//! protocols share them; what differs is in [`Protocol`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::{
    ErrorCode, Mnemonic,
    language::{Told, both},
    visible,
};
use web::{Checks, InWorld};
use worlds::{Check, mistakes::named, store::StoreError};

use super::{ParamError, Params};
use crate::{
    clients::{Client, Strictness},
    grants::strictness,
    signing::KeyRing,
    slips::unknown::misspelt,
    state::Gosuslugi,
};

/// Name and source of a rule.
pub(crate) type Rule = (&'static str, &'static str);

/// Parameters and errors of a protocol's requests.
pub(crate) trait Protocol {
    /// Error that a request is refused with.
    type Error: ErrorCode + Clone;

    /// Source of the rule that a parameter may occur once.
    const PARAMETERS: &'static str;
    /// Source of the rule that a provider may be under maintenance.
    const MAINTENANCE: &'static str;

    /// Parameters that the endpoint of this request knows; `name` is one of them.
    fn known(params: &Params, name: &str) -> &'static [&'static str];
    /// Names the mistake of a request that belongs to the other protocol, if it does.
    fn elsewhere(params: &Params) -> Option<String>;

    /// Error for a required parameter that is missing or empty.
    fn missing(name: &str) -> Self::Error;
    /// Error for a repeated parameter.
    fn repeated(name: &str) -> Self::Error;
    /// Error for a body that is not a form.
    fn unreadable() -> Self::Error;
    /// Error during maintenance.
    fn closed() -> Self::Error;
}

/// One request of a client, with everything that its checks need.
pub(crate) struct Judge<'w, P> {
    pub(super) world: &'w InWorld<Gosuslugi>,
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    /// Registered client that `client_id` names.
    pub(super) client: Option<Arc<Client>>,
    /// Registered mnemonic that an unknown `client_id` resembles.
    pub(super) near: Option<String>,
    /// Whether mistakes of this client are refused or tolerated.
    pub(super) strictness: Strictness,
    is_closed: bool,
    pub(super) keys: Arc<KeyRing>,
    /// State of the checks that only one protocol needs.
    pub(super) protocol: P,
}

impl<'w, P: Protocol> Judge<'w, P> {
    /// Reads from the world what the checks need. `protocol` reads what only its protocol needs, given the `client_id`.
    pub(super) async fn of_request(
        world: &'w InWorld<Gosuslugi>,
        checks: Checks,
        params: Params,
        protocol: impl FnOnce(&Gosuslugi, Option<&Mnemonic>, DateTime<Utc>) -> P + Send,
    ) -> Result<Self, StoreError>
    where
        P: Send,
    {
        let id = params.one("client_id").unwrap_or_default().to_owned();
        let mnemonic = id.parse::<Mnemonic>().ok();
        if !id.is_empty() {
            checks.of_client(id.chars().take(64).collect::<String>());
        }
        let look = |state: &Gosuslugi, now| {
            let client = mnemonic.as_ref().and_then(|mnemonic| state.clients.shared(mnemonic));
            // All clients are compared, so this happens only for a `client_id` that is present and unknown.
            let is_unknown = client.is_none() && !id.is_empty();
            let near = is_unknown.then(|| nearest(state, &id).or_else(|| state.clients.near(&id))).flatten();
            Self {
                world,
                checks,
                params,
                now,
                strictness: strictness(state, client.as_deref()),
                client,
                near,
                is_closed: state.portal.settings.maintenance,
                keys: Arc::clone(&state.keys),
                protocol: protocol(state, mnemonic.as_ref(), now),
            }
        };
        world.world.read(look).await
    }

    /// Records a check that must pass even where mistakes are tolerated: [`Checks::require`].
    pub(super) fn require(&self, check: Check, error: P::Error) -> Result<(), P::Error> {
        self.checks.require(check, error)
    }

    /// Records a mistake that is tolerated although no document allows it.
    pub(super) fn tolerate(
        &self,
        rule: Rule,
        expected: impl Into<Told>,
        got: impl Into<Told>,
        mistakes: impl IntoIterator<Item = String>,
    ) {
        self.checks.tolerate(rule, expected, got, mistakes);
    }

    /// Names the mistake of a request that belongs to the other protocol, if it does.
    pub(super) fn elsewhere(&self) -> Option<String> {
        P::elsewhere(&self.params)
    }

    /// Returns an optional parameter; an empty one is `None`.
    ///
    /// # Errors
    /// Fails if the parameter is repeated.
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, P::Error> {
        match self.params.one(name) {
            Ok(value) => Ok(Some(value)),
            Err(ParamError::Missing) => Ok(None),
            Err(ParamError::Repeated) => {
                let (expected, got) = (
                    both!("{name}: не больше одного раза", "{name}: at most once"),
                    both!("{name}: несколько раз", "{name}: several times"),
                );
                let found = Check::failed(("parameters", P::PARAMETERS), expected, got);
                let mistake = if self.params.is_same(name) { "parameter-doubled" } else { "parameter-repeated" };
                Err(self.checks.refuse(found.mistakes([named(mistake, name)]), P::repeated(name)))
            }
        }
    }

    /// Returns a required parameter; records a check only if the parameter is missing, empty or repeated.
    pub(super) fn required(&self, name: &str, source: &'static str) -> Result<&str, P::Error> {
        self.optional(name)?.ok_or_else(|| {
            let (expected, got) = (
                both!("{name}: ровно один раз", "{name}: exactly once"),
                both!("{name}: нет или пуст", "{name}: missing or empty"),
            );
            let found = Check::failed(("parameters", source), expected, got).mistakes(self.lacking(name));
            self.checks.refuse(found, P::missing(name))
        })
    }

    /// Names the mistakes behind a parameter without a value, such as a misspelt name.
    pub(super) fn lacking(&self, name: &str) -> Vec<String> {
        let id = if self.params.has(name) { "parameter-empty" } else { "parameter-missing" };
        let meant = format!("->{name}");
        let misspelt = misspelt(self.params.names(), P::known(&self.params, name)).into_iter();
        let misspelt = misspelt.filter(|one| one.ends_with(&meant));
        std::iter::once(named(id, name)).chain(misspelt).chain(self.elsewhere()).collect()
    }

    /// Checks that the parameters can be read.
    pub(super) fn form(&self, source: &'static str) -> Result<(), P::Error> {
        let unreadable = self.params.unreadable();
        let got = unreadable.map_or_else(|| both!("читается", "it can be read"), |unreadable| unreadable.got.clone());
        let expected = both!("application/x-www-form-urlencoded в UTF-8", "application/x-www-form-urlencoded in UTF-8");
        let found = Check::of(("form", source), expected, got, unreadable.is_none());
        self.require(found.mistakes(unreadable.map(|unreadable| unreadable.mistake.as_str())), P::unreadable())
    }

    /// Checks that the provider is not under maintenance, which is a setting of the world.
    pub(super) fn open(&self) -> Result<(), P::Error> {
        if !self.is_closed {
            return Ok(());
        }
        let (expected, got) = (
            both!("поставщик работает", "the provider works"),
            both!(
                "в этом мире идут работы: settings.maintenance",
                "there is maintenance in this world: settings.maintenance"
            ),
        );
        self.require(Check::failed(("maintenance", P::MAINTENANCE), expected, got), P::closed())
    }
}

/// Returns the registered mnemonic that equals a text except for invisible characters, letters of another alphabet and
/// case.
fn nearest(state: &Gosuslugi, id: &str) -> Option<String> {
    let meant = visible::plain(id);
    let names = state.clients.iter().map(|client| client.spec.mnemonic.to_string());
    let names: Vec<_> = names.filter(|name| visible::plain(name).eq_ignore_ascii_case(&meant)).collect();
    names.iter().find(|name| name.eq_ignore_ascii_case(&meant)).or(names.first()).cloned()
}
