//! Every page that people can reach, looked at by axe-core: by day and by night, and at the width of a small telephone.

use std::{
    collections::{BTreeSet, VecDeque},
    fs,
    time::Duration,
};

use serde_json::{Value, json};
use tests::{Program, client, esia_stand};
use thirtyfour::{By, WebDriver, WebElement, error::WebDriverResult, prelude::ElementWaitable as _};

use super::chromium::in_browser;

/// How many people of the demo world are followed through both sites.
const PEOPLE: usize = 5;
/// A page is the same page when the path (numbers aside) and what stands on it are the same.
const PAGE: &str = "
    const marks = [...document.querySelectorAll('[data-test], h1, h2, form')];
    const shape = marks.map(mark => mark.dataset.test || mark.tagName + mark.textContent.trim().slice(0, 20));
    const links = [...document.querySelectorAll('a[href]')].map(link => link.href.split('#')[0]);
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
fn axe() -> String {
    let program = esia_stand();
    let target = program.parent().and_then(std::path::Path::parent).expect("target");
    let file = target.join("axe/package/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}: run scripts/axe", file.display()))
}

/// Two running servers and their people with accounts.
struct Sites {
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
struct Inspector {
    driver: WebDriver,
    axe: String,
    sites: Sites,
    seen: BTreeSet<String>,
    found: BTreeSet<String>,
}

/// A path with `0` for every number and id, so that the cards of two children are one kind of page.
fn kind(url: &str) -> String {
    let path = url.split('?').next().unwrap_or_default().splitn(4, '/').skip(2).collect::<Vec<_>>().join("/");
    let segments = path.split('/').skip(1).map(|segment| {
        let id = segment.starts_with(|first: char| first.is_ascii_digit()) || segment.contains('%');
        if id { "0" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

impl Inspector {
    /// Looks at the page that is open, unless it has been seen; answers its links to pages of the two sites.
    async fn look(&mut self) -> WebDriverResult<Vec<String>> {
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
        let mut known = BTreeSet::new();
        let mut ahead = VecDeque::from(self.look().await?);
        while let Some(url) = ahead.pop_front() {
            // Signing in is a walk of its own.
            let apart = url.contains("/login/gosuslugi") || url.contains("/logout") || url.contains("/Logout");
            if !apart && known.len() < 60 && known.insert(url.clone()) {
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
        // «Войти как», then the consent; each has its first button for going on.
        for _ in 0..2 {
            self.look().await?;
            let on_the_way = self.driver.current_url().await?.as_str().starts_with(&idp);
            match self.driver.find(By::Css("main form button")).await {
                Ok(button) if on_the_way => self.leave_by(&button).await?,
                _ => break,
            }
        }
        self.wander().await?;
        self.driver.delete_all_cookies().await
    }
}

#[tokio::test]
async fn axe_finds_no_barrier_on_any_page_by_day_or_by_night() {
    let mut serve = Program::start(&["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
    let (axe, sites) = (axe(), Sites::of(&mut serve).await);
    assert!(sites.people.len() >= 3, "{:?}", sites.people);
    let (seen, found) = in_browser(async |driver: WebDriver| {
        let (seen, found) = (BTreeSet::new(), BTreeSet::new());
        let mut inspector = Inspector { driver, axe, sites, seen, found };
        let people = inspector.sites.people.clone();
        for url in [inspector.sites.idp.clone(), inspector.sites.diary.clone()] {
            inspector.driver.goto(&url).await?;
            inspector.wander().await?;
            inspector.driver.goto(format!("{url}/no/such/page")).await?;
            inspector.look().await?;
        }
        inspector.connect().await?;
        for (login, password) in people.iter().take(PEOPLE) {
            inspector.follow(login, password).await?;
        }
        Ok((inspector.seen, inspector.found))
    })
    .await;
    println!("{} kinds of pages:\n{}", seen.len(), seen.iter().cloned().collect::<Vec<_>>().join("\n"));
    assert_eq!(found.iter().cloned().collect::<Vec<_>>().join("\n"), "");
    let must = [
        "idp /login",
        "idp /lk ",
        "idp /lk/family ",
        "idp /lk/consents",
        "idp /control/console/clients/AXE-SITE",
        "diary /login ",
        "diary /diary",
    ];
    let missed: Vec<_> = must.iter().filter(|page| !seen.iter().any(|seen| seen.starts_with(**page))).collect();
    assert_eq!(missed, Vec::<&&str>::new(), "pages were not reached");
}
