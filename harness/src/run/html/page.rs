//! Page of the report: its head, and its parts.

use std::path::Path;

use askama::Template;
use web::Diagram;

use super::{
    super::{
        coverage::Coverage,
        evidence::EvidenceFolder,
        plan::{Outcome, Scenario},
        replay::Replay,
        results::Results,
    },
    lists::{FeatureView, LackView, Row, RuleView, has_story, not_possible, rules, slowest},
    marks::{Mark, OUTCOMES, of_outcome, took},
    story::Story,
};
use crate::{
    language::{pick, spoken, tr},
    words::{moscow, visible},
};

/// Number of unfolded stories: the first are visible without a click, and more would hide the rest of the page.
const UNFOLDED: usize = 3;
/// Width of the bar in its own units.
const BAR: usize = 1_000;

/// Data of the report in addition to the results.
pub(in super::super) struct Told<'t> {
    /// Rules of the suite and the scenarios that prove them.
    pub(in super::super) rules: &'t Coverage,
    /// Properties of the run by name.
    pub(in super::super) properties: &'t [(&'static str, String)],
    /// Command that plays a scenario again.
    pub(in super::super) replay: &'t Replay,
    /// Folder of evidence, and the file of the report that links to it.
    pub(in super::super) evidence: Option<&'t EvidenceFolder>,
    pub(in super::super) file: &'t Path,
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    /// Code of the page's language.
    language: &'static str,
    style: String,
    headline: String,
    mark: &'static str,
    facts: Vec<(&'static str, String)>,
    bar: Vec<Piece>,
    counts: Vec<(Mark, usize)>,
    stories: Vec<ScenarioStory>,
    flaky: Vec<ScenarioStory>,
    not_possible: Vec<LackView>,
    proved: String,
    rules: Vec<RuleView>,
    features: Vec<FeatureView>,
    slowest: Vec<Row>,
}

/// Segment of the bar.
struct Piece {
    style: &'static str,
    x: usize,
    width: usize,
}

/// Scenario that did not pass, or not at the first attempt.
struct ScenarioStory {
    id: String,
    row: Row,
    feature: String,
    unfolded: bool,
    /// Rules that the scenario proves when it passes.
    rules: Vec<String>,
    story: Option<Story>,
    /// Command that plays it again.
    replay: String,
    /// URL of its folder of evidence.
    evidence: Option<String>,
}

/// Renders the report.
///
/// # Errors
/// Fails if the template cannot be rendered.
pub(in super::super) fn page(results: &Results, told: &Told<'_>) -> askama::Result<String> {
    let language = spoken().code();
    let (mark, headline) = headline(results);
    let counts = OUTCOMES.map(|outcome| (of_outcome(outcome), results.count(outcome)));
    let counts: Vec<_> = counts.into_iter().filter(|(_, number)| *number > 0).collect();
    let page = RunPage {
        language,
        style: Diagram::style(),
        headline,
        mark,
        facts: facts(results, told),
        bar: bar(&counts, results.total),
        counts,
        stories: stories(results, told, |outcome| outcome != Outcome::Flaky),
        flaky: stories(results, told, |outcome| outcome == Outcome::Flaky),
        not_possible: not_possible(results),
        proved: told.rules.line(results),
        rules: rules(told.rules, results),
        features: results.features.iter().map(FeatureView::of).collect(),
        slowest: slowest(results),
    };
    page.render()
}

/// Summary of the run in one sentence, with its CSS class.
fn headline(results: &Results) -> (&'static str, String) {
    let [failed, panicked, not_asked, not_played, flaky] =
        [Outcome::Failed, Outcome::Panicked, Outcome::NotAsked, Outcome::NotPlayed, Outcome::Flaky]
            .map(|outcome| results.count(outcome));
    let total = results.total - results.count(Outcome::NotPossible);
    match (failed + panicked, not_asked + not_played, flaky) {
        (0, 0, 0) => ("passed", tr!("Всё прошло: {total} из {total}", "All passed: {total} of {total}")),
        (0, 0, flaky) => (
            "unjudged",
            tr!("Всё прошло, но неустойчиво: {flaky} из {total}", "All passed, but {flaky} of {total} are flaky"),
        ),
        (0, left, _) => (
            "unjudged",
            tr!("Сыграно не всё: осталось {left} из {total}", "Not all was played: {left} of {total} are left"),
        ),
        (failed, ..) => ("failed", tr!("Не прошло {failed} из {total}", "{failed} of {total} failed")),
    }
}

fn facts(results: &Results, told: &Told<'_>) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (pick("Начат", "Began"), tr!("{} (Москва)", "{} (Moscow)", moscow(results.began_at))),
        (pick("Длился", "Took"), took(results.took())),
    ];
    if !told.rules.rules.is_empty() {
        facts.push((pick("Правила", "Rules"), told.rules.line(results)));
    }
    for (name, value) in told.properties {
        let name = match *name {
            "version" => pick("Версия esia-stand", "Version of esia-stand"),
            "idp" => pick("Госуслуги", "Gosuslugi"),
            "diary" => pick("Дневник", "The diary"),
            "protocol" => pick("Протокол", "Protocol"),
            "tls" => "TLS",
            "relying-party" => pick("Проверяемая система", "System under test"),
            "browser" => pick("Страницы читает", "Pages are read by"),
            other => other,
        };
        let value = match value.as_str() {
            "true" => pick("да", "yes").to_owned(),
            "false" => pick("нет", "no").to_owned(),
            "own" => pick("запущен самим прогоном", "started by the run itself").to_owned(),
            other => visible(other),
        };
        facts.push((name, value));
    }
    facts
}

/// Segments whose widths are proportional to the counts.
fn bar(counts: &[(Mark, usize)], total: usize) -> Vec<Piece> {
    let mut x = 0;
    let piece = |(mark, number): &(Mark, usize)| {
        let width = number * BAR / total.max(1);
        let piece = Piece { style: mark.style, x, width };
        x += width;
        piece
    };
    counts.iter().map(piece).collect()
}

/// Stories of the scenarios whose outcome is wanted.
fn stories(results: &Results, told: &Told<'_>, wanted: impl Fn(Outcome) -> bool) -> Vec<ScenarioStory> {
    let of_features = results
        .features
        .iter()
        .flat_map(|feature| feature.scenarios.iter().map(move |scenario| (feature.title.as_str(), scenario)));
    let wanted = of_features.filter(|(_, scenario)| has_story(scenario) && wanted(scenario.outcome()));
    let story = |(number, (feature, scenario)): (usize, (&str, &Scenario))| {
        // For a scenario that passed in the end, the last attempt that did not pass is shown.
        let record = if scenario.fault().is_some() { scenario.record.as_ref() } else { scenario.earlier.last() };
        ScenarioStory {
            id: scenario.slug.clone(),
            row: Row::of(scenario),
            feature: visible(feature),
            unfolded: number < UNFOLDED,
            rules: told.rules.titles(&scenario.tags),
            story: record.map(|record| Story::of(scenario, record, &scenario.slug)),
            replay: visible(&told.replay.command(scenario)),
            evidence: told.evidence.and_then(|evidence| evidence.link(told.file, scenario)),
        }
    };
    wanted.enumerate().map(story).collect()
}
