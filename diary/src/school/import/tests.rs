//! Register files: valid, faulty, uploaded twice, downloaded.

use serde_json::{Value, json};

use super::export::cell;
use crate::testing::{ReadAnswer, Rig, Script};

const HEAD: &str = "Фамилия Имя Отчество;Дата рождения;СНИЛС;Класс;Родитель 1;СНИЛС родителя 1;Кем приходится 1;Активный пользователь 1";
const NEW: &str = "Громова Ева Павловна;01.02.2015;001-000-020 00;3А;Громов Павел Ильич;001-000-021 00;отец;да";

async fn school() -> Rig {
    Rig::with(Script::default(), |seed| {
        seed["diary"]["schools"] = json!({ "вторая": { "name": "Школа № 2" } });
        seed["diary"]["staff"]["фаина"] =
            json!({ "name": "Уварова Фаина Львовна", "snils": "001-000-010 00", "school": "вторая" });
        seed["diary"]["staff"]["роза"] =
            json!({ "name": "Цаплина Роза Олеговна", "snils": "001-000-011 00", "roles": ["secretary"] });
    })
    .await
}

async fn send(rig: &Rig, who: &str, query: &str, body: impl Into<reqwest::Body>) -> ReadAnswer {
    let path = format!("/api/school/import{query}");
    let csv = |request: reqwest::RequestBuilder| request.header("content-type", "text/csv").body(body);
    rig.person(who).send(reqwest::Method::POST, &path, csv).await
}

/// Faults as `line | field | message`.
fn faults(answer: &ReadAnswer) -> String {
    let body = answer.problem(400);
    let faults = body["errors"].as_array().unwrap().iter();
    let faults = faults.map(|one| [one["line"].to_string(), text(&one["field"]), text(&one["message"])].join(" | "));
    faults.collect::<Vec<_>>().join("\n")
}

