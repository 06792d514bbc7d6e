//! The documented suite is whole; each diagnostic has its bad input and exact text.

use std::collections::BTreeSet;

use super::{Diagnostic, File, Suite, Tags, check, embedded, feature, seed};

#[test]
fn every_tag_of_a_rule_names_a_rule_that_there_is() {
    let suite = Suite::load(&[]).unwrap();
    let known: BTreeSet<_> = suite.rules.iter().map(|(rule, _)| rule).collect();
    assert_eq!(known.len(), 51);
    let of_rules = |tag: &&String| tag.starts_with('R') && tag.contains('.');
    let tagged: BTreeSet<_> = suite.scenarios().flat_map(|(_, tags, _)| tags).filter(of_rules).collect();
    assert_eq!(tagged.difference(&known).collect::<Vec<_>>(), Vec::<&&String>::new());
}

#[test]
fn everything_inside_the_program_is_right() {
    let (count, wrong) = check(&[]);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(count, embedded().iter().filter(|file| file.is_feature() || file.name.contains("/worlds/")).count());
}

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let published = embedded().into_iter().find(|file| file.name == "scenarios/seed.schema.json").unwrap();
    let now = serde_json::to_string_pretty(&seed::schema()).unwrap();
    assert_eq!(published.text.trim(), now.trim(), "esia-stand check --schema > scenarios/seed.schema.json");
}

fn chosen(expression: &str, tags: &[&str]) -> bool {
    let tags: Vec<_> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    expression.parse::<Tags>().unwrap().choose(tags.iter())
}

#[test]
fn tag_expressions_choose_scenarios() {
    assert!(chosen("@R000.11", &["R000.11"]));
    assert!(!chosen("@R000.1", &["R000.11"]));
    assert!(chosen("@R000.11 and not @browser", &["R000.11"]));
    assert!(!chosen("@R000.11 and not @browser", &["R000.11", "browser"]));
    assert!(chosen("not (@R000.1 or @R000.2)", &["R000.3"]));
    assert!(chosen("@R000.1 or @R000.2 and @slow", &["R000.1"]));
    assert!(chosen(" @дневник ", &["дневник"]));
}

#[test]
fn a_bad_tag_expression_says_where() {
    let error = |text: &str| text.parse::<Tags>().unwrap_err().to_string();
    insta::assert_snapshot!(error("@a and"), @"«@a and» — не выражение из тегов (знак 7); например: «@R000.11 and not (@slow or @browser)»");
    insta::assert_snapshot!(error("R000.1"), @"«R000.1» — не выражение из тегов (знак 1); может быть: «@R000.1»; например: «@R000.11 and not (@slow or @browser)»");
    insta::assert_snapshot!(error("@семья и не @согласие"), @"«@семья и не @согласие» — не выражение из тегов (знак 8); может быть: «@семья and not @согласие»; например: «@R000.11 and not (@slow or @browser)»");
    insta::assert_snapshot!(error("(семья или дети"), @"«(семья или дети» — не выражение из тегов (знак 2); например: «@R000.11 and not (@slow or @browser)»");
}

#[test]
fn tags_of_a_feature_hold_for_its_scenarios() {
    let only = |tags: &str| Suite::load(&[]).unwrap().only(Some(&tags.parse().unwrap())).count();
    assert!(only("@browser") > 0);
    assert_eq!(only("@browser") + only("not @browser"), Suite::load(&[]).unwrap().count());
    assert_eq!(only("@nothing"), 0);
    assert!(only("not @browser") > 40);
}

