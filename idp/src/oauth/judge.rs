//! What both doors check of a system's request, noted check by check for the journal (DESIGN.md, *Two voices*).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{EsiaError, Mnemonic, timestamp, visible};
use web::{Checks, InWorld};
use worlds::{mistakes::named, store::StoreError};

use super::{
    params::{ParamError, Params},
    verdict::{Found, Rule},
};
use crate::{
    clients::{Client, Strictness},
    state::Gosuslugi,
};

/// The version of the protocol that an address speaks (§1.1, §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// `/aas/oauth2/ac`, `/aas/oauth2/te`: CMS, the first order.
    First,
    /// `/aas/oauth2/v2/ac`, `/aas/oauth2/v2/te`, `/aas/oauth2/v3/te`: a bare signature, the second order.
    Second,
}

/// One request of a system before its judge.
pub(super) struct Judge<'w> {
    pub(super) world: &'w InWorld<Gosuslugi>,
    pub(super) version: Version,
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    client: Option<Arc<Client>>,
    /// The system that was meant by a `client_id` that names none.
    near: Option<String>,
    window: TimeDelta,
    is_lenient: bool,
    is_closed: bool,
}

impl<'w> Judge<'w> {
    /// Looks up what the world has to say of the request.
    pub(super) async fn of(
        world: &'w InWorld<Gosuslugi>,
        version: Version,
        checks: Checks,
        params: Params,
    ) -> Result<Self, StoreError> {
        let mnemonic = params.one("client_id").ok().and_then(|id| id.parse::<Mnemonic>().ok());
        let look = |state: &Gosuslugi, now| {
            let client = mnemonic.as_ref().and_then(|mnemonic| state.clients.shared(mnemonic));
            let window = TimeDelta::seconds(i64::from(state.settings.timestamp_window_s));
            let strictness = client.as_ref().and_then(|client| client.spec.esia.strictness);
            let is_lenient = strictness.map_or(state.settings.lenient, |strictness| strictness == Strictness::Lenient);
            let near =
                client.is_none().then(|| params.one("client_id").ok().and_then(|id| nearest(state, id))).flatten();
            (now, (client, near), window, (is_lenient, state.settings.maintenance))
        };
        let (now, (client, near), window, (is_lenient, is_closed)) = world.world.read(look).await?;
        Ok(Self { world, version, checks, params, now, client, near, window, is_lenient, is_closed })
    }

    /// Writes down what must hold even where mistakes are let through.
    pub(super) fn must_hold(&self, found: Found, error: EsiaError) -> Result<(), EsiaError> {
        found.settle(&self.checks, false, error)
    }

    /// Writes down what a lenient world lets break.
    pub(super) fn should_hold(&self, found: Found, error: EsiaError) -> Result<(), EsiaError> {
        found.settle(&self.checks, self.is_lenient, error)
    }

    /// A rule that holds in lenient worlds too.
    pub(super) fn must(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        got: (impl Into<String>, bool),
        error: EsiaError,
    ) -> Result<(), EsiaError> {
        self.must_hold(Found::new(rule, expected, got), error)
    }

    /// A rule that a lenient world lets break.
    pub(super) fn should(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        got: (impl Into<String>, bool),
        error: EsiaError,
    ) -> Result<(), EsiaError> {
        self.should_hold(Found::new(rule, expected, got), error)
    }

    /// A mandatory parameter; noted only when something is wrong with it.
    pub(super) fn required(&self, name: &str, source: &'static str) -> Result<&str, EsiaError> {
        self.params.one(name).map_err(|error| {
            let (got, error) = match error {
                ParamError::Missing => ("нет или пуст", EsiaError::MissingParameter(name.to_owned())),
                ParamError::Repeated => ("несколько раз", EsiaError::InvalidRequest),
            };
            let rule = ("parameters", source);
            let found = Found::new(rule, format!("{name}: ровно один раз"), (format!("{name}: {got}"), false));
            self.must_hold(found, error.clone()).err().unwrap_or(error)
        })
    }

    /// A parameter that may be left out, or be empty, but not be there twice.
    pub(super) fn optional(&self, name: &str, source: &'static str) -> Result<Option<&str>, EsiaError> {
        match self.params.one(name) {
            Ok(value) => Ok(Some(value)),
            Err(ParamError::Missing) => Ok(None),
            Err(ParamError::Repeated) => self.required(name, source).map(Some),
        }
    }

