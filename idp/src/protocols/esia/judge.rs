//! Checks that both versions of ЕСИА's protocol make on a client's request, each recorded for the journal
//! (Design, Two voices).

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use esia::{
    EsiaError, Mnemonic,
    language::{Told, both, spoken},
    timestamp, visible,
};
use web::{Checks, InWorld};
use worlds::{
    Check, Outcome,
    mistakes::{in_words, named},
    store::StoreError,
};

use crate::{
    clients::Client,
    protocols::{Params, judge::Protocol},
    slips::{
        self,
        unknown::{misspelt, unknown_client},
    },
    state::Gosuslugi,
};

/// Parameters of the authorization endpoint (ESIA §1.2), including those that are ignored.
pub(super) const AUTHORIZE: &[&str] = &[
    "client_id",
    "client_secret",
    "redirect_uri",
    "scope",
    "response_type",
    "state",
    "timestamp",
    "access_type",
    "client_certificate_hash",
    "scope_org",
    "permissions",
    "person_filter",
    "code_challenge",
    "code_challenge_method",
    "obj_type",
    "roles",
    "nonce",
    "response_mode",
    "approval_prompt",
    "prompt",
    "display",
    "login_hint",
    "ui_locales",
    "acr_values",
    "max_age",
];

/// Source of the list of the token endpoint's parameters.
pub(super) const TOKEN_SOURCE: &str = "ESIA §3.2";

/// Parameters of the token endpoint (ESIA §3.2).
pub(super) const TOKEN: &[&str] = &[
    "client_id",
    "client_secret",
    "grant_type",
    "code",
    "refresh_token",
    "redirect_uri",
    "scope",
    "scope_org",
    "state",
    "timestamp",
    "token_type",
    "client_certificate_hash",
    "code_verifier",
    "response_type",
    "access_type",
    "type",
    "nonce",
];

/// Version of the protocol, according to the address (ESIA §1.1, §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// `/aas/oauth2/ac`, `/aas/oauth2/te`: the signature is a CMS, over the first order of values.
    First,
    /// `/aas/oauth2/v2/ac`, `/aas/oauth2/v2/te`, `/aas/oauth2/v3/te`: a bare signature, over the second order of
    /// values.
    Second,
}

/// State of the checks that only ЕСИА's own protocol needs.
pub(super) struct Esia {
    pub(super) version: Version,
    /// Time on the provider's clock as this client sees it, which a fault may shift.
    shown: DateTime<Utc>,
    window: TimeDelta,
}

pub(super) use crate::protocols::judge::Rule;

/// One request of a client in ЕСИА's own protocol.
pub(super) type Judge<'w> = crate::protocols::judge::Judge<'w, Esia>;

impl Protocol for Esia {
    type Error = EsiaError;

    const PARAMETERS: &'static str = "ESIA §1.2, §3.2";
    const MAINTENANCE: &'static str = "ESIA §1.5";

    fn known(params: &Params, _: &str) -> &'static [&'static str] {
        if params.has("grant_type") { TOKEN } else { AUTHORIZE }
    }

    fn elsewhere(params: &Params) -> Option<String> {
        let own = ["timestamp", "client_certificate_hash", "access_type"];
        // Signatures are longer than secrets.
        let is_signed = params.one("client_secret").is_ok_and(|secret| secret.len() > 80);
        if is_signed || own.iter().any(|name| params.has(name)) {
            return None;
        }
        let is_token = params.has("grant_type");
        let theirs = ["client_assertion", "code_challenge", "nonce", "response_mode", "code_verifier"];
        // What is missing is no evidence by itself: of OpenID Connect is a request that has all that one of its own must have.
        let whole: &[&str] =
            if is_token { &["client_secret"] } else { &["client_id", "redirect_uri", "response_type", "scope"] };
        let is_whole = whole.iter().all(|name| params.has(name)) && is_token == params.has("client_secret");
        let is_theirs = is_whole || theirs.iter().any(|name| params.has(name));
        let place = if is_token { "/oidc/token" } else { "/oidc/authorize" };
        is_theirs.then(|| named("request-of-openid", place))
    }

    fn missing(name: &str) -> EsiaError {
        EsiaError::MissingParameter(name.to_owned())
    }

    fn repeated(_: &str) -> EsiaError {
        EsiaError::InvalidRequest
    }

    fn unreadable() -> EsiaError {
        EsiaError::UnreadableParameters
    }

    fn closed() -> EsiaError {
        EsiaError::TemporarilyUnavailable
    }
}

