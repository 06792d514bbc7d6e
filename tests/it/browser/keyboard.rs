//! The main paths with a keyboard alone, and as assistive technology is told of them: the accessibility tree.

use std::{fs, time::Duration};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tests::{Program, esia_stand};
use thirtyfour::{By, Key, WebDriver, error::WebDriverResult, prelude::ElementWaitable as _};

use super::chromium::in_browser;

/// The demo world, at a time that stands.
struct Stand {
    _serve: Program,
    _folder: tempfile::TempDir,
    idp: String,
    diary: String,
}

impl Stand {
    async fn start() -> Self {
        let printed = Program::start_as(&esia_stand(), &["world", "демо"], &[]).ended().await;
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        let world = printed.out.replace("clock: real", "clock: {frozen: 2024-09-02T09:00:00+03:00}");
        assert_ne!(world, printed.out, "the demo world has another clock");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("still.yaml");
        fs::write(&file, world).expect("a file");
        let file = file.to_str().expect("its name");
        let args = ["serve", "--world", file, "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];
        let mut serve = Program::start(&args);
        let ready: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
        let url = |name: &str| ready[name].as_str().expect("a URL").to_owned();
        Self { idp: url("idp"), diary: url("diary"), _serve: serve, _folder: folder }
    }
}

/// What a keyboard does in a browser: nothing here clicks.
struct Keyboard(WebDriver);

/// Name of the element with the focus: of a field its own, of a button or a link its text.
const FOCUSED: &str = "const on = document.activeElement; return on.getAttribute('name') && on.tagName != 'BUTTON' ? on.name : on.textContent.trim();";

impl Keyboard {
    /// Opens an address: whoever uses a keyboard types it.
    async fn open(&self, url: &str) -> WebDriverResult<()> {
        self.0.goto(url).await
    }

    /// Presses Tab until the focus is on something of that name.
    async fn tab_to(&self, name: &str) -> WebDriverResult<()> {
        for _ in 0..300 {
            self.0.active_element().await?.send_keys(Key::Tab).await?;
            if self.0.execute(FOCUSED, vec![]).await?.json() == name {
                return Ok(());
            }
        }
        panic!("Tab does not lead to «{name}» at {}", self.0.current_url().await?);
    }

    async fn type_at(&self, name: &str, text: &str) -> WebDriverResult<()> {
        self.tab_to(name).await?;
        self.0.active_element().await?.send_keys(text).await
    }

    /// Presses Enter on something, and waits for the next page.
    async fn enter_at(&self, name: &str) -> WebDriverResult<()> {
        self.tab_to(name).await?;
        let document = self.0.find(By::Css("html")).await?;
        self.0.active_element().await?.send_keys(Key::Enter).await?;
        document.wait_until().wait(Duration::from_secs(10), Duration::from_millis(20)).stale().await
    }

    async fn text(&self, selector: &str) -> WebDriverResult<String> {
        self.0.find(By::Css(selector)).await?.text().await
    }

    /// Signs in at the diary from the page of Gosuslugi that is open.
    async fn sign_in(&self, login: &str, password: &str) -> WebDriverResult<()> {
        self.type_at("login", login).await?;
        self.type_at("password", password).await?;
        self.enter_at("Войти").await
    }
}

#[tokio::test]
async fn a_keyboard_alone_signs_in_consents_and_moves_the_clock() {
    let stand = Stand::start().await;
    let (idp, diary) = (stand.idp.clone(), stand.diary.clone());
    let (title, before, after) = in_browser(async move |driver: WebDriver| {
        let keyboard = Keyboard(driver);
        keyboard.open(&format!("{diary}/login")).await?;
        keyboard.enter_at("Войти через портал Госуслуг").await?;
        keyboard.sign_in("maxim@example.test", "maxim-2024").await?;
        keyboard.enter_at("Предоставить").await?;
        let title = keyboard.0.title().await?;
        keyboard.open(&format!("{idp}/?lang=ru")).await?;
        let before = keyboard.text("[data-test=clock]").await?;
        keyboard.enter_at("+1 день").await?;
        Ok((title, before, keyboard.text("[data-test=clock]").await?))
    })
    .await;
    assert!(title.starts_with("Максим, 11А — Дневник"), "{title}");
    assert_eq!((before.as_str(), after.as_str()), ("02.09.2024, 09:00", "03.09.2024, 09:00"));
}

/// A page as assistive technology hears it: a role and a name a line, what is inside further to the right.
async fn heard(driver: &WebDriver) -> WebDriverResult<String> {
    let tree = driver.cdp().send_raw("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    let mut told = String::new();
    if let Some(root) = nodes.first() {
        tell(root, &nodes, "", 0, &mut told);
    }
    Ok(told)
}

/// Roles that are there for the eye alone.
const SILENT: [&str; 4] = ["InlineTextBox", "LineBreak", "generic", "none"];

fn tell(node: &Value, all: &[Value], around: &str, depth: usize, told: &mut String) {
    let text = |of: &Value| of["value"].as_str().unwrap_or_default().trim().to_owned();
    let (role, name) = (text(&node["role"]), text(&node["name"]));
    let is_text = role == "StaticText";
    // The text of a link or a heading is its name, which has been told.
    let is_known = is_text && (name.is_empty() || around.contains(&name));
    let is_silent = is_known || node["ignored"] == true || SILENT.contains(&role.as_str());
    if !is_silent {
        let said = [if is_text { "" } else { &role }, &name].into_iter().filter(|part| !part.is_empty());
        told.push_str(&" ".repeat(depth * 2));
        told.push_str(&said.collect::<Vec<_>>().join(": "));
        told.push('\n');
    }
    let around = if is_silent { around } else { &name };
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = all.iter().find(|other| other["nodeId"] == *child) {
            tell(child, all, around, depth + usize::from(!is_silent), told);
        }
    }
}

#[tokio::test]
async fn the_main_paths_are_heard_as_they_are_kept() {
    let stand = Stand::start().await;
    let (idp, diary) = (stand.idp.clone(), stand.diary.clone());
    let pages = in_browser(async move |driver: WebDriver| {
        let keyboard = Keyboard(driver.clone());
        let mut pages = Vec::new();
        keyboard.open(&format!("{diary}/login")).await?;
        pages.push(heard(&driver).await?);
        keyboard.enter_at("Войти через портал Госуслуг").await?;
        pages.push(heard(&driver).await?);
        keyboard.sign_in("maxim@example.test", "maxim-2024").await?;
        pages.push(heard(&driver).await?);
        keyboard.enter_at("Предоставить").await?;
        pages.push(heard(&driver).await?);
        keyboard.open(&format!("{idp}/lk")).await?;
        pages.push(heard(&driver).await?);
        Ok(pages)
    })
    .await;
    assert_snapshot!("heard", pages.join("---\n").replace(&stand.idp, "IDP").replace(&stand.diary, "DIARY"));
}
