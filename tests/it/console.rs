//! The console of a whole stand: what a tester does on its pages, without a script.

use esia_stand_test::{Server, Stand};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::Value;
use tests::esia_stand;

/// A stand, and the browser of a tester.
struct Tester {
    idp: String,
    diary: String,
    browser: Client,
    _stand: Stand,
}

/// A page as it came.
struct Page {
    status: StatusCode,
    url: String,
    html: String,
}

impl Page {
    /// What stands between two texts of the page, each time.
    fn all(&self, before: &str, after: &str) -> Vec<&str> {
        self.html.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
    }
}

impl Tester {
    async fn new() -> Self {
        let stand = Stand::builder().program(esia_stand()).arg("--log").arg("error").start().await.expect("a stand");
        let url = |server| stand.control(server).expect("a server").url().to_owned();
        let browser = Client::builder().cookie_store(true).no_proxy().redirect(Policy::limited(10)).build();
        Self { idp: url(Server::Idp), diary: url(Server::Diary), browser: browser.expect("a browser"), _stand: stand }
    }

    async fn open(&self, url: &str) -> Page {
        let answer = self.browser.get(url).send().await.expect("an answer");
        let (status, url) = (answer.status(), answer.url().to_string());
        Page { status, url, html: answer.text().await.expect("a page") }
    }

    /// Sends the form of a page, and opens where it leads.
    async fn send(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let opened = self.open(page).await;
        let csrf = opened.all("name=\"csrf\" value=\"", "\"").first().copied().unwrap_or_default().to_owned();
        let fields: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let answer = self.browser.post(action).form(&fields).send().await.expect("an answer");
        let (status, url) = (answer.status(), answer.url().to_string());
        Page { status, url, html: answer.text().await.expect("a page") }
    }

