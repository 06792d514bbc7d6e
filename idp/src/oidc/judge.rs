//! Checks of a request, noted one by one for the journal, as the other door does it (DESIGN.md, *Two voices*).

use chrono::{DateTime, Utc};
use esia::Mnemonic;
use web::{Checks, InWorld, Place};
use worlds::{Outcome, store::StoreError};

use super::error::OidcError;
use crate::{
    clients::{Client, OidcSpec, Strictness},
    oauth::{ParamError, Params},
    state::Gosuslugi,
};

/// A rule's name and source.
pub(super) type Rule = (&'static str, &'static str);

/// One request before its judge.
pub(super) struct Judge {
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    pub(super) place: Place,
    is_maintained: bool,
}

/// A system with what it has registered for this door.
#[derive(Debug, Clone)]
pub(super) struct Registered {
    pub(super) client: std::sync::Arc<Client>,
    pub(super) oidc: OidcSpec,
    /// What a strict door refuses is let through.
    pub(super) is_lenient: bool,
}

impl Registered {
    /// `client_id`.
    pub(super) fn id(&self) -> &Mnemonic {
        &self.client.spec.mnemonic
    }
}

impl Judge {
    pub(super) async fn of(world: &InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Self, StoreError> {
        let (now, is_maintained) = world.world.read(|state, now| (now, state.settings.maintenance)).await?;
        let params = params.without_basic();
        Ok(Self { checks, params, now, place: world.place.clone(), is_maintained })
    }

    /// The issuer: the world's URL as it was asked.
    pub(super) fn issuer(&self) -> String {
        self.place.url("")
    }

    /// A rule that holds in lenient worlds too.
    pub(super) fn must(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        error: OidcError,
    ) -> Result<(), OidcError> {
        if self.checks.expect(rule, expected, got, right) { Ok(()) } else { Err(error) }
    }

    /// The door is open: a setting of the world.
    pub(super) fn open(&self) -> Result<(), OidcError> {
        if !self.is_maintained {
            return Ok(());
        }
        let error = OidcError::new("temporarily_unavailable", "maintenance: a setting of this world");
        self.must(("maintenance", "RFC 6749 §4.1.2.1"), "дверь открыта", ("технические работы", false), error)
    }

    /// A rule that may be broken where things are lenient.
    pub(super) fn should(
        &self,
        (rule, is_lenient): (Rule, bool),
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        error: OidcError,
    ) -> Result<(), OidcError> {
        if right || !is_lenient {
            return self.must(rule, expected, (got, right), error);
        }
        self.checks.note(rule, expected, got, Outcome::Tolerated);
        Ok(())
    }

    /// A parameter that may be left out but not repeated (RFC 6749 §3.1).
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, OidcError> {
        match self.params.one(name) {
            Ok(value) => Ok(Some(value)),
            Err(ParamError::Missing) => Ok(None),
            Err(ParamError::Repeated) => {
                let (expected, got) = (format!("{name}: не больше одного раза"), format!("{name}: несколько раз"));
                self.checks.note(("parameters", "RFC 6749 §3.1"), expected, got, Outcome::Failed);
                Err(OidcError::invalid_request(format!("parameter {name} is repeated")))
            }
        }
    }

    /// A mandatory parameter; noted only when something is wrong with it.
    pub(super) fn required(&self, name: &str, source: &'static str) -> Result<&str, OidcError> {
        self.optional(name)?.ok_or_else(|| {
            let (expected, got) = (format!("{name}: ровно один раз"), format!("{name}: нет или пуст"));
            self.checks.note(("parameters", source), expected, got, Outcome::Failed);
            OidcError::invalid_request(format!("parameter {name} is missing"))
        })
    }

    /// The body can be read.
    pub(super) fn form(&self, source: &'static str) -> Result<(), OidcError> {
        let form = "application/x-www-form-urlencoded";
        let readable = self.params.unreadable().is_none();
        let got = self.params.unreadable().unwrap_or("читается");
        self.must(
            ("form", source),
            form,
            (got, readable),
            OidcError::invalid_request(format!("the body must be {form}")),
        )
    }
}

/// A system by `client_id`.
pub(super) async fn registered(world: &InWorld<Gosuslugi>, id: &str) -> Result<Option<Registered>, StoreError> {
    let Ok(mnemonic) = id.parse::<Mnemonic>() else { return Ok(None) };
    let look = |state: &Gosuslugi, _| (state.clients.shared(&mnemonic), state.settings.lenient);
    let (client, is_lenient) = world.world.read(look).await?;
    Ok(client.map(|client| {
        let is_lenient = client.spec.esia.strictness.map_or(is_lenient, |own| own == Strictness::Lenient);
        Registered { oidc: client.oidc().into_owned(), client, is_lenient }
    }))
}
