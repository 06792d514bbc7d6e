//! One run speaks one language, whatever it prints; data are quoted as they are.

use std::fs;

use tests::{Ended, Program, is_russian};

const FAILS: &str = "# language: ru\nФункция: своя\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда Нина входит в \
                     дневник\n    И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон»\n    И Нина видит «дом»\n";

const WRONG: &str = "# language: ru\nФункция: своя\n  Сценарий: пустой\n  Сценарий: чужой\n    Дано мир «нигде»\n    Когда Зоя \
                     поёт\n  Сценарий: чужой\n    Дано мир «взрослые»\n    Когда Зоя входит в дневник\n    Когда Нина видит \
                     «дом»\n    Тогда Нина видит «»\n  Правило: пустое\n";

const WRONG_SEED: &str = "titel: а\ngosuslugi:\n  people: [\n";

/// Right as YAML; what it says is wrong is known to Gosuslugi alone.
const WRONG_PERSON: &str =
    "title: a\ngosuslugi:\n  people:\n    anna: {name: Анна 2, gender: F, born: 1985-03-14, snils: 001-000-001 00}\n";

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("file");
    }
    folder
}

/// A text without what it quotes, be it in «…» within «…» or in "…".
fn without_quotes(text: &str) -> String {
    let (mut left, mut depth, mut quoted) = (String::new(), 0_usize, false);
    for letter in text.chars() {
        match letter {
            '«' => depth += 1,
            '»' => depth = depth.saturating_sub(1),
            '"' => quoted = !quoted,
            '\n' => {
                (depth, quoted) = (0, false);
                left.push('\n');
            }
            other if depth == 0 && !quoted => left.push(other),
            _ => {}
        }
    }
    left
}

/// Whether a line of a run is data: a step, a row or what a page says, an event of a party, a scenario.
fn is_data(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['✔', '✘', '–', '|'])
        || line.starts_with(|first: char| first.is_ascii_digit()) && line.contains("  ")
}

/// The lines in which something Russian is left that is neither data nor quoted.
fn russian_lines(ended: &Ended, data: &[&str]) -> Vec<String> {
    let said = format!("{}\n{}", ended.out, ended.err);
    let said = data.iter().fold(said, |said, own| said.replace(own, ""));
    let lines = said.lines().filter(|line| !is_data(line)).map(without_quotes);
    lines.filter(|line| line.contains(is_russian)).collect()
}

#[tokio::test]
async fn mistakes_of_the_command_line_are_english_where_english_is_asked_for() {
    let folder = folder(&[("config.yaml", "idp: {lisen: 1}\n")]);
    let config = folder.path().join("config.yaml").display().to_string();
    for args in [
        &["run", "--tag", "@a"][..],
        &["run", "--jobs", "x"],
        &["rum"],
        &["run", "gone.feature"],
        &["run", "--tags", "@a и"],
        &["run", "--keep"],
        &["check", "--profile", "gone"],
        &["idp", "--config", "gone.yaml"],
        &["idp", "--config", &config],
        &["idp", "--data", "redis:"],
        &["idp", "--listen", "0.0.0.0:0"],
        &["people", "gone"],
        &["mistakes", "slip-mising"],
        &["explain", "R999.1"],
        &["health", "http://127.0.0.1:1"],
    ] {
        let ended = Program::run(&[&["--lang", "en"], args].concat()).await;
        assert!(matches!(ended.code, Some(2 | 3)), "{args:?}: {}", ended.err);
        assert_eq!(russian_lines(&ended, &[]), Vec::<String>::new(), "{args:?}: {}", ended.err);
        assert!(!ended.err.is_empty(), "{args:?}");
    }
}

#[tokio::test]
async fn a_failed_run_is_told_and_reported_in_english_but_for_what_it_quotes() {
    let folder = folder(&[("own.feature", FAILS)]);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (junit, rules) = (file("junit.xml"), file("rules.md"));
    let args = ["run", "--lang", "en", &file("own.feature"), "--junit", &junit, "--coverage", &rules];
    let ended = Program::run(&args).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let data = ["слона нет", "Нина", "своя"];
    assert_eq!(russian_lines(&ended, &data), Vec::<String>::new(), "{}", ended.out);
    for said in
        ["1 scenario: 0 passed, 1 failed (", "\nFailed:\n", "page (Нина): the diary, /diary", "the page has no «слон»"]
    {
        assert!(ended.out.contains(said), "{said:?}: {}", ended.out);
    }
    let junit = fs::read_to_string(&junit).expect("JUnit");
    assert!(junit.contains(r#"message="the page has no «слон»""#), "{junit}");
    assert!(fs::read_to_string(&rules).expect("rules").starts_with("# Rules and what proves them\n"));
}

#[tokio::test]
async fn what_is_wrong_with_files_is_told_in_english_but_for_what_it_quotes() {
    let files = [("own.feature", WRONG), ("seed.yaml", WRONG_SEED), ("person.yaml", WRONG_PERSON)];
    let folder = folder(&files);
    for (name, _) in files {
        let ended = Program::run(&["check", "--lang", "en", &folder.path().join(name).display().to_string()]).await;
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        assert_eq!(russian_lines(&ended, &[]), Vec::<String>::new(), "{}", ended.err);
    }
}

#[tokio::test]
async fn the_same_is_russian_without_a_locale_and_where_it_is_asked_for() {
    let folder = folder(&[("own.feature", FAILS)]);
    let file = folder.path().join("own.feature").display().to_string();
    for args in [&["run", &file][..], &["run", &file, "--lang", "ru"]] {
        let ended = Program::run(args).await;
        assert!(ended.out.contains("1 сценарий: 0 прошли, 1 не прошёл ("), "{}", ended.out);
        let english = ["line", "page", "request", "scenario", "failed", "passed", " ms"];
        let lines: Vec<_> = ended.out.lines().filter(|line| english.iter().any(|word| line.contains(word))).collect();
        assert_eq!(lines, Vec::<&str>::new());
    }
}

#[tokio::test]
async fn tables_and_lists_have_headings_of_the_language() {
    for (lang, people, steps, right) in
        [("ru", "логин", "Мир и время\n", "1 файл верен"), ("en", "login", "World and time\n", "1 file is right")]
    {
        let said = async |args: &[&str]| Program::run(&[&["--lang", lang], args].concat()).await.out;
        assert!(said(&["people", "взрослые"]).await.contains(people), "{lang}");
        assert!(said(&["steps"]).await.starts_with(steps), "{lang}");
        let folder = folder(&[("own.feature", FAILS)]);
        let file = folder.path().join("own.feature").display().to_string();
        assert_eq!(said(&["check", &file]).await.trim(), right);
    }
}