    async fn json(&self, url: &str) -> Value {
        self.browser.get(url).send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn times(&self) -> [String; 2] {
        let mut times = [const { String::new() }; 2];
        for (time, server) in times.iter_mut().zip([&self.idp, &self.diary]) {
            let clock = self.json(&format!("{server}/control/clock")).await;
            *time = clock["now"].as_str().expect("a time").chars().take(16).collect();
        }
        times
    }

    async fn worlds(&self, server: &str) -> Vec<String> {
        let worlds = self.json(&format!("{server}/control/worlds")).await;
        let names = worlds.as_array().expect("a list").iter().filter_map(|world| world["name"].as_str());
        names.map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn a_tester_becomes_a_person_by_one_button_at_either_server() {
    let tester = Tester::new().await;
    for (server, home) in [(&tester.idp, "/lk"), (&tester.diary, "/diary")] {
        let start = format!("{server}/");
        assert!(tester.open(&start).await.html.contains("никто не вошёл"));
        let page = tester.send(&start, &format!("{server}/control/console/people/анна/enter"), &[]).await;
        assert_eq!(
            (page.status.as_u16(), page.url.starts_with(&format!("{server}{home}"))),
            (200, true),
            "{}",
            page.url
        );
        let acting = tester.open(&start).await;
        assert_eq!(acting.all("data-test=\"acting\">", "</p>").len(), 1);
        assert!(acting.html.contains("<strong>Петрова Анна Сергеевна</strong></a></p>"), "{}", acting.html);
    }
    let nobody = tester.send(&tester.idp, &format!("{}/control/console/people/никто/enter", tester.idp), &[]).await;
    assert_eq!(nobody.status, 404);
    let forged = tester.browser.post(format!("{}/control/console/people/анна/enter", tester.idp));
    assert_eq!(forged.form(&[("csrf", "0")]).send().await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn one_clock_moves_both_servers_and_a_signed_request_between_them_holds() {
    let tester = Tester::new().await;
    let (start, action) = (format!("{}/", tester.diary), format!("{}/control/console/clock", tester.diary));
    for change in [("mode", "frozen"), ("advance", "15m"), ("working_days", "5"), ("next_due", "1")] {
        let before = tester.times().await;
        let page = tester.send(&start, &action, &[change]).await;
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, start.as_str()), "{}", page.html);
        let [idp, diary] = tester.times().await;
        assert_eq!(idp, diary, "{change:?}");
        assert_eq!(idp > before[0], change.0 != "mode", "{change:?}: {before:?} {idp}");
    }
    // Somebody moves one clock alone: the page says so, and brings both together at the later time.
    let alone = serde_json::json!({ "advance": "3h" });
    let moved = tester.browser.post(format!("{}/control/clock", tester.idp)).json(&alone).send().await;
    assert_eq!(moved.expect("an answer").status(), 200);
    assert_eq!(tester.open(&start).await.all("data-test=\"clocks-differ\"", ">").len(), 1);
    let together = tester.send(&start, &action, &[]).await;
    assert!(together.html.contains("показывают одно время"), "{}", together.html);
    let [idp, diary] = tester.times().await;
    assert_eq!(idp, diary);
    let page = tester.send(&start, &action, &[("date", "2001-01-01"), ("time", "09:00")]).await;
    assert_eq!(page.status, 400, "time goes forward only");
    assert_eq!(tester.times().await, [idp, diary]);

    tester.send(&format!("{}/", tester.idp), &format!("{}/control/console/people/анна/enter", tester.idp), &[]).await;
    let signing_in = tester.open(&format!("{}/login/gosuslugi", tester.diary)).await;
    assert!(signing_in.html.contains("Предоставление доступа"), "{} {}", signing_in.url, signing_in.html);
}

#[tokio::test]
async fn the_timeline_and_the_diagram_hold_both_servers_and_lead_to_requests() {
    let tester = Tester::new().await;
    tester.send(&format!("{}/", tester.idp), &format!("{}/control/console/people/анна/enter", tester.idp), &[]).await;
    tester.open(&format!("{}/login/gosuslugi", tester.diary)).await;
    for server in [&tester.idp, &tester.diary] {
        let timeline = tester.open(&format!("{server}/control/console/timeline")).await;
        for other in [&tester.idp, &tester.diary] {
            let name = if *other == tester.idp { "idp" } else { "diary" };
            assert!(timeline.html.contains(&format!("class=\"where {name}\"")), "{server}: {}", timeline.html);
        }
        let links = timeline.all("</td><td><a href=\"", "\"");
        assert!(!links.is_empty(), "{}", timeline.html);
        for link in links {
            let link = if link.starts_with('/') { format!("{server}{link}") } else { link.to_owned() };
            assert_eq!(tester.open(&link).await.status, 200, "{link}");
        }
        let theirs = tester.open(&format!("{server}/control/console/timeline?server=diary&text=начат")).await;
        assert_eq!(theirs.all("class=\"where ", "\""), ["diary"], "{}", theirs.html);

        let diagram = tester.open(&format!("{server}/control/console/sequence")).await;
        let listed = diagram.all("<li><a href=\"", "</li>");
        let labels: Vec<_> =
            listed.iter().filter_map(|item| item.split_once('>').map(|(_, told)| told.trim())).collect();
        let wanted = [
            "Человек → Дневник или система: GET /login/gosuslugi</a> — 302",
            "Человек → Госуслуги: GET /aas/oauth2/ac</a> — 302",
        ];
        let places: Vec<_> =
            wanted.iter().map(|wanted| labels.iter().position(|label| label.starts_with(wanted))).collect();
        assert!(places[0].is_some() && places[0] < places[1], "in order: {labels:?}");
    }
    // A client's request goes to Gosuslugi from the client, not from the person.
    tester.browser.get(format!("{}/oidc/jwks", tester.idp)).send().await.expect("an answer");
    let diagram = tester.open(&format!("{}/control/console/sequence?last=1", tester.idp)).await;
    assert!(diagram.html.contains("Дневник или система → Госуслуги: GET /oidc/jwks</a> — 200"), "{}", diagram.html);
}

#[tokio::test]
async fn worlds_are_made_copied_reset_and_deleted_at_both_servers() {
    let tester = Tester::new().await;
    let page = format!("{}/control/console/worlds", tester.diary);
    let listed = tester.send(&page, &page, &[("name", "lessons"), ("seed", "уроки")]).await;
    assert!(
        listed.html.contains(&format!("{}/w/lessons/", tester.idp)),
        "the way to the other server: {}",
        listed.html
    );
    tester.send(&page, &format!("{page}/lessons/copy"), &[("name", "copy")]).await;
    assert_eq!(tester.worlds(&tester.idp).await, ["copy", "lessons", "main"]);
    assert_eq!(tester.worlds(&tester.diary).await, ["copy", "lessons", "main"]);

    let copy = format!("{}/w/copy/", tester.idp);
    tester.send(&copy, &format!("{copy}control/console/clock"), &[("advance", "1day")]).await;
    let events = async |server: &str| tester.json(&format!("{server}/control/worlds/copy")).await["seq"].as_u64();
    assert!(events(&tester.idp).await > Some(1) && events(&tester.diary).await > Some(1));
    tester.send(&page, &format!("{page}/copy/reset"), &[]).await;
    assert_eq!((events(&tester.idp).await, events(&tester.diary).await), (Some(0), Some(0)));

    let export = tester.open(&format!("{page}/copy/export")).await;
    let export: Value = serde_json::from_str(&export.html).expect("JSON");
    assert_eq!((&export["server"], &export["name"]), (&"diary".into(), &"copy".into()));
    tester.send(&page, &format!("{page}/copy/delete"), &[]).await;
    assert_eq!(tester.worlds(&tester.idp).await, ["lessons", "main"]);
    assert_eq!(tester.worlds(&tester.diary).await, ["lessons", "main"]);
    for (action, field, status) in
        [("", ("name", "Not-A-Name"), 400), ("", ("name", "lessons"), 409), ("/main/delete", ("name", ""), 409)]
    {
        let refused = tester.send(&page, &format!("{page}{action}"), &[field, ("seed", "уроки")]).await;
        assert_eq!(refused.status.as_u16(), status, "{action}: {}", refused.html);
    }
    let unknown = tester.send(&page, &page, &[("name", "x"), ("seed", "../../etc/passwd")]).await;
    assert_eq!((unknown.status.as_u16(), tester.worlds(&tester.idp).await.len()), (400, 2));
}

#[tokio::test]
async fn a_letter_stands_in_the_inbox_with_a_link_that_works() {
    let tester = Tester::new().await;
    let asked = serde_json::json!({ "login": "anna@example.test" });
    let asked = tester.browser.post(format!("{}/lk/api/recovery", tester.idp)).json(&asked).send().await;
    assert!(asked.expect("an answer").status().is_success());
    let inbox = tester.open(&format!("{}/control/console/inbox?to=anna@example.test", tester.idp)).await;
    assert_eq!(inbox.all("data-test=\"letter\"", ">").len(), 1, "{}", inbox.html);
    assert!(inbox.html.contains("Петрова Анна Сергеевна"));
    let other = tester.open(&format!("{}/control/console/inbox?to=masha@example.test", tester.idp)).await;
    assert!(other.all("data-test=\"letter\"", ">").is_empty());
}

#[tokio::test]
async fn the_language_that_was_asked_for_stays_on_the_next_page() {
    let tester = Tester::new().await;
    let start = format!("{}/", tester.idp);
    assert!(tester.open(&start).await.html.contains("Тестовые пользователи"));
    assert!(tester.open(&format!("{start}?lang=en")).await.html.contains("Test users"));
    assert!(tester.open(&format!("{start}control/console/worlds")).await.html.contains("Make a world"));
    assert!(tester.open(&format!("{start}control/console/timeline?lang=ru")).await.html.contains("Хроника"));
}
