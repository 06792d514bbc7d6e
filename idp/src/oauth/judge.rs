//! What both doors check of a system's request, noted check by check for the journal (DESIGN.md, *Two voices*).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    EsiaError, Mnemonic, Scope, Scopes,
    cms::CmsError,
    secret::{self, Signed},
    timestamp,
};
use web::{Checks, InWorld};
use worlds::{Outcome, store::StoreError};

use super::params::{ParamError, Params};
use crate::{clients::Client, state::Gosuslugi};

/// A rule's name and source.
pub(super) type Rule = (&'static str, &'static str);

/// One request of a system before its judge.
pub(super) struct Judge {
    pub(super) checks: Checks,
    pub(super) params: Params,
    pub(super) now: DateTime<Utc>,
    client: Option<Arc<Client>>,
    window: TimeDelta,
    is_lenient: bool,
}

impl Judge {
    /// Looks up what the world has to say of the request.
    pub(super) async fn of(world: &InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Self, StoreError> {
        let mnemonic = params.one("client_id").ok().and_then(|id| id.parse::<Mnemonic>().ok());
        let look = |state: &Gosuslugi, now| {
            let client = mnemonic.as_ref().and_then(|mnemonic| state.clients.shared(mnemonic));
            let window = TimeDelta::seconds(i64::from(state.settings.timestamp_window_s));
            (now, client, window, state.settings.lenient)
        };
        let (now, client, window, is_lenient) = world.world.read(look).await?;
        Ok(Self { checks, params, now, client, window, is_lenient })
    }

    /// A rule that holds in lenient worlds too.
    pub(super) fn must(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        error: EsiaError,
    ) -> Result<(), EsiaError> {
        if self.checks.expect(rule, expected, got, right) { Ok(()) } else { Err(error) }
    }

    /// A rule that a lenient world lets break.
    pub(super) fn should(
        &self,
        rule: Rule,
        expected: impl Into<String>,
        (got, right): (impl Into<String>, bool),
        error: EsiaError,
    ) -> Result<(), EsiaError> {
        if right || !self.is_lenient {
            return self.must(rule, expected, (got, right), error);
        }
        self.checks.note(rule, expected, got, Outcome::Tolerated);
        Ok(())
    }

    /// A mandatory parameter; noted only when something is wrong with it.
    pub(super) fn required(&self, name: &str, source: &'static str) -> Result<&str, EsiaError> {
        self.params.one(name).map_err(|error| {
            let (got, error) = match error {
                ParamError::Missing => ("нет или пуст", EsiaError::MissingParameter(name.to_owned())),
                ParamError::Repeated => ("несколько раз", EsiaError::InvalidRequest),
            };
            self.checks.note(
                ("parameters", source),
                format!("{name}: ровно один раз"),
                format!("{name}: {got}"),
                Outcome::Failed,
            );
            error
        })
    }

    /// The parameters can be read, and `client_id` names a system of this world.
    pub(super) fn client(&self, source: &'static str) -> Result<Arc<Client>, EsiaError> {
        let form = "application/x-www-form-urlencoded";
        let got =
            if self.params.is_readable() { "читается" } else { "другой Content-Type или обрыв" };
        self.must(("form", source), form, (got, self.params.is_readable()), EsiaError::UnreadableParameters)?;
        let id = self.required("client_id", source)?;
        let known = "система, зарегистрированная в этом мире";
        self.must(("client", source), known, (id, self.client.is_some()), EsiaError::ClientNotAuthenticated)?;
        self.client.clone().ok_or(EsiaError::ClientNotAuthenticated)
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
            let near = (at - self.now).abs() <= self.window;
            self.should(("timestamp-window", "ESIA-PROTOCOL §1.5"), expected, (text, near), EsiaError::WrongTime)?;
        }
        // A client that does not escape its plus has signed it all the same.
        let signed = if text.as_bytes().get(20) == Some(&b' ') { restore_plus(text) } else { text.to_owned() };
        Ok(signed)
    }

    /// `scope` is written rightly, known, and among those of the system.
    pub(super) fn scopes(&self, client: &Client) -> Result<Scopes, EsiaError> {
        const SOURCE: &str = "ESIA-PROTOCOL §1.5, §4.8";
        let text = self.params.one("scope").or_else(|error| match error {
            ParamError::Missing => {
                self.must(("scope", SOURCE), "scope назван", ("нет или пуст", false), EsiaError::NoScope).map(|()| "")
            }
            ParamError::Repeated => self.required("scope", SOURCE),
        })?;
        let read = text.parse::<Scopes>();
        let got = read.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        self.should(
            ("scope-form", SOURCE),
            "области доступа через пробел",
            (got, read.is_ok()),
            EsiaError::InvalidScope,
        )?;
        let readable = || text.split(' ').filter(|word| word.parse::<Scope>().is_ok()).collect::<Vec<_>>().join(" ");
        let scopes = read.or_else(|_| readable().parse()).map_err(|_| EsiaError::NoScope)?;
        let registered =
            |scope: &Scope| client.spec.scopes.iter().any(|one| one == scope.bare_name() || *one == scope.name);
        let unknown = named(&scopes, |scope| scope.known().is_none() && !registered(scope));
        let got = if unknown.is_empty() {
            "все известны".to_owned()
        } else {
            format!("неизвестны: {unknown}")
        };
        self.should(
            ("scope-known", SOURCE),
            "области из справочника",
            (got, unknown.is_empty()),
            EsiaError::InvalidScope,
        )?;
        let foreign = named(&scopes, |scope| !registered(scope));
        let got = if foreign.is_empty() { scopes.to_string() } else { format!("не разрешены: {foreign}") };
        let allowed = format!("только {}", client.spec.scopes.join(" "));
        self.should(("scope-allowed", SOURCE), allowed, (got, foreign.is_empty()), EsiaError::NoGrants)?;
        Ok(scopes)
    }

