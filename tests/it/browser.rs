//! A real browser: Debian's Chromium. The story that is told for it, and every page looked at by axe-core.

mod barriers;
mod chromium;
mod hidden;
mod keyboard;
mod kinds;
mod run_report;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use tests::{Program, Server, esia_stand};

use crate::stop::{descendants, gone};

#[tokio::test]
async fn the_story_of_the_first_sign_in_plays_in_a_real_browser() {
    // The rest of what is tagged for a browser is played by `scripts/test` itself: it takes a minute.
    let ended = Program::run(&["run", "--browser", "chromium", "--tags", "@browser and @R000.13"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let last = ended.out.lines().rfind(|line| line.contains(" сценари")).unwrap_or_default();
    assert!(!last.contains(" 0 прошли") && last.contains(" 0 не прошли"), "{last:?}");
}

#[tokio::test]
async fn without_a_browser_the_run_ends_with_3_and_says_what_to_install() {
    let args = ["run", "--browser", "chromium", "--tags", "@browser"];
    let run = Program::start_as(&esia_stand(), &args, &[("PATH", "")]);
    let ended = run.ended().await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("apt-get install -y chromium chromium-driver"), "{}", ended.err);
}

#[tokio::test]
async fn a_driver_that_ends_before_it_names_a_port_is_started_again() {
    let folder = tempfile::tempdir().expect("folder");
    let driver = folder.path().join("chromedriver");
    let script =
        "#!/bin/sh\ncd \"${0%/*}\"\n[ -e once ] || { : >once; exit 1; }\nPATH=${PATH#*:}\nexec chromedriver \"$@\"\n";
    fs::write(&driver, script).expect("a driver");
    fs::set_permissions(&driver, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = format!("{}:{}", folder.path().display(), std::env::var_os("PATH").expect("a path").display());
    let args = ["run", "--browser", "chromium", "--tags", "@browser and @R000.13"];
    let ended = Program::start_as(&esia_stand(), &args, &[("PATH", &path)]).ended().await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert!(folder.path().join("once").exists(), "the first one was asked");
}

/// Whether a process is Chromium.
fn is_chromium(process: u32) -> bool {
    let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains("--headless")
}

#[tokio::test]
async fn a_stopped_run_leaves_no_browser_and_no_driver() {
    let folder = tempfile::tempdir().expect("folder");
    let junit = folder.path().join("junit.xml");
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let args = ["run", "--browser", "chromium", "--tags", "@browser", "--junit", junit.to_str().expect("its name")];
        let run = Program::start(&args);
        while !descendants(run.id()).into_iter().any(is_chromium) {
            tokio::task::yield_now().await;
        }
        let started = descendants(run.id());
        run.signal(signal);
        let ended = run.ended().await;
        assert_eq!(ended.code, Some(code), "{}\n{}", ended.out, ended.err);
        gone(&started).await;
        assert!(fs::read_to_string(&junit).expect("JUnit").contains("<skipped "), "{}", ended.out);
    }
}

/// Width and height of a PNG (PNG, *IHDR*).
fn size(picture: &Path) -> (u32, u32) {
    let bytes = fs::read(picture).expect("a picture");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[tokio::test]
async fn pictures_show_the_whole_page_in_russian_also_of_the_step_that_fails() {
    let folder = tempfile::tempdir().expect("folder");
    let feature = folder.path().join("снимки.feature");
    let text = "# language: ru\nФункция: снимки\n\n  Структура сценария: входит\n    Дано мир «взрослые»\n    \
                Когда <кто> входит в дневник\n    Тогда <кто> видит «слон»\n    И <кто> видит «<что>»\n\n    Примеры:\n      \
                | кто  | что |\n      | Нина | а   |\n      | Нина | б   |\n";
    fs::write(&feature, text).expect("feature");
    let shots = folder.path().join("a/shots");
    // A proxy that is not there must not come between the run, its browser and the servers.
    let proxy = [
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
        ("all_proxy", "http://127.0.0.1:1"),
    ];
    let idp = Server::idp().await;
    let diary = Server::diary(&idp.url).await;
    let (feature, to) = (feature.to_str().expect("its name"), shots.to_str().expect("its name"));
    let args = [
        "run",
        feature,
        "--browser",
        "chromium",
        "--screenshots",
        to,
        "--keep",
        "--idp",
        &idp.url,
        "--diary",
        &diary.url,
    ];
    let ended = Program::start_as(&esia_stand(), &args, &proxy).ended().await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let mut names: Vec<_> = fs::read_dir(&shots).expect("pictures").map(|file| file.expect("a file").path()).collect();
    names.sort();
    let told: Vec<_> =
        names.iter().map(|file| file.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    let of_row = |row: &str| ["02", "03"].map(|step| format!("снимки-входит-кто-нина-что-{row}-{step}-Нина.png"));
    assert_eq!(told, [of_row("а"), of_row("б")].concat(), "the failing step is the third");
    let sizes: Vec<_> = names.iter().map(|file| size(file)).collect();
    assert!(sizes.iter().all(|(width, height)| *width == 390 && *height >= 844), "{sizes:?}");

    let worlds = idp.get("/control/worlds").await.ok();
    let mut worlds = worlds.as_array().expect("worlds").iter().filter_map(|world| world["name"].as_str());
    let world = worlds.find(|name| *name != "main").expect("a world that is kept");
    let asked = idp.get(&format!("/w/{world}/control/requests?limit=1000")).await.body;
    assert!(asked.contains(r#"["accept-language","ru"#), "{asked}");
}
