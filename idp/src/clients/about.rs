//! Registered client as the control API shows it: its description, certificates, notes and last request.

use chrono::{DateTime, Utc};
use esia::{
    Algorithm,
    language::{pick, tr},
    scope,
};
use serde::Serialize;
use utoipa::ToSchema;
use web::WorldUrl;
use worlds::{Clock, Entry, Journal, Outcome};

use super::{Client, ClientSpec, Origin};

/// A system as the control API shows it: its description, and what there is to know besides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClientView {
    /// As it was described.
    #[serde(flatten)]
    pub(super) spec: ClientSpec,
    /// What there is to know besides. Whoever sends the description back may leave it in: it is passed over.
    pub(super) about: About,
}

/// What there is to know of a system besides its description.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct About {
    /// Where the registration comes from.
    pub(super) origin: Origin,
    /// Its certificates as they were read.
    pub(super) certificates: Vec<CertificateView>,
    /// What was accepted and will most likely surprise.
    pub(super) notes: Vec<Note>,
    /// The world's clock, where it is not that of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) clock: Option<OtherClock>,
    /// The last request of it that was judged; none when the journal has none.
    pub(super) last_request: Option<LastRequest>,
}

/// One of the certificates that a client signs with.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CertificateView {
    /// Subject of the certificate, as RFC 4514 writes it.
    pub(super) subject: String,
    /// `RSA`, `GOST3410_2012_256` or `GOST3410_2012_512`.
    pub(super) algorithm: &'static str,
    /// From when it is good.
    pub(super) not_before: DateTime<Utc>,
    /// Until when it is good.
    pub(super) not_after: DateTime<Utc>,
    /// `client_certificate_hash`: Streebog-256 of its DER, hex.
    pub(super) hash: String,
}

/// Something that was accepted and will most likely surprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Note {
    /// Where it stands in the description.
    pub(super) field: String,
    /// What about it, and the way out.
    pub(super) text: String,
}

/// A clock that a client outside of the world does not follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OtherClock {
    /// What comes of it.
    pub(super) text: String,
    /// Makes a copy of the world with a running clock, in a shell.
    pub(super) command: String,
}

impl OtherClock {
    fn of(clock: Clock, now: DateTime<Utc>, world_url: &WorldUrl) -> Option<Self> {
        let shown = worlds::moscow::date_time(now);
        let told = match clock {
            Clock::Real => return None,
            Clock::Offset { offset_ms } if offset_ms.abs() < NEAR_MS => return None,
            Clock::Offset { offset_ms } if offset_ms < 0 => tr!(
                "Часы этого мира отстают от настоящих: {shown}",
                "The clock of this world is behind the real time: {shown}"
            ),
            Clock::Offset { .. } => {
                tr!("Часы этого мира спешат: {shown}", "The clock of this world is ahead of the real time: {shown}")
            }
            Clock::Frozen { .. } => tr!("Часы этого мира стоят: {shown}", "The clock of this world stands: {shown}"),
        };
        let text = tr!(
            "{told}. Этим временем датированы коды и маркеры, и библиотека, которая сверяет их с часами своей машины, их \
             отвергнет. Ей нужен мир, чьи часы идут как настоящие",
            "{told}. Codes and tokens are dated by this time, and a library that compares them with the clock of its \
             machine refuses them. It needs a world whose clock runs as the real one"
        );
        let (origin, world) = (&world_url.origin, &world_url.world);
        let json = "-H 'Content-Type: application/json'";
        let command = format!(
            "curl -X POST '{origin}/control/worlds/{world}/fork' {json} -d '{{\"name\": \"{world}-now\"}}'\n\
             curl -X POST '{origin}/w/{world}-now/control/clock' {json} \
             -d \"{{\\\"to\\\": \\\"$(date -u +%FT%TZ)\\\", \\\"mode\\\": \\\"running\\\"}}\"\n"
        );
        Some(Self { text, command })
    }
}

/// Maximum difference between a world's clock and real time that is not reported, milliseconds. Client libraries
/// tolerate as much.
const NEAR_MS: i64 = 30_000;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ended {
    /// Every check was passed.
    Passed,
    /// Something was let through that a strict world refuses.
    Tolerated,
    /// Some check failed.
    Failed,
}

impl Ended {
    /// Returns the tone and the word that pages show for the outcome.
    pub(super) fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Passed => ("ok", pick("верно", "right")),
            Self::Tolerated => ("warn", pick("терпимо", "tolerated")),
            Self::Failed => ("bad", pick("отказ", "refused")),
        }
    }
}

/// A request that was judged.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LastRequest {
    /// Its id in the journal.
    pub(super) id: u64,
    /// When it came, by the world's clock.
    pub(super) at: DateTime<Utc>,
    /// Method and path.
    pub(super) request: String,
    /// The answer's status.
    pub(super) status: u16,
    /// How it ended.
    pub(super) verdict: Ended,
    /// The checks that were not passed, each with the protocol's error where there is one.
    pub(super) broken: Vec<String>,
    /// Its whole verdict as a page.
    pub(super) page: String,
}

