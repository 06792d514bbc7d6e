//! Right files are read like the crate's own parser reads them; mistakes that it skips are reported.

use gherkin::GherkinEnv;

use super::{
    super::{Diagnostic, File, composed::Vocabulary, embedded},
    Document, expand,
};

fn read(file: &File) -> Result<Document, Vec<Diagnostic>> {
    super::read(file, &Vocabulary::default())
}

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
    let rows: Vec<_> =
        (0..4000).map(|n| format!("      | {n} | текст подлиннее, чтобы было что копировать |\n")).collect();
    let rows = rows.concat();
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
    insta::assert_snapshot!(under("      | a | b |\n      | 1 | 2 |\n      | 3 |\n"), @"f.feature:6:7: ячеек в строке: 1, а в первой строке таблицы: 2");
    insta::assert_snapshot!(under("      | a |\n      | 1 | 2 |\n"), @"f.feature:5:7: ячеек в строке: 2, а в первой строке таблицы: 1");
    insta::assert_snapshot!(under("      | a |\n      | 1 | # почему\n"), @"f.feature:5:7: после строки таблицы комментария не бывает: перенесите его на свою строку");
    insta::assert_snapshot!(under("      | a |\n      | 1\n"), @"f.feature:5:7: строка таблицы не закрыта: в конце нужен «|»");
    insta::assert_snapshot!(under("      \"\"\"\n      т\n      \"\"\"\n      \"\"\"\n      у\n      \"\"\"\n"), @r#"f.feature:7:7: текст в кавычках """ ни к чему не относится: он стоит под шагом"#);
    insta::assert_snapshot!(under("      \"\"\"\n      т\n"), @r#"f.feature:4:7: текст начат, но не закончен: после него нужна строка """"#);
    insta::assert_snapshot!(told("Функция: Ф\n  | a |\n  Сценарий: С\n    Когда а\n"), @"f.feature:2:3: таблица ни к чему не относится: она стоит под шагом или под «Примеры:»");
}

#[test]
fn whatever_nothing_plays_is_told() {
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n  Сценарий: Т\n    Когда а\n"), @"f.feature:2:3: в сценарии «С» нет шагов: напишите их или уберите его");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а\n"), @"f.feature:2:3: у структуры сценария нет примеров: после её шагов нужны «Примеры:»");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а <n>\n\n    Примеры:\n      | n |\n"), @"f.feature:5:5: в примерах одна строка, с названиями столбцов: под ней нужна хотя бы одна со значениями");
    insta::assert_snapshot!(told("Функция: Ф\n  Структура сценария: С\n    Когда а <n>\n    Примеры:\n"), @"f.feature:4:5: под «Примеры:» нет таблицы");
    insta::assert_snapshot!(told("Функция: Ф\n  Предыстория:\n  Сценарий: С\n    Когда а\n"), @"f.feature:2:3: в предыстории нет шагов: напишите их или уберите её");
    insta::assert_snapshot!(told("Функция: Ф\n  Правило: П\n  Правило: Р\n    Сценарий: С\n      Когда а\n"), @"f.feature:2:3: в правиле «П» нет ни одного сценария");
    insta::assert_snapshot!(told("# только описание\nФункция: Ф\n  О чём-то.\n"), @"f.feature:2:1: в функции «Ф» нет ни одного сценария");
    insta::assert_snapshot!(told("\n# пусто\n"), @"f.feature: в файле нет ни одного сценария");
}

