//! A run that waits for a person. A terminal is made by `script` of util-linux.

use std::{fs, process::Stdio, time::Duration};

use tests::{client, esia_stand};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

const FEATURE: &str = "# language: ru\nФункция: своя\n  Сценарий: слона нет\n    Дано мир «взрослые»\n    Когда пауза\n    И Нина \
                       входит в дневник\n    И Нина нажимает «Предоставить»\n    Тогда Нина видит «слон»\n";
/// Time limit for anything that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A run in a terminal.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    fn run(args: &[&str]) -> Self {
        let program = esia_stand();
        let line = [&[program.to_str().expect("its name"), "run"], args].concat().join(" ");
        let mut command = Command::new("script");
        command
            .args(["--quiet", "--return", "--echo", "never", "--command", &line, "/dev/null"])
            .env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("script: apt-get install -y bsdutils");
        let (keys, screen) = (child.stdin.take().expect("keys"), child.stdout.take().expect("a screen"));
        Self { child, keys, screen, seen: String::new() }
    }

    /// Everything that is shown until a text is, and after what was waited for before.
    async fn until(&mut self, text: &str) -> String {
        let mut bytes = Vec::new();
        let whole = async {
            while !String::from_utf8_lossy(&bytes).contains(text) {
                let mut more = [0; 4096];
                let count = self.screen.read(&mut more).await.expect("a screen");
                assert!(count > 0, "{text:?} is not shown: {}{}", self.seen, String::from_utf8_lossy(&bytes));
                bytes.extend_from_slice(&more[..count]);
            }
        };
        let waited = timeout(PATIENCE, whole).await;
        let shown = String::from_utf8_lossy(&bytes).replace('\r', "");
        assert!(waited.is_ok(), "{text:?} is not shown: {}{shown}", self.seen);
        self.seen.push_str(&shown);
        shown
    }

    async fn press(&mut self, key: &str) {
        self.keys.write_all(key.as_bytes()).await.expect("a key");
        self.keys.flush().await.expect("a key");
    }

    async fn code(mut self) -> Option<i32> {
        timeout(PATIENCE, self.child.wait()).await.expect("its end").expect("its end").code()
    }
}

/// The first address that is told after a text.
fn address<'s>(shown: &'s str, after: &str) -> &'s str {
    let rest = shown.split_once(after).unwrap_or_else(|| panic!("{after:?} is not told: {shown}")).1;
    rest.split_whitespace().next().expect("an address")
}

#[tokio::test]
async fn a_run_waits_at_its_step_and_at_a_failure_with_both_servers_alive() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature").display().to_string();
    fs::write(&file, FEATURE).expect("feature");
    let mut terminal = Terminal::run(&[&file, "--pause"]);
    let shown = terminal.until("Ctrl+C — закончить прогон").await;
    assert!(shown.contains("Пауза: слона нет") && !shown.contains('✘'), "{shown}");
    terminal.press("\n").await;
    let shown = terminal.until("Ctrl+C — закончить прогон").await;
    assert!(shown.contains("✘ Тогда Нина видит «слон»") && shown.contains("на странице нет «слон»"), "{shown}");
    for (server, sees) in [("Госуслуги: ", "Госуслуги"), ("дневник: ", "дневник")] {
        let answer = client().get(address(&shown, server)).send().await.expect("an answer");
        assert!(answer.text().await.expect("a page").contains(sees), "{server}");
    }
    let link = address(&shown, "нина (Орлова Нина Фёдоровна): ");
    let opened = client().get(link).send().await.expect("an answer");
    assert!(matches!(opened.status().as_u16(), 200..400), "{link}: {}", opened.status());
    terminal.press("\n").await;
    terminal.until("1 не прошёл").await;
    assert_eq!(terminal.code().await, Some(1));
}

#[tokio::test]
async fn ctrl_c_at_a_pause_ends_the_run() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature").display().to_string();
    fs::write(&file, FEATURE).expect("feature");
    let mut terminal = Terminal::run(&[&file, "--pause"]);
    terminal.until("Ctrl+C — закончить прогон").await;
    terminal.press("\u{3}").await;
    terminal.until("1 не сыгран").await;
    assert_eq!(terminal.code().await, Some(130));
}

#[tokio::test]
async fn without_it_the_step_goes_on_by_itself() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("own.feature").display().to_string();
    fs::write(&file, FEATURE).expect("feature");
    let ended = tests::Program::run(&["run", &file]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("✔ Когда пауза") && !ended.out.contains("Enter"), "{}", ended.out);
}