impl ClientView {
    /// Creates the view of a client at a time, with its last request from the journal.
    pub(super) fn of(
        client: &Client,
        clock: Clock,
        now: DateTime<Utc>,
        journal: &Journal,
        world_url: &WorldUrl,
    ) -> Self {
        let mnemonic = client.spec.mnemonic.as_str();
        let last = journal.newest_that(|entry| is_of(entry, mnemonic));
        let about = About {
            origin: client.origin,
            certificates: client.certificates.iter().map(CertificateView::of).collect(),
            notes: notes(client, now),
            clock: OtherClock::of(clock, now, world_url),
            last_request: last.map(|entry| LastRequest::of(&entry, world_url)),
        };
        Self { spec: client.spec.clone(), about }
    }
}

/// Checks whether a journal entry is a request of this client. Both protocols record the mnemonic in the check
/// `client`, and a request with an API key in the check `api-key`.
fn is_of(entry: &Entry, mnemonic: &str) -> bool {
    entry.verdict.iter().any(|check| matches!(&*check.rule, "client" | "api-key") && check.got == mnemonic)
}

impl LastRequest {
    fn of(entry: &Entry, world_url: &WorldUrl) -> Self {
        let wrong: Vec<_> = entry.verdict.iter().filter(|check| check.outcome != Outcome::Passed).collect();
        let verdict = match &wrong[..] {
            [] => Ended::Passed,
            wrong if wrong.iter().any(|check| check.outcome == Outcome::Failed) => Ended::Failed,
            _ => Ended::Tolerated,
        };
        let told = |check: &&worlds::Check| match &check.error {
            Some(error) => format!("{}: {error}", check.rule),
            None => check.rule.clone(),
        };
        Self {
            id: entry.id,
            at: entry.at,
            request: format!("{} {}", entry.method, entry.path()),
            status: entry.status,
            verdict,
            broken: wrong.iter().map(told).collect(),
            page: world_url.url(&format!("/control/console/requests/{}", entry.id)),
        }
    }
}

impl CertificateView {
    fn of(certificate: &esia::Certificate) -> Self {
        let algorithm = match certificate.public_key().map(esia::PublicKey::algorithm) {
            Ok(Algorithm::Gost256) => "GOST3410_2012_256",
            Ok(Algorithm::Gost512) => "GOST3410_2012_512",
            Ok(Algorithm::Rsa) => "RSA",
            Err(_) => pick("неизвестный", "unknown"),
        };
        Self {
            subject: certificate.subject().to_owned(),
            algorithm,
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            hash: certificate.streebog256_hex(),
        }
    }
}

/// Returns notes on values that are accepted, as ЕСИА would accept them, but will most likely surprise.
fn notes(client: &Client, now: DateTime<Utc>) -> Vec<Note> {
    let note = |field: String, text: String| Note { field, text };
    let mut notes = Vec::new();
    if client.is_shadowing {
        let text = pick(
            "программа запущена с другой регистрацией этой системы; действует та, что в описании мира",
            "the program was started with another registration of this client; the one in the description of the world holds",
        );
        notes.push(note("mnemonic".to_owned(), text.to_owned()));
    }
    if client.spec.certificates.is_empty() && client.origin != Origin::Seed {
        let text = pick(
            "своих сертификатов нет: действует встроенный сертификат дневника",
            "no certificates of its own: the built-in certificate of the diary holds",
        );
        notes.push(note("certificates".to_owned(), text.to_owned()));
    }
    for (index, certificate) in client.certificates.iter().enumerate() {
        let (from, until) = (certificate.not_before(), certificate.not_after());
        let text = if now > until {
            tr!(
                "срок сертификата истёк {}, подпись им не примут: выпустите новый",
                "the certificate expired at {}, no signature by it is accepted: issue a new one",
                worlds::moscow::date_time(until)
            )
        } else if now < from {
            tr!(
                "сертификат начнёт действовать {}, до того подпись им не примут",
                "the certificate begins to hold at {}, no signature by it is accepted before",
                worlds::moscow::date_time(from)
            )
        } else {
            continue;
        };
        notes.push(note(format!("certificates[{index}]"), text));
    }
    let unknown = |text: &&String| text.parse::<esia::Scope>().is_ok_and(|scope| scope.known().is_none());
    for (index, text) in client.spec.scopes.iter().enumerate().filter(|(_, text)| unknown(text)) {
        let near = nearest(text).map(|name| tr!("; может быть, «{name}»", "; perhaps «{name}»")).unwrap_or_default();
        let text = tr!(
            "области «{text}» нет в справочнике, данных по ней не будет{near}",
            "the scope «{text}» is not in the directory, it brings no data{near}"
        );
        notes.push(note(format!("scopes[{index}]"), text));
    }
    notes
}

/// Returns the known scope that was probably meant.
fn nearest(text: &str) -> Option<&'static str> {
    let likeness = |name: &'static str| (strsim::jaro_winkler(text, name), name);
    let near = scope::all_known().map(|known| likeness(known.name)).filter(|(likeness, _)| *likeness > 0.85);
    near.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}
