//! One request of a client before its judge: what the world knows of it, its parameters, and the checks that its verdict is made
//! of. The protocols share it; what differs is a [`Protocol`].

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

/// A rule's name and source.
pub(crate) type Rule = (&'static str, &'static str);

/// What a protocol says of the parameters of its requests.
pub(crate) trait Protocol {
    /// What a request is refused with.
    type Error: ErrorCode + Clone;

    /// Where it stands how often a parameter may come.
    const PARAMETERS: &'static str;
    /// Where it stands that a provider may be closed for a while.
    const MAINTENANCE: &'static str;

    /// The parameters that the endpoint of a request knows, where `name` is one of them.
    fn known(params: &Params, name: &str) -> &'static [&'static str];
    /// The mistake of a request that belongs to the other protocol.
    fn elsewhere(params: &Params) -> Option<String>;

    /// A mandatory parameter is not there, or empty.
    fn missing(name: &str) -> Self::Error;
    /// A parameter is there more than once.
    fn repeated(name: &str) -> Self::Error;
    /// The body is no form.
    fn unreadable() -> Self::Error;
    /// The provider is under maintenance.
    fn closed() -> Self::Error;
}

/// One request of a client before its judge.
pub(crate) struct Judge<'w, P> {
    pub(super) world: &'w InWorld<Gosuslugi>,
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    /// The client that `client_id` names.
    pub(super) client: Option<Arc<Client>>,
    /// The client that an unknown `client_id` looks like.
    pub(super) near: Option<String>,
    /// Whether what is refused otherwise is let through for that client.
    pub(super) strictness: Strictness,
    is_closed: bool,
    pub(super) keys: Arc<KeyRing>,
    /// What the protocol knows besides.
    pub(super) protocol: P,
}

impl<'w, P: Protocol> Judge<'w, P> {
    /// Looks up what the world has to say of the request. `protocol` reads what only its protocol needs, of a client by its id.
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
            // Looked for among all clients, so only where something was written.
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

    /// Records what must hold even where mistakes are let through: [`Checks::require`].
    pub(super) fn require(&self, check: Check, error: P::Error) -> Result<(), P::Error> {
        self.checks.require(check, error)
    }

    /// Notes what is passed over although no document has it.
    pub(super) fn tolerate(
        &self,
        rule: Rule,
        expected: impl Into<Told>,
        got: impl Into<Told>,
        mistakes: impl IntoIterator<Item = String>,
    ) {
        self.checks.tolerate(rule, expected, got, mistakes);
    }

    /// The mistake of a request that belongs to the other protocol.
    pub(super) fn elsewhere(&self) -> Option<String> {
        P::elsewhere(&self.params)
    }

    /// A parameter that may be left out, or be empty, but not be there twice.
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

    /// A mandatory parameter; noted only when something is wrong with it.
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

    /// Names of what is wrong where a parameter has no value.
    pub(super) fn lacking(&self, name: &str) -> Vec<String> {
        let id = if self.params.has(name) { "parameter-empty" } else { "parameter-missing" };
        let meant = format!("->{name}");
        let misspelt = misspelt(self.params.names(), P::known(&self.params, name)).into_iter();
        let misspelt = misspelt.filter(|one| one.ends_with(&meant));
        std::iter::once(named(id, name)).chain(misspelt).chain(self.elsewhere()).collect()
    }

    /// The body can be read.
    pub(super) fn form(&self, source: &'static str) -> Result<(), P::Error> {
        let unreadable = self.params.unreadable();
        let got = unreadable.map_or_else(|| both!("читается", "it can be read"), |unreadable| unreadable.got.clone());
        let expected = both!("application/x-www-form-urlencoded в UTF-8", "application/x-www-form-urlencoded in UTF-8");
        let found = Check::of(("form", source), expected, got, unreadable.is_none());
        self.require(found.mistakes(unreadable.map(|unreadable| unreadable.mistake.as_str())), P::unreadable())
    }

    /// The provider is not under maintenance: a setting of the world.
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

/// The client that a text means when what does not print, look-alikes of another alphabet and case are passed over.
fn nearest(state: &Gosuslugi, id: &str) -> Option<String> {
    let meant = visible::plain(id);
    let names = state.clients.iter().map(|client| client.spec.mnemonic.to_string());
    let names: Vec<_> = names.filter(|name| visible::plain(name).eq_ignore_ascii_case(&meant)).collect();
    names.iter().find(|name| name.eq_ignore_ascii_case(&meant)).or(names.first()).cloned()
}
