//! Expectation steps against wrong pages and answers: each step must fail on every mutant, and pass on the right page
//! or answer.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    http::{StatusCode, Uri, header::CONTENT_TYPE},
    response::IntoResponse as _,
};
use serde_json::json;

use super::{Found, Table, all, find};
use crate::{
    control::{Control, Party},
    race::{Order, Raced},
    scenario::{Args, Done, Named, OwnSite, ScenarioState, Screen, StepError, TestBed},
};

/// Answers of a scripted server, by server and last part of the path: `idp/lk`, `diary/login`.
type Site = HashMap<&'static str, (u16, String)>;

const PEOPLE: &str = r#"[{"key": "анна", "name": "Анна", "login": "anna", "password": "secret"}]"#;
const LOGIN: &str = r#"<main><form action="home"><label>Телефон / Email / СНИЛС <input name="l"></label>
    <label>Пароль <input name="p"></label><button>Войти</button></form></main>"#;
const TO_GOSUSLUGI: &str =
    r#"<main><a data-test="to-gosuslugi" href="../../../idp/w/x/home">Войти через Госуслуги</a></main>"#;

fn site(pages: &[(&'static str, u16, &str)]) -> Site {
    let always = [("idp/people", 200, PEOPLE), ("idp/worlds", 200, "{}"), ("diary/worlds", 200, "{}")];
    let all = always.iter().chain(pages);
    all.map(|(name, status, text)| (*name, (*status, (*text).to_owned()))).collect()
}

/// Site with one page, which is open when the step is played.
fn page(status: u16, text: &str) -> Site {
    site(&[("idp/page", status, text)])
}

async fn serve(site: Site) -> url::Url {
    let answer = move |uri: Uri| {
        let mut parts = uri.path().trim_start_matches('/').split('/');
        let name = format!("{}/{}", parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
        let (status, text) = site.get(name.as_str()).cloned().unwrap_or((404, format!("<p>Страницы {name} нет</p>")));
        async move {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    format!("http://{address}/").parse().unwrap()
}

/// Plays a step in a world of scripted servers. Анна is on the page `idp/page` if there is one, Сергей on `idp/other`;
/// with both pages, the two have acted at the same time.
async fn outcome(sentence: &str, site: Site) -> Done {
    let (at_page, asks, has_file) =
        (site.contains_key("idp/page"), site.contains_key("own/api"), site.contains_key("own/file"));
    let (site_has_a_page, at_other) = (site.contains_key("own/there"), site.contains_key("idp/other"));
    let base = serve(site).await;
    let control = |party, path| Control::new(party, base.join(path).unwrap(), None).unwrap();
    let bed = TestBed::new(control(Party::Idp, "idp/"), control(Party::Diary, "diary/"), Screen::Http { direct: true });
    let test_bed = Arc::new(bed.beside(OwnSite::of(&[base.join("own/").unwrap()])));
    let feature = gherkin::Feature::builder().keyword(String::new()).name(String::new()).build();
    let mut state = ScenarioState::default();
    state.enter(&test_bed, &feature, Named::default());
    state.begin(json!({})).await?;
    if at_page {
        let url = state.gosuslugi("page")?;
        state.browser("Анна").await?.open(&url).await?;
    }
    if site_has_a_page {
        let url = state.site("/there?x=1#part")?;
        state.browser("Анна").await?.open(&url).await?;
    }
    if asks {
        state.send("GET", "/api", None).await?;
    }
    if has_file {
        let file = state.browser("Анна").await?.download("Отчёт".into()).await?;
        state.keep_file("Анна", file);
    }
    if at_other {
        let url = state.gosuslugi("other")?;
        state.browser("Сергей").await?.open(&url).await?;
        let raced = Raced { step: 0, sides: Vec::new(), order: Order::default() };
        state.keep_race(raced, vec!["Анна".to_owned(), "Сергей".to_owned()]);
    }
    let Found::Step(step, values) = find(sentence) else { panic!("{sentence}") };
    let table = if step.table == Table::Rows { rows() } else { Vec::new() };
    (step.run)(&mut state, &Args { values, table, text: None }).await
}

/// Table under a step that expects a table.
fn rows() -> Vec<Vec<String>> {
    [["Товар", "Цена"], ["Чай", "100"]].map(|row| row.map(str::to_owned).to_vec()).to_vec()
}

/// Sentence with a site on which it holds, and sites on which it does not.
struct Case {
    sentence: &'static str,
    right: Site,
    mutants: Vec<Site>,
}

fn case(sentence: &'static str, right: Site, mutants: Vec<Site>) -> Case {
    Case { sentence, right, mutants }
}

/// Case of a step that looks at the open page.
fn looks(sentence: &'static str, right: &str, mutants: &[(u16, &str)]) -> Case {
    let mutants = mutants.iter().map(|(status, text)| page(*status, text));
    // Before a page is open, a text is neither present nor absent.
    case(sentence, page(200, right), mutants.chain([site(&[])]).collect())
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn sights() -> Vec<Case> {
    vec![
        looks(
            "Анна видит «Проверка пройдена»",
            "<main><dl><dt>Статус<dd>Проверка&nbsp;прой&shy;дена</dl></main>",
            &[
                (200, "<main><p>Проверка пройдена не была</main>"),
                (200, "<main><p>Проверка не пройдена</main>"),
                (200, "<main><p>проверка пройдена</main>"),
                (200, "<main><p hidden>Проверка пройдена</main>"),
                (200, "<title>Проверка пройдена</title><main><p>Ошибка</main>"),
            ],
        ),
        looks(
            "Анна видит текст, где сказано «до 02.10.2024»",
            "<main><p>Согласие действует до 02.10.2024, затем его нужно дать снова</main>",
            &[(200, "<main><p>Согласие действует до 02.10.20245</main>"), (200, "<main><p>Согласия нет</main>")],
        ),
        looks(
            "Анна не видит «Ошибка»",
            "<main><p>Сохранено</main>",
            &[
                (200, "<main><p>Сохранено<p>Ошибка при отправке</main>"),
                (500, "<main><p>Что-то не так</main>"),
                (404, "<main><p>Такой страницы нет</main>"),
                (403, r#"<main><section data-test="error-csrf"><h1>Форма устарела</h1></section></main>"#),
                (200, ""),
            ],
        ),
        looks(
            "Анна видит кнопку «Создать»",
            "<main><button>Создать</button></main>",
            &[
                (200, "<main><button>Создать карточку</button></main>"),
                (200, "<main><button disabled>Создать</button></main>"),
                (200, "<main><p>Создать</main>"),
            ],
        ),
        looks(
            "Анна не видит кнопки «Отозвать»",
            "<main><button>Предоставить</button></main>",
            &[
                (200, "<main><button>Отозвать</button><button>Отозвать</button></main>"),
                (200, "<main><button disabled>Отозвать</button></main>"),
                (200, "<main><a href=x>Отозвать</a></main>"),
                (502, "<main><p>Нет связи</main>"),
            ],
        ),
        looks(
            "Анна видит поле «Класс»",
            "<main><label>Класс (необязательно) <input></label></main>",
            &[(200, "<main><label>Классный час <input></label></main>"), (200, "<main><p>Класс</main>")],
        ),
        looks(
            "Анна не видит поля «Пароль»",
            "<main><label>Логин <input></label></main>",
            &[
                (200, "<main><label>Пароль (не короче 8) <input></label></main>"),
                (503, "<main><label>Логин <input></label></main>"),
            ],
        ),
        looks(
            "Анна видит окно для кода",
            r#"<main data-test="binding-window">Код</main>"#,
            &[(200, "<main>Код</main>")],
        ),
        looks(
            "Анна не видит окна для кода",
            "<main>Профиль</main>",
            &[(200, r#"<main data-test="binding-window">Код</main>"#), (500, "<main>Ошибка</main>")],
        ),
        looks("Анна запоминает код", r#"<main><b data-test="code">123456</b></main>"#, &[(200, "<main>123456</main>")]),
        looks("Анна в дневнике", r#"<main data-test="diary">Уроки</main>"#, &[(200, "<main>Дневник</main>")]),
        looks(
            "Анна читает вопрос о согласии",
            r#"<main data-test="consent">?</main>"#,
            &[(200, "<main>Согласие?</main>")],
        ),
    ]
}

const REFUSAL: &str = r#"<main><section data-test="refusal-none"><h1 data-test="refusal-text">Дневник не найден</h1>
    <h2>Почему</h2><p>Класс неверен</p></section></main>"#;

fn refusals() -> Vec<Case> {
    let longer = REFUSAL.replace("Дневник не найден", "Дневник не найден в школе");
    let other = REFUSAL.replace("Дневник не найден", "Дневник закрыт");
    let elsewhere = REFUSAL.replace("Дневник не найден", "Вход закрыт").replace("Класс неверен", "Дневник не найден");
    let unmarked = REFUSAL.replace("refusal-none", "notice").replace("refusal-text", "text");
    let refused = "До 14 лет не подтверждают";
    let desk = |status, title: &str| {
        let text = json!({ "title": title }).to_string();
        site(&[("idp/confirm", status, &text)])
    };
    vec![
        looks(
            "Анна получает отказ «Дневник не найден»",
            REFUSAL,
            &[(200, &longer), (200, &other), (200, &elsewhere), (200, &unmarked), (200, "<main>Дневник</main>")],
        ),
        looks(
            "Анна получает отказ, где сказано «Класс неверен»",
            REFUSAL,
            &[(200, &REFUSAL.replace("неверен", "неверенький")), (200, "<main>Класс неверен</main>")],
        ),
        case(
            "Анна не может подтвердить учётную запись через онлайн-банк с детской картой: «До 14 лет не подтверждают»",
            desk(409, refused),
            vec![desk(200, ""), desk(409, "До 14 лет не подтверждают никогда"), desk(409, "Карта чужая")],
        ),
    ]
}

fn letters() -> Vec<Case> {
    let told = |texts: &[&str]| {
        let items: Vec<_> = texts.iter().map(|text| format!("<li><a href=x>{text}</a> 02.09.2024")).collect();
        let items = items.concat();
        site(&[("idp/notifications", 200, &format!(r#"<main data-test="notifications"><ul>{items}</ul></main>"#))])
    };
    let broken = || site(&[("idp/notifications", 500, "<main>Ошибка</main>")]);
    let elsewhere = || {
        site(&[("idp/notifications", 200, "<main><a href=x>Уведомления</a><a href=y>Запрошено согласие</a></main>")])
    };
    let mail = |subject: &str, text: &str| {
        let letter =
            json!([{ "channel": "email", "to": "a@example.test", "subject": subject, "text": text, "link": null }]);
        site(&[("idp/outbox", 200, &letter.to_string()), ("diary/outbox", 200, "[]")])
    };
    vec![
        case(
            "Анна получает уведомление «Запрошено согласие»",
            told(&["Запрошено согласие"]),
            vec![told(&[]), told(&["Запрошено согласие отозвано"]), broken(), elsewhere()],
        ),
        case(
            "Анна получает уведомление, где сказано «согласие»",
            told(&["Запрошено согласие для дневника"]),
            vec![told(&[]), told(&["Согласия отозваны"]), broken()],
        ),
        case(
            "Анна не получает уведомления «Запрошено согласие»",
            told(&["Добро пожаловать"]),
            vec![told(&["Запрошено согласие"]), told(&["Запрошено согласие отозвано"]), broken(), site(&[])],
        ),
        case(
            "Анна получает ровно одно уведомление «Запрошено согласие»",
            told(&["Запрошено согласие", "Запрошено согласие снова"]),
            vec![told(&[]), told(&["Запрошено согласие", "Запрошено согласие"]), broken()],
        ),
        case(
            "на адрес «a@example.test» приходит письмо «Новый пароль»",
            mail("Новый пароль", "Перейдите по ссылке"),
            vec![mail("Новый пароль не нужен", ""), mail("Старый пароль", ""), mail("", "О том, что новый пароль")],
        ),
        case(
            "на адрес «a@example.test» приходит письмо, где сказано «по ссылке»",
            mail("Новый пароль", "Перейдите по ссылке и войдите"),
            vec![mail("Новый пароль", "Перейдите по ссылкеее"), mail("", "")],
        ),
    ]
}

fn entries() -> Vec<Case> {
    let home = |status, text: &str| {
        site(&[
            ("idp/lk", 200, "<main>Войдите</main>"),
            ("idp/login", 200, LOGIN),
            ("diary/login", 200, TO_GOSUSLUGI),
            ("idp/home", status, text),
            ("diary/school", 200, "<main>Войдите</main>"),
        ])
    };
    let lk = r#"<main data-test="lk">Кабинет</main>"#;
    let visited = |status, text: &str| {
        let start = r#"<main data-test="lk"><a href="lk/more">Ещё</a></main>"#;
        site(&[("idp/lk", 200, start), ("idp/more", status, text)])
    };
    let school = |text: &str| {
        site(&[("diary/school", 200, text), ("diary/login", 200, TO_GOSUSLUGI), ("idp/home", 200, "<main>Вход</main>")])
    };
    vec![
        case(
            "Анна входит на Госуслуги",
            home(200, lk),
            vec![home(200, LOGIN), home(200, "<main>Кабинет</main>"), home(500, "")],
        ),
        case(
            "Анна входит в дневник",
            home(200, "<main>Дневник</main>"),
            vec![home(200, LOGIN), home(500, "<main>Ошибка</main>"), home(404, "<main>Нет</main>"), site(&[])],
        ),
        case(
            "Анна обходит все страницы личного кабинета",
            visited(200, "<main>Больше нет</main>"),
            vec![
                visited(500, "<main>Ошибка</main>"),
                visited(404, "<main>Нет</main>"),
                visited(200, r#"<main><p data-test="error-agencies">Не отвечает</main>"#),
                site(&[]),
            ],
        ),
        case(
            "Анна открывает журнал школы",
            school(r#"<main data-test="school">Журнал</main>"#),
            vec![school("<main>Журнал</main>"), home(200, LOGIN)],
        ),
    ]
}

fn own_pages() -> Vec<Case> {
    let table = |rows: &str| format!("<main><table><tr><th>Товар<th>Склад<th>Цена{rows}</table></main>");
    let (tea, coffee) = ("<tr><td>Чай<td>да<td>100", "<tr><td>Кофе<td>нет<td>200");
    let file = |text: &str| {
        let link = "<main><a href=\"../../../own/file\">Отчёт</a></main>";
        site(&[("idp/page", 200, link), ("own/file", 200, text)])
    };
    vec![
        looks(
            "Анна видит таблицу",
            &table(&format!("{coffee}{tea}")),
            &[
                (200, &table(coffee)),
                (200, &table("<tr><td>Чай<td>100<td>да")),
                (200, "<main><table><tr><th>Товар<tr><td>Чай</table></main>"),
                (200, "<main>Товар Цена Чай 100</main>"),
            ],
        ),
        looks(
            "Анна ждёт, пока появится «Заказ собран»",
            "<main>Заказ собран</main>",
            &[(200, "<main>Заказ собирают</main>")],
        ),
        looks(
            "Анна ждёт до 1 секунды, пока появится «Заказ собран»",
            "<main>Ваш заказ: Заказ собран</main>",
            &[(200, "<main>Заказ собранный</main>"), (500, "<main>Ошибка</main>")],
        ),
        case(
            "Анна на странице «/there»",
            site(&[("own/there", 200, "<main>Здесь</main>")]),
            vec![page(200, "<main>Другая</main>"), site(&[])],
        ),
        case("Анна получает файл «file»", file("1;2"), vec![page(200, "<main>file</main>")]),
        case("Анна видит в файле «Чай;100»", file("Товар;Цена\nЧай;100\n"), vec![file("Чай;1000"), file("")]),
    ]
}

fn answers() -> Vec<Case> {
    let api = |status, body: &str| site(&[("own/api", status, body)]);
    let list = r#"{"items": [{"name": "Чай", "price": 100}, {"name": "Кофе", "price": 200}]}"#;
    vec![
        case("программа получает ответ 201", api(201, ""), vec![api(200, ""), api(500, "201"), site(&[])]),
        case("программа видит в ответе «Чай»", api(200, list), vec![api(200, "{}"), api(500, "чай"), site(&[])]),
        case(
            "программа видит в ответе «$.items[0].price» со значением «100»",
            api(200, list),
            vec![
                api(200, r#"{"items": [{"price": 1000}]}"#),
                api(200, r#"{"items": []}"#),
                api(200, "100"),
                api(200, "<p>100</p>"),
                site(&[]),
            ],
        ),
        case(
            "программа видит в ответе «$.items[*]» раз: 2",
            api(200, list),
            vec![api(200, r#"{"items": [1]}"#), api(200, "[1, 2]"), api(200, "2"), site(&[])],
        ),
        case("программа видит заголовок «Content-Type» со значением «text/html»", api(200, ""), vec![site(&[])]),
    ]
}

/// Cases of two people who have acted at the same time, each on a page with this text.
fn races() -> Vec<Case> {
    let at = |status, text: &str| format!("{status}<main><p>{text}</main>");
    let both = |one: &str, other: &str| {
        let page = |text: &str| (text[..3].parse().unwrap(), text[3..].to_owned());
        let ((one, at_one), (other, at_other)) = (page(one), page(other));
        site(&[("idp/page", one, &at_one), ("idp/other", other, &at_other)])
    };
    let (done, late, lost) = (at(200, "Привязана"), at(200, "Код не действует"), at(200, "Ошибка"));
    let wrong = || {
        vec![
            both(&done, &done),
            both(&late, &late),
            both(&done, &lost),
            both(&lost, &late),
            both(&done, &at(200, "Код не действуетт")),
            site(&[]),
        ]
    };
    vec![
        case("одному из них сказано «Привязана», а другому «Код не действует»", both(&late, &done), wrong()),
        case("одному из них сказано «Привязана», а остальным «Код не действует»", both(&done, &late), wrong()),
        case(
            "каждому из них сказано «Привязана»",
            both(&done, &done),
            vec![both(&done, &late), both(&late, &done), both(&done, &at(200, "Непривязана")), site(&[])],
        ),
    ]
}

#[tokio::test]
async fn every_step_that_looks_at_something_fails_on_its_mutants() {
    let all_cases = [sights(), refusals(), letters(), entries(), own_pages(), answers(), races()];
    let cases: Vec<_> = all_cases.into_iter().flatten().collect();
    let mut unproved: Vec<_> = all().filter(|step| step.checks).map(|step| step.pattern).collect();
    let mut mutants = 0;
    for Case { sentence, right, mutants: wrong } in cases {
        let Found::Step(step, _) = find(sentence) else { panic!("{sentence}") };
        unproved.retain(|pattern| *pattern != step.pattern);
        assert_eq!(outcome(sentence, right).await, Ok(()), "{sentence}");
        assert!(!wrong.is_empty(), "{sentence}: no mutant");
        for (number, mutant) in wrong.into_iter().enumerate() {
            let shown = format!("{sentence}: mutant {number}: {mutant:?}");
            let ended = outcome(sentence, mutant).await;
            assert!(matches!(ended, Err(StepError::Unmet(_))), "{shown}: {ended:?}");
            mutants += 1;
        }
    }
    assert_eq!(unproved, Vec::<&str>::new(), "steps that look at something, without a mutant");
    assert!(mutants >= 60, "{mutants}");
}

#[test]
fn what_is_said_with_тогда_looks_at_something() {
    for step in all().filter(|step| step.example.starts_with("Тогда ")) {
        assert!(step.checks, "{}", step.pattern);
    }
}
