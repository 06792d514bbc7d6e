//! Every page that people can reach, looked at by axe-core: by day and by night, and at the width of a small telephone.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    time::Duration,
};

use serde_json::{Value, json};
use tests::{Program, Server, client, esia_stand, repository};
use thirtyfour::{By, WebDriver, WebElement, error::WebDriverResult, prelude::ElementWaitable as _};

use super::chromium::in_browser;
use crate::conformance::{
    Judging,
    site::{Flaw, Site},
};

/// Number of people of the demo world who are followed through both sites.
const PEOPLE: usize = 5;
/// Pages of the console that both servers have.
const CONSOLE: [&str; 6] = ["timeline", "sequence", "requests", "inbox", "worlds", "worlds/main/reset"];
/// Pages of the book: the contents, prose, tables, a long reference, what a search finds and what it does not.
const BOOK: [&str; 7] = [
    "?lang=en",
    "tester?lang=ru",
    "settings?lang=en",
    "rules?lang=en",
    "exit-codes?lang=ru",
    "search?lang=ru&q=%D1%81%D0%BE%D0%B3%D0%BB%D0%B0%D1%81%D0%B8%D0%B5",
    "search?lang=en&q=zzzz",
];
/// Maximum number of pages of one kind on a walk: a diary has as many weeks as there are.
const OF_A_KIND: usize = 6;
/// A page is the same page when the path (numbers aside) and what stands on it are the same.
const PAGE: &str = "
    const marks = [...document.querySelectorAll('[data-test], h1, h2, form')];
    const shape = marks.map(mark => mark.dataset.test || mark.tagName + mark.textContent.trim().slice(0, 20));
    const links = [...document.querySelectorAll('a[href]')].map(link => new URL(link.getAttribute('href'), location).href.split('#')[0]);
    return { shape: [...new Set(shape)].join(), links, wide: document.documentElement.scrollWidth > innerWidth };";
/// Everything that axe-core knows, best practices included; by night the colours alone, as nothing else changes. The
/// page's own policy forbids to fetch anything.
const AXE: &str = "
    const done = arguments[arguments.length - 1];
    const rules = arguments[0] == 'dark' ? { runOnly: ['color-contrast'] } : {};
    axe.run(document, { preload: false, resultTypes: ['violations'], ...rules }).then(
        found => done(found.violations.map(rule =>
            `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.target.join(' ')).join(' · ')}`)),
        error => done([String(error)]));";

/// The text of axe-core, which `scripts/axe` fetches.
pub(super) fn axe() -> String {
    let program = esia_stand();
    let target = program.parent().and_then(std::path::Path::parent).expect("target");
    let file = target.join("axe/package/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}: run scripts/axe", file.display()))
}

/// Two running servers and their people with accounts.
#[derive(Default)]
pub(super) struct Sites {
    idp: String,
    diary: String,
    people: Vec<(String, String)>,
}

impl Sites {
    async fn of(serve: &mut Program) -> Self {
        let urls: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
        let url = |name: &str| urls[name].as_str().expect("a URL").to_owned();
        let (idp, diary) = (url("idp"), url("diary"));
        let people = client().get(format!("{idp}/control/people")).send().await.expect("people");
        let people: Vec<Value> = people.json().await.expect("people");
        let text = |person: &Value, name: &str| person[name].as_str().map(str::to_owned);
        let people = people.iter().filter_map(|person| Some((text(person, "login")?, text(person, "password")?)));
        Self { idp, diary, people: people.collect() }
    }

    /// Whether an address is a page of theirs. The page that reads the OpenAPI document is somebody else's work.
    fn has(&self, url: &str) -> bool {
        [&self.idp, &self.diary].into_iter().any(|site| {
            url.strip_prefix(site.as_str()).is_some_and(|path| path.starts_with('/') && !path.starts_with("/control/"))
        })
    }
}

/// Looks at pages and remembers what was found.
pub(super) struct Inspector {
    pub(super) driver: WebDriver,
    axe: String,
    sites: Sites,
    pub(super) seen: BTreeSet<String>,
    pub(super) found: BTreeSet<String>,
}

/// A path with `0` for every number and id, so that the cards of two children are one kind of page.
fn kind(url: &str) -> String {
    let path = url.split('?').next().unwrap_or_default().splitn(4, '/').skip(2).collect::<Vec<_>>().join("/");
    let segments = path.split('/').skip(1).map(|segment| {
        let id = segment.starts_with(|first: char| first.is_ascii_digit()) || segment.contains('%');
        if id { "0" } else { segment }
    });
    let kind = segments.collect::<Vec<_>>().join("/");
    // All pages of the book are of one kind.
    if kind.starts_with("control/docs/") { "control/docs/0".to_owned() } else { kind }
}

