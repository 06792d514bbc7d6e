//! «Замок» as a process, and the file that describes it.

use std::{fs, process::Stdio, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use tests::{Ended, Program, esia_stand, repository};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);
/// Where the description says that it listens.
const WRITTEN: &str = "http://127.0.0.1:9100";
/// What the description reads of the environment.
const VARIABLES: [(&str, &str); 10] = [
    ("KEYSTONE_ID", "KEYSTONE-DIARY"),
    ("KEYSTONE_SECRET", "test-only-secret"),
    ("KEYSTONE_MAXIM", "key-of-1000000021"),
    ("KEYSTONE_ARTUR", "key-of-1000000022"),
    ("KEYSTONE_NINA", "key-of-1000000023"),
    ("KEYSTONE_VERA", "key-of-1000000024"),
    ("KEYSTONE_TIMUR", "key-of-1000000025"),
    ("KEYSTONE_PAVEL", "key-of-1000000026"),
    ("KEYSTONE_RAISA", "key-of-1000000027"),
    ("KEYSTONE_OLGA", "key-of-1000000090"),
];

/// A provider that runs. It is killed when this is dropped.
pub(super) struct Keystone {
    folder: TempDir,
    _process: Child,
}

impl Keystone {
    /// Starts it on any free port, with some of its differences.
    pub(super) async fn start(differ: &str) -> Self {
        Self::start_with(&[("DIFFER", differ)]).await
    }

    /// Starts it with these variables.
    pub(super) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let python = repository().join("target/clients/python/bin/python");
        assert!(python.exists(), "{}: run scripts/clients --install", python.display());
        let mut command = Command::new(python);
        command.arg(repository().join("tests/foreign_provider/provider.py"));
        command.envs([("PORT", "0"), ("PYTHONDONTWRITEBYTECODE", "1")]).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().expect("python");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("it says where it listens").expect("its output");
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let url = line["url"].as_str().expect("a URL");
        let keystone = Self { folder: TempDir::new().expect("a folder"), _process: process };
        let written = repository().join("tests/foreign_provider/keystone.yaml");
        let text = fs::read_to_string(written).expect("description").replace(WRITTEN, url);
        keystone.write("keystone.yaml", &text);
        keystone
    }

    pub(super) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).expect("a file");
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("a file")
    }

    /// Changes its description.
    pub(super) fn describe(&self, from: &str, to: &str) {
        let text = self.read("keystone.yaml");
        assert!(text.contains(from), "the description says {from}");
        self.write("keystone.yaml", &text.replace(from, to));
    }

    /// Plays scenarios against it.
    pub(super) async fn run(&self, args: &[&str]) -> Ended {
        self.run_without("", args).await
    }

    /// The same with one variable left out.
    pub(super) async fn run_without(&self, left_out: &str, args: &[&str]) -> Ended {
        let description = self.at("keystone.yaml");
        let side = ["run", "--provider", &description];
        let variables: Vec<_> = VARIABLES.into_iter().filter(|(name, _)| *name != left_out).collect();
        Program::start_as(&esia_stand(), &[&side, args].concat(), &variables).ended().await
    }
}
