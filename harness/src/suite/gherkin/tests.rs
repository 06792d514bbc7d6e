//! What is read is what the crate's own parser reads of right files; what it passes over is told.

use gherkin::GherkinEnv;

use super::{
    super::{File, embedded},
    expand, read,
};

fn of(text: &str) -> File {
    File { name: "f.feature".to_owned(), text: text.to_owned() }
}

fn told(text: &str) -> String {
    let wrong = match read(&of(text)) {
        Ok(mut document) => expand("f.feature", &mut document).unwrap_err(),
        Err(wrong) => wrong,
    };
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Keyword, sentence, table, line.
type Plain = (String, String, Vec<Vec<String>>, usize);

fn plain(steps: &[gherkin::Step]) -> Vec<Plain> {
    let plain = |step: &gherkin::Step| {
        let rows = step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default();
        (step.keyword.trim().to_owned(), step.value.clone(), rows, step.position.line)
    };
    steps.iter().map(plain).collect()
}

#[test]
fn the_documented_features_read_as_the_crate_reads_them() {
    for file in embedded().into_iter().filter(File::is_feature) {
        let theirs = gherkin::Feature::parse(&file.text, GherkinEnv::new("ru").unwrap()).unwrap();
        let theirs = cucumber::feature::Ext::expand_examples(theirs).unwrap();
        let mut ours = read(&file).unwrap();
        expand(&file.name, &mut ours).unwrap();
        let ours = ours.feature;
        assert_eq!(ours.scenarios.len(), theirs.scenarios.len(), "{}", file.name);
        assert_eq!(ours.tags, theirs.tags);
        let steps = |background: &Option<gherkin::Background>| background.as_ref().map(|one| plain(&one.steps));
        assert_eq!(steps(&ours.background), steps(&theirs.background));
        for (our, their) in ours.scenarios.iter().zip(&theirs.scenarios) {
            assert_eq!((&our.name, &our.tags), (&their.name, &their.tags), "{}", file.name);
            assert_eq!(plain(&our.steps), plain(&their.steps), "{}", file.name);
            assert_eq!(our.position.line, their.position.line, "{}: {}", file.name, our.name);
        }
    }
}

#[test]
fn words_of_gherkin_that_people_use_are_taken() {
    let text = "# что-то\n# language: ru\n@a @б\nФича: Ф\n  Предусловие: у бабушки есть внук.\n  Примеры бывают разные.\n\n  Контекст:\n    Допустим а\n\n  Правило: П\n    Пример: один\n      * б\n      К тому же в\n        | x | a\\|b |\n        # между строк\n\n        | y | \\\\ |\n      А г\n";
    let document = read(&of(text)).unwrap();
    let feature = document.feature;
    assert_eq!(feature.tags, ["a", "б"]);
    assert_eq!(feature.description.as_deref(), Some("Предусловие: у бабушки есть внук.\nПримеры бывают разные."));
    let steps = &feature.rules[0].scenarios[0].steps;
    assert_eq!(steps.iter().map(|step| step.value.as_str()).collect::<Vec<_>>(), ["б", "в", "г"]);
    assert_eq!(steps[1].table.as_ref().unwrap().rows, [["x", "a|b"], ["y", "\\"]]);
    assert_eq!(document.rows[&15], [15, 18]);
    assert_eq!(document.extents, [(12, 19)]);
}

#[test]
fn an_english_feature_keeps_its_keywords() {
    let text = "# language: en\nFeature: F\n  Scenario: S\n    Given a\n    And b\n";
    assert_eq!(read(&of(text)).unwrap().feature.scenarios[0].steps.len(), 2);
}

#[test]
fn rows_stand_at_their_own_lines_whatever_is_between_them() {
    let text = "Функция: Ф\n  Структура сценария: С <n>\n    Когда а <n>\n      | <n> |\n    Примеры:\n      | n |\n      | 1 |\n      # пояснение\n\n      | 2 |\n";
    let mut document = read(&of(text)).unwrap();
    expand("f.feature", &mut document).unwrap();
    let scenarios = &document.feature.scenarios;
    let lines: Vec<_> = scenarios.iter().map(|one| (one.position.line, one.name.as_str())).collect();
    assert_eq!(lines, [(7, "С 1"), (10, "С 2")]);
    assert_eq!(scenarios[1].steps[0].table.as_ref().unwrap().rows, [["2"]]);
}

#[test]
fn four_thousand_rows_are_no_more_work_than_four_thousand_scenarios() {
    let rows: String =
        (0..4000).map(|n| format!("      | {n} | текст подлиннее, чтобы было что копировать |\n")).collect();
    let text =
        format!("Функция: Ф\n  Структура сценария: С <n>\n    Когда а <n> <t>\n    Примеры:\n      | n | t |\n{rows}");
    let mut document = read(&of(&text)).unwrap();
    expand("f.feature", &mut document).unwrap();
    assert_eq!(document.feature.scenarios.len(), 4000);
    // Each carries its own row alone: what all of them hold together grows with the rows, not with their square.
    let held = document.feature.scenarios.iter().flat_map(|one| &one.examples).filter_map(|one| one.table.as_ref());
    assert_eq!(held.map(|table| table.rows.len()).sum::<usize>(), 8000);
}

#[test]
fn tables_are_told_at_the_row_that_must_change() {
    let under = |rows: &str| told(&format!("Функция: Ф\n  Сценарий: С\n    Когда а\n{rows}"));
    insta::assert_snapshot!(under("      | a | b |\n      | 1 | 2 |\n      | 3 |\n"), @"");
    insta::assert_snapshot!(under("      | a |\n      | 1 | 2 |\n"), @"");
    insta::assert_snapshot!(under("      | a |\n      | 1 | # почему\n"), @"");
    insta::assert_snapshot!(under("      | a |\n      | 1\n"), @"");
    insta::assert_snapshot!(under("      \"\"\"\n      т\n      \"\"\"\n      \"\"\"\n      у\n      \"\"\"\n"), @"");
    insta::assert_snapshot!(under("      \"\"\"\n      т\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  | a |\n  Сценарий: С\n    Когда а\n"), @"");
}

#[test]
fn whatever_nothing_plays_is_told() {
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n  Сценарий: Т\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а <n>\n\n    Примеры:\n      | n |\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а <n>\n    Примеры:\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Предыстория:\n  Сценарий: С\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Правило: П\n  Правило: Р\n    Сценарий: С\n      Когда а\n"), @"");
    insta::assert_snapshot!(told("# только описание\nФункция: Ф\n  О чём-то.\n"), @"");
    insta::assert_snapshot!(told("\n# пусто\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n  Сценарий: С\n    Когда б\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Примеры:\n    | n |\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\nФункция: Г\n  Сценарий: Т\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n  Предыстория:\n    Когда б\n"), @"");
    insta::assert_snapshot!(told("  Сценарий: С\n    Когда а\n"), @"");
}

#[test]
fn columns_and_places_must_meet() {
    let outline = |step: &str, header: &str| {
        let row = header.replace(|c: char| c.is_alphabetic(), "1");
        told(&format!(
            "Функция: Ф\n  Структура сценария: С\n    Когда {step}\n\n    Примеры:\n      {header}\n      {row}\n"
        ))
    };
    insta::assert_snapshot!(outline("а <n>", "| n | m |"), @"");
    insta::assert_snapshot!(outline("а <n> <m>", "| n |"), @"");
    insta::assert_snapshot!(outline("а <n>\n      | <k> | <n> |\n      | 1 | <m> |", "| n | k |"), @"");
    insta::assert_snapshot!(outline("а <n>", "| n | n |"), @"");
    insta::assert_snapshot!(outline("а <n>", "| n |  |"), @"");
}

#[test]
fn an_open_tag_is_told_at_its_line() {
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n\n  @a\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    @a @b\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  @a b\n  Сценарий: С\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  @ a\n  Сценарий: С\n    Когда а\n"), @"");
}

#[test]
fn descriptions_are_free_and_lost_steps_are_not_descriptions() {
    let text = "Функция: Ф\n  Предусловие: есть аккаунт.\n  Пример того, как бывает.\n  Если родитель против, ребёнок ждёт.\n  Сценарий: С\n    Примечание: то, что нужно.\n    когда родитель против\n    Когда а\n";
    assert!(read(&of(text)).is_ok(), "{:?}", read(&of(text)));
    insta::assert_snapshot!(told("Функция: Ф\n  Сцинарий: С\n    Дано что угодно\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий : С\n    Дано что угодно\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Дано мир «петровы»\n  Сценарий: С\n    Когда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Кагда Анна выходит\n    Тогда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    когда Анна выходит\n    Тогда а\n"), @"");
    // The first letter is Latin.
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Tогда что угодно\n    Тогда а\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n    Анна выходит\n"), @"");
}

#[test]
fn keywords_of_another_language_are_told() {
    insta::assert_snapshot!(told("# language: ru\nFeature: F\n  Scenario: S\n    Given a\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Scenario: S\n    Given a\n"), @"");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Дано а\n    But б\n"), @"");
    insta::assert_snapshot!(told("# language: en\nFeature: F\n  Scenario: S\n    Given a\n    Тогда b\n"), @"");
    insta::assert_snapshot!(told("# language: fr\nFeature: F\n"), @"");
}
