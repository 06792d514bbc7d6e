//! What styles hide is not seen in a real browser, and what a script shows is.

use std::fs;

use axum::{Router, response::Html, routing::get};
use tests::Program;

const PAGE: &str = r#"<!doctype html><html lang="ru"><title>Лавка</title><style>.off { display: none } .dim { visibility: hidden }</style>
<main><h1>Лавка</h1><p class="off">Ошибка оплаты</p><p class="dim">Товар кончился</p><button class="off">Оплатить</button></main>"#;
/// Shows what was hidden after a while.
const SHOWS: &str = "<script>setTimeout(() => document.querySelector('p').className = '', 500)</script>";

#[tokio::test]
async fn what_styles_hide_is_not_seen_until_a_script_shows_it() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let site = format!("http://{}", listener.local_addr().expect("address"));
    let router = Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/later", get(async || Html(format!("{PAGE}{SHOWS}"))));
    tokio::spawn(async { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature");
    let scenario = |name: &str, steps: &str| {
        format!("\n  Сценарий: {name}\n    Дано мир «демо»\n    Когда Анна открывает страницу «/»\n    {steps}\n")
    };
    let text = [
        "# language: ru\nФункция: скрытое\n".to_owned(),
        scenario(
            "честно",
            "Тогда Анна не видит «Ошибка оплаты»\n    И Анна не видит «Товар кончился»\n    И Анна не видит кнопки «Оплатить»\n    \
             Когда Анна открывает страницу «/later»\n    И Анна ждёт до 20 секунд, пока появится «Ошибка оплаты»\n    \
             Тогда Анна видит «Ошибка оплаты»",
        ),
        scenario("скрытый текст", "Тогда Анна видит «Ошибка оплаты»"),
        scenario("скрытая кнопка", "Тогда Анна видит кнопку «Оплатить»"),
    ];
    fs::write(&file, text.concat()).expect("feature");
    let file = file.display().to_string();
    let run = ["run", &file, "--site", &site, "--browser", "chromium", "--jobs", "1"];
    let ended = Program::run(&run).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("3 сценария: 1 прошёл, 2 не прошли"), "{}", ended.out);
    assert!(ended.out.contains("✔ ") && ended.out.contains("честно ("), "{}", ended.out);
}
