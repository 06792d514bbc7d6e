//! Composed steps are read, found and expanded; each mistake has its bad input and exact text.

use std::{fs, path::Path};

use super::{super::Suite, *};
use crate::suite::{Diagnostic, File, check as check_paths};

/// A folder of files, by their names within it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn shown(folder: &Path, wrong: &[Diagnostic]) -> String {
    let lines: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    lines.join("\n").replace(&format!("{}/", folder.display()), "")
}

/// What `check` says about a folder, which a run says as well.
fn told(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let paths = [folder.path().to_owned()];
    let checked = shown(folder.path(), &check_paths(&paths).1);
    if files.iter().any(|(name, _)| name.ends_with(".feature")) {
        let played = Suite::load(&paths).err().unwrap_or_default();
        assert_eq!(shown(folder.path(), &played), checked);
    }
    checked
}

/// What is said about a file of steps alone.
fn of_steps(text: &str) -> String {
    told(&[("мои.steps", text)])
}

/// What is said about a scenario of the Petrovs with a step, beside a file of composed steps.
fn of_call(steps: &str, step: &str) -> String {
    let feature = format!("Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    {step}\n");
    told(&[("мои.steps", steps), ("мой.feature", &feature)])
}

/// The steps that are played in the only scenario of a folder, each with its calls and its place.
fn played(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let suite = Suite::load(&[folder.path().to_owned()]).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let (feature, _, scenario) = suite.scenarios().next().unwrap();
    let before = feature.background.iter().flat_map(|background| &background.steps);
    let lines = before.chain(&scenario.steps).map(|step| {
        let nested = suite.nesting.of(step);
        let calls = nested.iter().flat_map(|nested| nested.calls.iter().map(|call| format!("{} > ", call.text)));
        let place = nested.map(|nested| format!("  ({})", nested.place)).unwrap_or_default();
        let table = step.table.as_ref().map(|table| format!(" {:?}", table.rows)).unwrap_or_default();
        format!("{}{} {}{table}{place}", calls.collect::<String>(), step.keyword.trim(), step.value)
    });
    lines.collect::<Vec<_>>().join("\n").replace(&format!("{}/", folder.path().display()), "")
}

const SEES: &str = "# language: ru\n\nШаг: {человек} входит в дневник и видит \"{что}\"\n  Что видно сразу после входа.\n  \
                    Когда {человек} входит в дневник\n  Тогда {человек} видит «{что}»\n";

