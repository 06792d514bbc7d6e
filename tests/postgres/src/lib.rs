//! A `PostgreSQL` of a test's own: the system's programs, a folder that goes with it, a free port on loopback.

#![expect(clippy::expect_used, reason = "a test has nothing to do without its database")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// `nobody`: the server refuses to be root.
const NOBODY: u32 = 65_534;

/// A running server; ends when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Postgres {
    /// Makes a database and starts its server.
    ///
    /// # Panics
    /// Without the programs of `PostgreSQL`: `apt-get install postgresql`.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder's mode");
            fs::create_dir(folder.path().join("data")).expect("a folder");
            chown(folder.path().join("data"), Some(NOBODY), Some(NOBODY)).expect("the folder's owner");
        }
        let data = folder.path().join("data");
        let mut command = program("initdb");
        command
            .args(["--auth=trust", "--username=esia", "--encoding=UTF8", "--no-locale", "--no-sync"])
            .arg("-D")
            .arg(&data);
        let made = command.output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = Self { folder, port: free_port(), process: None };
        server.resume();
        server
    }

    /// Starts the server again after [`Postgres::kill`], with the same data and port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn resume(&mut self) {
        let data = self.data();
        let mut command = program("postgres");
        command.arg("-D").arg(&data).arg("-k").arg(&data).args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        // What a test has written need not outlive the machine.
        command.args(["-c", "fsync=off", "-c", "max_connections=200", "-c", "logging_collector=off"]);
        let log = fs::File::create(self.folder.path().join("log")).expect("a file for the log");
        command.stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        while !self.answers() {
            assert!(started.elapsed() < PATIENCE, "postgres does not start: {}", self.log());
            // It refuses to start while processes of a server that was killed are still ending.
            let is_running = self.process.as_mut().is_some_and(|process| matches!(process.try_wait(), Ok(None)));
            if !is_running {
                self.process = Some(command.spawn().expect("postgres runs"));
            }
            pause();
        }
    }

    /// Kills the server, as a machine that fails does: with the processes that serve connections, which would answer for a
    /// moment longer otherwise.
    ///
    /// # Panics
    /// When it is not running.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("a running server");
        let id = process.id();
        // Stopped first, it has no further ones.
        signal("-STOP", &[id.to_string()]);
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("its processes");
        let children: Vec<_> = children.split_whitespace().map(str::to_owned).collect();
        signal("-KILL", &[&children[..], &[id.to_string()]].concat());
        process.wait().expect("its end");
        let started = Instant::now();
        while children.iter().any(|child| is_running(child)) {
            assert!(started.elapsed() < PATIENCE, "its processes do not end");
            pause();
        }
    }

    /// Where its data is.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address of its database.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_by_port(self.port)
    }

    /// The address of its database by way of another port of this machine.
    #[must_use]
    pub fn url_by_port(&self, port: u16) -> String {
        format!("postgres://esia@127.0.0.1:{port}/postgres")
    }

    /// What the server has said.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Whether it takes connections: it answers a question for encryption, and is not starting up.
    fn answers(&self) -> bool {
        let ready = self.log().contains("ready to accept connections");
        ready
            && TcpStream::connect(("127.0.0.1", self.port)).is_ok_and(|mut stream| {
                let asked = stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]);
                asked.is_ok() && stream.read_exact(&mut [0]).is_ok()
            })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Its children end with it once it is gone.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn signal(name: &str, processes: &[String]) {
    // One that has ended meanwhile is as good.
    let _ = Command::new("kill").arg(name).args(processes).stderr(Stdio::null()).status().expect("kill runs");
}

/// Whether a process is there, and not only waited for.
fn is_running(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// A program of the newest version that is installed.
fn program(name: &str) -> Command {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<_> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort_by_key(|path| version_of(path));
    let mut command = Command::new(found.pop().unwrap_or_else(|| name.into()));
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/");
    command
}

fn version_of(program: &Path) -> u32 {
    let version = program.ancestors().nth(2).and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a process is given time to start")]
fn pause() {
    thread::sleep(Duration::from_millis(20));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