/// Returns the body of a CSV response.
fn csv(answer: &ReadAnswer) -> String {
    let media_type = answer.headers["content-type"].to_str().unwrap().to_owned();
    assert_eq!((answer.status.as_u16(), media_type.as_str()), (200, "text/csv; charset=utf-8"), "{}", answer.body);
    answer.body.clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn of_two_files_at_once_with_the_same_pupil_one_adds_and_the_other_finds_it() {
    let rig = school().await;
    let (one, other) = (format!("{HEAD}\n{NEW}\n"), format!("{HEAD}\n{}\n", NEW.replace(";3А;", ";3Б;")));
    let (one, other) = tokio::join!(send(&rig, "ольга", "", one), send(&rig, "ольга", "", other));
    let (one, other) = (one.told(), other.told());
    let added = [&one, &other].map(|answer| answer.contains("\"pupils_added\":1"));
    let changed = [&one, &other].map(|answer| answer.contains("\"pupils_changed\":1"));
    assert!(added[0] != added[1] && changed[0] != changed[1] && added != changed, "{one}\n{other}");
    let card = rig.person("ольга").get("/api/school/pupils?surname=Громова").await.ok().to_string();
    let class = if added[0] { "3Б" } else { "3А" };
    assert!(card.matches("Громова Ева").count() == 1 && card.contains(class), "the later one holds: {card}");
}

#[tokio::test]
async fn a_file_adds_pupils_and_parents_and_a_second_time_changes_nothing() {
    let rig = school().await;
    let file = format!("\u{feff}{HEAD}\r\n{NEW}\r\n\r\nПетров Иван Сергеевич;10.05.2012;001-000-003 00;8А;;;;\r\n");
    let before = rig.timeline().await.len();
    let preview = send(&rig, "ольга", "?check=true", file.clone()).await.told();
    insta::assert_snapshot!(preview, @r#"200 {"pupils_added":1,"pupils_changed":1,"parents_added":1,"changes":[{"line":2,"pupil":"Громова Ева Павловна","what":"новый ученик, 3А"},{"line":2,"pupil":"Громова Ева Павловна","what":"родитель добавлен: Громов Павел Ильич, СНИЛС 001-000-021 00, отец"},{"line":4,"pupil":"Петров Иван Сергеевич","what":"класс: 7А → 8А"}]}"#);
    let card = rig.person("ольга").get("/api/school/pupils/ваня").await.ok().to_string();
    assert!(card.contains("\"class\":\"7А\""), "a preview changes nothing: {card}");
    assert_eq!(send(&rig, "ольга", "", file.clone()).await.told(), preview);
    let card = rig.person("ольга").get("/api/school/pupils/ваня").await.ok().to_string();
    assert!(card.contains("\"class\":\"8А\"") && card.contains("000101"), "what a file does not say stays: {card}");
    insta::assert_snapshot!(send(&rig, "ольга", "", file.clone()).await.told(), @r#"200 {"pupils_added":0,"pupils_changed":0,"parents_added":0,"changes":[]}"#);
    let told: Vec<_> = rig.timeline().await.split_off(before);
    let told: Vec<_> = told.into_iter().filter(|line| !line.contains("API для тестов")).collect();
    insta::assert_snapshot!(told.join("\n"), @"Зуева Ольга Павловна загружает журнал из файла: учеников добавлено или исправлено 2");
    let commas = file.replace(';', ",");
    assert!(send(&rig, "ольга", "", commas).await.told().contains("\"pupils_changed\":0"), "commas are as good");
}

#[tokio::test]
async fn every_fault_is_told_with_line_and_field_and_nothing_is_taken() {
    let rig = school().await;
    let lines = [
        HEAD,
        NEW,
        "Громов;30.02.2015;112-233-445 96;;Громов Павел Ильич;001-000-021 00;дядя;может быть",
        "Громова Ева Павловна;01.02.2015;001-000-020 00;3А;;;;",
        "Чужой Пётр Ильич;01.02.2034;001-000-022 00;3А;Чужой Пётр Олегович;001-000-022 00;;",
        "Короткая строка;1",
        "Лишняя Ольга Ильинична;01.02.2015;001-000-024 00;3А;Иной Павел Ильич;001-000-021 00;;",
        ";;;;;;;",
        "\"Кавычка Анна\nИльинична\";01.02.2015;001-000-026 00;3А;;001-000-027 00;;",
    ];
    let answer = send(&rig, "ольга", "", lines.join("\n")).await;
    insta::assert_snapshot!(faults(&answer), @r#"
    3 | Фамилия Имя Отчество | имя: нужно заполнить
    3 | СНИЛС | контрольное число СНИЛС не сходится: ожидалось 95, получено 96
    3 | Дата рождения | «30.02.2015» — такого дня нет в календаре
    3 | Кем приходится 1 | здесь пишут: мать, отец, законный представитель или другое
    3 | Активный пользователь 1 | здесь пишут «да» или «нет»
    4 | СНИЛС | этот СНИЛС уже есть в строке 2
    5 | Дата рождения | «01.02.2034» — этот день ещё не наступил
    5 | СНИЛС родителя 1 | у родителя СНИЛС самого ученика
    6 | строка | ячеек 2, а колонок 8
    7 | Родитель 1 | с этим СНИЛС выше в файле записан другой человек: Громов Павел Ильич
    9 | Родитель 1 | не заполнено
    "#);
    let conflicts = [lines[0], lines[1], lines[3], lines[6]].join("\n");
    insta::assert_snapshot!(faults(&send(&rig, "ольга", "", conflicts).await), @r#"
    3 | СНИЛС | этот СНИЛС уже есть в строке 2
    4 | Родитель 1 | с этим СНИЛС выше в файле записан другой человек: Громов Павел Ильич
    "#);
    let list = rig.person("ольга").get("/api/school/pupils").await.ok().to_string();
    assert!(!list.contains("Громова"), "{list}");
}

#[tokio::test]
async fn a_file_that_is_none_is_told_plainly() {
    let rig = school().await;
    let mut answers = Vec::new();
    for file in [
        Vec::new(),
        HEAD.as_bytes().to_vec(),
        "Имя;СНИЛС;СНИЛС".as_bytes().to_vec(),
        [HEAD.as_bytes(), b"\n\xcf\xe5\xf2\xf0\xee\xe2;"].concat(),
        b"\xff\xfe\x24\x04".to_vec(),
        [HEAD.as_bytes(), b"\n\0;"].concat(),
    ] {
        answers.push(faults(&send(&rig, "ольга", "", file).await));
    }
    insta::assert_snapshot!(answers.join("\n--\n"), @r#"
    1 | файл | файл пуст: в первой строке нужны названия колонок
    --
    1 | файл | в файле нет ни одного ученика
    --
    1 | Имя | такой колонки в журнале нет
    1 | СНИЛС | колонка повторяется
    1 | Фамилия Имя Отчество | нет обязательной колонки
    1 | Дата рождения | нет обязательной колонки
    1 | Класс | нет обязательной колонки
    --
    2 | файл | здесь файл не в UTF-8, хотя выше — в UTF-8: сохраните его целиком как «CSV UTF-8»
    --
    1 | Ф | такой колонки в журнале нет
    1 | Фамилия Имя Отчество | нет обязательной колонки
    1 | Дата рождения | нет обязательной колонки
    1 | СНИЛС | нет обязательной колонки
    1 | Класс | нет обязательной колонки
    --
    2 | файл | это не текст: сохраните таблицу как «CSV UTF-8»
    "#);
    let rows = std::iter::repeat_n(";;;;;;;x\n", 20_001).collect::<String>();
    let many = faults(&send(&rig, "ольга", "", format!("{HEAD}\n{rows}")).await);
    assert_eq!(many, "20002 | файл | в файле больше 20000 строк");
    send(&rig, "ольга", "", vec![b';'; 5 * 1024 * 1024]).await.problem(413);
}

#[tokio::test]
async fn a_thousand_pupils_fit_into_one_file() {
    let rig = school().await;
    let line = |number: usize| {
        let snils = format!("001-{:03}-{:03} 00", number / 1000, number % 1000);
        let parent = format!("000-{:03}-{:03} 00", 900 + number / 1000, number % 1000);
        format!("Ученикова Анна Ильинична;01.02.2015;{snils};3А;Родитель Иван Ильич;{parent};отец;да\n")
    };
    let file = format!("{HEAD}\n{}", (500..1500).map(line).collect::<String>());
    assert!(file.len() > 64 * 1024, "more than an ordinary request may carry");
    let answer = send(&rig, "ольга", "", file).await.told();
    assert!(answer.starts_with("200 {\"pupils_added\":1000,"), "{}", answer.chars().take(300).collect::<String>());
}

#[tokio::test]
async fn another_schools_pupils_and_parents_are_out_of_reach() {
    let rig = school().await;
    let vanya = format!("{HEAD}\nПетров Иван Сергеевич;10.05.2012;001-000-003 00;1А;;;;");
    insta::assert_snapshot!(faults(&send(&rig, "фаина", "", vanya).await), @"2 | СНИЛС | этот СНИЛС у ученика другой школы");
    let anna = |name: &str, active: &str| {
        format!("{HEAD}\nПетрова Ольга Сергеевна;01.02.2015;001-000-030 00;1А;{name};001-000-001 00;;{active}")
    };
    insta::assert_snapshot!(faults(&send(&rig, "фаина", "", anna("Петрова Анна Ильинична", "")).await), @"2 | Родитель 1 | этот родитель есть и в другой школе: его данные исправляют в его карточке");
    insta::assert_snapshot!(faults(&send(&rig, "фаина", "", anna("Петрова Анна Сергеевна", "нет")).await), @"2 | Родитель 1 | этот родитель есть и в другой школе: его данные исправляют в его карточке");
    assert!(send(&rig, "фаина", "", anna("Петрова Анна Сергеевна", "")).await.told().starts_with("200 "));
    let me = rig.person("анна").get("/api/me").await.ok().to_string();
    assert!(me.contains("Школа № 2") && me.contains("МБОУ «Школа № 43»"), "children in two schools: {me}");
    assert!(send(&rig, "роза", "", NEW).await.told().starts_with("403 "), "a secretary");
    assert!(send(&rig, "анна", "", NEW).await.told().starts_with("403 "), "a parent");
}

#[tokio::test]
async fn a_register_given_out_is_taken_back_without_a_change_and_runs_no_formula() {
    let rig = school().await;
    let file = format!("{HEAD};Телефон ребёнка\n{NEW};+7(000)0000001");
    assert!(send(&rig, "ольга", "", file.replace(";3А;", ";=1+1;")).await.told().starts_with("200 "));
    let out = csv(&rig.person("ольга").get("/api/school/register.csv").await);
    let told = out.trim_start_matches('\u{feff}').lines().find(|line| line.contains("Громова")).unwrap();
    insta::assert_snapshot!(told, @"Громова Ева Павловна;01.02.2015;001-000-020 00;'=1+1;;;'+7(000)0000001;Громов Павел Ильич;001-000-021 00;отец;да;;;;;;;;;;;;");
    let again = send(&rig, "ольга", "", out).await.told();
    assert!(again.starts_with("200 {\"pupils_added\":0,\"pupils_changed\":0"), "{again}");
    assert_eq!(["=1", "+1", "-1", "@a", "\tb", "а"].map(cell), ["'=1", "'+1", "'-1", "'@a", "'\tb", "а"]);
    let template = csv(&rig.person("ольга").get("/api/school/import/template.csv").await);
    assert_eq!(template.lines().count(), 1, "{template}");
}

#[tokio::test]
async fn the_page_takes_a_file_or_a_text_and_shows_what_will_change_first() {
    use crate::testing::{mark, person};
    let olga = person("Зуева Ольга Павловна", "01.01.1970", "001-000-007 00", true);
    let rig = Rig::start(Script { person: olga, ..Script::default() }).await;
    rig.sign_in().await;
    let page = rig.page("/school/import").await;
    assert_eq!(mark(&page), "import");
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let multipart = async |csrf: &str, step: &str| {
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"р.csv\"\r\nContent-Type: text/csv\r\n\r\n{HEAD}\r\n{NEW}\r\n\r\n--b--\r\n"
        );
        let body = [part("csrf", csrf), part("step", step), file].concat();
        let request = rig.browser.post(format!("{}/school/import", rig.url()));
        let response =
            request.header("content-type", "multipart/form-data; boundary=b").body(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, page) = multipart(&csrf, "check").await;
    assert!(status == 200 && page.contains("import-preview") && page.contains("новый ученик, 3А"), "{page}");
    assert!(!rig.page("/school").await.contains("Громова"));
    assert_eq!(multipart(&"0".repeat(32), "import").await.0, 403, "a form of another site");
    let (status, page) = multipart(&csrf, "import").await;
    assert!(status == 200 && page.contains("import-done"), "{page}");
    assert!(rig.page("/school").await.contains("Громова"));
    let text = [("step", "check"), ("text", "Имя;Класс")];
    let wrong = rig.post("/school/import", "/school/import", &text).await;
    assert_eq!(wrong.status().as_u16(), 400);
    assert!(wrong.text().await.unwrap().contains("нет обязательной колонки"));
}

#[tokio::test]
async fn a_file_is_taken_as_spreadsheets_save_it() {
    let lines = [
        "КЛАСС;снилс;Дата рождения:;фамилия  имя отчество;;;",
        "3А;00100002000;2015-02-01;Громова\u{a0}Ева Павловна;;;",
        "3А;=\"001-000-021 00\";1.2.2015;Воробьева Аи\u{306}на;;;",
        ";;;;;;",
        "",
    ];
    let good = lines.join("\r\n");
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode(
        "Фамилия Имя Отчество;Дата рождения;СНИЛС;Класс\r\nГромова Ева Павловна;01.02.2015;001-000-020 00;3А\r\n",
    );
    let utf16 = format!("sep=\t\r\n{}", good.replace(';', "\t"));
    let utf16 = [b"\xFF\xFE".to_vec(), utf16.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    for (file, added) in [(good.into_bytes(), 2), (cyrillic.into_owned(), 1), (utf16, 2)] {
        let answer = send(&school().await, "ольга", "?check=true", file).await;
        assert_eq!(answer.ok()["pupils_added"], added);
    }
}

#[tokio::test]
async fn what_a_spreadsheet_has_spoilt_is_told_with_its_cell() {
    let rig = school().await;
    let head = format!("{HEAD};Телефон ребёнка;Серия свидетельства;Номер свидетельства");
    let lines = [
        head.as_str(),
        "Громова Ева Павловна;01.02.15;100002000;3А;;;;;;;",
        "Громов Лев Павлович;42036;1,00002E+08;3A;;;;;7,9E+10;;",
        "Громов Петp Павлович;23.11.2012 0:00;001-000-022 00;7A;;;;;;I-ОО;101",
        "Громова Инна Павловна;01.02.2015;001-000-023 00;7A;;;;;;;",
        "Громова Инна Павловна;01.02.1815;001-000-024 00;3А;;;;;;;;лишнее",
        "Громова Ия Павловна;01.02.2015;001-000-025 00;3а;;;;;;;",
        "\"Громова Ия Павловна;01.02.2015;001-000-025 00;3А;;;;;;;",
    ];
    insta::assert_snapshot!(faults(&send(&rig, "ольга", "", lines.join("\n")).await), @r#"
    2 | СНИЛС | цифр 9 вместо 11: таблица потеряла нули в начале, должно быть 001-000-020 00
    2 | Дата рождения | в дате «01.02.15» год нужно написать четырьмя цифрами, например 23.11.2012 или 2012-11-23
    3 | СНИЛС | таблица сделала из СНИЛС число «1,00002E+08»: сделайте столбец текстовым и введите его заново
    3 | Дата рождения | «42036» — дата числом, как в Excel: напишите 01.02.2015
    3 | Телефон ребёнка | таблица сделала из телефона число «7,9E+10»: сделайте столбец текстовым и введите его заново
    4 | Фамилия Имя Отчество | в русском слове латинская буква «p», 11-й знак: наберите его по-русски
    4 | Дата рождения | в дате «23.11.2012 0:00» есть ещё и время: оставьте только 23.11.2012
    4 | Номер свидетельства | цифр 3 вместо 6: если таблица потеряла нули в начале, должно быть 000101
    5 | Класс | в журнале есть класс «7А», а здесь «7A»: выглядит так же, но отличается: латинская «A» — русская «А»
    6 | столбец 12 | здесь «лишнее», а названия у столбца нет: проверьте разделители и кавычки в строке
    8 | строка | кавычка открыта и не закрыта: всё до конца файла попало в одну ячейку
    "#);
    let conflicts = [
        lines[0],
        lines[4],
        &lines[6].replace("3а", "7А"),
        "Громов Лев Павлович;01.02.2015;001-000-027 00;4Б;;;;;;;",
        lines[6],
    ];
    insta::assert_snapshot!(faults(&send(&rig, "ольга", "", conflicts.join("\n")).await), @r#"
    2 | Класс | в журнале есть класс «7А», а здесь «7A»: выглядит так же, но отличается: латинская «A» — русская «А»
    5 | СНИЛС | этот СНИЛС уже есть в строке 3
    "#);
    let titles = "Фамилия Имя Отчество;Дата рождения;CНИЛС;Клас;Класс;\u{200b};Класс";
    insta::assert_snapshot!(faults(&send(&rig, "ольга", "", titles).await), @r#"
    1 | CНИЛС | это «СНИЛС», но буква «C» здесь латинская
    1 | Клас | такой колонки в журнале нет
    1 | Класс | колонка повторяется
    1 | СНИЛС | нет обязательной колонки
    "#);
}

#[tokio::test]
async fn a_hundred_faults_are_told_and_the_others_counted() {
    let rig = school().await;
    let rows = |count: usize| format!("{HEAD}\n{}", "Громова Ева Павловна;01.02.2015;x;3А;;;;\n".repeat(count));
    let answer = send(&rig, "ольга", "", rows(100)).await;
    assert_eq!((&answer.problem(400)["more"], faults(&answer).lines().count()), (&json!(0), 100));
    let answer = send(&rig, "ольга", "", rows(104)).await;
    assert_eq!(answer.problem(400)["more"], 4);
    assert!(answer.body.contains("и ещё 4"), "{}", answer.body);
    assert_eq!(faults(&answer).lines().count(), 100);
    let wide = send(&rig, "ольга", "", "x;".repeat(900_000)).await;
    insta::assert_snapshot!(faults(&wide), @"1 | файл | колонок 900000, а в журнале их 23: проверьте, чем они разделены");
    let columns = |count: usize| (0..count).map(|at| format!("к{at}")).collect::<Vec<_>>().join(";");
    assert!(!faults(&send(&rig, "ольга", "", columns(100)).await).contains("колонок"));
    assert!(faults(&send(&rig, "ольга", "", columns(101)).await).contains("колонок 101"));
}

#[test]
fn a_parent_of_twenty_thousand_pupils_is_taken_in_a_moment() {
    use worlds::Domain as _;
    let seed = serde_json::json!({ "diary": { "staff": { "ольга":
        { "name": "Зуева Ольга Павловна", "snils": "001-000-007 00" } } } });
    let at = "2024-09-02T06:00:00Z".parse().unwrap();
    let mut diary = crate::state::Diary::genesis(&serde_json::from_value(seed).unwrap(), at).unwrap();
    let line = |number: usize| {
        let snils = format!("000-{:03}-{:03} 00", 100 + number / 1000, number % 1000);
        let active = if number.is_multiple_of(2) { "да" } else { "нет" };
        format!("Ученикова Анна Ильинична;01.02.2015;{snils};3А;Родитель Иван Ильич;001-000-021 00;отец;{active}\n")
    };
    let file = format!("{HEAD}\n{}", (0..20_000).map(line).collect::<String>());
    let staff = diary.register.staff("ольга").unwrap().clone();
    for added in [20_000, 0] {
        let (lines, faults) = super::read::read(file.as_bytes(), worlds::moscow::date(at));
        assert!(faults.is_empty(), "{faults:?}");
        let plan = super::plan::plan(&diary, &staff, &lines).unwrap();
        assert_eq!(plan.view.pupils_added, added);
        diary.apply_import(plan.pupils);
    }
    let parent = diary.register.parents(&crate::register::NameRange::default()).next().unwrap().1;
    assert_eq!(parent.children.len(), 20_000);
}
