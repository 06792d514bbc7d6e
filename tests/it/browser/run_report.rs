//! The report of a run as its readers have it: opened from a file, searched, printed, looked at by axe-core.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use tests::Program;
use thirtyfour::{By, WebDriver, error::WebDriverResult};

use super::{
    barriers::{Inspector, Sites, axe},
    chromium::in_browser,
};

/// One passes, two fail: at Gosuslugi with a wrong password, and in the diary.
const FEATURE: &str = "# language: ru\nФункция: вход & выход\n\n  @R000.13\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    \
                       Когда Нина входит в дневник\n    И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон»\n\n  \
                       Сценарий: чужой пароль\n    Дано мир «взрослые»\n    Когда Нина входит на Госуслуги с логином «никто» и \
                       паролем «ничей-пароль»\n    Тогда Нина видит «Личный кабинет»\n\n  Сценарий: вход виден\n    Дано мир \
                       «взрослые»\n    Когда Нина открывает страницу входа в дневник\n    Тогда Нина видит «Вход в электронный \
                       дневник»\n";

/// Arrows that lead to nothing, and how many arrows there are.
const ARROWS: &str = "
    const arrows = [...document.querySelectorAll('svg.sequence a')].map(arrow => arrow.getAttribute('href'));
    return [arrows.length, arrows.filter(to => !document.getElementById(decodeURIComponent(to.slice(1))))];";
/// Items that are shown.
const SHOWN: &str = "return [...document.querySelectorAll('[data-item]')].filter(item => !item.hidden).length;";
/// Follows the first arrow; whether its request is unfolded then.
const FOLLOWED: &str = "
    const done = arguments[arguments.length - 1];
    const arrow = document.querySelector('svg.sequence a');
    const target = document.getElementById(decodeURIComponent(arrow.getAttribute('href').slice(1)));
    const before = target.open;
    addEventListener('hashchange', () => setTimeout(() => done([before, target.open]), 0));
    location.hash = arrow.getAttribute('href');";

#[tokio::test]
async fn evidence_of_a_real_browser_has_a_picture_of_the_page() {
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("own.feature"), FEATURE).expect("feature");
    let args = ["run", &at("own.feature"), "--name", "слона", "--browser", "chromium", "--evidence", &at("evidence")];
    let ended = Program::run(&args).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let own = folder.path().join("evidence/own-слона-нет");
    assert!(fs::read(own.join("page-нина.png")).expect("a picture").starts_with(b"\x89PNG"));
    assert!(fs::read_to_string(own.join("page-нина.html")).expect("a page").contains("<title>"));
    let again = fs::read_to_string(own.join("replay.sh")).expect("a script");
    assert!(again.contains("own.feature:5 --browser chromium\n"), "{again}");
}

struct Seen {
    found: BTreeSet<String>,
    arrows: Value,
    shown: [Value; 3],
    followed: Value,
    errors: Vec<String>,
}

async fn looked_at(driver: WebDriver, page: String) -> WebDriverResult<Seen> {
    let mut inspector = Inspector::new(driver, axe(), Sites::default());
    let driver = inspector.driver.clone();
    driver.goto(&page).await?;
    let run = async |script: &str| driver.execute(script, vec![]).await.map(|said| said.json().clone());
    let arrows = run(ARROWS).await?;
    let all = run(SHOWN).await?;
    let field = driver.find(By::Id("filter")).await?;
    field.send_keys("Чужой ПАРОЛЬ").await?;
    let some = run(SHOWN).await?;
    field.send_keys(" жираф").await?;
    let none = run(SHOWN).await?;
    driver.goto(&page).await?;
    let followed = driver.execute_async(FOLLOWED, vec![]).await?.json().clone();
    // What is folded is looked at as well.
    driver.execute("document.querySelectorAll('details').forEach(one => one.open = true)", vec![]).await?;
    inspector.look().await?;
    let errors = driver.browser_log().await?.into_iter().map(|entry| entry.message).collect();
    Ok(Seen { found: inspector.found, arrows, shown: [all, some, none], followed, errors })
}

#[tokio::test]
async fn a_report_is_read_searched_and_followed_and_axe_finds_no_barrier_in_it() {
    let folder = tempfile::tempdir().expect("folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("own.feature"), FEATURE).expect("feature");
    let ended = Program::run(&["run", &at("own.feature"), "--html", &at("report.html")]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let page = format!("file://{}", at("report.html"));
    let Seen { found, arrows, shown, followed, errors } =
        in_browser(async move |driver| looked_at(driver, page).await).await;
    assert_eq!((found, errors), (BTreeSet::new(), Vec::new()));
    assert!(arrows[0].as_u64().expect("a number") > 5, "{arrows}");
    assert_eq!(arrows[1], json!([]), "arrows that lead nowhere");
    // Of a scenario that did not pass: its story, and its line in its feature.
    assert_eq!(shown[1..], [json!(2), json!(0)]);
    assert!(shown[0].as_u64() > Some(5), "{shown:?}");
    assert_eq!(followed, json!([false, true]));
}