    /// `client_secret` is a signature of the first version's string by one of the system's certificates.
    pub(super) fn signature(
        &self,
        client: &Client,
        scope: &str,
        timestamp: &str,
        source: &'static str,
    ) -> Result<(), EsiaError> {
        const RULE: Rule = ("client-signature", "ESIA-PROTOCOL §2.1, §2.2");
        let (state, secret) = (self.required("state", source)?, self.required("client_secret", source)?);
        let signed = secret::v1(scope, timestamp, client.spec.mnemonic.as_str(), state);
        let decoded = secret::decode_base64_any(secret);
        let got = decoded.as_ref().map_or_else(ToString::to_string, |bytes| format!("{} байт", bytes.len()));
        let form = ("client-secret-form", "ESIA-PROTOCOL §2.5");
        self.should(form, "CMS в base64url", (got, decoded.is_ok()), EsiaError::ClientSecretWrong)?;
        let Ok(cms) = decoded else { return Ok(()) };
        match esia::cms::verify(&cms, signed.as_bytes(), &client.certificates) {
            Ok(verified) => {
                let certificate = verified.certificate;
                self.must(
                    RULE,
                    describe(client, &signed),
                    (format!("подпись сходится: {}", certificate.subject()), true),
                    EsiaError::ClientSecretWrong,
                )?;
                let active = (certificate.not_before()..=certificate.not_after()).contains(&self.now);
                let term = format!("действует с {} по {}", certificate.not_before(), certificate.not_after());
                let active = (format!("время мира {}", self.now), active);
                self.should(
                    ("client-certificate-active", "ESIA-PROTOCOL §1.5"),
                    term,
                    active,
                    EsiaError::ClientSecretWrong,
                )
            }
            Err(error) => {
                let mistake = self.known_mistake(&cms, client, (scope, timestamp, state));
                let got = mistake.map_or_else(|| error.to_string(), |mistake| format!("{error}; {mistake}"));
                self.should(RULE, describe(client, &signed), (got, false), refusal(&error))
            }
        }
    }

    /// Whether a known mistake explains a signature that does not hold.
    fn known_mistake(
        &self,
        cms: &[u8],
        client: &Client,
        (scope, timestamp, state): (&str, &str, &str),
    ) -> Option<String> {
        let client_id = client.spec.mnemonic.as_str();
        let redirect_uri = self.params.one("redirect_uri").unwrap_or_default();
        let v2 = Signed { client_id, scope, scope_org: "", timestamp, state, redirect_uri };
        let escaped = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let v1 = secret::v1(scope, timestamp, client_id, state);
        let strings = [
            ("порядок второй версии протокола", secret::v2_authorize(&v2)),
            (
                "значения подписаны уже закодированными для URL",
                secret::v1(&escaped(scope), &escaped(timestamp), client_id, state),
            ),
            ("client_id стоит первым", [client_id, scope, timestamp, state].concat()),
            ("между значениями стоят пробелы", [scope, timestamp, client_id, state].join(" ")),
            ("в конце лишний перевод строки", format!("{v1}\n")),
            ("в строке нет scope", secret::v1("", timestamp, client_id, state)),
        ];
        let signed =
            strings.iter().find(|(_, text)| esia::cms::verify(cms, text.as_bytes(), &client.certificates).is_ok());
        signed.map(|(mistake, text)| format!("подписана строка «{text}»: {mistake}"))
    }
}

fn restore_plus(text: &str) -> String {
    text.char_indices().map(|(at, sign)| if at == 20 { '+' } else { sign }).collect()
}

fn named(scopes: &Scopes, is_wrong: impl Fn(&Scope) -> bool) -> String {
    scopes.iter().filter(|scope| is_wrong(scope)).map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The very string that must be signed, and by whom.
fn describe(client: &Client, signed: &str) -> String {
    let one = |certificate: &esia::Certificate| {
        format!("{}, № {}, SHA-256 {}", certificate.subject(), certificate.serial(), certificate.sha256_hex())
    };
    let certificates: Vec<_> = client.certificates.iter().map(one).collect();
    format!("{signed}\nсертификат: {}", certificates.join("; или "))
}

/// What the system hears (§1.4): the older code for a way of signing that is not supported, the newer for the rest.
fn refusal(error: &CmsError) -> EsiaError {
    match error {
        CmsError::WeakDigest(_) | CmsError::UnsupportedAlgorithm(_) | CmsError::AlgorithmMismatch { .. } => {
            EsiaError::UnauthorizedClient
        }
        _ => EsiaError::ClientSecretWrong,
    }
}
