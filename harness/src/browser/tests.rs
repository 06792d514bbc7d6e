//! The browser without a screen, against a small site.

use axum::{
    Router,
    extract::RawQuery,
    http::HeaderMap,
    response::{AppendHeaders, Html, Redirect},
    routing::{get, post},
};
use url::Url;

use super::{
    Browser as _, BrowserError, HttpBrowser, Page, Target,
    page::{folds_of, takes_mark, takes_text},
};
use crate::race::{Draw, Racer, Turn, race};

const FORM: &str = r#"<!doctype html><title>Анкета</title><h1>Анкета</h1>
<form method="post" action="/sent">
  <input type="hidden" name="csrf" value="abc">
  <label for="last">Фамилия</label><input id="last" name="last" value="Иванов">
  <label>Пол <select name="gender"><option value="">не выбран<option value="M">мужской<option value="F">женский</select></label>
  <label><input type="checkbox" name="active"> Активный пользователь</label>
  <label><input type="radio" name="way" value="a" checked> Почта</label><label><input type="radio" name="way" value="b"> Телефон</label>
  <label for="note">Заметка <small>(необязательно)</small></label><textarea id="note" name="note">пусто</textarea>
  <input name="off" value="x" disabled>
  <button name="do" value="save">Сохранить</button><button name="do" value="drop">Удалить</button>
</form>
<form action="/found"><label>Искать <input name="q"></label><button>Найти</button></form>
<article><h2>Анна</h2><form method="post" action="/sent"><button name="who" value="anna">Отозвать</button></form></article>
<article><h2>Сергей</h2><form method="post" action="/sent"><button name="who" value="sergey">Отозвать</button></form></article>
<form method="post" action="/sent"><input aria-label="Имя" value="Ваня"><button name="who" value="vanya">Отозвать</button></form>
<p hidden>тайна</p><script>тоже тайна</script><button disabled>Нельзя</button>
<a href="/cookie">Войти</a> <a href="/file">Отчёт</a> <a href="/seen">Петров Иван, 7А</a> <a href="/loop">По кругу</a>"#;

async fn site() -> Url {
    let router = Router::new()
        .route("/", get(async || Html(FORM)))
        .route("/sent", post(async |body: String| Html(decoded(&body))))
        .route("/found", get(async |RawQuery(query): RawQuery| Html(decoded(&query.unwrap_or_default()))))
        .route(
            "/cookie",
            get(async || (AppendHeaders([("set-cookie", "who=anna; Path=/; HttpOnly")]), Redirect::to("/seen"))),
        )
        .route("/seen", get(async |headers: HeaderMap| Html(format!("видно: {:?}", headers.get("cookie")))))
        .route(
            "/file",
            get(async || (AppendHeaders([("content-disposition", "attachment; filename=\"r.csv\"")]), "а;б")),
        )
        .route("/loop", get(async || Redirect::to("/loop")));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/").parse().unwrap()
}

fn decoded(pairs: &str) -> String {
    let pairs = url::form_urlencoded::parse(pairs.as_bytes()).map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("; ")
}

async fn at_form() -> HttpBrowser {
    let mut browser = HttpBrowser::new(true).unwrap();
    browser.open(&site().await).await.unwrap();
    browser
}

fn near<'t>(text: &'t str, near: &'t str) -> Target<'t> {
    Target { text, near: Some(near) }
}

async fn reads(browser: &mut HttpBrowser) -> String {
    browser.page().await.unwrap().text()
}

#[tokio::test]
async fn a_form_sends_what_was_typed_what_was_there_and_the_button_that_was_pressed() {
    let mut browser = at_form().await;
    browser.press("Сохранить".into()).await.unwrap();
    insta::assert_snapshot!(reads(&mut browser).await, @"csrf=abc; last=Иванов; gender=; way=a; note=пусто; do=save");
    browser.back().await.unwrap();
    browser.fill("Фамилия".into(), "Петров").await.unwrap();
    browser.fill("Пол".into(), "женский").await.unwrap();
    browser.check("Активный пользователь".into(), true).await.unwrap();
    browser.check("Телефон".into(), true).await.unwrap();
    browser.fill("Заметка".into(), "А & Б").await.unwrap();
    browser.press("Удалить".into()).await.unwrap();
    insta::assert_snapshot!(
        reads(&mut browser).await,
        @"csrf=abc; last=Петров; gender=F; active=on; way=b; note=А & Б; do=drop"
    );
}

