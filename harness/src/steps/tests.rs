//! The vocabulary reads its own examples, and gives hints for sentences that it cannot read.

use super::{Found, all, canonical, find, people_of, vocabulary};

/// A sentence without its keyword and table.
fn sentence(example: &str) -> &str {
    example.lines().next().and_then(|line| line.split_once(' ')).map_or("", |(_, rest)| rest)
}

#[test]
fn every_step_reads_its_example_and_no_other_does() {
    for step in all() {
        let Found::Step(reader, _) = find(sentence(step.example)) else { panic!("{}", step.example) };
        assert_eq!(reader.pattern, step.pattern, "{}", step.example);
    }
}

#[test]
fn the_vocabulary_prints_every_step_once() {
    let printed = vocabulary();
    for step in all() {
        assert_eq!(printed.lines().filter(|line| line.trim() == step.pattern).count(), 1, "{}", step.pattern);
    }
}

fn values(sentence: &str) -> Vec<String> {
    match find(sentence) {
        Found::Step(_, values) => values,
        Found::Unknown(unknown) => panic!("{sentence}: {unknown:?}"),
    }
}

#[test]
fn a_text_may_hold_another_text() {
    assert_eq!(values("Нина видит кнопку «ООО «Ромашка»»"), ["Нина", "ООО «Ромашка»"]);
    assert_eq!(values("Анна нажимает «Отозвать» у «Школа «43»»"), ["Анна", "Отозвать", "Школа «43»"]);
    assert_eq!(values("Анна вводит «» в поле «СНИЛС»"), ["Анна", "", "СНИЛС"]);
}

#[test]
fn terms_are_said_in_any_number() {
    for term in [
        "1 минута",
        "1 минуту",
        "2 минуты",
        "15 минут",
        "1 день",
        "3 дня",
        "5 дней",
        "1 час",
        "24 часа",
        "1 год",
        "5 лет",
    ] {
        assert_eq!(values(&format!("проходит {term}")), [term]);
    }
    for term in ["1 рабочий день", "2 рабочих дня", "5 рабочих дней"] {
        assert_eq!(values(&format!("проходит {term}")), [term]);
    }
    assert!(matches!(find("проходит неделя"), Found::Unknown(_)));
}

#[test]
fn sentences_are_read_as_people_type_them() {
    for typed in [
        "Анна видит \"Личный кабинет\"",
        "Анна видит „Личный кабинет“",
        "Анна видит “Личный кабинет”",
        "Анна видит 'Личный кабинет'",
        "Анна\u{a0}видит  «Личный кабинет».",
    ] {
        assert_eq!(canonical(typed), "Анна видит «Личный кабинет»", "{typed}");
    }
    // Text in guillemets is unchanged.
    assert_eq!(canonical("Анна видит «ООО \"Ромашка\".»"), "Анна видит «ООО \"Ромашка\".»");
    assert_eq!(canonical("Анна открывает \"Профиль\" -> \"Согласия\""), "Анна открывает «Профиль» → «Согласия»");
    assert_eq!(values("Проходит 15 минут"), ["15 минут"]);
    assert_eq!(values("тётя Галя не видит «Ошибка»"), ["тётя Галя", "Ошибка"]);
    assert_eq!(values("Анна-мария_2 подтверждает учетную запись в МФЦ"), ["Анна-мария_2"]);
}

#[test]
fn what_does_not_fit_in_its_place_is_told_with_what_does() {
    let told = |sentence: &str| match find(sentence) {
        Found::Unknown(unknown) => {
            unknown.misfit.map(|(written, what)| format!("{written}: {what}")).unwrap_or_default()
        }
        Found::Step(step, _) => panic!("{sentence}: {step:?}"),
    };
    insta::assert_snapshot!(told("проходит полчаса"), @"полчаса: число и единица: 30 секунд, 15 минут, 2 часа, 3 дня, 5 лет");
    insta::assert_snapshot!(told("наступает 2024-09-02"), @"2024-09-02: день в виде ДД.ММ.ГГГГ: 14.03.2025");
    insta::assert_snapshot!(told("мир петровы"), @"петровы: текст в кавычках, не пустой: «Проверено»");
    insta::assert_snapshot!(told("Анна видит Проверено"), @"Проверено: текст в кавычках, не пустой: «Проверено»");
    insta::assert_snapshot!(told("мир «петровы» по правилам двадцатого года"), @"двадцатого: год четырьмя цифрами: 2023");
    insta::assert_snapshot!(told("Анна видит кнопки «Создать»"), @"");
}

fn suggested(sentence: &str) -> String {
    match find(sentence) {
        Found::Step(step, _) => panic!("{sentence}: {step:?}"),
        Found::Unknown(unknown) => unknown.near.iter().map(|step| step.pattern).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn an_unknown_step_suggests_the_nearest() {
    insta::assert_snapshot!(suggested("Анна нажала «Привязать»"), @"{кто} нажимает {текст}");
    insta::assert_snapshot!(suggested("Ваня заходит в дневник"), @"
    {кто} входит в дневник
    {кто} в дневнике
    ");
    insta::assert_snapshot!(suggested("Совсем другое дело, не похожее ни на что из того, что бывает"), @"");
}

#[test]
fn people_are_found_in_sentences() {
    let Found::Step(step, values) = find("Анна нажимает «Привязать»") else { panic!("unknown") };
    assert_eq!(people_of(step, &values), ["Анна"]);
    let Found::Step(step, values) = find("проходит 15 минут") else { panic!("unknown") };
    assert!(people_of(step, &values).is_empty());
}

#[test]
fn a_colon_before_a_table_and_a_tab_after_a_name_are_read() {
    assert_eq!(canonical("одновременно:"), "одновременно");
    assert_eq!(values("Анна (вкладка 2) нажимает «Выйти»"), ["Анна (вкладка 2)", "Выйти"]);
    assert_eq!(values("одному из них сказано «а», а другому «б»"), ["а", "б"]);
    assert!(matches!(find("Анна (вкладка 1) выходит"), Found::Unknown(_)));
}
