//! Full story of an attempt that did not pass: steps, events, page, diagram, requests.

use askama::Template;
use web::{Diagram, Exchange, ReaderLanguage};

use super::{
    super::{
        nesting::{ComposedCall, ToldStep, steps_of},
        plan::{PlannedStep, Scenario},
        secrets::Secrets,
    },
    marks::{Mark, of_step, took},
    request::{RequestView, anchor},
};
use crate::{
    language,
    scenario::{JournaledRequest, PageSnapshot, Record, StepResult},
    words::{moscow, visible},
};

/// Maximum number of lines of a page's text.
const PAGE: usize = 200;

/// Attempt with everything that is known about it.
pub(super) struct Story {
    /// Expectation: the sentence that did not hold.
    pub(super) expected: String,
    /// Result instead of the expected one.
    pub(super) got: String,
    pub(super) steps: Vec<StepView>,
    pub(super) page: Option<PageView>,
    /// Help with the mistakes that checks have found, each once.
    pub(super) help: Vec<(String, String)>,
    pub(super) diagram: Option<Diagram>,
    pub(super) requests: Vec<RequestView>,
}

/// Step with the events that it caused, or a composed step with its inner steps.
#[derive(Template)]
#[template(path = "run_step.html")]
pub(super) struct StepView {
    pub(super) mark: Mark,
    pub(super) keyword: String,
    pub(super) text: String,
    pub(super) place: String,
    pub(super) table: Vec<Vec<String>>,
    pub(super) docstring: Option<String>,
    /// Order in which the sides of a race acted.
    pub(super) raced: Option<String>,
    pub(super) why: String,
    pub(super) took: String,
    pub(super) events: Vec<EventView>,
    pub(super) inner: Vec<StepView>,
}

/// Event of the world at either server.
pub(super) struct EventView {
    pub(super) at: String,
    pub(super) party: &'static str,
    pub(super) text: String,
}

/// Page that was shown last.
pub(super) struct PageView {
    pub(super) who: String,
    pub(super) place: String,
    pub(super) title: String,
    pub(super) text: String,
}

impl Story {
    /// Story of an attempt; anchors within it begin with `id`.
    pub(super) fn of(scenario: &Scenario, record: &Record, id: &str) -> Self {
        let steps: Vec<_> = steps_of(scenario, Some(record)).iter().map(StepView::of).collect();
        let wrong = steps.iter().find_map(StepView::wrong);
        let journal = &record.evidence.journal;
        let secrets = Secrets::of(journal.iter().map(|request| &request.entry));
        let requests: Vec<_> = journal.iter().map(|request| RequestView::of(id, request, &secrets)).collect();
        let mut help = Vec::new();
        for told in requests.iter().flat_map(|request| &request.checks).flat_map(|check| &check.help) {
            if !help.contains(told) {
                help.push(told.clone());
            }
        }
        let name = visible(&scenario.title);
        Self {
            expected: wrong.map(|step| format!("{} {}", step.keyword, step.text)).unwrap_or_default(),
            got: wrong.map(|step| step.why.clone()).unwrap_or_default(),
            page: record.evidence.page.as_ref().map(PageView::of),
            help,
            diagram: diagram(record, id).map(|diagram| diagram.named(name)),
            requests,
            steps,
        }
    }
}

/// Diagram of the requests between the parties; `None` if there were none.
fn diagram(record: &Record, id: &str) -> Option<Diagram> {
    let exchange = |request: &JournaledRequest| {
        let page = format!("#{}", anchor(id, request));
        Exchange::of(request.entry.clone(), request.party.key(), page)
    };
    let exchanges: Vec<_> = record.evidence.journal.iter().map(exchange).collect();
    (!exchanges.is_empty()).then(|| Diagram::of(exchanges, ReaderLanguage(language::spoken())))
}

impl StepView {
    fn of(step: &ToldStep<'_>) -> Self {
        match step {
            ToldStep::Played(step, played) => Self::played(step, *played),
            ToldStep::Composed(composed) => Self::composed(composed),
        }
    }

    /// Finds the step that did not pass: this one, or one within it.
    fn wrong(&self) -> Option<&Self> {
        if self.why.is_empty() { self.inner.iter().find_map(Self::wrong) } else { Some(self) }
    }

    fn composed(composed: &ComposedCall<'_>) -> Self {
        let call = composed.call;
        Self {
            mark: of_step(composed.end()),
            keyword: visible(&call.keyword),
            text: visible(&call.text),
            place: visible(&composed.told_place()),
            table: rows(&call.table),
            docstring: call.docstring.as_deref().map(visible),
            raced: None,
            why: String::new(),
            took: composed.end().map(|_| took(composed.took())).unwrap_or_default(),
            events: Vec::new(),
            inner: composed.inner.iter().map(Self::of).collect(),
        }
    }

    fn played(step: &PlannedStep, played: Option<&StepResult>) -> Self {
        let event = |event: &crate::scenario::Event| EventView {
            at: moscow(event.at),
            party: event.party.name(),
            text: visible(&event.text),
        };
        Self {
            mark: of_step(played.map(|played| &played.end)),
            keyword: visible(&step.keyword),
            text: visible(&step.text),
            place: visible(&step.told_place()),
            table: rows(&step.table),
            docstring: step.docstring.as_deref().map(visible),
            raced: played.and_then(|played| played.raced.as_deref()).map(visible),
            why: played.and_then(|played| played.end.reason()).map(visible).unwrap_or_default(),
            took: played.map(|played| took(played.took)).unwrap_or_default(),
            events: played.iter().flat_map(|played| &played.events).map(event).collect(),
            inner: Vec::new(),
        }
    }
}

fn rows(table: &[Vec<String>]) -> Vec<Vec<String>> {
    table.iter().map(|row| row.iter().map(|cell| visible(cell)).collect()).collect()
}

impl PageView {
    fn of(page: &PageSnapshot) -> Self {
        let lines: Vec<_> = page.text.lines().take(PAGE).collect();
        Self {
            who: visible(&page.who),
            place: visible(&page.place),
            title: visible(&page.title),
            text: visible(&lines.join("\n")),
        }
    }
}
