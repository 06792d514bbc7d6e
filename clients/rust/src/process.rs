//! The program as a child of this process.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde::Deserialize;

use crate::{Error, Result};

/// Time limit for the servers to be ready.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// What this process reads itself, and a child is not told.
const OWN: [&str; 3] = ["ESIA_STAND_BIN", "ESIA_STAND_URL", "ESIA_STAND_DIARY"];

/// The first line of the program.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ready {
    pub(crate) idp: String,
    pub(crate) diary: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
}

/// A stand that this process has started. It ends when this is dropped, and with this process at the latest: the program stops
/// when its standard input closes.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) ready: Ready,
    child: Child,
    input: Option<ChildStdin>,
}

impl Program {
    /// Starts it and waits until it is ready, which blocks.
    ///
    /// # Errors
    /// [`Error::NotStarted`].
    pub(crate) fn start(file: Option<PathBuf>, arguments: &[String]) -> Result<Self> {
        let file = file.map_or_else(found, Ok)?;
        let mut command = Command::new(&file);
        command.args(["serve", "--until-stdin-closes", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in OWN {
            command.env_remove(name);
        }
        let told = |error: io::Error| Error::NotStarted(format!("{}: {error}", file.display()));
        let mut child = command.spawn().map_err(told)?;
        match ready(&mut child) {
            Ok(ready) => Ok(Self { input: child.stdin.take(), ready, child }),
            Err(why) => {
                let _ = child.kill();
                let mut complaints = String::new();
                let _ = child.stderr.take().map(|mut errors| errors.read_to_string(&mut complaints));
                let _ = child.wait();
                Err(Error::NotStarted(format!("{why}: {}", complaints.trim())))
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}

fn ready(child: &mut Child) -> Result<Ready, String> {
    let output = child.stdout.take().ok_or("esia-stand serve has no standard output")?;
    let (told, line) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(output);
        let mut first = String::new();
        let _ = reader.read_line(&mut first);
        let _ = told.send(first);
        // What else it says is read so that it is not held up.
        let _ = io::copy(&mut reader, &mut io::sink());
    });
    let line = line.recv_timeout(READY_WITHIN);
    let line = line.map_err(|_| format!("esia-stand serve says nothing for {} seconds", READY_WITHIN.as_secs()))?;
    let ready = serde_json::from_str(&line).map_err(|_| "esia-stand serve does not start")?;
    // Its log is passed on, so that it is not held up either.
    if let Some(mut errors) = child.stderr.take() {
        thread::spawn(move || io::copy(&mut errors, &mut io::stderr()));
    }
    Ok(ready)
}

/// The program: `ESIA_STAND_BIN`, else the one on `PATH`.
fn found() -> Result<PathBuf> {
    if let Some(named) = env::var_os("ESIA_STAND_BIN") {
        let named = PathBuf::from(named);
        return if named.is_file() { Ok(named) } else { Err(Error::NotStarted(no_program(&named))) };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut files = env::split_paths(&path).map(|folder| folder.join("esia-stand"));
    files.find(|file| file.is_file()).ok_or_else(|| {
        Error::NotStarted(
            "the program esia-stand is not found: ESIA_STAND_BIN is not set, and PATH has none.\n\
             One of these helps:\n  \
             pip install esia-stand, npx esia-stand, or the archive or the Debian package of a release\n  \
             export ESIA_STAND_BIN=…/esia-stand           a program that was built or unpacked elsewhere\n  \
             export ESIA_STAND_URL=http://127.0.0.1:8081  a stand that runs already (ESIA_STAND_DIARY: its diary)"
                .to_owned(),
        )
    })
}

fn no_program(named: &Path) -> String {
    format!("ESIA_STAND_BIN={} is no program: name the file esia-stand itself, or unset the variable", named.display())
}
