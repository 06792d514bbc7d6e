//! The program as a process.

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdout, Command},
    time::timeout,
};

use crate::must;

/// Time limit for anything that the program says.
const PATIENCE: Duration = Duration::from_mins(4);

/// The folder of the whole repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The built program, beside the tests: `target/{profile}/esia-stand`.
///
/// # Panics
/// When it is not there.
pub fn esia_stand() -> PathBuf {
    let own = must("the test's own file", std::env::current_exe());
    let found = own.ancestors().skip(1).map(|folder| folder.join("esia-stand")).take(2).find(|file| file.is_file());
    let Some(program) = found else {
        panic!("there is no esia-stand beside {}: build it with cargo build -p harness", own.display());
    };
    program
}

/// A started `esia-stand`. It is killed when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    errors: Option<ChildStderr>,
}

/// End of a program.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output that was not read yet.
    pub out: String,
    /// The whole standard error.
    pub err: String,
}

impl Program {
    /// Starts it. No `ESIA_STAND_…` of the environment of the tests reaches it.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(args: &[&str]) -> Self {
        Self::start_as(&esia_stand(), args, &[])
    }

    /// Starts another build of it, or in another environment.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_as(program: &Path, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = command(program, args);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = must("esia-stand does not start", command.spawn());
        let Some(out) = child.stdout.take() else { panic!("esia-stand has no standard output") };
        let errors = child.stderr.take();
        Self { child, lines: BufReader::new(out).lines(), errors }
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it does not start, or does not end.
    pub async fn run(args: &[&str]) -> Ended {
        let mut command = command(&esia_stand(), args);
        command.stdin(Stdio::null()).kill_on_drop(true);
        let output = must(&format!("esia-stand {args:?} does not end"), timeout(PATIENCE, command.output()).await);
        let Output { status, stdout, stderr } = must("esia-stand does not start", output);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { code: status.code(), out: text(&stdout), err: text(&stderr) }
    }

    /// The next line of its standard output; `None` when there will be none.
    ///
    /// # Panics
    /// When none comes for a long time.
    pub async fn line(&mut self) -> Option<String> {
        let line = must("esia-stand says nothing", timeout(PATIENCE, self.lines.next_line()).await);
        must("standard output", line)
    }

    /// Its process id.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn id(&self) -> u32 {
        let Some(id) = self.child.id() else { panic!("esia-stand has ended already") };
        id
    }

    /// Sends it a signal by name, as `TERM`.
    ///
    /// # Panics
    /// When that is not possible.
    pub fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// SIGKILL: it can do nothing about it.
    ///
    /// # Panics
    /// When that is not possible.
    pub async fn kill(mut self) {
        must("SIGKILL", self.child.kill().await);
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(mut self) -> Ended {
        let mut out = String::new();
        let mut err = String::new();
        let whole = async {
            let read_errors = async {
                if let Some(errors) = &mut self.errors {
                    must("standard error", errors.read_to_string(&mut err).await);
                }
            };
            let read_lines = async {
                while let Some(line) = must("standard output", self.lines.next_line().await) {
                    out.push_str(&line);
                    out.push('\n');
                }
            };
            tokio::join!(read_errors, read_lines);
            must("its end", self.child.wait().await)
        };
        let status = must("esia-stand does not end", timeout(PATIENCE, whole).await);
        Ended { code: status.code(), out, err }
    }
}

/// Sends a signal by name, as `KILL`, to a process that a test has started.
///
/// # Panics
/// When that is not possible.
pub fn signal(process: u32, name: &str) {
    let mut kill = std::process::Command::new("kill");
    let status = must("kill", kill.arg(format!("-{name}")).arg(process.to_string()).status());
    assert!(status.success(), "kill -{name} {process} failed");
}

fn command(program: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    // As in a container: no locale, therefore Russian.
    command.args(args).env("LC_ALL", "C.UTF-8");
    for (name, _) in std::env::vars_os() {
        // A forge in whose job the tests run is none of what they look at.
        if ["ESIA_STAND_", "GITHUB_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}
