//! Results for Allure, read by Allure's own command: version 3 from npm, which `scripts/allure` installs.

use std::{fs, path::Path, process::Stdio};

use serde_json::Value;
use tests::{Program, esia_stand};
use tokio::process::Command;

const FEATURE: &str = "# language: ru\n@семья\nФункция: своя\n  @R000.13\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда \
                       Нина входит в дневник\n    И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон»\n  Сценарий: вход \
                       виден\n    Дано мир «взрослые»\n    Когда Нина открывает страницу входа в дневник\n    Тогда Нина видит \
                       «Вход в электронный дневник»\n";

/// Makes Allure's report of results; the folder of the report.
async fn generated(folder: &Path, results: &str) -> Value {
    let program = esia_stand();
    let target = program.parent().and_then(Path::parent).expect("target");
    let allure = target.join("allure/node_modules/.bin/allure");
    assert!(allure.exists(), "{} is not there: run scripts/allure", allure.display());
    let mut command = Command::new(&allure);
    command.args(["generate", results, "--output", "report"]).current_dir(folder).stdin(Stdio::null());
    let output = command.output().await.expect("Allure");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    json_of(&folder.join("report/summary.json"))
}

fn json_of(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
        .expect("JSON")
}

/// A scenario as Allure has understood it.
fn understood(folder: &Path, name: &str) -> Value {
    let all = fs::read_dir(folder.join("report/data/test-results")).expect("results");
    let mut all = all.map(|entry| json_of(&entry.expect("entry").path()));
    all.find(|result| result["name"] == name && result["isRetry"] == false)
        .unwrap_or_else(|| panic!("{name} is not there"))
}

#[tokio::test]
async fn allure_understands_results_retries_labels_and_attachments() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature").display().to_string();
    fs::write(&file, FEATURE).expect("feature");
    let results = folder.path().join("results").display().to_string();
    let ended = Program::run(&["run", &file, "--retry", "1", "--allure", &results]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let summary = generated(folder.path(), &results).await;
    let number = |name: &str| summary["stats"][name].as_u64();
    let counted = (number("total"), number("passed"), number("failed"), number("retries"));
    assert_eq!(counted, (Some(2), Some(1), Some(1), Some(1)), "{summary}");
    let failed = understood(folder.path(), "слона нет");
    assert_eq!(failed["error"]["message"], "на странице нет «слон»");
    assert_eq!(failed["groupedLabels"]["feature"][0], "своя");
    assert_eq!(failed["groupedLabels"]["tag"], serde_json::json!(["семья", "R000.13"]));
    assert!(failed["groupedLabels"]["story"][0].as_str().expect("a story").starts_with("R000.13: "), "{failed}");
    let steps = failed["steps"].as_array().expect("steps");
    let statuses: Vec<_> = steps.iter().filter_map(|step| step["status"].as_str()).collect();
    assert_eq!(statuses, ["passed", "passed", "passed", "failed"]);
    assert!(steps[1]["steps"][0]["name"].as_str().expect("an event").contains("Начат вход через портал Госуслуг"));
    let attachment = &failed["attachments"][0]["link"];
    assert_eq!((&attachment["missed"], &attachment["contentType"]), (&false.into(), &"text/plain".into()), "{failed}");
    assert_eq!(understood(folder.path(), "вход виден")["status"], "passed");
}
