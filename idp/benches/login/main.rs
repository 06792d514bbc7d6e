//! Benchmark of whole logins over loopback in both protocols: authorization request, login page, password, consent
//! page, consent, tokens, personal data. They are measured again in a world with a fault that no login meets.
//!
//! The server is a separate process with one thread, bound to one core; this process runs on another one. Signing is
//! the minimum cost of a login (three RS256 signatures in ЕСИА's protocol, two in OpenID Connect), so the result is
//! compared with the bare signing rate of the same process and core. Both are measured in processor time of the server,
//! where the system reports it, so that other processes and a slow client do not count.
//! `cargo bench -p idp` runs it in about a minute; the last line of output is JSON.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

mod client;
mod esia_client;
mod flat;
mod oidc_client;
mod server;
mod soak;

use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
    time::Instant,
};

use mimalloc::MiMalloc;
use serde_json::{Value, json};

use crate::{
    client::{Load, PEOPLE, RelyingParty},
    esia_client::EsiaClient,
    oidc_client::OidcClient,
};

/// Allocator that the program uses too.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Default number of logins of `--flat`.
const LOGINS: u32 = 100_000;

/// Result whose error ends the benchmark.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--server"] => server::run(),
        ["--soak", minutes] => soak::run(minutes.parse()?),
        ["--flat"] => flat::run(LOGINS),
        ["--flat", logins] => flat::run(logins.parse()?),
        [] => measure(),
        _ => Err("cargo bench -p idp [-- --flat [LOGINS] | --soak MINUTES]".into()),
    }
}

/// Process of the server. It ends when its standard input is closed.
struct Server {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(core: Option<&str>) -> Outcome<Self> {
        let program = std::env::current_exe()?;
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["-c", core]).arg(program);
                command
            }
            None => Command::new(program),
        };
        let mut child = command.arg("--server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        Ok(Self { child, lines: BufReader::new(stdout).lines() })
    }

    fn line(&mut self) -> Outcome<Value> {
        Ok(serde_json::from_str(&self.lines.next().ok_or("the server has stopped")??)?)
    }

    /// Stops the server and returns its last line, in which it reports its signing rate again.
    fn stop(&mut self) -> Outcome<Value> {
        drop(self.child.stdin.take());
        self.line()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns two cores that this process may use, if `taskset` can bind processes to them.
fn cores() -> Option<(String, String)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim();
    let (first, last) = (allowed.split([',', '-']).next()?, allowed.rsplit([',', '-']).next()?);
    let held = Command::new("taskset").args(["-cp", last, &std::process::id().to_string()]).output().ok()?;
    (first != last && held.status.success()).then(|| (first.to_owned(), last.to_owned()))
}

fn number(value: &Value, name: &str) -> Outcome<f64> {
    Ok(value[name].as_f64().ok_or_else(|| format!("the server has not said {name}"))?)
}

/// Returns the processor time that a process (`self` or an id) has used, seconds; `None` without `/proc`.
fn cpu_s(process: &str) -> Option<f64> {
    // The kernel reports hundredths of a second in this file, on every architecture.
    const TICKS_PER_S: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u32>);
    Some(f64::from(times.next()?.ok()? + times.next()?.ok()?) / TICKS_PER_S)
}

/// Measured duration, seconds: processor time of a process if it is known, otherwise wall-clock time.
struct Stopwatch {
    process: String,
    cpu_s: Option<f64>,
    started: Instant,
}

impl Stopwatch {
    fn of(process: &str) -> Self {
        Self { cpu_s: cpu_s(process), process: process.to_owned(), started: Instant::now() }
    }

    fn seconds(&self) -> f64 {
        let cpu = self.cpu_s.zip(cpu_s(&self.process)).map(|(before, after)| after - before);
        cpu.unwrap_or_else(|| self.started.elapsed().as_secs_f64())
    }
}

fn measure() -> Outcome<()> {
    let cores = cores();
    let mut server = Server::start(cores.as_ref().map(|(first, _)| first.as_str()))?;
    let before = server.line()?;
    let url = before["url"].as_str().ok_or("the server has no address")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let process = server.child.id().to_string();
    let (esia, oidc) = (RelyingParty::Esia(EsiaClient::new()?), RelyingParty::Oidc(OidcClient::new()));
    let (mut measured, section) = (Vec::new(), server::people(PEOPLE));
    for (name, party, signatures, fault) in [
        ("esia", &esia, 3.0, None),
        ("oidc", &oidc, 2.0, None),
        // No login of this protocol calls the endpoint that the fault changes.
        ("esia-with-a-fault", &esia, 3.0, Some("disc.junk")),
    ] {
        let load = Load { url, server: &process, world: name, party, section: &section, fault };
        let (logins, seconds) = runtime.block_on(load.run())?;
        measured.push((name, signatures, f64::from(logins) / seconds));
    }
    let after = server.stop()?;
    let signs = f64::midpoint(number(&before, "signs_per_s")?, number(&after, "signs_per_s")?);
    match &cores {
        Some((first, last)) => println!("server on core {first}, client on core {last}, one thread each"),
        None => println!("server and client not held to cores: no taskset, or one core only"),
    }
    println!("bare RSA-2048 signatures {signs:.0} /s (same process, same core)");
    let mut report = json!({ "signs_per_s": signs, "pinned": cores.is_some() });
    for (name, signatures, rate) in measured {
        let share = rate * signatures / signs;
        println!(
            "{name:18} {rate:6.0} logins/s of the server's time; {share:.2} of the floor of {signatures} signatures"
        );
        report[name] = json!({ "logins_per_s": rate, "floor_per_s": signs / signatures, "share": share });
    }
    let [create, fork, delete] =
        ["create_us", "fork_us", "drop_us"].map(|name| before[name].as_f64().unwrap_or_default());
    println!("world of 30 people: make {create:.0} µs, fork {fork:.0} µs, drop {delete:.0} µs (medians)");
    report["worlds"] = json!({ "create_us": create, "fork_us": fork, "drop_us": delete });
    println!("{report}");
    Ok(())
}
