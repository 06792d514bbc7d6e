//! Reports for forges from results that were not played.

use std::{ffi::OsString, fs, path::PathBuf};

use super::{Github, code_quality, github::markdown};
use crate::{
    language::in_english,
    run::{
        Coverage,
        results::Results,
        tests::{failed, passes_again},
    },
    suite::NotPossible,
};

fn github(workspace: Option<&str>) -> Github {
    Github { summary: None, workspace: workspace.map(PathBuf::from), folder: PathBuf::from("/checkout/tests") }
}

fn flaky() -> Results {
    let mut results = failed();
    passes_again(&mut results);
    results
}

#[test]
fn a_job_at_github_is_known_by_its_variables() {
    let of = |set: &[(&str, &str)]| {
        let value = |name: &str| set.iter().find(|(own, _)| *own == name).map(|(_, value)| OsString::from(value));
        Github::of(&value, PathBuf::from("/here"))
    };
    assert_eq!(of(&[("GITHUB_ACTIONS", "false"), ("GITHUB_STEP_SUMMARY", "s.md")]), None);
    assert_eq!(of(&[]), None);
    let found = of(&[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "s.md"), ("GITHUB_WORKSPACE", "")]).unwrap();
    assert_eq!((found.summary, found.workspace), (Some(PathBuf::from("s.md")), None));
}

#[test]
fn a_failure_stands_at_its_step_and_no_text_ends_its_command() {
    let mut results = failed();
    results.features[0].scenarios[0].title = "50% : а, б\n::error::в".to_owned();
    insta::assert_snapshot!(github(Some("/checkout")).annotations(&results), @"::error file=tests/my/вход.feature,line=11,title=50%25 %3A а%2C б%0A%3A%3Aerror%3A%3Aв::на странице нет «слон»[U+000B]");
    insta::assert_snapshot!(github(None).annotations(&flaky()), @"::warning file=my/вход.feature,line=8,title=мама входит::на странице нет «слон»[U+000B]");
}

#[test]
fn the_summary_is_added_to_what_stands_there_and_tells_the_story() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("summary.md");
    fs::write(&file, "before\n").unwrap();
    Github::append(&file, &failed(), &Coverage::default()).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("before\n## Прогон сценариев\n\n2 сценария: 0 прошли, 1 не прошёл, 1 не сыгран"),
        "{text}"
    );
    assert!(
        text.contains(
            "<details><summary>✘ мама входит <code>my/вход.feature:8</code></summary>\n\n```text\n✔ Дано мир"
        ),
        "{text}"
    );
    assert!(
        in_english(|| markdown(&failed(), &Coverage::default()))
            .starts_with("## A run of scenarios\n\n2 scenarios: 0 passed")
    );
}

#[test]
fn the_summary_says_what_is_lacking_here() {
    let mut results = failed();
    let why =
        NotPossible { lacks: "нет *часов*".to_owned(), step: "проходит 15 минут".to_owned() };
    results.features[0].scenarios[1].not_possible = Some(why);
    let text = markdown(&results, &Coverage::default());
    assert!(text.contains("Здесь невозможны:  \n1  нет &#42;часов&#42;  \n\n"), "{text}");
}

#[test]
fn neither_markdown_nor_html_of_a_name_is_taken_as_such() {
    let mut results = failed();
    let scenario = &mut results.features[0].scenarios[0];
    scenario.title = "</summary> *a* `b` [c](d)".to_owned();
    scenario.steps[0].text = "мир ````".to_owned();
    let text = markdown(&results, &Coverage::default());
    assert!(text.contains("&lt;/summary&gt; &#42;a&#42; &#96;b&#96; &#91;c&#93;(d)"), "{text}");
    assert!(text.contains("\n`````text\n") && text.contains("\n`````\n"), "{text}");
}

#[test]
fn code_quality_names_the_line_and_keeps_its_fingerprint_when_lines_move() {
    let told = code_quality(&failed());
    let mut moved = failed();
    moved.features[0].scenarios[0].place.line += 10;
    let fingerprint = told[0]["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!((code_quality(&moved)[0]["fingerprint"].as_str(), fingerprint.len()), (Some(fingerprint.as_str()), 64));
    let mut told = told;
    told[0]["fingerprint"] = "64 digits".into();
    insta::assert_json_snapshot!(told, @r#"
    [
      {
        "description": "мама входит: на странице нет «слон»[U+000B]",
        "check_name": "unmet",
        "fingerprint": "64 digits",
        "severity": "major",
        "location": {
          "path": "my/вход.feature",
          "lines": {
            "begin": 11
          }
        }
      }
    ]
    "#);
    assert_eq!(code_quality(&flaky())[0]["check_name"], "flaky");
}