fn told(wrong: &[Diagnostic]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Diagnostics of a feature; its seeds are those built into the program.
fn of_feature(text: &str) -> String {
    let file = File { name: "мой.feature".to_owned(), text: text.to_owned() };
    told(&feature::read(&file, &mut feature::Shared::default()).err().unwrap_or_default())
}

#[test]
fn an_unknown_step_is_told_with_the_nearest_ones() {
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Когда Анна нажал «Выйти»\n"), @"
    мой.feature:4:5: такого шага нет: «Анна нажал «Выйти»»
      может быть: {кто} нажимает {текст}
    ");
}

#[test]
fn an_unknown_world_is_told_with_the_nearest_one() {
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петрывы»\n"), @"
    мой.feature:3:5: мира «петрывы» нет в папке worlds
      может быть: петровы
    ");
}

#[test]
fn an_unknown_person_is_told_with_the_nearest_one() {
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Когда Аннна выходит\n"), @"
    мой.feature:4:5: в мире нет человека «Аннна»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга
      может быть: Анна
    ");
}

#[test]
fn a_scenario_begins_with_a_world() {
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Когда Анна выходит\n"), @"
    мой.feature:3:5: сценарий «С» начинается не с мира
      может быть: Дано мир «…»
    ");
}

#[test]
fn a_line_that_is_no_gherkin_is_told_with_the_nearest_keyword() {
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Кагда Анна выходит\n"), @"
    мой.feature:4:5: так Gherkin не пишут: «Кагда Анна выходит»
      может быть: «Когда» вместо «Кагда»
    ");
    insta::assert_snapshot!(of_feature("# language: ru\nФунция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n"), @"
    мой.feature:2:1: так Gherkin не пишут: «Фунция: Ф»
      может быть: «Функция:» вместо «Фунция:»
    ");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сцинарий: С\n    Дано мир «петровы»\n"), @"
    мой.feature:2:3: так Gherkin не пишут: «Сцинарий: С»
      может быть: «Сценарий:» вместо «Сцинарий:»
    ");
    insta::assert_snapshot!(of_feature("\n"), @"мой.feature: в файле нет ни одного сценария");
}

#[test]
fn a_column_that_an_outline_lacks_is_told() {
    let text =
        "Функция: Ф\n  Структура сценария: С\n    Дано мир «<мир>»\n    Примеры:\n      | свет |\n      | петровы |\n";
    insta::assert_snapshot!(of_feature(text), @"
    мой.feature:3:5: в таблице примеров нет столбца <мир>
    мой.feature:5:7: столбца <свет> не использует ни один шаг: напишите <свет> в шаге или уберите столбец
    ");
}

#[test]
fn rows_of_an_outline_do_not_repeat_a_complaint() {
    let text = "Функция: Ф\n  Структура сценария: С\n    Дано мир «петровы»\n    Когда <кто> летит\n    Примеры:\n      | кто |\n      | Анна |\n      | Ваня |\n";
    assert_eq!(of_feature(text).matches("такого шага нет").count(), 1);
}

/// Diagnostics of the world «петровы» after a replacement in its text.
fn of_seed(right: &str, wrong: &str) -> String {
    let file = embedded().into_iter().find(|file| file.name == "scenarios/worlds/петровы.yaml").unwrap();
    assert!(file.text.contains(right), "{right}");
    let text = file.text.replacen(right, wrong, 1);
    told(&seed::read(&File { name: "мой.yaml".to_owned(), text }).unwrap_err())
}

#[test]
fn fields_and_values_that_do_not_exist_are_told_with_the_nearest_ones() {
    insta::assert_snapshot!(of_seed("      gender: F", "      gendr: F"), @"
    мой.yaml:11:7: поля «gendr» здесь не бывает
      может быть: gender
    ");
    insta::assert_snapshot!(of_seed("title:", "titel:"), @"
    мой.yaml:3:1: поля «titel» здесь не бывает
      может быть: title
    ");
    insta::assert_snapshot!(of_seed("level: standard", "level: top"), @"
    мой.yaml:58:71: значения «top» здесь не бывает
      может быть: simplified, standard, confirmed
    ");
    insta::assert_snapshot!(of_seed("понедельник", "понедельнек"), @"
    мой.yaml:118:9: значения «понедельнек» здесь не бывает
      может быть: понедельник
    ");
    insta::assert_snapshot!(of_seed("      gender: F\n", ""), @"мой.yaml:9:7: не хватает поля «gender»");
}

#[test]
fn values_of_the_wrong_form_are_told() {
    insta::assert_snapshot!(of_seed("001-000-001 00", "112-233-445 96"), @"мой.yaml:13:14: контрольное число СНИЛС не сходится: ожидалось 95, получено 96");
    insta::assert_snapshot!(of_seed("I-ОО 000103", "I-ОО 103"), @"мой.yaml:28:26: номер свидетельства состоит из 6 цифр");
    insta::assert_snapshot!(of_seed("1985-03-14", "14 марта"), @"мой.yaml:12:13: «14 марта» — не дата: пишут ДД.ММ.ГГГГ или ГГГГ-ММ-ДД, например 23.11.2012 или 2012-11-23");
    insta::assert_snapshot!(of_seed("mark: 5", "mark: 6"), @"мой.yaml:133:66: diary.marks.0.mark: оценка — от 1 до 5");
    insta::assert_snapshot!(of_seed("  people:", "  people: ["), @"мой.yaml:9:11: список или словарь в скобках не закрыт, или между частями нет запятой");
}

#[test]
fn people_who_could_be_real_are_refused() {
    insta::assert_snapshot!(of_seed("001-000-001 00", "112-233-445 95"), @"мой.yaml:13:14: gosuslugi.people.анна.snils: такой СНИЛС может быть у настоящего человека: берите до 001-001-998");
    insta::assert_snapshot!(of_seed("anna@example.test", "anna@mail.ru"), @"мой.yaml:14:24: gosuslugi.people.анна.account.email: почта может быть настоящей: берите домены .test и .example");
    insta::assert_snapshot!(of_seed("+7(000)0000001", "+7(910)1234567"), @"мой.yaml:14:50: gosuslugi.people.анна.account.phone: телефон может быть настоящим: берите +7(000)…");
}

#[test]
fn references_to_nobody_are_told() {
    insta::assert_snapshot!(of_seed("{guardian: сергей", "{guardian: сергйе"), @"мой.yaml:70:18: gosuslugi.families[3].guardian: человека «сергйе» нет в people");
    insta::assert_snapshot!(of_seed("client: RYAZAN-DIARY", "client: RYAZAN-DAIRY"), @"мой.yaml:74:31: gosuslugi.consents[0].client: системы «RYAZAN-DAIRY» нет в clients");
    insta::assert_snapshot!(of_seed("parents: [анна]", "parents: [ана]"), @"мой.yaml:97:16: diary.pupils.ваня.parents: в diary.parents нет ключа «ана»");
}

#[test]
fn paths_that_cannot_be_read_are_told() {
    let told = told(&Suite::load(&["нет-такого.feature".into()]).unwrap_err());
    assert!(told.starts_with("нет-такого.feature: файл не читается: "), "{told}");
}

/// A scenario of one step after the world of the Petrovs.
fn of_step(step: &str) -> String {
    of_feature(&format!(
        "Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    И Анна открывает Госуслуги\n    {step}\n"
    ))
}

#[test]
fn a_step_takes_its_table_and_nothing_else() {
    insta::assert_snapshot!(of_step("И Анна выходит\n      | а | б |"), @"мой.feature:6:7: шаг «{кто} выходит» не берёт таблицы: уберите её");
    insta::assert_snapshot!(of_step("И Анна выходит\n      \"\"\"\n      текст\n      \"\"\""), @r#"мой.feature:6:5: шаг не берёт текста в кавычках """: уберите его"#);
    insta::assert_snapshot!(of_step("И Анна заполняет"), @"
    мой.feature:5:5: под шагом «{кто} заполняет» нужна таблица
      может быть: | Фамилия | Петров |
                  | Имя     | Иван   |
    ");
    insta::assert_snapshot!(of_step("И Анна заполняет\n      | Имя | Иван |\n      # ещё\n      | Имя | Пётр |"), @"мой.feature:8:7: поле «Имя» названо дважды");
    insta::assert_snapshot!(of_step("И Анна заполняет\n      | Поле | Значение | Зачем |\n      | Имя | Иван | так |"), @"
    мой.feature:6:7: в таблице нужны два столбца, поле и значение, а здесь ячеек: 3
    мой.feature:7:7: в таблице нужны два столбца, поле и значение, а здесь ячеек: 3
    ");
    insta::assert_snapshot!(of_step("И Анна вставляет таблицу в поле «Файл»"), @"
    мой.feature:5:5: под шагом «{кто} вставляет таблицу в поле {текст}» нужна таблица
      может быть: | СНИЛС          | Класс |
                  | 001-000-003 00 | 7А    |
    ");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n      | а |\n"), @"мой.feature:4:7: шаг «мир {текст}» не берёт таблицы: уберите её");
}

#[test]
fn an_empty_text_is_refused_where_it_is_looked_for() {
    insta::assert_snapshot!(of_step("Тогда Анна видит «»"), @"
    мой.feature:5:5: пустой текст: «Анна видит «»»
      может быть: текст в кавычках, не пустой: «Проверено»
    ");
    insta::assert_snapshot!(of_step("Тогда Анна получает отказ «\u{a0}»"), @"
    мой.feature:5:5: пустой текст: «Анна получает отказ « »»
      может быть: текст в кавычках, не пустой: «Проверено»
    ");
    assert_eq!(of_step("И Анна вводит «» в поле «Имя»"), "");
}

#[test]
fn a_page_is_opened_before_it_is_spoken_of() {
    insta::assert_snapshot!(of_step("Тогда Ваня не видит «Ошибка»"), @"
    мой.feature:5:5: Ваня ещё не открывает ни одной страницы, а шаг говорит о ней
      может быть: перед ним «Ваня входит в дневник» или «Ваня открывает Госуслуги»
    ");
    assert_eq!(of_step("Тогда Анна не видит «Ошибка»"), "");
}

#[test]
fn people_are_found_by_their_names_however_written() {
    assert_eq!(of_step("И анна выходит"), "");
    assert_eq!(of_step("И  Анна\u{a0}видит \"Уведомления\"."), "");
    insta::assert_snapshot!(of_step("И Анне выходит"), @"
    мой.feature:5:5: в мире нет человека «Анне»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга
      может быть: Анна
    ");
    insta::assert_snapshot!(of_step("И Aнна выходит"), @"
    мой.feature:5:5: в мире нет человека «Aнна»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга; латинские буквы: «A»
      может быть: Анна
    ");
    insta::assert_snapshot!(of_step("И Анна неожиданно выходит"), @"
    мой.feature:5:5: такого шага нет: «Анна неожиданно выходит»
      может быть: {кто} выходит
    ");
    insta::assert_snapshot!(of_step("И Анна видит Уведомления"), @"
    мой.feature:5:5: такого шага нет: «Анна видит Уведомления»
      может быть: вместо «Уведомления» — текст в кавычках, не пустой: «Проверено»
                  {кто} получает уведомление {текст}
                  {кто} не получает уведомления {текст}
                  {кто} открывает уведомление {текст}
    ");
    insta::assert_snapshot!(of_step("И Анна выходит # наконец"), @"
    мой.feature:5:5: такого шага нет: «Анна выходит # наконец»
      может быть: комментарий — на своей строке
    ");
}

#[test]
fn time_that_cannot_be_is_told_with_the_form_that_is_expected() {
    insta::assert_snapshot!(of_step("И наступает 01.09.2024"), @"мой.feature:5:5: время мира идёт только вперёд: по его часам уже 02.09.2024 09:00, а шаг говорит 01.09.2024 09:00");
    insta::assert_snapshot!(of_step("И наступает 32.13.2024"), @"мой.feature:5:5: дня «32.13.2024» в календаре нет: пишут ДД.ММ.ГГГГ, например 14.03.2025");
    insta::assert_snapshot!(of_step("И наступает 2 сентября"), @"
    мой.feature:5:5: такого шага нет: «наступает 2 сентября»
      может быть: вместо «2 сентября» — день в виде ДД.ММ.ГГГГ: 14.03.2025
    ");
    insta::assert_snapshot!(of_step("И проходит две недели"), @"
    мой.feature:5:5: такого шага нет: «проходит две недели»
      может быть: вместо «две недели» — число и единица: 30 секунд, 15 минут, 2 часа, 3 дня, 5 лет
    ");
    insta::assert_snapshot!(of_step("И проходит 200 лет"), @"мой.feature:5:5: Так далеко вперёд время мира не передвинуть: не больше 100 лет за раз и не дальше 9999 года");
    insta::assert_snapshot!(of_step("И проходит 3 дня\n    И наступает 04.09.2024"), @"мой.feature:6:5: время мира идёт только вперёд: по его часам уже 05.09.2024 09:00, а шаг говорит 04.09.2024 09:00");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы» на 30.02.2024\n"), @"мой.feature:3:5: дня «30.02.2024» в календаре нет: пишут ДД.ММ.ГГГГ, например 14.03.2025");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы» на 01.01.1980\n"), @"мой.feature:3:5: 01.01.1980 этот мир не начать: gosuslugi.people.анна.born: дата рождения в будущем этого мира");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «статусы» по правилам 1999 года\n"), @"мой.feature:3:5: правил 1999 года нет: есть 2023 и 2024");
    insta::assert_snapshot!(of_step("И мир «статусы»"), @"мой.feature:5:5: в сценарии уже есть мир: он бывает один");
}

#[test]
fn a_row_that_alone_is_wrong_is_told_at_its_line() {
    let outline = |rows: &str| {
        of_feature(&format!(
            "Функция: Ф\n  Структура сценария: С\n    Дано мир «петровы»\n    И <кто> открывает Госуслуги\n    Тогда <кто> видит «<что>»\n\n    Примеры:\n      | кто | что |\n{rows}"
        ))
    };
    insta::assert_snapshot!(outline("      | Анна | Вход |\n      # пояснение\n      | Ваня |  |\n"), @"
    мой.feature:11:7: пустой текст: «Ваня видит «»» (шаг в строке 5)
      может быть: текст в кавычках, не пустой: «Проверено»
    ");
    insta::assert_snapshot!(outline("      | Анна | Вход |\n      | Кузьма | Вход |\n"), @"
    мой.feature:10:7: в мире нет человека «Кузьма»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга (шаг в строке 4)
    ");
}

#[test]
fn numbers_are_texts_where_a_text_is_meant() {
    let file = embedded().into_iter().find(|file| file.name == "scenarios/worlds/петровы.yaml").unwrap();
    let text = file.text.replacen("class: 7А", "class: 11", 1).replacen("title:", "title: 007 #", 1);
    assert_ne!(text, file.text);
    let seed = seed::read(&File { name: "мой.yaml".to_owned(), text }).unwrap();
    assert_eq!(seed["title"], "007");
    assert!(seed["diary"]["pupils"].as_object().unwrap().values().any(|pupil| pupil["class"] == "11"));
}

#[test]
fn seeds_that_make_no_sense_are_told() {
    let maker = of_seed("made-by: анна", "made-by: ольга");
    assert!(maker.starts_with("мой.yaml:36:94: gosuslugi.people.маша.account.made-by: "), "{maker}");
    assert!(maker.contains("у «ольга» нет карточки ребёнка «маша»: карточка есть у "), "{maker}");
    let client = of_seed("diary:\n", "diary:\n  provider: {mnemonic: OTHER-DIARY}\n");
    assert!(
        client.contains(": diary.provider.mnemonic: дневник входит на Госуслуги как «OTHER-DIARY», а такой системы"),
        "{client}"
    );
}

#[test]
fn yaml_s_own_complaints_are_in_russian() {
    insta::assert_snapshot!(of_seed("      gender: F", "\t gender: F"), @"мой.yaml:10:14: здесь знак табуляции: в YAML отступают пробелами");
    insta::assert_snapshot!(of_seed("      gender: F", "      gender: F\n      gender: M"), @"мой.yaml:12:7: поле «gender» записано дважды");
    insta::assert_snapshot!(of_seed("title: ", "title: a: b "), @"мой.yaml:3:9: двоеточие здесь не на месте: текст с «: » берут в кавычки");
    insta::assert_snapshot!(of_seed("mark: 5", "mark: пять"), @"мой.yaml:133:66: здесь нужно число, а написано «пять»");
    insta::assert_snapshot!(of_seed("parents: [анна]", "parents: анна"), @"мой.yaml:97:16: здесь нужен список: строки с «- » или […]");
}

#[test]
fn a_day_is_read_as_people_write_it() {
    let file = embedded().into_iter().find(|file| file.name == "scenarios/worlds/петровы.yaml").unwrap();
    let text = file.text.replacen("1985-03-14", "14.03.1985", 1);
    assert!(seed::read(&File { name: "мой.yaml".to_owned(), text }).is_ok());
}

#[test]
fn rules_of_another_shape_are_told() {
    let of_rules = |text: &str| {
        let file = File { name: "rules.yaml".to_owned(), text: text.to_owned() };
        super::rules::read(&file).map_or_else(|wrong| wrong.to_string(), |rules| format!("{rules:?}"))
    };
    insta::assert_snapshot!(of_rules("- R1\n- R2\n"), @"rules.yaml:1:1: здесь нужен список «тег: о чём правило», по строке на правило: «R1: Ребёнок входит сам»");
    insta::assert_snapshot!(of_rules("R1: [a, b]\n"), @"rules.yaml:1:5: здесь нужен список «тег: о чём правило», по строке на правило: «R1: Ребёнок входит сам»");
    insta::assert_snapshot!(of_rules("# ничего\n"), @"rules.yaml: здесь нужен список «тег: о чём правило», по строке на правило: «R1: Ребёнок входит сам»");
    insta::assert_snapshot!(of_rules("R1: Вход\n'@R2': 12\n"), @r#"[("R1", "Вход"), ("R2", "12")]"#);
    insta::assert_snapshot!(of_rules("R1: Вход: да\n"), @"rules.yaml:1:9: двоеточие здесь не на месте: текст с «: » берут в кавычки");
}

/// A folder with a feature of two scenarios and an outline, and what is chosen of it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "\u{feff}# language: ru\r\nФункция: Ф\r\n\r\n  @один\r\n  Сценарий: А\r\n    Дано мир «мои\u{306}»\r\n\r\n  Структура сценария: Б <n>\r\n    Дано мир «мой»\r\n    Примеры:\r\n      | n |\r\n      | 1 |\r\n      | 2 |\r\n";
    std::fs::write(folder.path().join("a.feature"), text).unwrap();
    std::fs::create_dir(folder.path().join("worlds")).unwrap();
    // The name as macOS writes it: «й» in two characters.
    std::fs::write(folder.path().join("worlds").join("мои\u{306}.yml"), "title: Мой\n").unwrap();
    folder
}

fn names(paths: &[String]) -> Vec<String> {
    let paths: Vec<_> = paths.iter().map(Into::into).collect();
    let suite = Suite::load(&paths).unwrap_or_else(|wrong| panic!("{}", told(&wrong)));
    suite.scenarios().map(|(_, _, scenario)| scenario.name.clone()).collect()
}

#[test]
fn a_path_is_a_file_a_folder_a_pattern_or_a_line() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let all = ["А", "Б 1", "Б 2"];
    assert_eq!(names(&[at("")]), all);
    assert_eq!(names(&[at("a.feature"), at("./a.feature"), at("")]), all);
    assert_eq!(names(&[at("*.feature")]), all);
    assert_eq!(names(&[at("a.feature:5")]), ["А"]);
    assert_eq!(names(&[at("a.feature:4")]), ["А"]);
    assert_eq!(names(&[at("a.feature:13")]), ["Б 2"]);
    assert_eq!(names(&[at("a.feature:9")]), ["Б 1", "Б 2"]);
    assert_eq!(names(&[at("a.feature:6:12")]), ["А", "Б 1"]);
    assert_eq!(names(&[at("a.feature:1")]), all);
}

#[test]
fn a_path_under_which_nothing_can_be_read_says_why() {
    let folder = folder();
    let wrong = |name: &str| {
        let (_, wrong) = check(&[folder.path().join(name)]);
        told(&wrong).replace(&format!("{}/", folder.path().display()), "")
    };
    insta::assert_snapshot!(wrong("a.feature:40"), @"a.feature:40:1: в строке 40 сценария нет; сценарии начинаются в строках 4, 8");
    insta::assert_snapshot!(wrong("b*.feature"), @"b*.feature: таких файлов нет");
    insta::assert_snapshot!(wrong("нет.feature"), @"нет.feature: файл не читается: его нет");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    insta::assert_snapshot!(wrong("empty"), @"empty: в папке нет ни файлов .feature, ни миров worlds/*.yaml");
    std::fs::write(folder.path().join("cp1251.feature"), b"\n\xd4\n").unwrap();
    insta::assert_snapshot!(wrong("cp1251.feature"), @"cp1251.feature:2:1: файл не в UTF-8: сохраните его в кодировке UTF-8");
}

#[test]
fn a_tag_that_looks_like_a_rule_names_one() {
    let folder = folder();
    let feature = folder.path().join("a.feature");
    let text = std::fs::read_to_string(&feature).unwrap().replace("@один", "@Р-1 @Р-12 @смоук");
    std::fs::write(&feature, text).unwrap();
    assert!(Suite::load(&[folder.path().into()]).is_ok());
    std::fs::write(folder.path().join("rules.yaml"), "Р-1: Первое\nР-2: Второе\n").unwrap();
    let told = told(&Suite::load(&[folder.path().into()]).unwrap_err());
    insta::assert_snapshot!(told.replace(&format!("{}/", folder.path().display()), ""), @"
    a.feature:4:3: правила «Р-12» нет в rules.yaml: тег ничего не докажет
      может быть: @Р-1
    ");
}

/// A race of the Petrovs under these rows.
fn of_race(rows: &[&str]) -> String {
    let rows: Vec<_> = rows.iter().map(|row| format!("      {row}\n")).collect();
    let begun = "    Дано мир «петровы»\n    Когда Анна входит на Госуслуги\n    И Сергей входит на Госуслуги\n";
    of_feature(&format!("Функция: Ф\n  Сценарий: С\n{begun}    Когда одновременно:\n{}", rows.concat()))
}

#[test]
fn a_race_has_a_column_for_each_side_and_a_step_in_a_cell() {
    assert_eq!(
        of_race(&["| Анна нажимает «Выйти» | Сергей нажимает «Выйти» |", "| | Сергей обновляет страницу |"]),
        ""
    );
    assert_eq!(of_race(&["| проходит 1 минута | Сергей (вкладка 2) открывает Госуслуги | Сергей выходит |"]), "");
    insta::assert_snapshot!(of_race(&["| Анна нажимает «Выйти» |"]), @"мой.feature:7:7: под «одновременно» нужны хотя бы два столбца: столбец — сторона, ячейка — её шаг");
    insta::assert_snapshot!(of_race(&["| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |"]).lines().next().unwrap_or_default(), @"мой.feature:7:7: сторон не больше 9, а столбцов 10");
    insta::assert_snapshot!(of_race(&["| Анна выходит | |", "| Анна обновляет страницу | |"]), @"мой.feature:7:7: у стороны 2 нет ни одного шага");
    insta::assert_snapshot!(of_race(&["| Анна выходит | Сергей выходит |", "| | |"]), @"мой.feature:8:7: в строке нет ни одного шага: уберите её");
    insta::assert_snapshot!(of_race(&[]), @"
    мой.feature:6:5: под шагом «одновременно» нужна таблица
      может быть: | Анна нажимает «Предоставить» | Сергей нажимает «Предоставить» |
    ");
}

#[test]
fn a_wrong_step_of_a_side_is_told_at_its_cell() {
    insta::assert_snapshot!(of_race(&["| Анна нажал «Выйти» | Сергей выходит |", "| | Сергей заходит в дневник |"]), @"
    мой.feature:7:9: такого шага нет: «Анна нажал «Выйти»»
      может быть: {кто} нажимает {текст}
    мой.feature:8:11: такого шага нет: «Сергей заходит в дневник»
      может быть: {кто} входит в дневник
                  {кто} в дневнике
    ");
    insta::assert_snapshot!(of_race(&["| Аннна выходит | Сергей выходит |"]), @"
    мой.feature:7:9: в мире нет человека «Аннна»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга
      может быть: Анна
    ");
    insta::assert_snapshot!(of_race(&["| Анна выходит | Глеб нажимает «Выйти» |"]), @"
    мой.feature:7:24: Глеб ещё не открывает ни одной страницы, а шаг говорит о ней
      может быть: перед ним «Глеб входит в дневник» или «Глеб открывает Госуслуги»
    ");
}

#[test]
fn what_cannot_be_played_together_with_others_is_told() {
    let of = |step: &str| of_race(&[&format!("| Анна выходит | {step} |")]);
    insta::assert_snapshot!(of("мир «петровы»"), @"мой.feature:7:24: мир начинают до «одновременно»: шаг «мир {текст}» не играют вместе с другими");
    insta::assert_snapshot!(of("пауза"), @"мой.feature:7:24: «пауза» ждёт человека: её не играют вместе с другими");
    insta::assert_snapshot!(of("одновременно"), @"мой.feature:7:24: шаг «одновременно» не бывает внутри «одновременно»");
    insta::assert_snapshot!(of("каждому из них сказано «а»"), @"мой.feature:7:24: шаг «каждому из них сказано {текст}» не бывает внутри «одновременно»");
    insta::assert_snapshot!(of("Сергей заполняет"), @"мой.feature:7:24: шагу «{кто} заполняет» нужна таблица, а в ячейке её нет: сыграйте его раньше");
    insta::assert_snapshot!(of("анна обновляет страницу"), @"
    мой.feature:7:24: Анна действует на двух сторонах сразу: для этого есть вторая вкладка
      может быть: Анна (вкладка 2)
    ");
}

#[test]
fn whoever_sees_something_after_a_race_was_in_one() {
    insta::assert_snapshot!(of_step("Тогда каждому из них сказано «Выйти»"), @"мой.feature:5:5: до этого шага никто не действовал одновременно: «они» — стороны последнего «одновременно»");
    insta::assert_snapshot!(of_feature("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Когда одновременно в порядке 102\n      | проходит 1 день | Анна входит в дневник |\n"), @"
    мой.feature:4:5: такого шага нет: «одновременно в порядке 102»
      может быть: вместо «102» — чей запрос за чьим, как печатает прогон: 1221
    ");
}
