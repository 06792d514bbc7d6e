//! Other browsers than a Chromium of this machine: Firefox, those of a hub, other screens; and a browser that is lost while
//! others go on.

use std::{fs, net::TcpListener, path::Path, process::Stdio, time::Duration};

use tests::{Ended, Program, esia_stand, repository, signal};
use tokio::process::{Child, Command};

use super::{is_chromium, size};
use crate::stop::descendants;

/// What `scripts/browsers` has fetched.
fn fetched(name: &str) -> String {
    let file = repository().join("target/browsers").join(name);
    assert!(file.exists(), "{}: scripts/browsers", file.display());
    file.display().to_string()
}

/// Where programs are looked for, geckodriver among them.
fn path() -> String {
    let own = fetched("geckodriver");
    let folder = Path::new(&own).parent().expect("its folder").display();
    format!("{folder}:{}", std::env::var_os("PATH").expect("a path").display())
}

async fn run(args: &[&str]) -> Ended {
    Program::start_as(&esia_stand(), &[&["run"], args].concat(), &[("PATH", &path())]).ended().await
}

/// A folder with a feature of these scenarios in the world of adults.
struct Own(tempfile::TempDir);

impl Own {
    fn of(scenarios: &[&str]) -> Self {
        let own = Self(tempfile::tempdir().expect("folder"));
        let told =
            |(steps, number): (&&str, usize)| format!("\n  Сценарий: номер {number}\n    Дано мир «взрослые»\n{steps}");
        let all = scenarios.iter().zip(1..).map(told).collect::<Vec<_>>().concat();
        fs::write(own.at("my.feature"), format!("# language: ru\nФункция: своя\n{all}")).expect("feature");
        own
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

/// Two people, a press each, and what one of them sees.
const TWO: &str = "    Когда Нина входит в дневник
    И Максим открывает страницу входа в дневник
    И Нина нажимает «Предоставить»
    Тогда Нина в дневнике
    И Максим видит «Вход в электронный дневник»
";

#[tokio::test]
async fn firefox_plays_the_same_words_and_makes_pictures() {
    let own = Own::of(&[TWO]);
    let shots = own.at("shots");
    let ended =
        run(&[&own.at("my.feature"), "--browser", "firefox", "--screen", "desktop", "--screenshots", &shots]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let pictures: Vec<_> = fs::read_dir(&shots).expect("pictures").map(|file| file.expect("a file").path()).collect();
    assert_eq!(pictures.len(), 5, "{pictures:?}");
    assert!(pictures.iter().all(|file| size(file).0 == 1280), "{pictures:?}");
}

#[tokio::test]
async fn without_geckodriver_the_run_ends_with_3_and_says_what_to_install() {
    let args = ["run", "--browser", "firefox", "--tags", "@browser"];
    let ended = Program::start_as(&esia_stand(), &args, &[("PATH", "")]).ended().await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(
        ended.err.contains("geckodriver не запускается: установите его (apt-get install -y firefox-esr"),
        "{}",
        ended.err
    );
}

#[tokio::test]
async fn a_screen_is_as_wide_as_it_is_said_and_a_window_needs_a_display() {
    let own = Own::of(&["    Когда Нина открывает страницу входа в дневник\n"]);
    for (screen, width) in [("tablet", 820), ("1024x700", 1024)] {
        let shots = own.at(screen);
        let args = [&own.at("my.feature"), "--browser", "chromium", "--screen", screen, "--screenshots", &shots];
        let ended = run(&args).await;
        assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
        let picture = fs::read_dir(&shots).expect("pictures").next().expect("one").expect("a file").path();
        assert_eq!(size(&picture).0, width, "{screen}");
    }
    let headed = ["run", &own.at("my.feature"), "--browser", "chromium", "--headed"];
    let ended = Program::start_as(&esia_stand(), &headed, &[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")]).ended().await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("Chromium не запускается"), "{}", ended.err);
}

/// Selenium's server, which starts browsers for whoever asks. It ends when this is dropped.
struct Hub {
    _process: Child,
    url: String,
}

impl Hub {
    async fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let driver = |name: &str, browser: &str, program: &str| {
            format!(
                "[[node.driver-configuration]]\ndisplay-name = \"{name}\"\nstereotype = '{{\"browserName\": \"{browser}\"}}'\n\
                 webdriver-executable = \"{program}\"\nmax-sessions = 2\n"
            )
        };
        let drivers = [
            driver("Chromium", "chrome", &which("chromedriver")),
            driver("Firefox", "firefox", &fetched("geckodriver")),
        ]
        .concat();
        let settings = format!(
            "[server]\nhost = \"127.0.0.1\"\nport = {port}\n[node]\ndetect-drivers = false\nselenium-manager = false\n\
             override-max-sessions = true\nmax-sessions = 4\n{drivers}"
        );
        let file = folder.join("hub.toml");
        fs::write(&file, settings).expect("settings");
        let mut command = Command::new("java");
        command.arg("-jar").arg(fetched("selenium-server.jar")).args(["standalone", "--config"]).arg(&file);
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let hub = Self { _process: quiet.spawn().expect("java"), url: format!("http://127.0.0.1:{port}") };
        tokio::time::timeout(Duration::from_mins(1), hub.ready()).await.expect("Selenium is ready");
        hub
    }

    async fn ready(&self) {
        let status = format!("{}/status", self.url);
        loop {
            let told = match tests::client().get(&status).send().await {
                Ok(answer) => answer.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if told.contains("\"ready\": true") {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Where a program of this machine is.
fn which(name: &str) -> String {
    let path = std::env::var_os("PATH").expect("a path");
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.expect(name).display().to_string()
}

#[tokio::test]
async fn a_hub_starts_both_browsers_two_sessions_at_once() {
    let own = Own::of(&[TWO]);
    let hub = Hub::start(own.0.path()).await;
    for browser in ["chromium", "firefox"] {
        let ended = Program::run(&["run", &own.at("my.feature"), "--browser", browser, "--webdriver", &hub.url]).await;
        assert_eq!(ended.code, Some(0), "{browser}: {}\n{}", ended.out, ended.err);
    }
}

#[tokio::test]
async fn a_hub_that_is_not_there_ends_a_run_before_it_begins() {
    let own = Own::of(&[TWO]);
    let (feature, nobody) = (own.at("my.feature"), "http://127.0.0.1:1");
    let ended = Program::run(&["run", &feature, "--browser", "firefox", "--webdriver", nobody]).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{}", ended.err);
    let told =
        "по адресу --webdriver нет готового сервера WebDriver: http://127.0.0.1:1: никто не слушает этот адрес\n";
    assert!(ended.err.ends_with(told), "{}", ended.err);
    let ended = Program::run(&["run", &feature, "--webdriver", nobody]).await;
    let told = "--webdriver, --headed, --screen и --page-timeout — о настоящем браузере: добавьте --browser chromium или firefox\n";
    assert_eq!((ended.code, ended.err.ends_with(told)), (Some(2), true), "{}", ended.err);
}

#[tokio::test]
async fn a_page_that_hangs_is_not_asked_and_the_rest_goes_on() {
    // The diary waits for the answer of the provider, and the page for the diary.
    let hangs = "    И Госуслуги отвечают с ошибкой «net.slow»\n    Когда Нина входит в дневник\n    И Нина нажимает «Предоставить»\n";
    let own = Own::of(&[hangs, TWO]);
    let args = [&own.at("my.feature"), "--browser", "chromium", "--page-timeout", "5", "--jobs", "1"];
    let ended = run(&args).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("номер 1: не удалось спросить: Chromium: "), "{}", ended.out);
    assert!(ended.out.contains("2 сценария: 1 прошёл, 0 не прошли, 1 не удалось спросить"), "{}", ended.out);
}

#[tokio::test]
async fn a_browser_that_dies_is_not_asked_and_the_rest_goes_on() {
    let own = Own::of(&[TWO, TWO]);
    let shots = own.at("shots");
    let args = ["run", &own.at("my.feature"), "--browser", "chromium", "--jobs", "1", "--screenshots", &shots];
    let run = Program::start(&args);
    // A picture shows that its session is there.
    while !fs::read_dir(&shots).is_ok_and(|pictures| pictures.count() > 0) {
        tokio::task::yield_now().await;
    }
    let all = descendants(run.id());
    let first = all.into_iter().find(|process| is_chromium(*process)).expect("a browser");
    signal(first, "KILL");
    let ended = run.ended().await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("2 сценария: 1 прошёл, 0 не прошли, 1 не удалось спросить"), "{}", ended.out);
}
