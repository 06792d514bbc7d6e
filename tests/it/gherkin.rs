//! Gherkin as others write it, played by the built program: rules, outlines with tags on examples, texts, tables, synonyms.

use std::{fs, path::Path};

use serde_json::Value;
use tests::Program;

const FEATURE: &str = "# language: ru\n@семья\nСвойство: Всё, что есть в Gherkin\n  Описание в две строки,\n  и вторая.\n\n  Контекст:\n    \
                       Пусть мир «демо»\n\n  Пример: без правила\n    * Анна открывает страницу входа в дневник\n    То Анна видит \
                       «Вход в электронный дневник»\n    А Анна не видит «Ошибка»\n\n  @вход\n  Правило: Люди входят\n    Контекст:\n      \
                       Допустим Ольга открывает Госуслуги\n\n    Шаблон сценария: <кто> входит на Госуслуги\n      Если <кто> входит на \
                       Госуслуги\n      К тому же проходит <срок>\n      Затем <кто> видит «Личный кабинет»\n\n      @взрослые\n      \
                       Примеры: взрослые\n        | кто    | срок     |\n        | Анна   | 1 минута |\n        | Сергей | 2 минуты |\n\n      \
                       @дети\n      Примеры:\n        | кто  | срок  |\n        | Маша | 1 час |\n\n    Сценарий: текст и таблица\n      \
                       Когда Анна пишет\n        \"\"\"\n        Здравствуйте!\n        \"\"\"\n      Также Анна заполнила\n        \
                       | Телефон / Email / СНИЛС | anna |\n";

const STEPS: &str = "Шаг: {кто} пишет\n  Когда {кто} открывает Госуслуги\n  И {кто} вводит «{текст под шагом}» в поле «Телефон / Email / \
                     СНИЛС»\n\nШаг: {кто} заполнила\n  * {кто} заполняет\n    | {таблица под шагом} |\n";

/// Writes both files and plays the feature.
async fn played(folder: &Path, feature: &str, args: &[&str]) -> tests::Ended {
    fs::write(folder.join("всё.steps"), STEPS).expect("steps");
    let file = folder.join("всё.feature");
    fs::write(&file, feature).expect("feature");
    Program::run(&[&["run", file.to_str().expect("its name")], args].concat()).await
}

#[tokio::test]
async fn everything_in_gherkin_is_played_whatever_editor_has_written_it() {
    let folder = tempfile::tempdir().expect("folder");
    let marked = format!("\u{feff}{}", FEATURE.replace('\n', "\r\n"));
    for text in [FEATURE, &marked] {
        let ended = played(folder.path(), text, &[]).await;
        assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
        assert!(ended.out.contains("5 сценариев: 5 прошли"), "{}", ended.out);
    }
}

#[tokio::test]
async fn tags_of_a_rule_and_of_examples_choose() {
    let folder = tempfile::tempdir().expect("folder");
    let chosen = async |tags: &str| {
        let listed = played(folder.path(), FEATURE, &["--tags", tags, "--list", "--json"]).await;
        let listed: Value = serde_json::from_str(&listed.out).expect("JSON");
        let names = listed.as_array().expect("a list").iter().filter_map(|one| one["scenario"].as_str());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(chosen("@взрослые").await, ["Анна входит на Госуслуги", "Сергей входит на Госуслуги"]);
    assert_eq!(chosen("@дети").await, ["Маша входит на Госуслуги"]);
    assert_eq!(chosen("@вход and not @взрослые").await, ["Маша входит на Госуслуги", "текст и таблица"]);
    assert_eq!(chosen("@семья").await.len(), 5);
}
