//! Request with its verdict in the report.

use worlds::{
    Check, Entry, Outcome,
    mistakes::{find, split},
};

use super::{super::secrets::Secrets, marks::took};
use crate::{
    control::Party,
    language::{self, pick, tr},
    scenario::JournaledRequest,
    words::{cut, moscow, visible},
};

/// Maximum length of a request or response, in letters.
const BODY: usize = 3_000;
/// Maximum length of a value in a check, in letters.
const VALUE: usize = 1_000;

/// Request of the journal.
pub(super) struct RequestView {
    /// Anchor within the page.
    pub(super) id: String,
    /// CSS class of the request.
    pub(super) style: &'static str,
    pub(super) verdict: &'static str,
    pub(super) party: &'static str,
    /// Request line and status, as `POST /aas/oauth2/te → 400`.
    pub(super) what: String,
    /// Further facts: times, client, person, faults.
    pub(super) facts: Vec<String>,
    pub(super) checks: Vec<CheckView>,
    pub(super) target: String,
    pub(super) request: String,
    pub(super) response: String,
}

/// Check of a request.
pub(super) struct CheckView {
    pub(super) style: &'static str,
    pub(super) sign: &'static str,
    pub(super) rule: String,
    pub(super) source: String,
    pub(super) expected: String,
    pub(super) got: String,
    /// Causes and remedies of the mistake.
    pub(super) help: Vec<(String, String)>,
    pub(super) details: Vec<(String, String)>,
}

/// Anchor of a request within a story.
pub(super) fn anchor(story: &str, request: &JournaledRequest) -> String {
    format!("{story}-{}-{}", request.party.key(), request.entry.id)
}

impl RequestView {
    pub(super) fn of(story: &str, request: &JournaledRequest, secrets: &Secrets) -> Self {
        let entry = &request.entry;
        let (style, verdict) = match entry.outcome() {
            "failed" => ("failed", pick("отказ", "refused")),
            "tolerated" => ("unjudged", pick("терпимо", "tolerated")),
            "ok" => ("passed", pick("верно", "right")),
            _ => ("other", pick("не проверялся", "not checked")),
        };
        let mut checks: Vec<_> = entry.verdict.iter().collect();
        checks.sort_by_key(|check| check.outcome == Outcome::Passed);
        Self {
            id: anchor(story, request),
            style,
            verdict,
            party: told_party(request.party),
            what: format!("{} {} → {}", entry.method, visible(entry.path()), entry.status),
            facts: facts(entry),
            checks: checks.into_iter().map(|check| CheckView::of(check, secrets)).collect(),
            target: visible(&secrets.hide(&entry.target)),
            request: side(&entry.request, secrets),
            response: side(&entry.response, secrets),
        }
    }
}

fn told_party(party: Party) -> &'static str {
    match party {
        Party::Idp => pick("Госуслуги", "Gosuslugi"),
        Party::Diary => pick("Дневник", "The diary"),
    }
}

fn facts(entry: &Entry) -> Vec<String> {
    let spent = took(std::time::Duration::from_micros(entry.duration_us));
    let mut facts = vec![tr!("{} (время мира)", "{} (the world's time)", moscow(entry.at)), spent];
    if let Some(client) = &entry.client {
        facts.push(tr!("система {}", "client {}", visible(client)));
    }
    facts.extend(entry.person.as_deref().map(visible));
    if !entry.faults.is_empty() {
        let faults = entry.faults.join(", ");
        facts.push(tr!("ошибка нарочно: {faults}", "a fault on purpose: {faults}"));
    }
    facts
}

/// Header fields and body of a request or response, with credentials hidden.
fn side(message: &worlds::Message, secrets: &Secrets) -> String {
    let fields: Vec<_> = message.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let gap = if message.body.is_empty() { "" } else { "\n" };
    cut(&visible(&secrets.hide(&format!("{}{gap}{}", fields.concat(), message.body))), BODY)
}

impl CheckView {
    fn of(check: &Check, secrets: &Secrets) -> Self {
        let (style, sign) = match check.outcome {
            Outcome::Passed => ("passed", "✔"),
            Outcome::Failed => ("failed", "✘"),
            Outcome::Tolerated => ("unjudged", "≈"),
        };
        let told = |text: &str| cut(&visible(&secrets.hide(text)), VALUE);
        let code = check.error.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        let details = check.details.iter().map(|detail| (visible(&detail.name), told(&detail.text)));
        Self {
            style,
            sign,
            rule: visible(&check.rule),
            source: format!("{}{code}", visible(&check.source)),
            expected: told(&check.expected),
            got: told(&check.got),
            help: if check.outcome == Outcome::Passed { Vec::new() } else { help(check) },
            details: details.collect(),
        }
    }
}

/// Cause and remedy of each mistake that explains a check.
fn help(check: &Check) -> Vec<(String, String)> {
    let language = language::spoken();
    let told = |name: &str| {
        let found = find(name)?;
        let value = split(name).1.map(|value| visible(&value));
        Some((found.cause.told(language, value.as_deref()), found.remedy.told(language, value.as_deref())))
    };
    check.names().into_iter().filter_map(told).collect()
}