#[test]
fn what_stands_out_of_its_place_is_told() {
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n  Сценарий: С\n    Когда б\n"), @"f.feature:4:3: сценарий «С» уже есть, в строке 2: в отчётах их не различить, назовите один иначе");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда\n"), @"f.feature:3:5: после «Когда» нет шага");
    insta::assert_snapshot!(told("Функция: Ф\n  Примеры:\n    | n |\n"), @"
    f.feature:2:3: примеры стоят после шагов «Структура сценария: …», а здесь её нет
    f.feature:3:5: таблица ни к чему не относится: она стоит под шагом или под «Примеры:»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\nФункция: Г\n  Сценарий: Т\n    Когда а\n"), @"f.feature:4:1: вторая функция в одном файле: перенесите её в свой файл");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n  Предыстория:\n    Когда б\n"), @"f.feature:4:3: предыстория бывает одна и стоит перед всеми сценариями");
    insta::assert_snapshot!(told("  Сценарий: С\n    Когда а\n"), @"f.feature:1:3: перед «Сценарий:» нужна строка «Функция: …»");
}

#[test]
fn columns_and_places_must_meet() {
    let outline = |step: &str, header: &str| {
        let row = header.replace(|c: char| c.is_alphabetic(), "1");
        told(&format!(
            "Функция: Ф\n  Структура сценария: С\n    Когда {step}\n\n    Примеры:\n      {header}\n      {row}\n"
        ))
    };
    insta::assert_snapshot!(outline("а <n>", "| n | m |"), @"f.feature:6:7: столбца <m> не использует ни один шаг: напишите <m> в шаге или уберите столбец");
    insta::assert_snapshot!(outline("а <n> <m>", "| n |"), @"f.feature:3:5: в таблице примеров нет столбца <m>");
    insta::assert_snapshot!(outline("а <n>\n      | <k> | <n> |\n      | 1 | <m> |", "| n | k |"), @"f.feature:5:7: в таблице примеров нет столбца <m>");
    insta::assert_snapshot!(outline("а <n>", "| n | n |"), @"f.feature:6:7: столбец <n> назван дважды");
    insta::assert_snapshot!(outline("а <n>", "| n |  |"), @"f.feature:6:7: столбец примеров без названия");
}

#[test]
fn an_open_tag_is_told_at_its_line() {
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n\n  @a\n"), @"f.feature:5:3: тег «@a» ни к чему не относится: после тегов нужна строка «Сценарий: …», «Структура сценария: …», «Примеры:», «Правило: …» или «Функция: …»");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    @a @b\n    Когда а\n"), @"f.feature:3:5: тег «@a» ни к чему не относится: после тегов нужна строка «Сценарий: …», «Структура сценария: …», «Примеры:», «Правило: …» или «Функция: …»");
    insta::assert_snapshot!(told("Функция: Ф\n  @a b\n  Сценарий: С\n    Когда а\n"), @"
    f.feature:2:3: тег пишут одним словом, которое начинается с «@», а здесь «b»
      может быть: @b
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  @ a\n  Сценарий: С\n    Когда а\n"), @"f.feature:2:3: тег пишут одним словом, которое начинается с «@», а здесь «@»");
}