    /// The parameters can be read, and `client_id` names a system of this world.
    pub(super) fn client(&self, source: &'static str) -> Result<Arc<Client>, EsiaError> {
        let form = "application/x-www-form-urlencoded в UTF-8";
        let got = self.params.unreadable().unwrap_or("читается");
        let is_readable = self.params.unreadable().is_none();
        self.must(("form", source), form, (got, is_readable), EsiaError::UnreadableParameters)?;
        let id = self.required("client_id", source)?;
        let known = "система, зарегистрированная в этом мире";
        let found = match (&self.client, &self.near) {
            (Some(_), _) => Found::new(("client", source), known, (id, true)),
            (None, near) => unknown_client(("client", source), id, near.as_deref()),
        };
        self.must_hold(found, EsiaError::ClientNotAuthenticated)?;
        self.client.clone().ok_or(EsiaError::ClientNotAuthenticated)
    }

    /// The doors are open: they are closed in a world whose setting `maintenance` says so.
    pub(super) fn open(&self) -> Result<(), EsiaError> {
        if !self.is_closed {
            return Ok(());
        }
        let rule = ("maintenance", "ESIA-PROTOCOL §1.5");
        let closed = ("в этом мире идут работы: settings.maintenance", false);
        self.must(rule, "ЕСИА работает", closed, EsiaError::TemporarilyUnavailable)
    }

    /// `timestamp` is written rightly and is near the world's time. Answers with it as it was signed.
    pub(super) fn timestamp(&self, source: &'static str) -> Result<String, EsiaError> {
        const FORM: Rule = ("timestamp-form", "ESIA-PROTOCOL §1.2, §1.4");
        let text = self.required("timestamp", source)?;
        let read = timestamp::parse(text);
        let malformed = EsiaError::MissingParameter("timestamp".to_owned());
        self.should(FORM, "гггг.ММ.дд ЧЧ:мм:сс +0300", (text, read.is_ok()), malformed)?;
        if let Ok(at) = read {
            let window = self.window.num_seconds();
            let expected = format!("{} ± {window} с", timestamp::print(self.now));
            let off = (at - self.now).num_seconds();
            let near = off.abs() <= window;
            let got = match off {
                _ if near => text.to_owned(),
                off if off > 0 => format!("{text}: часы системы спешат на {off} с"),
                off => format!("{text}: часы системы отстают на {} с", -off),
            };
            self.should(("timestamp-window", "ESIA-PROTOCOL §1.5"), expected, (got, near), EsiaError::WrongTime)?;
        }
        // A client that does not escape its plus has signed it all the same.
        let signed = if text.as_bytes().get(20) == Some(&b' ') { restore_plus(text) } else { text.to_owned() };
        Ok(signed)
    }
}

/// The system that a text means when what does not print, look-alikes of another alphabet and case are passed over.
fn nearest(state: &Gosuslugi, id: &str) -> Option<String> {
    let meant = visible::plain(id);
    let names = state.clients.iter().map(|client| client.spec.mnemonic.to_string());
    let names: Vec<_> = names.filter(|name| visible::plain(name).eq_ignore_ascii_case(&meant)).collect();
    names.iter().find(|name| name.eq_ignore_ascii_case(&meant)).or(names.first()).cloned()
}

/// What is wrong with a `client_id` that names no system.
fn unknown_client(rule: Rule, id: &str, near: Option<&str>) -> Found {
    let shown = visible::visible(id);
    let Some((near, difference)) = near.and_then(|near| Some((near, visible::difference(near, id)?))) else {
        let known = "система, зарегистрированная в этом мире";
        return Found::new(rule, known, (shown, false)).mistakes([named("client-unknown", id)]);
    };
    let marked = format!("{}\n{}", difference.expected_marked, difference.got_marked);
    Found::new(rule, near, (format!("{shown}: {difference}"), false))
        .mistakes([named("client-near", near)])
        .detail("Первое отличие", marked)
}

fn restore_plus(text: &str) -> String {
    text.char_indices().map(|(at, sign)| if at == 20 { '+' } else { sign }).collect()
}
