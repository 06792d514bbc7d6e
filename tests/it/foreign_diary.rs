//! The documented suite against a diary of another language (`tests/foreign_diary`), which a file describes: what is possible
//! there passes, what is not is told beforehand, and every bug that is put into it is found by name.

mod bugs;
mod chromium;
pub(crate) mod notebook;
mod own_words;
mod wrong;

use std::collections::BTreeSet;

use notebook::Notebook;
use serde_json::Value;

/// How a scenario of a Cucumber JSON report ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Passed,
    Failed,
    NotPossible,
}

/// A scenario of a report.
#[derive(Debug)]
pub(crate) struct Reported {
    /// File and title.
    pub(crate) name: String,
    pub(crate) ended: Ended,
    /// Whether a step names the diary.
    pub(crate) meets_the_diary: bool,
}

/// The scenarios of a Cucumber JSON report.
pub(crate) fn reported(report: &Value) -> Vec<Reported> {
    let features = report.as_array().expect("features").iter();
    let of = |feature: &Value| -> Vec<Reported> {
        let file = feature["uri"].as_str().expect("file").rsplit('/').next().unwrap_or_default().to_owned();
        let elements = feature["elements"].as_array().expect("elements").iter();
        let scenarios = elements.filter(|element| element["type"] == "scenario");
        scenarios.map(|scenario| of_scenario(&file, scenario)).collect()
    };
    features.flat_map(of).collect()
}

fn of_scenario(file: &str, scenario: &Value) -> Reported {
    let steps = scenario["steps"].as_array().expect("steps");
    let statuses: BTreeSet<_> = steps.iter().filter_map(|step| step["result"]["status"].as_str()).collect();
    let ended = match (scenario.get("notPossible"), statuses.contains("failed")) {
        (Some(why), _) => {
            assert!(why["lacks"].as_str().is_some_and(|lacks| lacks.len() > 10), "{why}");
            assert_eq!(statuses, ["skipped"].into(), "what is not possible is not played");
            Ended::NotPossible
        }
        (None, true) => Ended::Failed,
        (None, false) => Ended::Passed,
    };
    let names_it = |step: &Value| step["name"].as_str().is_some_and(|name| name.contains(" в дневник"));
    Reported {
        name: format!("{file}: {}", scenario["name"].as_str().expect("name")),
        ended,
        meets_the_diary: steps.iter().any(names_it),
    }
}

#[tokio::test]
async fn the_documented_suite_passes_at_a_diary_in_python_as_far_as_it_is_possible_there() {
    let notebook = Notebook::start("").await;
    let listed = notebook.run(&["--list", "--json"]).await;
    let ended = notebook.run(&["--json", &notebook.at("r.json"), "--junit", &notebook.at("r.xml")]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let scenarios = reported(&notebook.read_json("r.json"));
    let with = |how| scenarios.iter().filter(move |scenario| scenario.ended == how);
    let names = |how| with(how).map(|scenario| scenario.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(Ended::Failed), Vec::<String>::new());
    let at_the_diary = with(Ended::Passed).filter(|scenario| scenario.meets_the_diary).count();
    assert!(at_the_diary >= 25, "{at_the_diary} scenarios were played at the diary");
    // What is not possible was said before, with the same reason, and the other reports say it too.
    let list: Value = serde_json::from_str(&listed.out).expect("a list");
    let beforehand = list.as_array().expect("scenarios").iter().filter(|one| one.get("not-possible").is_some());
    assert_eq!(beforehand.count(), with(Ended::NotPossible).count());
    let junit = notebook.read("r.xml");
    assert_eq!(junit.matches("type=\"not-possible\"").count(), with(Ended::NotPossible).count());
    assert!(ended.out.contains("у дневника нет страниц сотрудников (staff)\n"), "{}", ended.out);
}