#[tokio::test]
async fn a_form_without_a_method_asks_with_a_query() {
    let mut browser = at_form().await;
    browser.fill("Искать".into(), "Ваня и Маша").await.unwrap();
    browser.press("Найти".into()).await.unwrap();
    assert_eq!(reads(&mut browser).await, "q=Ваня и Маша");
    assert_eq!(browser.page().await.unwrap().url().path(), "/found");
}

#[tokio::test]
async fn of_several_buttons_the_one_closest_to_a_text_is_pressed() {
    for (beside, who) in [("Анна", "who=anna"), ("Сергей", "who=sergey"), ("Ваня", "who=vanya")] {
        let mut browser = at_form().await;
        browser.press(near("Отозвать", beside)).await.unwrap();
        assert_eq!(reads(&mut browser).await, who, "beside {beside}");
    }
}

#[tokio::test]
async fn cookies_are_kept_and_redirects_followed() {
    let mut browser = at_form().await;
    browser.press("Войти".into()).await.unwrap();
    assert_eq!(reads(&mut browser).await, r#"видно: Some("who=anna")"#);
    assert_eq!(browser.page().await.unwrap().url().path(), "/seen");
}

#[tokio::test]
async fn a_link_is_followed_by_a_part_of_its_text_but_pressed_by_the_whole_only() {
    let mut browser = at_form().await;
    browser.press("Петров Иван".into()).await.unwrap_err();
    browser.follow("Петров Иван".into()).await.unwrap();
    assert_eq!(browser.page().await.unwrap().url().path(), "/seen");
}

#[tokio::test]
async fn what_is_not_there_is_said_with_what_is() {
    let mut browser = at_form().await;
    let said = |outcome: Result<(), BrowserError>| match outcome {
        Err(BrowserError::NotThere(what)) => what,
        other => panic!("{other:?}"),
    };
    insta::assert_snapshot!(
        said(browser.press("Сохрнить".into()).await),
        @"
    на странице нет кнопки «Сохрнить»: есть «Сохранить», «Удалить», «Найти», «Отозвать», «Нельзя»
      может быть: «Сохранить»
    "
    );
    insta::assert_snapshot!(
        said(browser.press("Отозвать".into()).await),
        @"кнопок «Отозвать» на странице несколько: скажите, у чего («… у «…»»)"
    );
    insta::assert_snapshot!(
        said(browser.press(near("Отозвать", "Ольга")).await),
        @"рядом с «Ольга» нет кнопки «Отозвать»"
    );
    insta::assert_snapshot!(said(browser.press("Нельзя".into()).await), @"кнопка «Нельзя» недоступна");
    insta::assert_snapshot!(
        said(browser.fill("Отчество".into(), "").await),
        @"на странице нет поля «Отчество»: есть «Фамилия», «Пол», «Активный пользователь», «Почта», «Телефон», «Заметка (необязательно)», «Искать», «Имя»"
    );
    insta::assert_snapshot!(
        said(browser.fill("Пол".into(), "любой").await),
        @"в списке нет «любой»: есть «не выбран», «мужской», «женский»"
    );
    insta::assert_snapshot!(
        said(browser.press("По кругу".into()).await),
        @"страница перенаправляет больше 20 раз подряд"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_no_wrong_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let outcome = HttpBrowser::new(true).unwrap().open(&nobody).await;
    assert!(matches!(outcome, Err(BrowserError::Unreachable(_))), "{outcome:?}");
}

#[test]
fn a_page_reads_as_a_person_reads_it() {
    let source = r#"<head><title> Дневник — мок </title></head><body><h1>Дневник</h1><p>Ваш <b>дневник</b> не
        найден.</p><ul><li>раз<li>два</ul><p hidden>тайна</p><div data-test="refusal-x" >нет  <a href=/>входа</a></div></body>"#;
    let page = Page::read("http://127.0.0.1/".parse().unwrap(), source);
    assert_eq!(page.title(), "Дневник — мок");
    insta::assert_snapshot!(page.text(), @r"
    Дневник
    Ваш дневник не найден.
    раз
    два
    нет входа
    ");
    assert!(page.says("дневник не найден. раз"));
    assert!(!page.says("тайна"));
    assert_eq!(page.mark("refusal-").as_deref(), Some("refusal-x"));
    assert_eq!(page.element_text("refusal-x").as_deref(), Some("нет входа"));
    assert!(page.has_button("входа") && !page.has_button("вход"));
}

#[test]
fn what_is_folded_is_pressed_after_the_summary_that_unfolds_it() {
    let html = "<details><summary>Меню <a href=/news>1</a></summary><details><summary>Ещё</summary><a href=/far>Дальше</a></details></details>
        <details open><summary>Раскрыто</summary><a href=/near>Рядом</a></details>";
    let page = Page::read("http://127.0.0.1/".parse().unwrap(), html);
    let folds = |text: &str| folds_of(page.link(text.into()).unwrap());
    let outer = "html:nth-child(1) > body:nth-child(2) > details:nth-child(1)";
    assert_eq!(folds("Дальше"), [format!("{outer} > summary"), format!("{outer} > details:nth-child(2) > summary")]);
    assert!(folds("1").is_empty(), "a summary is seen, and so is what stands in it");
    assert!(folds("Рядом").is_empty());
}

#[tokio::test]
async fn a_file_is_downloaded_and_the_page_stays() {
    let mut browser = at_form().await;
    let file = browser.download("Отчёт".into()).await.unwrap();
    assert_eq!((file.name.as_str(), file.status, file.text.as_str()), ("r.csv", 200, "а;б"));
    assert_eq!(browser.page().await.unwrap().title(), "Анкета");
    let found = browser.download("Найти".into()).await.unwrap();
    assert_eq!((found.name.as_str(), found.text.as_str()), ("found", "q="));
}

#[tokio::test]
async fn a_page_is_looked_at_anew_and_the_way_back_stays() {
    let mut browser = at_form().await;
    let form = browser.page().await.unwrap().url().clone();
    browser.follow("Петров Иван".into()).await.unwrap();
    browser.refresh().await.unwrap();
    assert!(browser.page().await.unwrap().says("видно"));
    browser.back().await.unwrap();
    assert_eq!(*browser.page().await.unwrap().url(), form);
}

#[test]
fn tables_are_read_by_row_and_cell() {
    let page = Page::read(
        "http://a.test/".parse().unwrap(),
        "<table><caption>Т<thead><tr><th>А<th>Б&nbsp;В<tbody><tr><td>1<td><b>2</b></table><table hidden><tr><td>x</table>",
    );
    assert_eq!(page.tables(), [[["А", "Б В"], ["1", "2"]]]);
}

#[tokio::test]
async fn another_tab_has_the_same_cookies_and_a_page_of_its_own() {
    let mut browser = at_form().await;
    let form = browser.page().await.unwrap().url().clone();
    let mut tab = browser.tab().await.unwrap();
    assert_eq!(tab.page().await.unwrap().url().as_str(), "about:blank");
    tab.open(&form.join("/cookie").unwrap()).await.unwrap();
    assert_eq!(browser.page().await.unwrap().url(), &form, "the first stays where it was");
    browser.open(&form.join("/seen").unwrap()).await.unwrap();
    assert!(browser.page().await.unwrap().says("who=anna"), "{}", browser.page().await.unwrap().text());
}

#[tokio::test]
async fn in_a_race_each_request_waits_for_its_turn_also_one_that_a_redirect_leads_to() {
    let home = site().await;
    let (mut one, mut other) = (HttpBrowser::new(true).unwrap(), HttpBrowser::new(true).unwrap());
    let turns = [Turn::default(), Turn::default()];
    one.take_turns(turns[0].clone()).unwrap();
    other.take_turns(turns[1].clone()).unwrap();
    let [first, second] = turns;
    let (cookie, seen) = (home.join("/cookie").unwrap(), home.join("/seen").unwrap());
    let racers = vec![
        Racer { turn: first, run: Box::pin(one.open(&cookie)) },
        Racer { turn: second, run: Box::pin(other.open(&seen)) },
    ];
    let (order, ended) = race(racers, &mut Draw::of(0, 0, "121".parse().unwrap())).await;
    assert_eq!((order.to_string().as_str(), ended), ("121", Ok(())));
    // The cookie of the first response is sent with the second request.
    assert!(one.page().await.unwrap().says("who=anna"));
    assert!(!other.page().await.unwrap().says("who=anna"));
    one.leave_turns();
    one.open(&home).await.unwrap();
}

#[test]
fn what_nobody_can_fill_in_is_refused_with_the_reason() {
    let html = "<main><form><label for=a>Почта</label><input id=a disabled><label for=b>Номер</label><input id=b readonly>\
                <fieldset disabled><label for=c>Класс</label><input id=c></fieldset>\
                <label for=d>Согласен</label><input id=d type=checkbox><label for=e>Сам</label><input id=e type=radio name=x>\
                <label for=f>Дата</label><input id=f type=date><label for=g>Имя</label><input id=g></form></main>";
    let page = Page::read("http://127.0.0.1/".parse().unwrap(), html);
    let typed = |name: &str| takes_text(page.field(name.into()).unwrap(), name);
    let marked = |name: &str, on: bool| takes_mark(page.field(name.into()).unwrap(), name, on);
    for (name, why) in [
        ("Почта", "поле «Почта» недоступно для ввода"),
        ("Номер", "поле «Номер» только для чтения"),
        ("Класс", "поле «Класс» недоступно для ввода"),
        ("Согласен", "«Согласен» — отметка, а не текст: её ставит шаг «отмечает «Согласен»»"),
        ("Сам", "«Сам» — отметка, а не текст: её ставит шаг «отмечает «Сам»»"),
    ] {
        assert_eq!(typed(name).unwrap_err().to_string(), why);
    }
    for name in ["Дата", "Имя"] {
        typed(name).unwrap();
    }
    for (name, on, why) in [
        ("Имя", true, "«Имя» — не отметка: в это поле вводят текст"),
        ("Сам", false, "отметку «Сам» не снять: выбирают другой вариант"),
        ("Почта", true, "отметка «Почта» недоступна"),
    ] {
        assert_eq!(marked(name, on).unwrap_err().to_string(), why);
    }
    for (name, on) in [("Согласен", true), ("Согласен", false), ("Сам", true)] {
        marked(name, on).unwrap();
    }
}

#[test]
fn a_form_says_which_field_it_did_not_take() {
    let read = |html: &str| Page::read("http://127.0.0.1/".parse().unwrap(), html).field_error();
    let told = "<main><form><input id=s aria-invalid=true aria-describedby=s-error><p id=s-error>СНИЛС не такой</p></form></main>";
    assert_eq!(read(told).as_deref(), Some("СНИЛС не такой"));
    assert_eq!(read("<main><form><input id=s></form></main>"), None);
}

#[test]
fn what_is_hidden_by_an_attribute_is_not_read() {
    let html = "<main><p style='color:red; Display : none'>Раз</p><div style='visibility:hidden'><button>Два</button></div>\
                <p hidden>Три</p><p style='display:block'>Четыре</p></main>";
    let page = Page::read("http://127.0.0.1/".parse().unwrap(), html);
    assert_eq!(page.text(), "Четыре");
    assert!(page.button("Два".into()).is_err());
}
