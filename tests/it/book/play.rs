//! A page's commands, run one after another in a folder of their own.

use std::{env, fs, path::Path, process::Stdio, time::Duration};

use serde_json::Value;
use tempfile::TempDir;
use tests::esia_stand;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::blocks::{Block, Use, is_as_shown, shown};

/// Time limit for a block.
const PATIENCE: Duration = Duration::from_mins(2);

/// Addresses as pages write them.
const WRITTEN: [&str; 2] = ["127.0.0.1:8081", "127.0.0.1:8082"];

/// A page that is being played.
struct Stage {
    folder: TempDir,
    language: &'static str,
    server: Option<Server>,
    /// Where the servers really listen, for each address as it is written.
    addresses: Vec<(&'static str, String)>,
}

/// A server that stays; it is killed with this.
struct Server {
    _child: Child,
    /// What else it prints has a reader, or it would end.
    _out: Lines<BufReader<ChildStdout>>,
}

/// Plays the blocks of a page; what does not go as the page says, each with its line.
pub(super) async fn play(blocks: &[Block], language: &'static str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut stage = Stage { folder, language, server: None, addresses: Vec::new() };
    let mut wrong = Vec::new();
    for block in blocks {
        if let Err(why) = stage.play(block).await {
            wrong.push(format!("line {}: {why}", block.line));
        }
    }
    wrong
}

impl Stage {
    async fn play(&mut self, block: &Block) -> Result<(), String> {
        match &block.to_do {
            Use::Run(code) => self.run(&block.text, *code).await.map(|_| ()),
            Use::Stays => self.start(&block.text).await,
            Use::Console => self.console(&block.text).await,
            Use::File(name) => write(&self.folder.path().join(name), &block.text),
            Use::NotRun(_) | Use::Read => Ok(()),
            Use::Wrong(why) => Err(why.clone()),
        }
    }

    async fn console(&self, text: &str) -> Result<(), String> {
        for shown in shown(text) {
            let printed = self.run(&shown.command, 0).await?;
            let expected = self.really(&shown.printed);
            if !expected.is_empty() && !is_as_shown(&printed, &expected) {
                return Err(format!("{}\nprints\n{printed}\nand not\n{expected}", shown.command));
            }
        }
        Ok(())
    }

    async fn run(&self, script: &str, code: i32) -> Result<String, String> {
        let mut command = self.bash(&format!("set -euo pipefail\n{script}"));
        let output = timeout(PATIENCE, command.output()).await.map_err(|_| format!("{script}\ndoes not end"))?;
        let output = output.map_err(|error| error.to_string())?;
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.code() == Some(code) {
            return Ok(out);
        }
        let err = String::from_utf8_lossy(&output.stderr);
        Err(format!("{script}\nends with {:?} and not {code}\n{out}\n{err}", output.status.code()))
    }

    /// Starts a server on free ports; from now on its addresses stand for those that are written.
    async fn start(&mut self, script: &str) -> Result<(), String> {
        self.server = None;
        self.addresses.clear();
        let mut command = self.bash(&format!("exec {}", script.trim()));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let out = child.stdout.take().ok_or("no standard output")?;
        let mut out = BufReader::new(out).lines();
        let line = timeout(PATIENCE, out.next_line()).await;
        let line = line.ok().and_then(Result::ok).flatten().ok_or(format!("{script}\nis never ready"))?;
        let ready: Value = serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?;
        for (written, keys) in WRITTEN.into_iter().zip([["idp", "url"], ["diary", "diary"]]) {
            let url = keys.iter().find_map(|key| ready[*key].as_str());
            let address = url.and_then(|url| url.split("://").nth(1)).map(|rest| rest.trim_end_matches('/').to_owned());
            self.addresses.extend(address.map(|address| (written, address)));
        }
        self.server = Some(Server { _child: child, _out: out });
        Ok(())
    }

    /// A text with the addresses that there really are.
    fn really(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (written, address)| text.replace(written, address))
    }

    /// A shell in the page's folder, which knows the program and nothing of the environment of the tests.
    fn bash(&self, script: &str) -> Command {
        let program = esia_stand();
        let beside = program.parent().unwrap_or(Path::new("/")).display().to_string();
        let path = format!("{beside}:{}", env::var_os("PATH").unwrap_or_default().display());
        let mut command = Command::new("bash");
        command.args(["-c", &self.really(script)]).current_dir(self.folder.path()).env_clear();
        command.env("PATH", path).env("HOME", self.folder.path()).env("ESIA_STAND_LANG", self.language);
        for listens in ["ESIA_STAND_LISTEN", "ESIA_STAND_IDP_LISTEN", "ESIA_STAND_DIARY_LISTEN"] {
            command.env(listens, "127.0.0.1:0");
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().ok_or("no folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}