impl<'w> Judge<'w> {
    /// Reads from the world what the checks of a request need.
    pub(super) async fn of(
        world: &'w InWorld<Gosuslugi>,
        version: Version,
        checks: Checks,
        params: Params,
    ) -> Result<Self, StoreError> {
        let of_world = |state: &Gosuslugi, client: Option<&Mnemonic>, now| Esia {
            version,
            shown: now + state.faults.clock_offset(client, now),
            window: TimeDelta::seconds(i64::from(state.portal.settings.timestamp_window_s)),
        };
        Self::of_request(world, checks, params, of_world).await
    }

    /// Records a check that a lenient world tolerates: [`Checks::prefer`].
    pub(super) fn prefer(&self, check: Check, error: EsiaError) -> Result<(), EsiaError> {
        self.checks.prefer(check, self.strictness, error)
    }

    /// Records tolerated mistakes in the form of the parameters.
    fn note_manners(&self, known: &[&str]) {
        let form = ("form", "ESIA §3.1");
        let at_token = self.params.has("grant_type");
        let (in_query, in_basic) = self.params.came_in();
        let of_address = (at_token && in_query).then(|| "form-in-url".to_owned());
        let of_basic = in_basic.then(|| "secret-in-basic".to_owned());
        let manners = self.params.tolerated().iter().cloned().chain(of_address).chain(of_basic);
        self.tolerate(
            form,
            both!("форма в теле POST, каждый параметр один раз", "a form in the body of a POST, each parameter once"),
            both!("иначе", "otherwise"),
            manners,
        );
        let unknown = misspelt(self.params.names(), known);
        self.tolerate(
            ("parameters", "ESIA §1.2, §3.2"),
            both!("известные параметры", "known parameters"),
            both!("похожие на известные", "like known ones"),
            unknown,
        );
    }

    /// Checks that the parameters can be read and that `client_id` names a client of this world.
    pub(super) fn client(&self, source: &'static str) -> Result<Arc<Client>, EsiaError> {
        self.form(source)?;
        let id = self.required("client_id", source)?;
        let known = both!("система, зарегистрированная в этом мире", "a client that is registered in this world");
        let found = match (&self.client, &self.near) {
            (Some(_), _) => Check::of(("client", source), known, id, true),
            (None, near) => unknown(("client", source), id, near.as_deref()),
        };
        self.require(found, EsiaError::ClientNotAuthenticated)?;
        self.note_manners(if source == TOKEN_SOURCE { TOKEN } else { AUTHORIZE });
        self.client.clone().ok_or(EsiaError::ClientNotAuthenticated)
    }

    /// Checks that the client may use this version of the protocol.
    pub(super) fn open_version(&self, client: &Client) -> Result<(), EsiaError> {
        if self.protocol.version == Version::Second || !client.spec.esia.second_version_only {
            return Ok(());
        }
        let rule = ("protocol-version", "ESIA §1.1, §1.5");
        let found = Check::of(
            rule,
            both!(
                "вторая версия: /aas/oauth2/v2/ac и /aas/oauth2/v3/te",
                "the second version: /aas/oauth2/v2/ac and /aas/oauth2/v3/te"
            ),
            both!("первая версия", "the first version"),
            false,
        );
        self.require(found.mistakes(["version-closed"]), EsiaError::UnauthorizedClient)
    }

    /// Checks the form of `timestamp` and its distance from the world's time. Returns it as the client has signed it.
    pub(super) fn timestamp(&self, source: &'static str) -> Result<String, EsiaError> {
        const FORM: Rule = ("timestamp-form", "ESIA §1.2, §1.4");
        let text = self.required("timestamp", source)?;
        let read = timestamp::parse(text);
        let malformed = EsiaError::MissingParameter("timestamp".to_owned());
        let found = Check::of(
            FORM,
            both!("гггг.ММ.дд ЧЧ:мм:сс +0300", "yyyy.MM.dd HH:mm:ss +0300"),
            web::visible(text),
            read.is_ok(),
        );
        let found = if read.is_ok() { found } else { found.mistakes([slips::time::malformed(text, self.now)]) };
        self.prefer(found, malformed)?;
        // A client that does not escape its plus has signed the plus nevertheless.
        let has_blank = text.as_bytes().get(20) == Some(&b' ');
        let signed = if has_blank { restore_plus(text) } else { text.to_owned() };
        if let Ok(at) = read {
            let passed_over = [
                has_blank.then(|| named("plus-as-blank", "timestamp")),
                (text.get(11..13) == Some("24")).then(|| "time-hour-24".to_owned()),
            ];
            self.tolerate(
                FORM,
                both!("«+», закодированный как %2B; час от 00 до 23", "«+», encoded as %2B; an hour from 00 to 23"),
                text,
                passed_over.into_iter().flatten(),
            );
            let (found, error) = self.near(&signed, at);
            self.prefer(found, error)?;
        }
        Ok(signed)
    }

