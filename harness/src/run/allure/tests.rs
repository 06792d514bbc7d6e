//! Results for Allure from a run that was not played.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::{folder::attempts, write};
use crate::{
    run::{
        Coverage,
        results::Results,
        tests::{failed, passes_again},
    },
    suite::NotPossible,
};

fn told(results: &Results) -> Vec<Value> {
    attempts(results, &Coverage::default()).into_iter().map(|attempt| attempt.result).collect()
}

/// Name and status of each attempt.
fn ends(results: &Results) -> Vec<String> {
    let of = |result: &Value| format!("{}: {}", result["name"].as_str().unwrap(), result["status"].as_str().unwrap());
    told(results).iter().map(of).collect()
}

#[test]
fn a_failure_is_told_with_its_steps_events_and_story() {
    let result = &told(&failed())[0];
    assert_eq!(result["statusDetails"]["message"], "на странице нет «слон»[U+000B]");
    assert!(result["statusDetails"]["trace"].as_str().unwrap().contains("✘ Тогда Нина видит «слон»"));
    let steps: Vec<_> =
        result["steps"].as_array().unwrap().iter().map(|step| step["status"].as_str().unwrap()).collect();
    assert_eq!(steps, ["passed", "passed", "failed", "skipped"]);
    let second = &result["steps"][1];
    assert_eq!(second["steps"][0]["name"], "02.09.2024 09:00:00  дневник: начат вход");
    assert_eq!(second["attachments"][0]["type"], "text/csv");
    assert_eq!(second["stop"].as_i64().unwrap() - second["start"].as_i64().unwrap(), 7);
    let labels: Vec<_> = result["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| format!("{}={}", label["name"], label["value"]))
        .collect();
    for label in [r#""feature"="вход ]]>""#, r#""story"="мама входит""#, r#""tag"="семья""#, r#""tag"="R000.1""#]
    {
        assert!(labels.iter().any(|own| own == label), "{label}: {labels:?}");
    }
}

#[test]
fn attempts_of_a_scenario_have_one_history_and_names_of_their_own() {
    let mut results = failed();
    passes_again(&mut results);
    results.features[0].scenarios[1].not_possible =
        Some(NotPossible { lacks: "нет часов".to_owned(), step: "а".to_owned() });
    assert_eq!(ends(&results), ["мама входит: failed", "мама входит: passed", "никто не входит: skipped"]);
    let told = told(&results);
    assert_eq!(told[0]["historyId"], told[1]["historyId"]);
    assert_ne!(told[0]["historyId"], told[2]["historyId"]);
    assert_eq!(told[1]["statusDetails"]["flaky"], true);
    assert_eq!(told[2]["statusDetails"]["message"], "здесь невозможно: нет часов: а");
    let names: BTreeSet<_> = told.iter().map(|result| result["uuid"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 3);
}

#[test]
fn every_attachment_is_there() {
    let at = tempfile::tempdir().unwrap();
    let results = failed();
    write(at.path(), &results, &Coverage::default(), &[("idp", "own".to_owned())]).unwrap();
    let mut sources = Vec::new();
    for entry in fs::read_dir(at.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().ends_with("-result.json") {
            let result: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let of_steps = result["steps"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|step| step["attachments"].as_array().unwrap().clone());
            sources.extend(of_steps.chain(result["attachments"].as_array().unwrap().clone()));
        }
    }
    assert_eq!(sources.len(), 2, "the story and the table: {sources:?}");
    for source in sources {
        let file = at.path().join(source["source"].as_str().unwrap());
        assert!(fs::metadata(&file).unwrap().len() > 0, "{}", file.display());
    }
    assert_eq!(fs::read_to_string(at.path().join("environment.properties")).unwrap(), "idp = own\n");
}
