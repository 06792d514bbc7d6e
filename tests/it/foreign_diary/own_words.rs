//! Scenarios of the diary's own team, and a diary that has one world for all.

use super::{Ended, Notebook, reported};

const FEATURE: &str = "\
# language: ru
Функция: Тетрадь
  Сценарий: Тёма видит свои баллы
    Дано мир «петровы»
    Когда Тёма входит в дневник
    Тогда Тёма видит «Петров Артём Сергеевич»
    И Тёма не видит «Чтение»
    Когда Тёма нажимает «Баллы»
    Тогда Тёма видит «Чтение»
    Когда Тёма выходит
    Тогда Тёма видит «Добро пожаловать»

  Сценарий: Маше нужен взрослый
    Дано мир «петровы»
    Когда Маша входит в дневник
    Тогда Маша получает отказ «Нужен взрослый»
    И Маша видит текст, где сказано «Пусть мама или папа разрешит»
";

#[tokio::test]
async fn scenarios_of_the_diarys_own_team_are_in_its_own_words() {
    let notebook = Notebook::start("").await;
    notebook.write("my.feature", FEATURE);
    let ended = notebook.run(&[&notebook.at("my.feature")]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    notebook.write("my.feature", &FEATURE.replace("«Нужен взрослый»", "«Нужен директор»"));
    let ended = notebook.run(&[&notebook.at("my.feature")]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("отказ другой (consent-of-guardian-needed)"), "{}", ended.out);
}

#[tokio::test]
async fn a_diary_with_one_world_plays_scenario_after_scenario_in_it() {
    let notebook = Notebook::start("").await;
    notebook.describe("/{world}/\n", "/school/\nworld: school\n");
    let report = notebook.at("r.json");
    let chosen =
        ["--name", "Согласие спрашивают", "--name", "Мать отозвала согласие", "--jobs", "8", "--json", &report];
    let ended = notebook.run(&chosen).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let passed = reported(&notebook.read_json("r.json")).into_iter().filter(|one| one.ended == Ended::Passed).count();
    assert_eq!(passed, 4, "{}", ended.out);
}
