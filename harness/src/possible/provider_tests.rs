//! What a provider lacks makes scenarios impossible, each for that reason, and no others.

use std::path::PathBuf;

use gherkin::GherkinEnv;
use serde_json::json;

use super::mark_at_provider;
use crate::{provider::StandDescription, suite::Suite};

const STAND: &str = "title: Стенд\nbase: https://stand.test/\nprotocol: oidc\nmnemonic-variable: A\nsecret-variable: B\n\
                     worlds: [взрослые]\npeople: {нина: {login: nina, password-variable: C}, ольга: {login: o, password-variable: D}}\n\
                     sign-in: {shows: {css: form}, login: Логин, password: Пароль, press: Войти}\n\
                     signed-in: {open: me, css: '#me'}\nconsent: {css: '#ask'}\nwords: {Предоставить: Разрешаю}\n";

/// What the provider lacks for a scenario of these steps.
fn lacks(stand: &str, steps: &[&str]) -> Option<String> {
    let steps: Vec<_> = steps.iter().map(|step| format!("    * {step}")).collect();
    let text = format!("# language: ru\nФункция: а\n  Сценарий: б\n{}\n", steps.join("\n"));
    let mut feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
    feature.path = Some(PathBuf::from("a.feature"));
    let seed = json!({ "clock": { "frozen": "2024-09-02T09:00:00+03:00" }, "diary": {},
        "gosuslugi": { "people": { "нина": { "name": "Орлова Нина Фёдоровна" } } } });
    let seeds = ["взрослые", "другие"].map(|name| (("a.feature".to_owned(), name.to_owned()), seed.clone()));
    let mut suite = Suite { features: vec![feature], seeds: seeds.into(), ..Suite::default() };
    mark_at_provider(&mut suite, &serde_saphyr::from_str::<StandDescription>(stand).unwrap());
    suite.not_possible.into_values().next().map(|why| why.to_string())
}

fn told(steps: &[&str]) -> String {
    lacks(STAND, &[&["мир «взрослые»"], steps].concat()).unwrap_or_default()
}

#[test]
fn what_a_stand_has_is_possible() {
    let steps = [
        "Нина входит в дневник",
        "Нина читает вопрос о согласии",
        "Нина нажимает «Предоставить»",
        "Нина в дневнике",
        "Нина видит «Оценки»",
        "Нина выходит",
        "Нина видит «Вход в электронный дневник»",
        "Нина входит на Госуслуги",
        "Нина видит «Орлова Нина Фёдоровна»",
        "Ольга открывает журнал школы",
        "Ольга нажимает «Родители»",
    ];
    assert_eq!(told(&steps), "");
}

#[test]
fn each_thing_that_it_lacks_is_named_with_the_first_step_that_needs_it() {
    let world = lacks(STAND, &["мир «другие»"]).unwrap();
    assert_eq!(world, "на стенде поставщика нет людей мира «другие» (worlds): мир «другие»");
    let dated = lacks(STAND, &["мир «взрослые» на 20.03.2024"]).unwrap();
    assert!(dated.starts_with("часы поставщика не переводятся: мир"), "{dated}");
    let esia =
        lacks(&STAND.replace("consent: {css: '#ask'}\n", ""), &["мир «взрослые»", "Нина читает вопрос о согласии"]);
    assert!(esia.unwrap().contains("(consent): Нина читает"));
    let home = lacks(
        &STAND.replace("signed-in: {open: me, css: '#me'}\n", ""),
        &["мир «взрослые»", "Нина входит на Госуслуги"],
    );
    assert!(home.unwrap().contains("(signed-in): Нина входит"));
    for (step, lack) in [
        ("проходит 1 день", "часы поставщика не переводятся"),
        ("Анна входит в дневник", "на стенде поставщика нет учётной записи «Анна» (people)"),
        ("Нина подтверждает учётную запись в МФЦ", "у поставщика нет управляющего API"),
        ("Госуслуги отвечают с ошибкой «te.500»", "у поставщика нет управляющего API"),
        ("Нина получает уведомление «Слон»", "уведомления и письма поставщика не видны"),
        (
            "Нина пробует войти с неверным паролем 10 раз",
            "у сценария нет своего мира: он изменил бы общий стенд поставщика",
        ),
        (
            "Нина открывает «Профиль» на Госуслугах",
            "шаг читает страницы Госуслуг этой программы, у поставщика они другие",
        ),
    ] {
        assert_eq!(told(&[step]), format!("{lack}: {step}"));
    }
    let words = "в описании нет, как это названо у поставщика (words)";
    assert_eq!(
        told(&["Нина входит в дневник", "Нина нажимает «Отказать»"]),
        format!("{words}: Нина нажимает «Отказать»")
    );
    assert_eq!(told(&["Нина входит на Госуслуги", "Нина видит «Слон»"]), format!("{words}: Нина видит «Слон»"));
}
