//! Steps that a team has composed of others, as the built program checks, plays, reports and lists them.

use std::fs;

use serde_json::Value;
use tests::{Ended, Program};

const STEPS: &str = "# language: ru\n\nШаг: {человек} впервые входит в дневник\n  Со страницей согласия.\n  Когда {человек} входит в \
                     дневник\n  И {человек} нажимает «Предоставить»\n\nШаг: {человек} входит и видит \"{что}\"\n  Когда {человек} \
                     впервые входит в дневник\n  Тогда {человек} видит «{что}»\n";

const FEATURE: &str = "# language: ru\nФункция: своя\n\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда Нина входит и \
                       видит «слон»\n    И Нина выходит\n\n  Сценарий: дневник есть\n    Дано мир «взрослые»\n    Когда Нина впервые \
                       входит в дневник\n    Тогда Нина в дневнике\n";

/// A folder with a feature and its steps; its name.
fn suite(steps: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("own.feature"), FEATURE).expect("feature");
    fs::write(folder.path().join("own.steps"), steps).expect("steps");
    let name = folder.path().to_str().expect("its name").to_owned();
    (folder, name)
}

/// What is printed, with names of files as they are in the folder.
fn within(folder: &str, text: &str) -> String {
    text.replace(&format!("{folder}/"), "")
}

fn json_of(folder: &tempfile::TempDir, file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.path().join(file)).expect("a report")).expect("JSON")
}

