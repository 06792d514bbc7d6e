//! The reports of a run that was not played: made of results, whatever they say.

use std::{path::PathBuf, time::Duration};

use cucumber::feature::Ext as _;
use gherkin::GherkinEnv;
use serde_json::Value;

use super::{json, junit, plan::Outcome, results::Results, story::story, summary::summary};
use crate::{
    control::{Check, CheckOutcome, Party},
    language::in_english,
    scenario::{Event, Evidence, PageSnapshot, Record, RefusedRequest, StepEnd, StepResult},
    suite::Suite,
};

const FEATURE: &str = "# language: ru\n@семья\nФункция: вход ]]>\n  Предыстория:\n    Дано мир «бабушка»\n\n  @R000.1\n  \
                       Сценарий: мама входит\n    Когда Нина входит в дневник\n      | поле | значение |\n    \
                       Тогда Нина видит «слон»\n    И Нина видит «дом»\n  Сценарий: никто не входит\n    \
                       Тогда Нина видит «дом»\n";

fn results() -> Results {
    let mut feature = gherkin::Feature::parse(FEATURE, GherkinEnv::new("ru").unwrap()).unwrap();
    feature.path = Some(PathBuf::from("my/вход.feature"));
    Results::of(&Suite { features: vec![feature.expand_examples().unwrap()], ..Suite::default() })
}

fn played(end: StepEnd, events: Vec<Event>) -> StepResult {
    StepResult { end, took: Duration::from_millis(7), events, picture: None, raced: None }
}

fn event(party: Party, text: &str) -> Event {
    Event { party, at: "2024-09-02T06:00:00Z".parse().unwrap(), text: text.to_owned() }
}

fn ended_with(ends: Vec<StepEnd>) -> Results {
    let mut results = results();
    let place = results.features[0].scenarios[0].place.clone();
    let events = vec![event(Party::Diary, "начат вход"), event(Party::Idp, "код обменян")];
    let mut steps: Vec<_> = ends.into_iter().map(|end| played(end, Vec::new())).collect();
    if let Some(second) = steps.get_mut(1) {
        second.events = events;
    }
    let check = Check {
        rule: "client-signature".to_owned(),
        source: "RFC 7515 §5.2".to_owned(),
        expected: "подпись системы".to_owned(),
        got: "чужая подпись".to_owned(),
        outcome: CheckOutcome::Failed,
        error: Some("ESIA-007053".to_owned()),
        mistakes: vec!["foreign-key".to_owned()],
    };
    let request = |id| RefusedRequest {
        party: Party::Idp,
        id,
        what: "POST /aas/oauth2/te → 400".to_owned(),
        checks: vec![check.clone()],
    };
    let page = PageSnapshot {
        who: "Нина".to_owned(),
        place: "дневник, /login".to_owned(),
        title: "Вход".to_owned(),
        text: "Вход в дневник\nВыйти".to_owned(),
    };
    let evidence = Evidence { page: Some(page), requests: vec![request(8), request(7)], ..Evidence::default() };
    let world = Some("run-1".to_owned());
    let record = Record { steps, took: Duration::from_millis(40), world, evidence, ..Record::default() };
    results.keep(&place, 1, record);
    results
}

pub(super) fn failed() -> Results {
    ended_with(vec![StepEnd::Passed, StepEnd::Passed, StepEnd::Unmet("на странице нет «слон»\u{b}".to_owned())])
}

/// Another attempt of the scenario that has failed, which passes.
pub(super) fn passes_again(results: &mut Results) {
    let place = results.features[0].scenarios[0].place.clone();
    let steps = (0..4).map(|_| played(StepEnd::Passed, Vec::new())).collect();
    results.keep(&place, 1, Record { steps, ..Record::default() });
}

