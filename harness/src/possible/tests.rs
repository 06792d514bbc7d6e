//! What a description leaves out makes scenarios impossible, each for that reason, and no others.

use std::path::PathBuf;

use gherkin::GherkinEnv;
use serde_json::{Value, json};

use super::mark;
use crate::{
    relying_party::{Action, Client, Section, Sign},
    suite::{Suite, Wording},
};

fn client() -> Client {
    let sign = |css: &str| Sign { css: Some(css.to_owned()), ..Sign::default() };
    let act = || Some(Action { call: Some("POST stand".to_owned()), ..Action::default() });
    let mut client = Client { profiles: vec!["ryazan".to_owned()], clock: act(), ..Client::default() };
    client.register.correct = act();
    client.refusals = [("consent-of-guardian-needed".to_owned(), sign(".wall"))].into();
    client.sections = [("Оценки".to_owned(), Section::default())].into();
    client.words =
        [("Вход".to_owned(), "Начало".to_owned()), ("Через Госуслуги".to_owned(), "Пройти".to_owned())].into();
    client.sign_in.press = Some("Пройти".to_owned());
    client
}

fn seed() -> Value {
    json!({ "clock": { "frozen": "2024-09-02T09:00:00+03:00" }, "gosuslugi": { "people": { "нина": { "name": "Орлова Нина Фёдоровна" } } }, "diary": {} })
}

/// What the side lacks for a scenario of these steps.
fn lacks(client: &Client, wording: Wording, steps: &[&str]) -> Option<String> {
    let steps: Vec<_> =
        std::iter::once("мир «а»").chain(steps.iter().copied()).map(|step| format!("    * {step}")).collect();
    let text = format!("# language: ru\nФункция: а\n  Сценарий: б\n{}\n", steps.join("\n"));
    let mut feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
    feature.path = Some(PathBuf::from("a.feature"));
    let seeds = [(("a.feature".to_owned(), "а".to_owned()), seed())].into();
    let mut suite = Suite { features: vec![feature], seeds, ..Suite::default() };
    mark(&mut suite, client, wording);
    suite.not_possible.into_values().next().map(|why| why.to_string())
}

fn documented(client: &Client, steps: &[&str]) -> Option<String> {
    lacks(client, Wording::Documented, steps)
}

#[test]
fn what_is_described_is_possible() {
    let possible = [
        "Нина входит в дневник",
        "Нина нажимает «Предоставить»",
        "Нина в дневнике",
        "Нина видит «Оценки»",
        "Нина видит «Орлова Нина Фёдоровна»",
        "Нина не видит «Вход»",
        "проходит 1 день",
        "Ольга исправляет в журнале у «Орлова Нина Фёдоровна» поле «СНИЛС» на «001-000-003 00»",
        "Нина получает отказ «Для входа в дневник нужно согласие одного из родителей»",
        "Нина видит текст, где сказано «Согласия уже запрошены автоматически»",
    ];
    assert_eq!(documented(&client(), &possible), None);
}

#[test]
fn a_scenario_at_gosuslugi_alone_needs_nothing_of_the_diary() {
    let bare = Client { profiles: vec!["kuzbass".to_owned()], ..Client::default() };
    assert_eq!(documented(&bare, &["Нина входит на Госуслуги", "проходит 1 день", "Нина видит «Слон»"]), None);
}

#[test]
fn each_thing_that_is_left_out_is_named_with_the_first_step_that_needs_it() {
    let told = |change: &dyn Fn(&mut Client), steps: &[&str]| {
        let mut client = client();
        change(&mut client);
        documented(&client, &[&["Нина входит в дневник"], steps].concat()).unwrap_or_default()
    };
    let clock = "часы дневника не переводятся (clock): мир «а»";
    assert_eq!(told(&|client| client.clock = None, &["проходит 1 день"]), clock);
    let correct = "Ольга исправляет в журнале у «Орлова Нина Фёдоровна» поле «СНИЛС» на «001-000-003 00»";
    assert!(
        told(&|client| client.register.correct = None, &[correct]).ends_with(&format!("(register.correct): {correct}"))
    );
    let journal = "Ольга открывает журнал школы";
    assert_eq!(told(&|_| {}, &[journal]), format!("у дневника нет страниц сотрудников (staff): {journal}"));
    let refused = "Нина получает отказ «Вы не отмечены в электронном журнале как активный пользователь»";
    assert!(
        told(&|_| {}, &["Нина в дневнике", refused]).starts_with("в описании нет, как дневник показывает этот отказ")
    );
    assert!(told(&|_| {}, &["Нина видит «Слон»"]).ends_with("(words, sections): Нина видит «Слон»"));
    assert!(told(&|client| client.profiles.clear(), &[]).starts_with("дневник не рассчитан на профиль «ryazan»"));
}

#[test]
fn a_page_belongs_to_the_side_where_the_steps_have_led() {
    let told = |steps: &[&str]| documented(&client(), steps).is_none();
    assert!(told(&["Нина входит в дневник", "Нина входит на Госуслуги", "Нина видит «Слон»"]));
    assert!(!told(&["Нина входит в дневник", "Анна входит на Госуслуги", "Нина видит «Слон»"]));
    assert!(told(&[
        "Нина открывает страницу входа в дневник",
        "Нина нажимает «Через Госуслуги»",
        "Нина видит поле «Пароль»"
    ]));
    assert!(!told(&["Нина открывает страницу входа в дневник", "Нина видит поле «Пароль»"]));
    // A button that a step looks for is neither a section nor a refusal.
    assert!(!told(&["Нина входит в дневник", "Нина видит кнопку «Оценки»"]));
    assert!(told(&["Нина входит в дневник", "Нина нажимает «Оценки»"]));
}

#[test]
fn scenarios_of_ones_own_speak_as_ones_own_diary_does() {
    let steps = ["Нина входит в дневник", "Нина получает отказ «Никак»", "Нина видит «Слон»"];
    assert_eq!(lacks(&client(), Wording::TheirOwn, &steps), None);
}

#[test]
fn a_composed_step_needs_what_its_steps_need() {
    let folder = tempfile::tempdir().unwrap();
    let steps = "Шаг: {кто} исправляет СНИЛС на «{номер}»\n  Когда {кто} исправляет в журнале у «Петрова Анна Сергеевна» поле «СНИЛС» на \
                 «{номер}»\n";
    let feature =
        "Функция: а\n  Сценарий: б\n    Дано мир «петровы»\n    Когда Ольга исправляет СНИЛС на «001-000-003 00»\n";
    std::fs::write(folder.path().join("свои.steps"), steps).unwrap();
    std::fs::write(folder.path().join("свой.feature"), feature).unwrap();
    let lacks = |client: &Client| {
        let mut suite = Suite::load(&[folder.path().to_owned()]).unwrap();
        mark(&mut suite, client, Wording::Documented);
        suite.not_possible.into_values().next().map(|why| why.to_string())
    };
    assert_eq!(lacks(&client()), None);
    let mut without = client();
    without.register.correct = None;
    insta::assert_snapshot!(lacks(&without).unwrap(), @"записи журнала школы нельзя исправить извне (register.correct): Ольга исправляет в журнале у «Петрова Анна Сергеевна» поле «СНИЛС» на «001-000-003 00»");
}
