//! Result of one attempt of a scenario in Allure's format, with its attachments.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    super::{
        nesting::{ComposedCall, ToldStep, steps_of},
        plan::{Feature, Outcome, PlannedStep, Scenario},
        story::story_of,
    },
    identity,
};
use crate::{
    language::{pick, tr},
    scenario::{Record, StepEnd, StepResult},
    words::{moscow, visible},
};

/// File that belongs to a result.
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Result with its attachments.
pub(super) struct Attempt {
    /// Name of the result's file.
    pub(super) file: String,
    pub(super) result: Value,
    pub(super) attachments: Vec<Attachment>,
}

/// Attempt of a scenario that is reported.
#[derive(Clone, Copy)]
pub(super) struct Which<'r> {
    pub(super) feature: &'r Feature,
    pub(super) scenario: &'r Scenario,
    /// Record of the attempt; `None` for a scenario that was not begun.
    pub(super) record: Option<&'r Record>,
    /// Number of the attempt, from 1.
    pub(super) number: usize,
    /// Titles of the rules that the scenario proves.
    pub(super) rules: &'r [String],
    /// Start of the run.
    pub(super) run: DateTime<Utc>,
}

impl Attempt {
    pub(super) fn of(which: Which<'_>) -> Self {
        let history = identity::history(which.feature, which.scenario);
        let uuid = identity::of_attempt(&history, &which.run.to_rfc3339(), which.number);
        let mut files = Files { uuid: uuid.clone(), attachments: Vec::new() };
        let begun = which.record.and_then(|record| record.began_at).unwrap_or(which.run);
        let ended = begun + delta(which.record.map(|record| record.took).unwrap_or_default());
        let steps = steps(which, begun, &mut files);
        let told = which.record.map(|record| story_of(which.scenario, record)).unwrap_or_default();
        let mut attached = Vec::new();
        if !told.is_empty() {
            attached.push(files.attach("story.txt", pick("история", "story"), told.into_bytes()));
        }
        let (file, title) = (&which.feature.file, visible(&which.scenario.title));
        let result = json!({
            "uuid": uuid,
            "historyId": history,
            "testCaseId": history,
            "fullName": format!("{file}: {title}"),
            "titlePath": [file, visible(&which.feature.title)],
            "name": title,
            "description": visible(which.scenario.description.trim()),
            "status": status(which),
            "statusDetails": details(which),
            "stage": "finished",
            "steps": steps,
            "attachments": attached,
            "parameters": orders(which),
            "labels": labels(which),
            "links": [],
            "start": begun.timestamp_millis(),
            "stop": ended.timestamp_millis(),
        });
        Self { file: format!("{uuid}-result.json"), result, attachments: files.attachments }
    }
}

/// Attachments of a result, in their order.
struct Files {
    uuid: String,
    attachments: Vec<Attachment>,
}

impl Files {
    /// Adds a file and returns the reference to it for the result.
    fn attach(&mut self, kind: &str, name: &str, bytes: Vec<u8>) -> Value {
        let (_, extension) = kind.rsplit_once('.').unwrap_or_default();
        let source = format!("{}-{}-attachment.{extension}", self.uuid, self.attachments.len() + 1);
        let mime = match extension {
            "png" => "image/png",
            "csv" => "text/csv",
            _ => "text/plain",
        };
        self.attachments.push(Attachment { name: source.clone(), bytes });
        json!({ "name": name, "source": source, "type": mime })
    }
}

fn delta(took: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(took).unwrap_or_default()
}

/// Orders in which the scenario's races were played. Allure leaves excluded parameters out of a scenario's identity.
fn orders(which: Which<'_>) -> Value {
    let raced = which.record.map(|record| record.raced.as_slice()).unwrap_or_default();
    let name = pick("порядок запросов", "order of requests");
    raced.iter().map(|raced| json!({ "name": name, "value": raced.order.to_string(), "excluded": true })).collect()
}