#[test]
fn a_story_lists_every_step_with_what_it_set_off_and_repeats_nothing() {
    insta::assert_snapshot!(story(&failed().features[0].scenarios[0]), @"
    ✔ Дано мир «бабушка»  (строка 5)
    ✔ Когда Нина входит в дневник  (строка 9)
          | поле | значение |
          02.09.2024 09:00:00  дневник    начат вход
          02.09.2024 09:00:00  Госуслуги  код обменян
    ✘ Тогда Нина видит «слон»  (строка 11)
        на странице нет «слон»[U+000B]
    – И Нина видит «дом»  (строка 12)

    страница (Нина): дневник, /login «Вход»
      | Вход в дневник
      | Выйти

    Госуслуги, запрос 8: POST /aas/oauth2/te → 400
      client-signature: ожидалось: подпись системы; получено: чужая подпись (RFC 7515 §5.2, ESIA-007053)
        похоже на ошибку: foreign-key

    Госуслуги, запрос 7: POST /aas/oauth2/te → 400: то же, что в запросе 8
    ");
}

#[test]
fn outcomes_are_what_the_steps_say() {
    let outcome = |results: Results| results.features[0].scenarios[0].outcome();
    let passed = || StepEnd::Passed;
    assert_eq!(outcome(failed()), Outcome::Failed);
    assert_eq!(outcome(ended_with(vec![passed(), StepEnd::CouldNotAsk("сервер молчит".into())])), Outcome::NotAsked);
    assert_eq!(outcome(ended_with(vec![passed(), passed(), passed(), passed()])), Outcome::Passed);
    assert_eq!(outcome(ended_with(vec![passed(), passed()])), Outcome::NotPlayed, "stopped in the middle");
    assert_eq!(outcome(results()), Outcome::NotPlayed);
}

/// The `JUnit` report, its times and date cut out.
fn xml(results: &Results) -> String {
    let xml = junit::xml(results, &[("browser", "http".to_owned())]).unwrap();
    let attribute = |xml: &str, name: &str| -> String {
        let mark = format!(" {name}=\"");
        let mut parts = xml.split(&mark);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('"').unwrap_or_default().1)
    };
    attribute(&attribute(&xml, "time"), "timestamp")
}

