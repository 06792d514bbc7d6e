//! «Школьная тетрадь» as a process, and the files that describe it.

use std::{fs, path::Path, process::Stdio, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use tests::{Ended, Program, repository};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);
/// Where the files of the repository say that it listens.
const WRITTEN: &str = "http://127.0.0.1:9000";

/// A diary that runs. It is killed when this is dropped.
pub(crate) struct Notebook {
    folder: TempDir,
    pub(super) url: String,
    _process: Child,
}

impl Notebook {
    /// Starts it on any free port, with one of its bugs; none where nothing is named.
    pub(crate) async fn start(bug: &str) -> Self {
        let python = repository().join("target/clients/python/bin/python");
        assert!(python.exists(), "{}: run scripts/clients --install", python.display());
        let mut command = Command::new(python);
        command.arg(repository().join("tests/foreign_diary/diary.py"));
        command.envs([("PORT", "0"), ("BUG", bug), ("PYTHONDONTWRITEBYTECODE", "1")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().expect("python");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("it says where it listens").expect("its output");
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let url = line["url"].as_str().expect("a URL").to_owned();
        let notebook = Self { folder: TempDir::new().expect("a folder"), url, _process: process };
        for name in ["notebook.yaml", "client.yaml"] {
            let text = fs::read_to_string(repository().join("tests/foreign_diary").join(name)).expect("description");
            notebook.write(name, &text.replace(WRITTEN, &notebook.url));
        }
        notebook
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let file = self.at(name);
        fs::create_dir_all(Path::new(&file).parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("a file")
    }

    pub(super) fn read_json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }

    /// Changes its description.
    pub(crate) fn describe(&self, from: &str, to: &str) {
        let text = self.read("notebook.yaml");
        assert!(text.contains(from), "the description says {from}");
        self.write("notebook.yaml", &text.replace(from, to));
    }

    /// Plays scenarios against it.
    pub(super) async fn run(&self, args: &[&str]) -> Ended {
        let (description, client) = (self.at("notebook.yaml"), self.at("client.yaml"));
        let side = ["run", "--relying-party", &description, "--client", &client];
        Program::run(&[&side, args].concat()).await
    }
}