/// Status of an attempt. Every attempt before the last one has failed.
fn status(which: Which<'_>) -> &'static str {
    let is_last = which.number >= which.scenario.attempts();
    if !is_last {
        return "failed";
    }
    match which.scenario.outcome() {
        Outcome::Passed | Outcome::Flaky => "passed",
        Outcome::Failed => "failed",
        Outcome::Panicked | Outcome::NotAsked => "broken",
        Outcome::NotPossible | Outcome::NotPlayed => "skipped",
    }
}

fn details(which: Which<'_>) -> Value {
    let reason = which.record.and_then(|record| record.steps.iter().find_map(|step| step.end.reason()));
    let not_played = match &which.scenario.not_possible {
        Some(why) => tr!("здесь невозможно: {why}", "not possible here: {why}"),
        None => pick("прогон остановлен раньше", "the run was stopped before it").to_owned(),
    };
    let message = match (reason, status(which)) {
        (Some(reason), _) => visible(reason),
        (None, "skipped") => visible(&not_played),
        (None, _) => String::new(),
    };
    let trace = which.record.map(|record| story_of(which.scenario, record)).unwrap_or_default();
    let flaky = which.scenario.outcome() == Outcome::Flaky;
    json!({ "message": message, "trace": trace, "flaky": flaky, "known": false, "muted": false })
}

/// Labels by which Allure groups a scenario.
fn labels(which: Which<'_>) -> Value {
    let label = |name: &str, value: &str| json!({ "name": name, "value": visible(value) });
    let feature = &which.feature.title;
    let mut labels = vec![
        label("framework", "esia-stand"),
        label("language", "gherkin"),
        label("package", &which.feature.file),
        label("suite", feature),
        label("feature", feature),
    ];
    labels.extend(which.rules.iter().map(|rule| label("story", rule)));
    if which.rules.is_empty() {
        labels.push(label("story", &which.scenario.name));
    }
    let tags = which.feature.tags.iter().chain(&which.scenario.tags);
    labels.extend(tags.map(|tag| label("tag", tag)));
    labels.into()
}

fn steps(which: Which<'_>, begun: DateTime<Utc>, files: &mut Files) -> Value {
    in_order(&steps_of(which.scenario, which.record), begun, files)
}

/// Consecutive steps, the first beginning at the given instant.
fn in_order(steps: &[ToldStep<'_>], begun: DateTime<Utc>, files: &mut Files) -> Value {
    let mut at = begun;
    let mut told = Vec::new();
    for step in steps {
        let start = at;
        told.push(match step {
            ToldStep::Played(step, played) => {
                at += delta(played.map(|played| played.took).unwrap_or_default());
                self::step(step, *played, Span { start, stop: at }, files)
            }
            ToldStep::Composed(call) => {
                at += delta(call.took());
                composed(call, Span { start, stop: at }, files)
            }
        });
    }
    told.into()
}

/// Begin and end of a step.
#[derive(Clone, Copy)]
struct Span {
    start: DateTime<Utc>,
    stop: DateTime<Utc>,
}

const fn status_of(end: Option<&StepEnd>) -> &'static str {
    match end {
        Some(StepEnd::Passed) => "passed",
        Some(StepEnd::Unmet(_)) => "failed",
        Some(StepEnd::CouldNotAsk(_) | StepEnd::Panicked(_)) => "broken",
        None => "skipped",
    }
}

/// Attaches the table and the text under a step.
fn under(table: &[Vec<String>], docstring: Option<&String>, files: &mut Files) -> Vec<Value> {
    let mut attached = Vec::new();
    if !table.is_empty() {
        attached.push(files.attach("table.csv", pick("таблица", "table"), csv(table).into_bytes()));
    }
    if let Some(text) = docstring {
        attached.push(files.attach("text.txt", pick("текст", "text"), text.clone().into_bytes()));
    }
    attached
}

/// Composed step with its inner steps.
fn composed(composed: &ComposedCall<'_>, span: Span, files: &mut Files) -> Value {
    let (call, end) = (composed.call, composed.end());
    let attached = under(&call.table, call.docstring.as_ref(), files);
    let reason = end.and_then(StepEnd::reason).map(visible);
    json!({
        "name": visible(&format!("{} {}", call.keyword, call.text)),
        "status": status_of(end),
        "statusDetails": reason.map_or_else(|| json!({}), |reason| json!({ "message": reason })),
        "stage": if end.is_some() { "finished" } else { "pending" },
        "steps": in_order(&composed.inner, span.start, files),
        "attachments": attached,
        "parameters": [],
        "start": span.start.timestamp_millis(),
        "stop": span.stop.timestamp_millis(),
    })
}

fn step(step: &PlannedStep, played: Option<&StepResult>, span: Span, files: &mut Files) -> Value {
    let status = status_of(played.map(|played| &played.end));
    let mut attached = under(&step.table, step.docstring.as_ref(), files);
    let picture = played.and_then(|played| played.picture.as_ref());
    // A picture that was deleted meanwhile is left out, so that the report is still written.
    if let Some(bytes) = picture.and_then(|file| std::fs::read(file).ok()) {
        attached.push(files.attach("page.png", pick("страница", "page"), bytes));
    }
    let (from, to) = (span.start.timestamp_millis(), span.stop.timestamp_millis());
    let events = played.iter().flat_map(|played| &played.events).map(|event| {
        let name = format!("{}  {}: {}", moscow(event.at), event.party.name(), visible(&event.text));
        json!({ "name": name, "status": "passed", "stage": "finished", "steps": [], "attachments": [],
                "parameters": [], "start": to, "stop": to })
    });
    let reason = played.and_then(|played| played.end.reason()).map(visible);
    json!({
        "name": visible(&format!("{} {}", step.keyword, step.text)),
        "status": status,
        "statusDetails": reason.map_or_else(|| json!({}), |reason| json!({ "message": reason })),
        "stage": if played.is_some() { "finished" } else { "pending" },
        "steps": events.collect::<Vec<_>>(),
        "attachments": attached,
        "parameters": [],
        "start": from,
        "stop": to,
    })
}

/// Rows as CSV (RFC 4180).
fn csv(table: &[Vec<String>]) -> String {
    let cell = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    table.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n").collect()
}