impl Inspector {
    pub(super) fn new(driver: WebDriver, axe: String, sites: Sites) -> Self {
        Self { driver, axe, sites, seen: BTreeSet::new(), found: BTreeSet::new() }
    }

    /// Looks at the page that is open, unless it has been seen; answers its links to pages of the two sites.
    pub(super) async fn look(&mut self) -> WebDriverResult<Vec<String>> {
        let url = self.driver.current_url().await?.to_string();
        let page = self.driver.execute(PAGE, vec![]).await?.json().clone();
        let site = if url.starts_with(&self.sites.idp) { "idp" } else { "diary" };
        let name = format!("{site} /{}", kind(&url));
        if self.seen.insert(format!("{name} {}", page["shape"])) {
            self.driver.execute(self.axe.as_str(), vec![]).await?;
            for scheme in ["light", "dark"] {
                let scheme_is = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
                self.driver.cdp().send_raw("Emulation.setEmulatedMedia", scheme_is).await?;
                let found = self.driver.execute_async(AXE, vec![scheme.into()]).await?;
                let found = found.json().as_array().cloned().unwrap_or_default();
                self.found
                    .extend(found.iter().map(|rule| format!("{name} ({scheme}): {}", rule.as_str().unwrap_or(""))));
            }
            self.narrow(&name).await?;
        }
        let links = page["links"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(links.filter(|link| self.sites.has(link)).map(str::to_owned).collect())
    }

    /// Nothing may stick out at 360 pixels.
    async fn narrow(&mut self, name: &str) -> WebDriverResult<()> {
        let small = json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": true });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", small).await?;
        let page = self.driver.execute(PAGE, vec![]).await?;
        if page.json()["wide"] == true {
            self.found.insert(format!("{name}: wider than 360 pixels"));
        }
        self.driver.cdp().send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        Ok(())
    }

    /// Follows every link from the page that is open.
    async fn wander(&mut self) -> WebDriverResult<()> {
        let (mut known, mut kinds) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        let mut ahead = VecDeque::from(self.look().await?);
        while let Some(url) = ahead.pop_front() {
            // Signing in is a walk of its own, and a file is no page.
            let mut parts = ["/login/gosuslugi", "/logout", "/Logout", ".csv"].into_iter();
            if parts.any(|part| url.contains(part)) || !known.insert(url.clone()) {
                continue;
            }
            let of_kind = kinds.entry(kind(&url)).or_default();
            *of_kind += 1;
            if *of_kind <= OF_A_KIND {
                self.driver.goto(&url).await?;
                ahead.extend(self.look().await?);
            }
        }
        Ok(())
    }

    /// A newcomer connects a system: the list, the form, the form with a mistake in it, the key, and the system afterwards.
    async fn connect(&mut self) -> WebDriverResult<()> {
        let console = format!("{}/control/console/clients", self.sites.idp);
        self.driver.goto(&console).await?;
        self.look().await?;
        self.driver.goto(format!("{console}/new")).await?;
        self.look().await?;
        self.leave_by(&self.driver.find(By::Css("main form button")).await?).await?;
        self.look().await?;
        let entered = [("mnemonic", "AXE-SITE"), ("title", "Сайт"), ("redirect-uri", "http://127.0.0.1:3000/cb")];
        for (name, text) in entered {
            self.driver.find(By::Css(format!("main input[name={name}]"))).await?.send_keys(text).await?;
        }
        self.leave_by(&self.driver.find(By::Css("main form button")).await?).await?;
        self.unfold().await?;
        self.look().await?;
        self.driver.goto(format!("{console}/AXE-SITE")).await?;
        self.unfold().await?;
        self.look().await.map(|_| ())
    }

    /// Opens whatever is folded up.
    async fn unfold(&self) -> WebDriverResult<()> {
        let open = "document.querySelectorAll('details').forEach(one => { one.open = true });";
        self.driver.execute(open, vec![]).await.map(|_| ())
    }

    async fn sign_in(&mut self, login: &str, password: &str) -> WebDriverResult<()> {
        self.driver.find(By::Css("main input[name=login]")).await?.clear().await?;
        self.driver.find(By::Css("main input[name=login]")).await?.send_keys(login).await?;
        self.driver.find(By::Css("main input[type=password]")).await?.send_keys(password).await?;
        self.leave_by(&self.driver.find(By::Css("main form button")).await?).await
    }

    /// Clicks what leads to another page, and waits until this one is gone: the click itself does not.
    async fn leave_by(&self, button: &WebElement) -> WebDriverResult<()> {
        let document = self.driver.find(By::Css("html")).await?;
        button.click().await?;
        document.wait_until().wait(Duration::from_secs(10), Duration::from_millis(20)).stale().await
    }