#[test]
fn a_call_stands_for_the_steps_under_its_sentence() {
    let feature = "Функция: Ф\n  Предыстория:\n    Дано мир «петровы»\n  Структура сценария: <кто>\n    Когда <кто> входит \
                   в дневник и видит „Привет“.\n    И <кто> выходит\n    Примеры:\n      | кто |\n      | Анна |\n";
    insta::assert_snapshot!(played(&[("мои.steps", SEES), ("мой.feature", feature)]), @"
    Дано мир «петровы»
    Анна входит в дневник и видит «Привет» > Когда Анна входит в дневник  (мои.steps:5)
    Анна входит в дневник и видит «Привет» > Тогда Анна видит «Привет»  (мои.steps:6)
    И Анна выходит
    ");
}

#[test]
fn calls_may_stand_in_calls_and_the_table_and_the_text_under_them_are_handed_on() {
    let steps = "Шаг: {кто} подаёт заявление\n  Когда {кто} вносит данные\n    | {таблица под шагом} |\n  И {кто} нажимает «Подать»\n\n\
                 Шаг: {кто} вносит данные\n  Когда {кто} заполняет\n    | {таблица под шагом} |\n\nШаг: {кто} пишет\n  Когда {кто} вводит \
                 «{текст под шагом}» в поле «Письмо»\n  И {кто} вводит «\\{кто}» в поле «Подпись»\n";
    let feature = "Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    И Анна открывает Госуслуги\n    Когда Анна подаёт \
                   заявление\n      | Имя | Иван |\n      | Класс | 7А |\n    И Анна пишет\n      \"\"\"\n      Здравствуйте {кто}\n      \"\"\"\n";
    insta::assert_snapshot!(played(&[("мои.steps", steps), ("мой.feature", feature)]), @r#"
    Дано мир «петровы»
    И Анна открывает Госуслуги
    Анна подаёт заявление > Анна вносит данные > Когда Анна заполняет [["Имя", "Иван"], ["Класс", "7А"]]  (мои.steps:7)
    Анна подаёт заявление > И Анна нажимает «Подать»  (мои.steps:4)
    Анна пишет > Когда Анна вводит «Здравствуйте {кто}» в поле «Письмо»  (мои.steps:11)
    Анна пишет > И Анна вводит «{кто}» в поле «Подпись»  (мои.steps:12)
    "#);
}

#[test]
fn steps_stand_beside_the_scenarios_or_above_them() {
    let feature = "Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Когда Анна входит в дневник и видит «Привет»\n    \
                   И Анна уверенно входит в дневник\n";
    let deeper = "Шаг: {человек} уверенно входит в дневник\n  Когда {человек} входит в дневник и видит «Ура»\n";
    insta::assert_snapshot!(played(&[("мои.steps", SEES), ("а/б/ещё.steps", deeper), ("а/б/мой.feature", feature)]), @"
    Дано мир «петровы»
    Анна входит в дневник и видит «Привет» > Когда Анна входит в дневник  (мои.steps:5)
    Анна входит в дневник и видит «Привет» > Тогда Анна видит «Привет»  (мои.steps:6)
    Анна уверенно входит в дневник > Анна входит в дневник и видит «Ура» > Когда Анна входит в дневник  (мои.steps:5)
    Анна уверенно входит в дневник > Анна входит в дневник и видит «Ура» > Тогда Анна видит «Ура»  (мои.steps:6)
    ");
    // Nothing is looked for above a repository.
    let in_repository = [("мои.steps", SEES), ("а/.git/HEAD", ""), ("а/мой.feature", feature)];
    assert!(told(&in_repository).contains("такого шага нет"), "{}", told(&in_repository));
}

#[test]
fn steps_inside_the_program_are_its_own_alone() {
    let suite = Suite::load(&[]).unwrap();
    assert!(
        suite.scenarios().all(|(_, _, scenario)| scenario.steps.iter().all(|step| suite.nesting.of(step).is_none()))
    );
}

#[test]
fn parameters_that_do_not_meet_are_told() {
    insta::assert_snapshot!(of_steps("Шаг: {кто} делает «{что}» и {как}\n  Когда {кто} нажимает «{чтоо}»\n"), @"
    мои.steps:1:1: параметра {что} нет ни в одном шаге: впишите его в шаг или уберите
    мои.steps:1:1: параметра {как} нет ни в одном шаге: впишите его в шаг или уберите
    мои.steps:2:3: у шага «{кто} делает «{что}» и {как}» нет параметра {чтоо}: есть {кто}, {что}, {как}
      может быть: {что}
    ");
    insta::assert_snapshot!(of_steps("Шаг: все выходят\n  Когда {кто} выходит\n"), @"мои.steps:2:3: у шага «все выходят» нет параметра {кто}: у него их нет");
    insta::assert_snapshot!(of_steps("Шаг: {кто} говорит с {кто}\n  Когда {кто} выходит\n"), @"мои.steps:1:1: параметр «{кто}» назван дважды");
    insta::assert_snapshot!(of_steps("Шаг: {1} уходит\n  Когда {1} выходит\n"), @"мои.steps:1:1: «{1}» — не имя параметра: оно начинается с буквы и состоит из букв, цифр и пробелов");
    insta::assert_snapshot!(of_steps("Шаг: {кто уходит\n  Когда Анна выходит\n"), @"мои.steps:1:1: скобка без пары: параметр пишут в фигурных скобках, {раздел}");
    insta::assert_snapshot!(of_steps("Шаг: {кто} {что}\n  Когда {кто} нажимает «{что}»\n"), @"мои.steps:1:1: предложение из одних параметров подошло бы к любому шагу: добавьте слово");
    insta::assert_snapshot!(of_steps("Шаг: {таблица под шагом} заполнена\n  Когда Анна выходит\n"), @"мои.steps:1:1: «{таблица под шагом}» — то, что стоит под шагом; параметру нужно другое имя");
    insta::assert_snapshot!(of_steps("Шаг: {кто} вносит\n  Когда {кто} заполняет\n    | Имя | {таблица под шагом} |\n"), @"мои.steps:2:3: таблицу передают шагу одной ячейкой под ним: | {таблица под шагом} |");
}

#[test]
fn bodies_that_cannot_be_played_are_told() {
    insta::assert_snapshot!(of_steps("Шаг: {кто} отдыхает\n\nШаг: {кто} спит\n  Когда {кто} выходит\n"), @"мои.steps:1:1: под «Шаг: {кто} отдыхает» нет ни одного шага: напишите их или уберите его");
    insta::assert_snapshot!(of_steps("Шаг: {кто} уходит из дневника\n  Когда {кто} вышел\n"), @"мои.steps:2:3: такого шага нет: «{кто} вышел»");
    insta::assert_snapshot!(of_steps("Шаг: {кто} ждёт {срок}\n  Когда проходит {срок}\n  И проходят {срок}\n  И {кто} выходит\n"), @"мои.steps:3:3: такого шага нет: «проходят {срок}»");
    insta::assert_snapshot!(of_steps("Шаг: {кто} вносит данные\n  Когда {кто} заполняет\n  И {кто} выходит\n    | а |\n  И {кто} выходит\n    \"\"\"\n    т\n    \"\"\"\n"), @r#"
    мои.steps:2:3: под шагом «{кто} заполняет» нужна таблица
      может быть: | Фамилия | Петров |
                  | Имя     | Иван   |
    мои.steps:4:5: шаг «{кто} выходит» не берёт таблицы: уберите её
    мои.steps:6:3: шаг не берёт текста в кавычках """: уберите его
    "#);
    insta::assert_snapshot!(of_steps("Шаг: {кто} вносит данные\n  Когда {кто} заполняет\n    | Имя | Иван |\n    | Имя | Пётр |\n"), @"мои.steps:4:5: поле «Имя» названо дважды");
}

#[test]
fn sentences_that_are_there_already_are_told_with_both_places() {
    insta::assert_snapshot!(of_steps("Шаг: {человек} нажимает «{кнопка}»\n  Когда {человек} видит «{кнопка}»\n"), @"мои.steps:1:1: «{человек} нажимает «{кнопка}»» — то же предложение, что «{кто} нажимает {текст}» у самой программы: назовите шаг иначе");
    insta::assert_snapshot!(of_steps("Шаг: {а} читает «{б}»\n  Когда {а} видит «{б}»\n\nШаг: {кто} читает {что}\n  Когда {кто} видит {что}\n"), @"мои.steps:4:1: «{кто} читает {что}» — то же предложение, что «{а} читает «{б}»» (мои.steps:1): назовите один из шагов иначе");
    let above = "Шаг: {а} читает «{б}»\n  Когда {а} видит «{б}»\n";
    insta::assert_snapshot!(told(&[("а.steps", above), ("б/в.steps", above)]), @"б/в.steps:1:1: «{а} читает «{б}»» — то же предложение, что «{а} читает «{б}»» (а.steps:1): назовите один из шагов иначе");
    // One with more words of its own is another one.
    assert_eq!(
        of_steps(
            "Шаг: {а} читает «{б}»\n  Когда {а} видит «{б}»\n\nШаг: {а} читает «{б}» вслух\n  Когда {а} читает «{б}»\n"
        ),
        ""
    );
}

#[test]
fn circles_are_told_with_their_whole_way() {
    insta::assert_snapshot!(of_steps("Шаг: {кто} крутится\n  Когда {кто} крутится\n"), @"мои.steps:1:1: шаг вызывает сам себя: «{кто} крутится» (мои.steps:1) → «{кто} крутится» (мои.steps:1)");
    insta::assert_snapshot!(of_steps("Шаг: {кто} идёт\n  Когда {кто} бежит\n\nШаг: {кто} бежит\n  Когда {кто} едет\n\nШаг: {кто} едет\n  Когда {кто} идёт\n\nШаг: {кто} летит\n  Когда {кто} едет\n"), @"мои.steps:1:1: шаг вызывает сам себя: «{кто} идёт» (мои.steps:1) → «{кто} бежит» (мои.steps:4) → «{кто} едет» (мои.steps:7) → «{кто} идёт» (мои.steps:1)");
}

#[test]
fn lines_that_are_no_steps_are_told() {
    insta::assert_snapshot!(of_steps("Когда Анна выходит\n"), @"мои.steps:1:1: шаг стоит перед первым «Шаг: …»: «Когда Анна выходит»");
    insta::assert_snapshot!(of_steps("Сценарий: С\n  Когда Анна выходит\n"), @"мои.steps:1:1: «Сценарий:» бывает в файле .feature, а в файле .steps стоят только шаги: «Шаг: …»");
    insta::assert_snapshot!(of_steps("Шаг: {кто} уходит\n  Кагда {кто} выходит\n  Когда {кто} выходит\n  Анна выходит\n"), @"
    мои.steps:2:3: так Gherkin не пишут: «Кагда {кто} выходит»
      может быть: «Когда» вместо «Кагда»
    мои.steps:4:3: так Gherkin не пишут: «Анна выходит»
      может быть: «И Анна …»: шаг начинается с ключевого слова
    ");
    insta::assert_snapshot!(of_steps("Шаг: {кто} уходит в {срок}\n  Кагда проходит {срок}\n  Когда {кто} выходит\n"), @"
    мои.steps:2:3: так Gherkin не пишут: «Кагда проходит {срок}»
      может быть: «Когда» вместо «Кагда»
    ");
    insta::assert_snapshot!(of_steps("@тег\nШаг: {кто} уходит\n  Когда {кто} выходит\n"), @"мои.steps:1:1: у своих шагов тегов не бывает: уберите «@тег»");
    insta::assert_snapshot!(of_steps("Щаг: {кто} уходит\n  Когда {кто} выходит\n"), @"
    мои.steps:1:1: так Gherkin не пишут: «Щаг: {кто} уходит»
      может быть: «Шаг:» вместо «Щаг:»
    ");
    insta::assert_snapshot!(of_steps("# language: ru\nStep: {кто} уходит\n  Когда {кто} выходит\n"), @"
    мои.steps:2:1: ключевое слово «Step» — другого языка, чем файл
      может быть: «Шаг»
    ");
    insta::assert_snapshot!(of_steps("Шаг:\n  Когда Анна выходит\n"), @"мои.steps:1:1: после «Шаг:» нет предложения");
    assert_eq!(of_steps("# language: en\nStep: {кто} уходит\n  When {кто} выходит\n"), "");
    assert_eq!(of_steps("\u{feff}Шаг: {кто} уходит\r\n  * {кто} выходит\r\n"), "");
    assert_eq!(of_steps("# пока ничего\n"), "");
}

#[test]
fn calls_that_cannot_be_played_are_told_where_they_stand() {
    insta::assert_snapshot!(of_call(SEES, "Когда Аня входит в дневник и видит «Привет»"), @"
    мой.feature:4:5: в мире нет человека «Аня»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга (шаг «Аня входит в дневник» в мои.steps:5)
      может быть: Анна
    ");
    insta::assert_snapshot!(of_call(SEES, "Когда Анна входит в дневник и видит «»"), @"
    мой.feature:4:5: пустой текст: «Анна видит «»» (шаг «Анна видит «»» в мои.steps:6)
      может быть: текст в кавычках, не пустой: «Проверено»
    ");
    insta::assert_snapshot!(of_call(SEES, "Когда Анна входит в дневник и увидит «Привет»"), @"
    мой.feature:4:5: такого шага нет: «Анна входит в дневник и увидит «Привет»»
      может быть: {человек} входит в дневник и видит «{что}»
    ");
    insta::assert_snapshot!(of_call(SEES, "Когда Анна входит в дневник и видит «Привет»\n      | а |"), @"мой.feature:5:7: шаг «{человек} входит в дневник и видит «{что}»» не берёт таблицы: уберите её");
    insta::assert_snapshot!(of_call(SEES, "Когда Анна входит в дневник и видит «Привет»\n      \"\"\"\n      т\n      \"\"\""), @r#"мой.feature:5:5: шаг не берёт текста в кавычках """: уберите его"#);
    let waits = "Шаг: минует {сколько}\n  Когда проходит {сколько} дней\n";
    insta::assert_snapshot!(of_call(waits, "Когда минует очень много"), @"
    мой.feature:4:5: такого шага нет: «проходит очень много дней» (шаг «проходит очень много дней» в мои.steps:2)
      может быть: вместо «очень много дней» — число и единица: 30 секунд, 15 минут, 2 часа, 3 дня, 5 лет
    ");
    let takes = "Шаг: {кто} вносит данные\n  Когда {кто} открывает Госуслуги\n  И {кто} заполняет\n    | {таблица под шагом} |\n\n\
                 Шаг: {кто} пишет\n  Когда {кто} открывает Госуслуги\n  И {кто} вводит «{текст под шагом}» в поле «Письмо»\n";
    insta::assert_snapshot!(of_call(takes, "Когда Анна вносит данные"), @"мой.feature:4:5: под шагом «{кто} вносит данные» нужна таблица");
    insta::assert_snapshot!(of_call(takes, "Когда Анна вносит данные\n      | Имя | Иван |\n      | Имя | Пётр |"), @"мой.feature:6:7: поле «Имя» названо дважды");
    insta::assert_snapshot!(of_call(takes, "Когда Анна пишет"), @r#"мой.feature:4:5: под шагом «{кто} пишет» нужен текст в кавычках """"#);
    let either = "Шаг: {а} зовёт {б}\n  Когда {а} входит в дневник\n  И {б} выходит\n\nШаг: {а} видел {б}\n  Когда {а} входит в дневник\n  И {б} выходит\n";
    insta::assert_snapshot!(of_call(either, "Когда Анна зовёт Ваня видел Маша"), @"мой.feature:4:5: «Анна зовёт Ваня видел Маша» может быть и «{а} зовёт {б}» (мои.steps:1), и «{а} видел {б}» (мои.steps:5)");
}

#[test]
fn a_call_does_not_stand_for_steps_without_end() {
    let double = |number: usize| {
        format!(
            "Шаг: {{кто}} делает {number}\n  Когда {{кто}} делает {}\n  И {{кто}} делает {}\n\n",
            number + 1,
            number + 1
        )
    };
    let steps: String = (0..12).map(double).collect();
    let steps = steps + "Шаг: {кто} делает 12\n  Когда {кто} входит в дневник\n";
    insta::assert_snapshot!(of_call(&steps, "Когда Анна делает 0"), @"мой.feature:4:5: шаг раскрывается больше чем в 1000 шагов: «Анна делает 0»");
}

#[test]
fn mistakes_of_rows_are_told_at_their_rows() {
    let feature = "Функция: Ф\n  Структура сценария: С <кто>\n    Дано мир «петровы»\n    Когда <кто> входит в дневник и видит \
                   «Привет»\n    Примеры:\n      | кто |\n      | Анна |\n      | Аня |\n";
    insta::assert_snapshot!(told(&[("мои.steps", SEES), ("мой.feature", feature)]), @"
    мой.feature:8:7: в мире нет человека «Аня»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга (шаг «Аня входит в дневник» в мои.steps:5) (шаг в строке 4)
      может быть: Анна
    ");
}

#[test]
fn a_sentence_is_read_as_people_type_it() {
    let (steps, wrong) = read(&File { name: "мои.steps".to_owned(), text: SEES.to_owned() });
    assert_eq!((steps.len(), wrong), (1, Vec::new()));
    assert_eq!(steps[0].sentence.text, "{человек} входит в дневник и видит «{что}»");
    assert_eq!(steps[0].about, "Что видно сразу после входа.");
    let vocabulary = Vocabulary::default().with(steps);
    for said in ["Анна входит в дневник и видит \"Привет\"", "Тётя Галя входит в дневник и видит «ООО «Ромашка»»"]
    {
        assert!(vocabulary.knows(said), "{said}");
    }
    assert!(!vocabulary.knows("Анна входит в дневник и видит Привет"));
    assert!(vocabulary.knows("Анна входит в дневник"), "the program's own are there as well");
}
