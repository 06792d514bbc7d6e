//! Steps of a scenario as a tree, with the steps of composed steps under their calls.

use std::{sync::Arc, time::Duration};

use super::plan::{PlannedStep, Scenario};
use crate::{
    language::tr,
    scenario::{Record, StepEnd, StepResult},
    suite::Call,
};

/// Step in a report: one that is played, or a composed step with its inner steps.
#[derive(Debug)]
pub(super) enum ToldStep<'t> {
    Played(&'t PlannedStep, Option<&'t StepResult>),
    Composed(ComposedCall<'t>),
}

/// Call of a composed step.
#[derive(Debug)]
pub(super) struct ComposedCall<'t> {
    pub(super) call: &'t Call,
    /// Whether the scenario itself contains the call, rather than another composed step.
    pub(super) is_outermost: bool,
    pub(super) inner: Vec<ToldStep<'t>>,
}

impl<'t> ComposedCall<'t> {
    /// All steps that are played within the call, at any depth.
    pub(super) fn played(&self) -> Vec<(&'t PlannedStep, Option<&'t StepResult>)> {
        let mut all = Vec::new();
        for inner in &self.inner {
            match inner {
                ToldStep::Played(step, played) => all.push((*step, *played)),
                ToldStep::Composed(call) => all.extend(call.played()),
            }
        }
        all
    }

    /// End of the call: of the step that did not pass, or of the last one if all passed; `None` if the call was not
    /// played to its end.
    pub(super) fn end(&self) -> Option<&'t StepEnd> {
        let played = self.played();
        let mut ends = played.iter().filter_map(|(_, result)| result.map(|result| &result.end));
        ends.find(|end| end.reason().is_some()).or_else(|| played.last()?.1.map(|result| &result.end))
    }

    /// Place of the call: line of the feature, or file and line of a file of composed steps.
    pub(super) fn told_place(&self) -> String {
        let place = &self.call.place;
        if self.is_outermost { tr!("строка {}", "line {}", place.line) } else { place.to_string() }
    }

    /// Duration of all its steps; zero if none was played.
    pub(super) fn took(&self) -> Duration {
        self.played().iter().filter_map(|(_, result)| result.map(|result| result.took)).sum()
    }

    /// Checks whether the call stands in a background.
    pub(super) fn of_background(&self) -> bool {
        self.played().first().is_some_and(|(step, _)| step.of_background)
    }
}

/// Tree of a scenario's steps with the results of one of its attempts.
pub(super) fn steps_of<'t>(scenario: &'t Scenario, record: Option<&'t Record>) -> Vec<ToldStep<'t>> {
    let results = record.into_iter().flat_map(|record| &record.steps).map(Some);
    let flat: Vec<_> = scenario.steps.iter().zip(results.chain(std::iter::repeat(None))).collect();
    nested(&flat, 0)
}

/// Groups consecutive steps of the same call, from a depth of calls on.
fn nested<'t>(mut flat: &[(&'t PlannedStep, Option<&'t StepResult>)], depth: usize) -> Vec<ToldStep<'t>> {
    let call_of = |step: &'t PlannedStep| step.nested.as_ref().and_then(|nested| nested.calls.get(depth));
    let mut told = Vec::new();
    while let Some((first, result)) = flat.first() {
        let Some(call) = call_of(first) else {
            told.push(ToldStep::Played(first, *result));
            flat = flat.get(1..).unwrap_or_default();
            continue;
        };
        let is_within = |step: &'t PlannedStep| call_of(step).is_some_and(|other| Arc::ptr_eq(call, other));
        let length = flat.iter().take_while(|(step, _)| is_within(step)).count();
        let (within, rest) = flat.split_at(length);
        told.push(ToldStep::Composed(ComposedCall {
            call,
            is_outermost: depth == 0,
            inner: nested(within, depth + 1),
        }));
        flat = rest;
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::{json, plan::Outcome, results::Results, story::story};
    use crate::{
        scenario::{Record, StepEnd, StepResult},
        suite::Suite,
    };
    use std::{fs, time::Duration};

    const STEPS: &str = "Шаг: {кто} уходит\n  Когда {кто} открывает Госуслуги\n  И {кто} выходит\n\nШаг: {кто} уходит дважды\n  \
                         Когда {кто} уходит\n  И {кто} уходит\n";
    const FEATURE: &str = "Функция: Ф\n  Предыстория:\n    Дано мир «петровы»\n    И Анна уходит\n  Сценарий: С\n    Когда Анна \
                           уходит дважды\n";

    /// Results of a scenario whose steps ended like this.
    fn ended(ends: &[StepEnd]) -> Results {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("мои.steps"), STEPS).unwrap();
        fs::write(folder.path().join("мой.feature"), FEATURE).unwrap();
        let suite = Suite::load(&[folder.path().to_owned()]).unwrap();
        let mut results = Results::of(&suite);
        let place = results.features[0].scenarios[0].place.clone();
        let result = |end: &StepEnd| StepResult {
            end: end.clone(),
            took: Duration::from_millis(2),
            events: Vec::new(),
            picture: None,
            raced: None,
        };
        let steps = ends.iter().map(result).collect();
        results.keep(&place, 1, Record { steps, ..Record::default() });
        results
    }

    fn told(results: &Results) -> String {
        let told = story(&results.features[0].scenarios[0]);
        // The path of the temporary folder differs each time.
        told.lines().map(|line| line.split_once("  (/").map_or(line, |(line, _)| line)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_same_step_said_twice_is_two_calls() {
        let mut ends = vec![StepEnd::Passed; 5];
        ends.push(StepEnd::Unmet("не открылись".to_owned()));
        let results = ended(&ends);
        assert_eq!(results.features[0].scenarios[0].outcome(), Outcome::Failed);
        insta::assert_snapshot!(told(&results), @"
        ✔ Дано мир «петровы»  (строка 3)
        ✔ И Анна уходит  (строка 4)
          ✔ Когда Анна открывает Госуслуги
          ✔ И Анна выходит
        ✘ Когда Анна уходит дважды  (строка 6)
          ✔ Когда Анна уходит
            ✔ Когда Анна открывает Госуслуги
            ✔ И Анна выходит
          ✘ И Анна уходит
            ✘ Когда Анна открывает Госуслуги
                не открылись
            – И Анна выходит
        ");
    }

    #[test]
    fn cucumber_json_has_the_calls_of_a_background_in_it() {
        let report = json::json(&ended(&[StepEnd::Passed, StepEnd::Passed]));
        let steps = |element: usize| report[0]["elements"][element]["steps"].as_array().unwrap().clone();
        let statuses: Vec<_> =
            steps(0).iter().map(|step| step["result"]["status"].as_str().unwrap().to_owned()).collect();
        assert_eq!(statuses, ["passed", "skipped"], "a call that was not played to its end");
        assert_eq!(steps(0)[1]["steps"][0]["result"]["status"], "passed");
        assert_eq!((steps(1).len(), &steps(1)[0]["name"]), (1, &"Анна уходит дважды".into()));
    }
}