#[test]
fn junit_tells_the_story_in_the_body_and_the_reason_in_short() {
    insta::assert_snapshot!(xml(&failed()), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="esia-stand" tests="2" skipped="1" failures="1" errors="0">
        <testsuite name="вход ]]&gt;" tests="2" skipped="1" errors="0" failures="1" file="my/вход.feature">
            <properties>
                <property name="browser" value="http"/>
            </properties>
            <testcase name="мама входит" classname="вход ]]&gt;" file="my/вход.feature" line="8">
                <properties>
                    <property name="tags" value="@семья @R000.1"/>
                </properties>
                <failure message="на странице нет «слон»[U+000B]" type="unmet">
    ✔ Дано мир «бабушка»  (строка 5)
    ✔ Когда Нина входит в дневник  (строка 9)
          | поле | значение |
          02.09.2024 09:00:00  дневник    начат вход
          02.09.2024 09:00:00  Госуслуги  код обменян
    ✘ Тогда Нина видит «слон»  (строка 11)
        на странице нет «слон»[U+000B]
    – И Нина видит «дом»  (строка 12)

    страница (Нина): дневник, /login «Вход»
      | Вход в дневник
      | Выйти

    Госуслуги, запрос 8: POST /aas/oauth2/te → 400
      client-signature: ожидалось: подпись системы; получено: чужая подпись (RFC 7515 §5.2, ESIA-007053)
        похоже на ошибку: foreign-key

    Госуслуги, запрос 7: POST /aas/oauth2/te → 400: то же, что в запросе 8
    </failure>
            </testcase>
            <testcase name="никто не входит" classname="вход ]]&gt;" file="my/вход.feature" line="13">
                <properties>
                    <property name="tags" value="@семья"/>
                </properties>
                <skipped message="прогон остановлен раньше"/>
            </testcase>
        </testsuite>
    </testsuites>
    "##);
}

#[test]
fn junit_says_error_where_nothing_could_be_asked() {
    let xml = xml(&ended_with(vec![StepEnd::CouldNotAsk("нет ответа от дневника".into())]));
    assert!(xml.contains(r#"<error message="нет ответа от дневника" type="could-not-ask">"#), "{xml}");
    assert!(!xml.contains("<failure"), "{xml}");
    assert!(xml.contains(r#"errors="1""#), "{xml}");
}

#[test]
fn junit_says_error_where_the_program_itself_is_at_fault() {
    let results = ended_with(vec![StepEnd::Passed, StepEnd::Panicked("ошибка в самой программе: no row 7".to_owned())]);
    assert_eq!(results.features[0].scenarios[0].outcome(), Outcome::Panicked);
    let xml = xml(&results);
    assert!(xml.contains(r#"<error message="ошибка в самой программе: no row 7" type="panic">"#), "{xml}");
    assert!(xml.contains("\n! Когда Нина входит в дневник"), "{xml}");
    assert!(!xml.contains("<failure"), "{xml}");
    assert!(xml.contains(r#"errors="1""#), "{xml}");
}

#[test]
fn the_count_says_how_every_scenario_ended() {
    let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
    let counted = |ends| plain(summary(&ended_with(ends))).split(" (").next().unwrap_or_default().to_owned();
    let panicked = || counted(vec![StepEnd::Panicked("no row 7".to_owned())]);
    insta::assert_snapshot!(panicked(), @"
    Прерваны ошибкой программы:
      my/вход.feature:8  мама входит

    2 сценария: 0 прошли, 0 не прошли, 1 прерван ошибкой программы, 1 не сыгран
    ");
    insta::assert_snapshot!(in_english(panicked), @"
    Stopped by a fault of the program:
      my/вход.feature:8  мама входит

    2 scenarios: 0 passed, 0 failed, 1 stopped by a fault of the program, 1 not played
    ");
    insta::assert_snapshot!(counted(vec![StepEnd::Unmet("нет".to_owned())]), @"
    Не прошли:
      my/вход.feature:8  мама входит

    2 сценария: 0 прошли, 1 не прошёл, 1 не сыгран
    ");
    insta::assert_snapshot!(counted(vec![StepEnd::CouldNotAsk("молчит".into())]), @"2 сценария: 0 прошли, 0 не прошли, 1 не удалось спросить, 1 не сыгран");
}

#[test]
fn a_story_is_told_in_english_but_for_what_it_quotes() {
    insta::assert_snapshot!(in_english(|| story(&failed().features[0].scenarios[0])), @r#"
    ✔ Дано мир «бабушка»  (line 5)
    ✔ Когда Нина входит в дневник  (line 9)
          | поле | значение |
          02.09.2024 09:00:00  the diary  начат вход
          02.09.2024 09:00:00  Gosuslugi  код обменян
    ✘ Тогда Нина видит «слон»  (line 11)
        на странице нет «слон»[U+000B]
    – И Нина видит «дом»  (line 12)

    page (Нина): дневник, /login "Вход"
      | Вход в дневник
      | Выйти

    Gosuslugi, request 8: POST /aas/oauth2/te → 400
      client-signature: expected: подпись системы; got: чужая подпись (RFC 7515 §5.2, ESIA-007053)
        looks like the mistake: foreign-key

    Gosuslugi, request 7: POST /aas/oauth2/te → 400: the same as in request 8
    "#);
}

#[test]
fn cucumber_json_has_every_step_the_background_first_and_ids_of_words() {
    let report = json::json(&failed());
    let feature = &report[0];
    assert_eq!(feature["id"], "вход");
    let elements = feature["elements"].as_array().unwrap();
    let heads: Vec<_> = elements.iter().map(|element| (&element["type"], &element["id"])).collect();
    let (background, scenario) = (Value::from("background"), Value::from("scenario"));
    assert_eq!(
        heads,
        [
            (&background, &Value::Null),
            (&scenario, &Value::from("вход;мама-входит")),
            (&background, &Value::Null),
            (&scenario, &Value::from("вход;никто-не-входит"))
        ]
    );
    let statuses = |element: &Value| -> Vec<String> {
        let steps = element["steps"].as_array().unwrap().iter();
        steps.map(|step| step["result"]["status"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(statuses(&elements[0]), ["passed"]);
    assert_eq!(statuses(&elements[1]), ["passed", "failed", "skipped"]);
    assert_eq!(statuses(&elements[3]), ["skipped"]);
    assert_eq!(elements[1]["steps"][0]["rows"][0]["cells"][1], "значение");
    let message = elements[1]["steps"][1]["result"]["error_message"].as_str().unwrap();
    assert!(message.starts_with("на странице нет «слон»"), "{message}");
}
