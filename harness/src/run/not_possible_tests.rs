//! A scenario that cannot be played here is neither passed nor failed, and every form of the results says why.

use std::path::{Path, PathBuf};

use gherkin::GherkinEnv;
use serde_json::json;

use super::{coverage::Coverage, json, junit, list, plan::Outcome, rerun, results::Results, summary::summary};
use crate::{
    language::in_english,
    suite::{NotPossible, SourceLocation, Suite},
};

const FEATURE: &str = "# language: ru\nФункция: журнал\n  @R000.1\n  Сценарий: Ольга исправляет\n    Дано мир «а»\n    \
                       Когда Ольга открывает журнал школы\n  @R000.2\n  Сценарий: Нина входит\n    Дано мир «а»\n";

fn suite() -> Suite {
    let mut feature = gherkin::Feature::parse(FEATURE, GherkinEnv::new("ru").unwrap()).unwrap();
    feature.path = Some(PathBuf::from("my/журнал.feature"));
    let why = NotPossible {
        lacks: "у дневника нет страниц сотрудников".to_owned(),
        step: "Ольга открывает журнал школы".to_owned(),
    };
    let place = SourceLocation { file: "my/журнал.feature".to_owned(), line: 4 };
    let rules = [("R000.1", "а"), ("R000.2", "б")].map(|(rule, title)| (rule.to_owned(), title.to_owned())).to_vec();
    Suite { features: vec![feature], rules, not_possible: [(place, why)].into(), ..Suite::default() }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn it_has_an_outcome_of_its_own() {
    let results = Results::repeated(&suite(), 2);
    assert_eq!((results.total, results.count(Outcome::NotPossible), results.count(Outcome::NotPlayed)), (4, 2, 2));
    assert_eq!((results.count(Outcome::Passed), results.count(Outcome::Failed)), (0, 0));
}

#[test]
fn the_count_says_what_the_side_lacks() {
    let counted = || plain(&summary(&Results::of(&suite()))).split(" (").next().unwrap_or_default().to_owned();
    insta::assert_snapshot!(counted(), @r"
    Здесь невозможны:
        1  у дневника нет страниц сотрудников

    2 сценария: 0 прошли, 0 не прошли, 1 здесь невозможен, 1 не сыгран
    ");
    assert!(in_english(counted).ends_with("2 scenarios: 0 passed, 0 failed, 1 not possible here, 1 not played"));
}

#[test]
fn the_list_says_it_beforehand() {
    insta::assert_snapshot!(plain(&list::listed(&suite())), @r"
    my/журнал.feature  журнал
          4  Ольга исправляет  @R000.1
             здесь невозможно: у дневника нет страниц сотрудников: Ольга открывает журнал школы
          8  Нина входит  @R000.2

    2 сценария, 3 шага; здесь невозможно: 1
    ");
    let listed = list::listed_as_json(&suite());
    assert_eq!(
        listed[0]["not-possible"],
        json!({ "lacks": "у дневника нет страниц сотрудников", "step": "Ольга открывает журнал школы" })
    );
    assert!(listed[1].get("not-possible").is_none());
}

#[test]
fn junit_and_cucumber_json_skip_it_with_the_reason() {
    let results = Results::of(&suite());
    let xml = junit::xml(&results, &[]).unwrap();
    let skipped = "<skipped message=\"здесь невозможно: у дневника нет страниц сотрудников: Ольга открывает журнал школы\" \
                   type=\"not-possible\"/>";
    assert!(xml.contains(skipped) && xml.contains("skipped=\"2\" failures=\"0\" errors=\"0\""), "{xml}");
    let told = json::json(&results);
    let element = &told[0]["elements"][0];
    assert_eq!(element["notPossible"]["lacks"], "у дневника нет страниц сотрудников");
    assert_eq!(element["tags"][1]["name"], "@not-possible-here");
    assert_eq!(element["steps"][1]["result"]["status"], "skipped");
    assert!(told[0]["elements"][1].get("notPossible").is_none());
}

#[test]
fn it_proves_no_rule_and_is_not_played_again() {
    let (suite, results) = (suite(), Results::of(&suite()));
    let coverage = Coverage::of(&suite);
    assert_eq!(coverage.line(&results), "Доказано правил: 0 из 2");
    let table = coverage.text(Path::new("rules.md"), &results).unwrap();
    assert!(table.contains("| R000.1 | а | ○ здесь невозможно | ○ my/журнал.feature:4 Ольга исправляет |"), "{table}");
    assert!(table.contains("| R000.2 | б | … не сыграно |"), "{table}");
    assert_eq!(rerun::text(&results), "my/журнал.feature:8  Нина входит\n");
}
