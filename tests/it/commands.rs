//! Commands around a run: a new suite, worlds to copy, colour, completions, the manual, the doctor.

use std::{env, fs, path::Path, process::Stdio};

use serde_json::Value;
use tests::{Ended, Program, esia_stand};

/// Commands of a CI job that use the program, as they are written.
fn commands_of(job: &str) -> Vec<String> {
    let lines = job.lines().map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: ").to_owned());
    lines.filter(|line| line.starts_with("esia-stand ")).collect()
}

/// Runs a command as a CI job does, in a folder, with the program on PATH.
#[expect(clippy::disallowed_methods, reason = "a shell finds the program by this test's own PATH")]
async fn in_shell(folder: &Path, command: &str) -> Ended {
    let program = esia_stand();
    let own = program.parent().expect("its folder").display();
    let path = format!("{own}:{}", env::var("PATH").expect("PATH"));
    let mut shell = tokio::process::Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env("PATH", path).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let output = shell.output().await.expect("a shell");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

#[tokio::test]
async fn a_new_suite_passes_at_once_by_the_commands_of_its_ci_jobs() {
    let folder = tempfile::tempdir().expect("folder");
    let suite = folder.path().join("my-scenarios");
    let made = Program::run(&["new", suite.to_str().expect("its name")]).await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    for job in [".gitlab-ci.yml", ".github/workflows/scenarios.yml"] {
        let job = fs::read_to_string(suite.join(job)).expect("a job");
        let read: Value = serde_saphyr::from_str(&job).expect("YAML");
        assert!(read.is_object(), "{job}");
        let commands = commands_of(&job);
        assert_eq!(commands.len(), 2, "{job}");
        for command in commands {
            let ended = in_shell(&suite, &command).await;
            assert_eq!(ended.code, Some(0), "{command}: {}\n{}", ended.out, ended.err);
        }
        let report = fs::read_to_string(suite.join("report.xml")).expect("a report");
        assert!(report.contains(r#"failures="0""#), "{report}");
        let rules = fs::read_to_string(suite.join("rules.md")).expect("rules");
        assert!(rules.contains("Доказано правил: 2 из 2"), "{rules}");
    }
    let before = fs::read_to_string(suite.join("rules.yaml")).expect("rules");
    let again = Program::run(&["new", suite.to_str().expect("its name")]).await;
    assert_eq!(again.code, Some(2), "{}", again.out);
    assert_eq!(fs::read_to_string(suite.join("rules.yaml")).expect("rules"), before);
}

#[tokio::test]
async fn a_world_is_printed_changed_and_served() {
    let printed = Program::run(&["world", "секретарь"]).await;
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let folder = tempfile::tempdir().expect("folder");
    let own = folder.path().join("my.yaml");
    fs::write(&own, printed.out.replace("Янтарёва Светлана Павловна", "Янтарёва Зинаида Павловна")).expect("world");
    let worlds = format!("{},петровы", own.display());
    let free = ["--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];
    let mut serve = Program::start(&[&["serve", "--world", &worlds], &free[..]].concat());
    let ready: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
    let people = async |url: &str| {
        let people = tests::client().get(format!("{url}/control/people")).send().await.expect("an answer");
        people.text().await.expect("people")
    };
    assert!(people(ready["idp"].as_str().expect("idp")).await.contains("Янтарёва Зинаида Павловна"));
    let beside = ready["worlds"]["petrovy"]["idp"].as_str().expect("the other world");
    assert!(people(beside.trim_end_matches('/')).await.contains("Соколова Кира Львовна"));
    // Its diary signs in at the same world of Gosuslugi.
    let diary = ready["worlds"]["petrovy"]["diary"].as_str().expect("its diary");
    let away = tests::client().get(format!("{diary}login/gosuslugi")).send().await.expect("an answer");
    assert!(away.headers()["location"].to_str().expect("text").starts_with(beside));
    serve.signal("TERM");
    let ended = serve.ended().await;
    assert!(ended.out.contains("petrovy") && ended.out.contains("Соколова Кира Львовна"), "{}", ended.out);
    let wrong = Program::run(&[&["serve", "--world", "петров"], &free[..]].concat()).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("может быть: петровы"), "{}", wrong.err);
}

#[tokio::test]
async fn colour_is_for_terminals_and_for_who_asks_for_it() {
    let folder = tempfile::tempdir().expect("folder");
    let feature = folder.path().join("a.feature");
    fs::write(&feature, "# language: ru\nФункция: а\n  Сценарий: б\n    Дано мир «взрослые»\n").expect("feature");
    let feature = feature.to_str().expect("its name");
    let run = async |more: &[&str], env: &[(&str, &str)]| {
        Program::start_as(&esia_stand(), &[&["run", feature], more].concat(), env).ended().await.out
    };
    assert!(!run(&[], &[]).await.contains('\u{1b}'), "into a pipe");
    assert!(run(&["--color", "always"], &[]).await.contains("\u{1b}[32m✔\u{1b}[0m"));
    assert!(run(&["--color", "always"], &[("NO_COLOR", "1")]).await.contains('\u{1b}'), "whoever asks has it");
    assert!(run(&[], &[("ESIA_STAND_COLOR", "always")]).await.contains('\u{1b}'));
    assert!(!run(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]).await.contains('\u{1b}'));
    let wrong = Program::run(&["--color", "always", "fly"]).await;
    assert!(wrong.err.contains('\u{1b}') && wrong.err.contains("команды «fly» нет"), "{}", wrong.err);
}

#[tokio::test]
async fn a_shell_takes_the_completions_and_man_the_pages() {
    let script = Program::run(&["completions", "bash"]).await;
    assert_eq!(script.code, Some(0), "{}", script.err);
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("esia-stand.bash");
    fs::write(&file, &script.out).expect("script");
    let complete = format!(
        "bash -c '. {}; COMP_WORDS=(esia-stand run --fail); COMP_CWORD=2; _esia__stand esia-stand --fail run; echo ${{COMPREPLY[@]}}'",
        file.display()
    );
    let completed = in_shell(folder.path(), &complete).await;
    assert_eq!((completed.out.trim(), completed.err.as_str()), ("--fail-fast", ""));
    let pages = folder.path().join("man");
    let written = Program::run(&["man", pages.to_str().expect("its name")]).await;
    assert_eq!(written.code, Some(0), "{}", written.err);
    let page = fs::read_to_string(pages.join("esia-stand-run.1")).expect("a page");
    assert!(page.contains(".TH") && page.contains(".SH ПАРАМЕТРЫ"), "{page}");
    assert!(
        written.out.contains(&format!("{} страниц", fs::read_dir(&pages).expect("pages").count())),
        "{}",
        written.out
    );
}

#[tokio::test]
async fn the_doctor_says_of_each_thing_how_it_is_and_what_to_do() {
    let ended = Program::run(&["doctor", "--json"]).await;
    let findings: Vec<Value> = serde_json::from_str(&ended.out).expect("JSON");
    let checks: Vec<_> = findings.iter().filter_map(|finding| finding["check"].as_str()).collect();
    assert_eq!(checks, ["port", "port", "browser", "firefox", "proxy", "clock", "folder", "temporary-folder"]);
    let bad = findings.iter().any(|finding| finding["state"] == "bad");
    assert_eq!(ended.code, Some(i32::from(bad)), "{}", ended.out);
    for finding in findings.iter().filter(|finding| finding["state"] != "good") {
        assert!(finding["way-out"].is_string(), "no way out: {finding}");
    }
    let nowhere = [("TMPDIR", "/proc/no-such-folder"), ("https_proxy", "http://proxy.example:1"), ("no_proxy", "")];
    let ended = Program::start_as(&esia_stand(), &["doctor"], &nowhere).ended().await;
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    assert!(ended.out.contains("✘ в папку /proc/no-such-folder не записать"), "{}", ended.out);
    assert!(ended.out.contains("export NO_PROXY=127.0.0.1,localhost"), "{}", ended.out);
}