#[test]
fn descriptions_are_free_and_lost_steps_are_not_descriptions() {
    let text = "Функция: Ф\n  Предусловие: есть аккаунт.\n  Пример того, как бывает.\n  Если родитель против, ребёнок ждёт.\n  Сценарий: С\n    Примечание: то, что нужно.\n    когда родитель против\n    Когда а\n";
    assert!(read(&of(text)).is_ok(), "{:?}", read(&of(text)));
    insta::assert_snapshot!(told("Функция: Ф\n  Сцинарий: С\n    Дано что угодно\n"), @"
    f.feature:2:3: так Gherkin не пишут: «Сцинарий: С»
      может быть: «Сценарий:» вместо «Сцинарий:»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий : С\n    Дано что угодно\n"), @"
    f.feature:2:3: так Gherkin не пишут: «Сценарий : С»
      может быть: «Сценарий:» вместо «Сценарий :»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Дано мир «петровы»\n  Сценарий: С\n    Когда а\n"), @"
    f.feature:2:3: шаг стоит вне сценария: «Дано мир «петровы»»
      может быть: строка «Сценарий: …» перед ним
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Кагда Анна выходит\n    Тогда а\n"), @"
    f.feature:3:5: так Gherkin не пишут: «Кагда Анна выходит»
      может быть: «Когда» вместо «Кагда»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    когда Анна выходит\n    Тогда а\n"), @"
    f.feature:3:5: так Gherkin не пишут: «когда Анна выходит»
      может быть: «Когда» вместо «когда»
    ");
    // The first letter is Latin.
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Tогда что угодно\n    Тогда а\n"), @"
    f.feature:3:5: так Gherkin не пишут: «Tогда что угодно»
      может быть: «Тогда» вместо «Tогда»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Когда а\n    Анна выходит\n"), @"
    f.feature:4:5: так Gherkin не пишут: «Анна выходит»
      может быть: «И Анна …»: шаг начинается с ключевого слова
    ");
}

#[test]
fn keywords_of_another_language_are_told() {
    insta::assert_snapshot!(told("# language: ru\nFeature: F\n  Scenario: S\n    Given a\n"), @"
    f.feature:2:1: ключевое слово «Feature» — другого языка, чем файл
      может быть: «Функция»
    f.feature:3:3: ключевое слово «Scenario» — другого языка, чем файл
      может быть: «Сценарий»
    f.feature:4:5: ключевое слово «Given» — другого языка, чем файл
      может быть: «Дано»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Scenario: S\n    Given a\n"), @"
    f.feature:2:3: ключевое слово «Scenario» — другого языка, чем файл
      может быть: «Сценарий»
    ");
    insta::assert_snapshot!(told("Функция: Ф\n  Сценарий: С\n    Дано а\n    But б\n"), @"
    f.feature:4:5: ключевое слово «But» — другого языка, чем файл
      может быть: «Но»
    ");
    insta::assert_snapshot!(told("# language: en\nFeature: F\n  Scenario: S\n    Given a\n    Тогда b\n"), @"
    f.feature:5:5: ключевое слово «Тогда» — другого языка, чем файл
      может быть: «Then»
    ");
    insta::assert_snapshot!(told("# language: fr\nFeature: F\n"), @"
    f.feature:1:1: язык «fr» здесь не знают: пишите «# language: ru» или «# language: en»
    f.feature:2:1: ключевое слово «Feature» — другого языка, чем файл
      может быть: «Функция»
    ");
}

/// A feature in which one keyword is another.
fn with(keyword: &str, other: &str) -> Document {
    let text = "Функция: Ф\n  Предыстория:\n    Дано а\n  Правило: П\n    Структура сценария: С <n>\n      Дано б\n      Когда в <n>\n      \
                Тогда г\n      И д\n      Но е\n      Примеры:\n        | n |\n        | 1 |\n    Сценарий: Т\n      Дано ж\n";
    assert!(text.contains(keyword), "{keyword}");
    read(&of(&text.replacen(keyword, other, 1))).unwrap_or_else(|wrong| panic!("{other}: {wrong:?}"))
}

#[test]
fn every_russian_keyword_has_its_synonyms() {
    let synonyms: [(&str, &[&str]); 12] = [
        ("Функция:", &["Функциональность:", "Функционал:", "Свойство:", "Фича:"]),
        ("Предыстория:", &["Контекст:"]),
        ("Правило:", &["Правило:"]),
        ("Структура сценария:", &["Шаблон сценария:", "Сценарий:", "Пример:"]),
        ("Сценарий: Т", &["Пример: Т"]),
        ("Примеры:", &["Примеры:"]),
        ("Дано б", &["Пусть б", "Допустим б", "* б"]),
        ("Когда в", &["Если в", "* в"]),
        ("Тогда г", &["То г", "Затем г", "* г"]),
        ("И д", &["К тому же д", "Также д", "* д"]),
        ("Но е", &["А е", "Иначе е", "* е"]),
        ("Дано ж", &["*\tж"]),
    ];
    let usual = with("Функция:", "Функция:");
    let shape = |document: &Document| {
        let feature = &document.feature;
        let steps = |steps: &[gherkin::Step]| steps.iter().map(|step| step.value.clone()).collect::<Vec<_>>();
        let rule = &feature.rules[0];
        let examples: Vec<_> = rule.scenarios.iter().map(|scenario| scenario.examples.len()).collect();
        let scenarios: Vec<_> = rule.scenarios.iter().map(|scenario| steps(&scenario.steps)).collect();
        (feature.background.as_ref().map(|one| steps(&one.steps)), scenarios, examples)
    };
    for (keyword, others) in synonyms {
        for other in others {
            assert_eq!(shape(&with(keyword, other)), shape(&usual), "{other}");
        }
    }
}

#[test]
fn tags_of_examples_are_of_their_rows_alone() {
    let text = "@ф\nФункция: Ф\n  @п\n  Правило: П\n    @с\n    Структура сценария: С <n>\n      Когда а <n>\n      @быстро @дым\n      \
                Примеры: первые\n        | n |\n        | 1 |\n      @долго\n      Примеры:\n        | n |\n        | 2 |\n        | 3 |\n";
    let mut document = read(&of(text)).unwrap();
    expand("f.feature", &mut document).unwrap();
    let rule = &document.feature.rules[0];
    let tags: Vec<_> = rule.scenarios.iter().map(|scenario| scenario.tags.join(" ")).collect();
    assert_eq!(tags, ["с быстро дым", "с долго", "с долго"]);
    assert_eq!((&document.feature.tags[..], &rule.tags[..]), (&["ф".to_owned()][..], &["п".to_owned()][..]));
}

#[test]
fn a_doc_string_begins_where_its_fence_does() {
    let text = "Функция: Ф\n  Структура сценария: С\n    Когда а\n      \"\"\"json\n      {\"n\": <n>}\n        глубже\n\n   мельче\n      \
                \\\"\\\"\\\"\n      # не комментарий\n      | не строка |\n      \"\"\"\n    И б\n      ```\n      \"\"\"\n      ```\n    \
                Примеры:\n      | n |\n      | 1 |\n";
    let mut document = read(&of(text)).unwrap();
    expand("f.feature", &mut document).unwrap();
    let steps = &document.feature.scenarios[0].steps;
    let whole = "{\"n\": 1}\n  глубже\n\nмельче\n\"\"\"\n# не комментарий\n| не строка |";
    assert_eq!(steps[0].docstring.as_deref(), Some(whole));
    assert_eq!(steps[1].docstring.as_deref(), Some("\"\"\""));
}

#[test]
fn a_table_has_what_stands_between_its_bars() {
    let text = "Функция: Ф\n  Сценарий: С\n    Когда а\n      |  б в  ||\\| \\n \\\\|\n      | 1 | 2 | 3 |\n";
    let document = read(&of(text)).unwrap();
    let table = document.feature.scenarios[0].steps[0].table.as_ref().unwrap();
    assert_eq!(table.rows, [["б в", "", "| \n \\"], ["1", "2", "3"]]);
}

#[test]
fn marks_and_line_ends_of_any_editor_are_no_part_of_a_feature() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f.feature");
    let text = "# language: ru\nФункция: Ф\n  Сценарий: С\n    Когда а\n      | б |\n      \n    И в\n      \"\"\"\n      г\n\n      д\n      \"\"\"\n";
    let plain = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let document = read(&File::read(&file).unwrap()).unwrap();
        let steps = &document.feature.scenarios[0].steps;
        (plain(steps), steps[1].docstring.clone())
    };
    let usual = plain(text);
    assert_eq!(usual.1.as_deref(), Some("г\n\nд"));
    assert_eq!(plain(&format!("\u{feff}{text}")), usual);
    assert_eq!(plain(&text.replace('\n', "\r\n")), usual);
    assert_eq!(plain(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), usual);
    assert_eq!(plain(text.trim_end()), usual, "no line end at the end");
}
