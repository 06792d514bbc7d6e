//! Scenarios about a site of a team's own: pages by their addresses, requests of a program, and where none may go.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, Html, Redirect},
    routing::{get, post},
};
use serde_json::{Value, json};
use tests::Program;

const HOME: &str = r#"<!doctype html><html lang="ru"><title>Лавка</title><main><h1>Лавка</h1>
<table><tr><th>Товар<th>Цена<tr><td>Кофе<td>200<tr><td>Чай<td>100</table>
<form method="post" action="/orders"><label>Имя <input name="name"></label>
<label>Товар <select name="item"><option>Чай<option>Кофе</select></label>
<label><input type="checkbox" name="gift"> Подарок</label><button>Заказать</button></form>
<a href="/report">Отчёт</a> <a href="/away">Уйти</a></main>"#;

/// A shop on a free port; how often its order was looked at.
async fn shop(elsewhere: &str) -> String {
    let (away, looks) = (elsewhere.to_owned(), Arc::new(AtomicUsize::new(0)));
    let router = Router::new()
        .route("/", get(async || Html(HOME)))
        .route(
            "/orders",
            post(async |body: String| {
                (AppendHeaders([("set-cookie", format!("order={body}; Path=/"))]), Redirect::to("/orders/1"))
            }),
        )
        .route(
            "/orders/1",
            get(async |State(looks): State<Arc<AtomicUsize>>| {
                let ready = looks.fetch_add(1, Ordering::Relaxed) > 2;
                Html(format!("<main>{}</main>", if ready { "Заказ собран" } else { "Заказ собирают" }))
            }),
        )
        .route(
            "/report",
            get(async || (AppendHeaders([("content-disposition", "attachment; filename=report.csv")]), "Чай;100")),
        )
        .route("/away", get(async move || Redirect::to(&away)))
        .route(
            "/api/orders",
            post(async |headers: HeaderMap, Json(order): Json<Value>| {
                let known = headers.get("authorization").is_some_and(|value| value == "Bearer abc");
                let status = if known { StatusCode::CREATED } else { StatusCode::UNAUTHORIZED };
                (status, Json(json!({ "id": 7, "items": [order] })))
            }),
        )
        .with_state(looks);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// A feature of one scenario in Анна's world.
fn feature(steps: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("лавка.feature");
    let steps: Vec<_> = steps.trim().lines().map(|step| format!("    {}\n", step.trim())).collect();
    let steps = steps.concat();
    fs::write(&file, format!("# language: ru\nФункция: Лавка\n  Сценарий: Заказ\n    Дано мир «демо»\n{steps}"))
        .expect("feature");
    let name = file.to_str().expect("its name").to_owned();
    (folder, name)
}

const ORDER: &str = r#"
    Когда Анна открывает страницу «/»
    Тогда Анна видит таблицу
    | Товар | Цена |
    | Чай   | 100  |
    Когда Анна вводит «Анна» в поле «Имя»
    И Анна выбирает «Кофе» в поле «Товар»
    И Анна отмечает «Подарок»
    И Анна нажимает «Заказать»
    Тогда Анна на странице «/orders/1»
    Когда Анна ждёт, пока появится «Заказ собран»
    И Анна открывает страницу «/»
    И Анна скачивает «Отчёт»
    Тогда Анна получает файл «report.csv»
    И Анна видит в файле «Чай;100»
    Когда программа ставит заголовок «Authorization» со значением «Bearer abc»
    И программа отправляет POST «/api/orders»
    """
    {"item": "Чай"}
    """
    Тогда программа получает ответ 201
    И программа видит заголовок «Content-Type» со значением «application/json»
    И программа видит в ответе «Чай»
    И программа видит в ответе «$.items[0].item» со значением «Чай»
    И программа видит в ответе «$.items[*]» раз: 1
"#;

#[tokio::test]
async fn pages_and_answers_of_an_own_site_are_played_and_recorded() {
    let site = shop("/").await;
    let (folder, file) = feature(ORDER);
    let recording = folder.path().join("wire").to_str().expect("its name").to_owned();
    let ended = Program::run(&["run", &file, "--site", &site, "--record", &recording]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let archive = fs::read_dir(&recording).expect("archives").next().expect("an archive").expect("entry").path();
    let archive: Value = serde_json::from_str(&fs::read_to_string(archive).expect("HAR")).expect("JSON");
    let entries = archive["log"]["entries"].as_array().expect("entries");
    let of_site: Vec<_> = entries.iter().filter(|entry| entry["comment"] == "site").collect();
    let asked = |entry: &&&Value| entry["_asker"] == "program";
    assert_eq!(of_site.iter().filter(asked).count(), 1, "{archive}");
    assert!(of_site.len() > 6, "{}", of_site.len());
    assert!(!archive.to_string().contains("Bearer abc"), "a credential is recorded");
}

#[tokio::test]
async fn what_is_otherwise_fails_with_what_there_is() {
    let site = shop("/").await;
    let fails = async |step: &str, told: &str| {
        let (_folder, file) = feature(&format!(
            "Когда Анна открывает страницу «/»\nИ программа отправляет POST «/api/orders»\n\"\"\"\n{{}}\n\"\"\"\nТогда {step}\n"
        ));
        let ended = Program::run(&["run", &file, "--site", &site]).await;
        assert_eq!(ended.code, Some(1), "{step}: {}\n{}", ended.out, ended.err);
        assert!(ended.out.contains(told), "{step}: {told:?} is not told:\n{}", ended.out);
    };
    fails("Анна видит таблицу\n| Товар | Цена |\n| Чай | 300 |", "в таблице нет строки | Чай | 300 |; в ней:").await;
    fails(
        "Анна видит таблицу\n| Товар | Склад |",
        "на странице нет таблицы со столбцами | Товар | Склад |: | Товар | Цена |",
    )
    .await;
    fails("Анна на странице «/orders»", "открыта другая страница: http://").await;
    fails("Анна ждёт до 1 секунды, пока появится «Заказ собран»", "с на странице не появилось «Заказ собран»").await;
    fails("Анна получает файл «report.csv»", "Анна ещё ничего не скачивает").await;
    fails("программа получает ответ 201", "ответ 401: {\"id\":7,\"items\":[{}]}").await;
    fails("программа видит в ответе «$.id» со значением «8»", "по пути «$.id» в ответе «7»").await;
    fails("программа видит в ответе «$.none» со значением «8»", "значений: 0, а нужно одно").await;
    fails("программа видит в ответе «id[» со значением «8»", "«id[» — не путь JSON").await;
    fails("программа видит заголовок «ETag» со значением «8»", "заголовка «etag» в ответе нет").await;
    fails("Анна не видит «{{номер}}»", "значения «номер» никто не запоминал: сначала").await;
    fails("программа ставит заголовок «а б» со значением «8»", "заголовка «а б: 8» в HTTP не бывает").await;
}

#[tokio::test]
async fn a_word_of_two_alphabets_is_refused_before_anything_is_played() {
    let latin = "в слове «Почeму» буквы двух алфавитов; латинские буквы: «e»";
    let (_folder, file) = feature("Когда Анна открывает страницу «/»\nТогда Анна не видит «Почeму»\n");
    for command in ["check", "run"] {
        let ended = Program::run(&[command, &file]).await;
        assert_eq!(ended.code, Some(2), "{command}: {}\n{}", ended.out, ended.err);
        assert!(ended.err.contains(latin), "{command}: {}", ended.err);
    }
}

#[tokio::test]
async fn a_value_of_an_answer_goes_into_later_steps() {
    let site = shop("/").await;
    let play = async |name: &str| {
        let (_folder, file) = feature(&format!(
            r#"
            Когда программа отправляет POST «/api/orders»
            """
            {{"item": {{"name": "Чай"}}}}
            """
            И программа запоминает из ответа «$.id» как «номер»
            И программа запоминает из ответа «$.items[0].item.name» как «товар»
            И программа отправляет POST «/api/orders»
            """
            {{"item": "{{{{{name}}}}} № {{{{ номер }}}}"}}
            """
            Тогда программа видит в ответе «$.items[0].item» со значением «Чай № 7»
            И программа видит в ответе «$.id» со значением «{{{{номер}}}}»
            "#
        ));
        Program::run(&["run", &file, "--site", &site]).await
    };
    let right = play("товар").await;
    assert_eq!(right.code, Some(0), "{}\n{}", right.out, right.err);
    let wrong = play("тавар").await;
    assert_eq!(wrong.code, Some(1), "{}\n{}", wrong.out, wrong.err);
    let told = "значения «тавар» программа не запоминала; запомнены: «номер», «товар»";
    assert!(wrong.out.contains(told), "{}", wrong.out);
}

#[tokio::test]
async fn nothing_is_asked_elsewhere() {
    let elsewhere = shop("/").await;
    let site = shop(&elsewhere).await;
    let host = elsewhere.trim_start_matches("http://").to_owned();
    let play = async |step: &str, sites: &str| {
        let (_folder, file) = feature(&format!("Когда Анна открывает страницу «/»\nИ {step}\n"));
        Program::run(&["run", &file, "--site", sites]).await
    };
    let refused = async |step: &str, told: &str| {
        let ended = play(step, &site).await;
        assert_eq!(ended.code, Some(1), "{step}: {}\n{}", ended.out, ended.err);
        assert!(ended.out.contains(told), "{step}: {told:?} is not told:\n{}", ended.out);
    };
    refused("Анна открывает «Уйти»", &format!("узел {host} не назван в --site: запрос не отправлен")).await;
    let outside = format!("адрес «{elsewhere}/» вне своего сайта (--site {site}/): запрос не отправлен");
    refused(&format!("Анна открывает страницу «{elsewhere}/»"), &outside).await;
    refused(&format!("программа отправляет GET «{elsewhere}/»"), &outside).await;
    let both = format!("{site},{elsewhere}");
    for step in ["Анна открывает «Уйти»".to_owned(), format!("программа отправляет GET «{elsewhere}/»")]
    {
        let ended = play(&step, &both).await;
        assert_eq!(ended.code, Some(0), "{step}: {}\n{}", ended.out, ended.err);
    }
}

#[tokio::test]
async fn a_site_that_is_not_named_or_not_there_is_told() {
    let (folder, file) = feature("Когда Анна открывает страницу «/»");
    let ended = Program::run(&["run", &file]).await;
    let told = ended.err.replace(&format!("{}/", folder.path().display()), "");
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{}", ended.err);
    assert_eq!(
        told.trim_end(),
        "esia-stand: лавка.feature:5: «Анна открывает страницу «/»»: не сказано, где свой сайт: --site АДРЕС"
    );
    let ended = Program::run(&["run", &file, "--site", "http://127.0.0.1:1"]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("http://127.0.0.1:1: никто не слушает этот адрес"), "{}", ended.err);
    let ended = Program::run(&["run", &file, "--site", "лавка"]).await;
    assert_eq!(ended.code, Some(2), "{}\n{}", ended.out, ended.err);
}