#[tokio::test]
async fn reports_show_a_composed_step_with_its_own_steps_in_it() {
    let (folder, name) = suite(STEPS);
    let file = |file: &str| folder.path().join(file).to_str().expect("its name").to_owned();
    let (junit, json, html, allure, quality) =
        (file("junit.xml"), file("report.json"), file("report.html"), file("allure"), file("quality.json"));
    let reports =
        ["--junit", &junit, "--json", &json, "--html", &html, "--allure", &allure, "--code-quality", &quality];
    let ended = Program::run(&[&["run", &name, "--jobs", "1"], &reports[..]].concat()).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let out = within(&name, &ended.out);
    let order = [
        "✔ Дано мир «взрослые»  (строка 5)",
        "✘ Когда Нина входит и видит «слон»  (строка 6)",
        "  ✔ Когда Нина впервые входит в дневник  (own.steps:9)",
        "    ✔ Когда Нина входит в дневник  (own.steps:5)",
        "Начат вход через портал Госуслуг",
        "    ✔ И Нина нажимает «Предоставить»  (own.steps:6)",
        "  ✘ Тогда Нина видит «слон»  (own.steps:10)",
        "      на странице нет «слон»",
        "– И Нина выходит  (строка 7)",
    ];
    let places: Vec<_> =
        order.map(|line| out.find(line).unwrap_or_else(|| panic!("{line:?} is not told:\n{out}"))).to_vec();
    assert!(places.is_sorted(), "{out}");

    let junit = within(&name, &fs::read_to_string(&junit).expect("JUnit"));
    assert!(junit.contains(r#"message="на странице нет «слон» (шаг «Нина видит «слон»» в own.steps:10)""#), "{junit}");
    assert!(junit.contains("\n    ✔ Когда Нина входит в дневник  (own.steps:5)\n"), "{junit}");

    let report = json_of(&folder, "report.json");
    let steps = report.pointer("/0/elements/0/steps").and_then(Value::as_array).expect("steps");
    let statuses = |steps: &[Value]| -> Vec<String> {
        steps.iter().filter_map(|step| step["result"]["status"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(statuses(steps), ["passed", "failed", "skipped"]);
    let inner = steps[1]["steps"].as_array().expect("inner steps");
    assert_eq!((steps[1]["line"].as_u64(), statuses(inner)), (Some(6), vec!["passed".to_owned(), "failed".to_owned()]));
    assert_eq!(statuses(inner[0]["steps"].as_array().expect("steps of these")), ["passed", "passed"]);
    assert!(steps[1]["output"][0].as_str().expect("output").contains("✘ Тогда Нина видит «слон»"), "{report}");
    assert!(steps[1]["match"]["location"].as_str().expect("location").ends_with("own.steps:8"), "{report}");

    let page = fs::read_to_string(&html).expect("page");
    let nested = page.split("<b>Когда</b> Нина входит и видит «слон»").nth(1).expect("the call");
    assert!(
        nested.split("<b>И</b> Нина выходит").next().expect("what follows").contains("<ol class=\"steps\">"),
        "{page}"
    );

    let results = fs::read_dir(&allure).expect("results").map(|entry| entry.expect("entry").path());
    let results = results.filter(|file| file.to_string_lossy().ends_with("-result.json"));
    let result =
        results.map(|file| serde_json::from_str::<Value>(&fs::read_to_string(file).expect("result")).expect("JSON"));
    let failed = result.into_iter().find(|result| result["status"] == "failed").expect("the one that failed");
    assert_eq!(failed["steps"][1]["status"], "failed");
    assert_eq!(failed["steps"][1]["steps"][0]["steps"][1]["name"], "И Нина нажимает «Предоставить»");

    let issue = &json_of(&folder, "quality.json")[0];
    assert_eq!(issue["location"]["lines"]["begin"], 6);
    let told = within(&name, issue["description"].as_str().expect("description"));
    assert_eq!(told, "слона нет: на странице нет «слон» (шаг «Нина видит «слон»» в own.steps:10)");
}

#[tokio::test]
async fn a_list_and_a_dry_run_show_composed_steps() {
    let (_folder, name) = suite(STEPS);
    let ended = Program::run(&["run", &name, "--name", "дневник есть", "--dry-run"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let out = within(&name, &ended.out);
    assert!(out.contains("– Когда Нина впервые входит в дневник  (строка 11)\n"), "{out}");
    assert!(out.contains("  – И Нина нажимает «Предоставить»  (own.steps:6)\n"), "{out}");
    let listed = Program::run(&["run", &name, "--list", "--json"]).await;
    let listed: Value = serde_json::from_str(&listed.out).expect("JSON");
    assert_eq!(listed[1]["steps"][1], "Когда Нина впервые входит в дневник");
}

#[tokio::test]
async fn composed_steps_are_listed_with_their_files() {
    let (_folder, name) = suite(STEPS);
    let ended = Program::run(&["steps", &name]).await;
    let out = within(&name, &ended.out);
    let own = "Свои шаги\n  {человек} впервые входит в дневник\n      own.steps:3\n      Со страницей согласия.\n  {человек} входит и \
               видит «{что}»\n      own.steps:8\n\nМир и время\n";
    assert!(out.starts_with(own), "{out}");
    let english = Program::run(&["steps", &name, "--lang", "en"]).await;
    assert!(english.out.starts_with("Composed steps\n"), "{}", english.out);

    let listed = Program::run(&["steps", &name, "--json"]).await;
    let listed: Value = serde_json::from_str(&listed.out).expect("JSON");
    let first = &listed["steps"][0];
    assert_eq!(first["sentence"], "{человек} впервые входит в дневник");
    assert_eq!((first["line"].as_u64(), &first["parameters"][0]), (Some(3), &"человек".into()));
    assert_eq!(first["steps"][1], "И {человек} нажимает «Предоставить»");
    let own = |step: &&Value| step["sentence"] == "{кто} входит в дневник";
    let known = listed["steps"].as_array().expect("steps").iter().find(own).expect("a step of the program");
    assert_eq!((&known["group"], &known["example"]), (&"Дневник".into(), &"Когда Ваня входит в дневник".into()));
    assert!(listed["places"].as_array().expect("places").iter().any(|place| place["name"] == "срок"), "{listed}");
}

/// What a command says on standard error, having ended with 2.
async fn refused(name: &str, args: &[&str]) -> String {
    let Ended { code, out, err, .. } = Program::run(args).await;
    assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
    within(name, &err)
}

#[tokio::test]
async fn a_mistake_in_a_file_of_steps_is_told_by_every_command_alike() {
    let (_folder, name) = suite(&STEPS.replace("нажимает «Предоставить»", "нажмёт «Предоставить»"));
    let told =
        "own.steps:6:3: такого шага нет: «{человек} нажмёт «Предоставить»»\n  может быть: {кто} нажимает {текст}\n";
    let expected = refused(&name, &["check", &name]).await;
    assert!(expected.starts_with(told), "{expected}");
    for args in [["check", &name], ["run", &name], ["steps", &name]] {
        assert_eq!(refused(&name, &args).await, expected, "{args:?}");
    }
}