    /// Checks a time against the world's, and explains a difference that is too large.
    fn near(&self, text: &str, at: DateTime<Utc>) -> (Check, EsiaError) {
        let (shown, window) = (timestamp::print(self.protocol.shown), self.protocol.window);
        let expected = both!("{shown} ± {}", "{shown} ± {}", in_words(window, spoken()));
        // A timestamp has whole seconds.
        let shown_s = self.protocol.shown.trunc_subsecs(0);
        let off = at - shown_s;
        let rule = ("timestamp-window", "ESIA §1.5");
        if off.abs() <= self.protocol.window {
            return (Check::of(rule, expected, text, true), EsiaError::WrongTime);
        }
        let told = if off > TimeDelta::zero() {
            both!(
                "{text}: часы системы спешат на {}",
                "{text}: the client's clock is ahead by {}",
                in_words(off, spoken())
            )
        } else {
            both!(
                "{text}: часы системы отстают на {}",
                "{text}: the client's clock is behind by {}",
                in_words(off, spoken())
            )
        };
        let slips::time::Off { mistake, right } = slips::time::off(text, at, shown_s);
        let is_slow = mistake.starts_with("clock-behind");
        let (told, mistake) = match is_slow.then(|| self.seen_before(text, at)).flatten() {
            Some(why) => (
                both!("{text}: {} назад; {why}", "{text}: {} ago; {why}", in_words(off, spoken())),
                named("link-old", &worlds::mistakes::short(off)),
            ),
            None => (told, mistake),
        };
        let found = Check::of(rule, expected, told, false).mistakes([mistake]);
        let found = match right {
            Some(right) => found.detail("Подпишите время", right),
            None => found,
        };
        (found, EsiaError::WrongTime)
    }

    /// Recognises an old link, as opposed to a slow clock: the same request was in time before, or the client has sent
    /// another request in time since.
    fn seen_before(&self, timestamp: &str, signed_at: DateTime<Utc>) -> Option<Told> {
        let client = self.client.as_ref()?.spec.mnemonic.as_str();
        let in_address: String = url::form_urlencoded::byte_serialize(timestamp.as_bytes()).collect();
        let in_time = |check: &Check| check.rule == "timestamp-window" && check.outcome == Outcome::Passed;
        let is_in_time =
            |entry: &worlds::Entry| entry.client.as_deref() == Some(client) && entry.verdict.iter().any(in_time);
        let is_same =
            |entry: &worlds::Entry| entry.target.contains(&in_address) || entry.request.body.contains(&in_address);
        let journal = self.world.world.journal();
        if journal.newest_that(|entry| is_in_time(entry) && is_same(entry)).is_some() {
            return Some(both!("эта ссылка уже открывалась", "this link was opened before"));
        }
        let since = journal.newest_that(|entry| is_in_time(entry) && entry.at > signed_at + self.protocol.window);
        since.map(|_| {
            both!(
                "другие запросы системы приходят вовремя: это старая ссылка",
                "other requests of the client come in time: this is an old link"
            )
        })
    }
}

/// Returns the failed check of a `client_id` that no client has.
fn unknown(rule: Rule, id: &str, near: Option<&str>) -> Check {
    let shown = visible::visible(id);
    let Some(near) = near.filter(|near| *near != id) else {
        let known = both!("система, зарегистрированная в этом мире", "a client that is registered in this world");
        return Check::of(rule, known, shown, false).mistakes([unknown_client(id, None)]);
    };
    let differing = |tell: fn(&visible::Difference) -> String| {
        Told::of(|| visible::difference(near, id).as_ref().map(tell).unwrap_or_default())
    };
    let told = differing(ToString::to_string);
    Check::of(rule, near, both!("{shown}: {told}", "{shown}: {told}"), false)
        .mistakes([named("client-near", near)])
        .detail("Первое отличие", differing(|it| format!("{}\n{}", it.expected_marked, it.got_marked)))
}

fn restore_plus(text: &str) -> String {
    text.char_indices().map(|(at, sign)| if at == 20 { '+' } else { sign }).collect()
}