    /// One person's walk: wrong password, personal account, and the diary, wherever it ends.
    async fn follow(&mut self, login: &str, password: &str) -> WebDriverResult<()> {
        let (idp, diary) = (self.sites.idp.clone(), self.sites.diary.clone());
        self.driver.goto(format!("{idp}/login")).await?;
        self.sign_in(login, "wrong").await?;
        self.look().await?;
        self.sign_in(login, password).await?;
        self.wander().await?;
        self.driver.goto(format!("{idp}/lk")).await?;
        self.wander().await?;
        self.driver.goto(format!("{diary}/login/gosuslugi")).await?;
        self.agree().await?;
        self.wander().await?;
        self.driver.delete_all_cookies().await
    }

    /// «Войти как», then the consent; each has its first button for going on.
    async fn agree(&mut self) -> WebDriverResult<()> {
        for _ in 0..2 {
            self.look().await?;
            let on_the_way = self.driver.current_url().await?.as_str().starts_with(&self.sites.idp);
            match self.driver.find(By::Css("main form button")).await {
                Ok(button) if on_the_way => self.leave_by(&button).await?,
                _ => break,
            }
        }
        Ok(())
    }

    /// One person at the diary: forms filled in and sent, what they answer, and everything that there is then.
    async fn use_diary(&mut self, login: &str, forms: &[Form]) -> WebDriverResult<()> {
        let person = self.sites.people.iter().find(|(known, _)| known == login);
        let password = person.map(|(_, password)| password.clone());
        self.driver.goto(format!("{}/login/gosuslugi", self.sites.diary)).await?;
        self.sign_in(login, &password.expect("somebody with this login")).await?;
        self.agree().await?;
        for (path, fields) in forms {
            self.driver.goto(format!("{}{path}", self.sites.diary)).await?;
            // The server's own refusals are to be seen, not the browser's.
            self.driver.execute("document.querySelector('main form').noValidate = true;", vec![]).await?;
            for (name, text) in *fields {
                self.driver.execute(ENTER, vec![(*name).into(), (*text).into()]).await?;
            }
            self.leave_by(&self.driver.find(By::Css("main form button")).await?).await?;
            self.look().await?;
        }
        self.driver.goto(format!("{}/desk", self.sites.diary)).await?;
        self.wander().await?;
        for start in ["/diary", "/school"] {
            self.driver.goto(format!("{}{start}", self.sites.diary)).await?;
            self.wander().await?;
        }
        self.driver.delete_all_cookies().await
    }

    /// Pages that were checked and have no barrier.
    #[expect(clippy::print_stdout, reason = "a failed test shows what it has seen")]
    fn must_have_seen(&self, must: &[&str]) {
        let lines = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join("\n");
        println!("{} kinds of pages:\n{}", self.seen.len(), lines(&self.seen));
        assert_eq!(lines(&self.found), "");
        let missed: Vec<_> =
            must.iter().filter(|page| !self.seen.iter().any(|seen| seen.starts_with(**page))).collect();
        assert_eq!(missed, Vec::<&&str>::new(), "pages were not reached");
    }
}

/// A page with a form, and what is entered into which field.
type Form = (&'static str, &'static [(&'static str, &'static str)]);
/// A world of the documented suite, and who uses its diary in which order.
type School = (&'static str, &'static [(&'static str, &'static [Form])]);

/// Writes into a field, or chooses.
const ENTER: &str = "document.querySelector(`main [name=\"${arguments[0]}\"]`).value = arguments[1];";

const REGISTER: &str =
    "Фамилия Имя Отчество,Дата рождения,СНИЛС,Класс\nКузьмина Алиса Степановна,09.03.2014,001-000-331 00,4Б";
const APPLICATION: Form =
    ("/access/application", &[("relation", "mother"), ("child", "Кузьмина Алиса Степановна"), ("born", "2014-03-09")]);
const LETTER: Form =
    ("/messages/new?pupil=тимур", &[("teacher", "раиса"), ("topic", "Болезнь"), ("text", "Тимур болеет")]);

/// Those whose work at the diary others do not have.
const SCHOOLS: [School; 4] = [
    (
        "заявления",
        &[
            ("darya@example.test", &[("/access/application", &[]), APPLICATION]),
            (
                "galina@example.test",
                &[("/school/import", &[("text", "Класс\n5Б")]), ("/school/import", &[("text", REGISTER)])],
            ),
        ],
    ),
    ("секретарь", &[("nonna@example.test", &[("/school/pupils/прохор/consents", &[])])]),
    (
        "уроки",
        &[
            ("inna@example.test", &[("/messages/new?pupil=тимур", &[]), LETTER]),
            ("raisa@example.test", &[("/school/lessons/5Б/Математика/2024-09-04", &[("pupils.тимур.mark", "6")])]),
        ],
    ),
    ("класс", &[("lidia@example.test", &[])]),
];

#[tokio::test]
async fn axe_finds_no_barrier_on_any_page_by_day_or_by_night() {
    let mut serve = Program::start(&["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
    let (axe, sites) = (axe(), Sites::of(&mut serve).await);
    assert!(sites.people.len() >= 3, "{:?}", sites.people);
    let inspector = in_browser(async |driver: WebDriver| {
        let mut inspector = Inspector::new(driver, axe, sites);
        let people = inspector.sites.people.clone();
        for url in [inspector.sites.idp.clone(), inspector.sites.diary.clone()] {
            inspector.driver.goto(&url).await?;
            inspector.wander().await?;
            inspector.driver.goto(format!("{url}/no/such/page")).await?;
            inspector.look().await?;
            for page in CONSOLE {
                inspector.driver.goto(format!("{url}/control/console/{page}")).await?;
                inspector.look().await?;
            }
            for page in BOOK {
                inspector.driver.goto(format!("{url}/control/docs/{page}")).await?;
                inspector.unfold().await?;
                inspector.look().await?;
            }
        }
        for page in ["faults", "keys", "agencies", "desks", "service-centre"] {
            let url = format!("{}/control/console/{page}", inspector.sites.idp);
            inspector.driver.goto(url).await?;
            inspector.look().await?;
        }
        inspector.connect().await?;
        for (login, password) in people.iter().take(PEOPLE) {
            inspector.follow(login, password).await?;
        }
        Ok(inspector)
    })
    .await;
    inspector.must_have_seen(&[
        "idp /login",
        "idp /lk ",
        "idp /lk/family ",
        "idp /lk/consents",
        "idp /control/console/clients/AXE-SITE",
        "idp /control/console/faults",
        "idp /control/console/keys",
        "idp /control/docs/0",
        "diary /control/docs/0",
        "diary /control/console/worlds",
        "diary /login ",
        "diary /diary",
    ]);
}

#[tokio::test]
async fn axe_finds_no_barrier_on_a_report_card_whatever_the_verdicts() {
    let idp = Server::idp().await;
    let judging = Judging::of(&Site::start(&idp, Flaw::BelievesAlgNone).await, &idp.url, &[]);
    let ended = judging.run(&["--only", "hdr.alg-none,sig.stranger,rs.500-after-token,ac.too-late"]).await;
    for verdict in ["passed", "failed", "not-applicable", "not-judged"] {
        assert_eq!(judging.with(verdict).len(), 1, "{verdict}: {}", ended.out);
    }
    let page = format!("file://{}", judging.at("r.html"));
    let inspector = in_browser(async move |driver: WebDriver| {
        let mut inspector = Inspector::new(driver, axe(), Sites::default());
        inspector.driver.goto(&page).await?;
        // What is folded is looked at as well.
        inspector
            .driver
            .execute("document.querySelectorAll('details').forEach(one => one.open = true)", vec![])
            .await?;
        inspector.look().await?;
        Ok(inspector)
    })
    .await;
    assert_eq!((inspector.seen.len(), inspector.found), (1, BTreeSet::new()));
}

#[tokio::test]
async fn axe_finds_no_barrier_on_any_page_of_a_school() {
    let inspector = in_browser(async |driver: WebDriver| {
        let mut inspector = Inspector::new(driver, axe(), Sites::default());
        for (world, people) in SCHOOLS {
            let world = repository().join(format!("scenarios/worlds/{world}.yaml")).display().to_string();
            let addresses = ["--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];
            let mut serve = Program::start(&[&["serve", "--seed", &world][..], &addresses].concat());
            inspector.sites = Sites::of(&mut serve).await;
            for (login, forms) in people {
                inspector.use_diary(login, forms).await?;
            }
        }
        Ok(inspector)
    })
    .await;
    inspector.must_have_seen(&[
        "diary /desk",
        "diary /access ",
        "diary /access/application ",
        "diary /access/applications/0",
        "diary /diary/0",
        "diary /messages ",
        "diary /messages/new",
        "diary /messages/0",
        "diary /messages/families ",
        "diary /messages/families/new",
        "diary /school ",
        "diary /school/parents",
        "diary /school/applications ",
        "diary /school/applications/0",
        "diary /school/import",
        "diary /school/lessons ",
        "diary /school/lessons/0/0/0",
        "diary /school/pupils/0 ",
        "diary /school/pupils/0/consents",
    ]);
}
