//! A school of 1,000 pupils late in the year: how long a page of its diary takes, over loopback. The server is one thread,
//! held to one core where `taskset` can; this process asks from another, with some requests under way at a time, so the
//! times hold the waiting for that core too. `cargo bench -p diary`; some seconds; the last line is JSON.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{
    collections::BTreeMap,
    error::Error,
    io::{BufRead as _, BufReader, Read as _, stdin},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use diary::Options;
use reqwest::Client;
use serde_json::{Value, json};
use web::{Bound, Settings};
use worlds::{SeedDocument, SystemWall, store::MemoryStore};

/// What goes wrong ends the benchmark.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PUPILS: usize = 1000;
/// Requests of each kind that are measured.
const REQUESTS: usize = 2000;
/// Letters of each parent.
const LETTERS: usize = 10;
/// Requests under way at a time.
const AT_ONCE: usize = 4;
/// What is promised of the 99th percentile.
const PROMISED_MS: f64 = 50.0;

fn main() -> Outcome<()> {
    let is_server = std::env::args().any(|argument| argument == "--server");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { if is_server { serve().await } else { measure().await } })
}

async fn serve() -> Outcome<()> {
    let settings = Settings::on("127.0.0.1:0".parse()?);
    let bound = Bound::to(settings.listen).await?;
    let seed: SeedDocument = serde_json::from_value(json!({
        "random": 43,
        "clock": { "frozen": "2024-05-20T09:00:00+03:00" },
        "diary": { "school": { "name": "Школа" }, "generate": { "pupils": PUPILS },
            "staff": { "завуч": { "name": "Журавлёва Ольга Викторовна", "snils": "001-000-900 00", "roles": ["administrator"] } } },
    }))?;
    let start = Instant::now();
    let options = Options { seed, ..Options::default() };
    let router = diary::server(settings, Arc::new(MemoryStore::default()), Arc::new(SystemWall), options).await?;
    println!("{}", json!({ "url": bound.url(), "made_ms": ms(start.elapsed()) }));
    // Standard input is the lifeline: the server ends when it is closed.
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || drop((stdin().read_to_end(&mut Vec::new()), stop)));
    tokio::select! {
        served = bound.serve(router, std::future::pending()) => served?,
        _ = stopped => {}
    }
    Ok(())
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Somebody signed in.
#[derive(Clone)]
struct Visitor {
    client: Client,
    url: String,
    session: String,
}

impl Visitor {
    async fn get(&self, path: &str) -> Outcome<String> {
        let asked = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.session);
        Ok(asked.send().await?.error_for_status()?.text().await?)
    }

    async fn json(&self, path: &str) -> Outcome<Value> {
        Ok(serde_json::from_str(&self.get(path).await?)?)
    }

    /// Writes to a teacher of the first child.
    async fn write_letters(&self) -> Outcome<()> {
        let pupil = self.json("/api/me").await?["pupils"][0]["key"].take();
        let pupil = pupil.as_str().ok_or("a parent has no child")?;
        let teacher = self.json(&format!("/api/diary/{pupil}/teachers")).await?[0]["key"].take();
        for number in 0..LETTERS {
            let topic = format!("Письмо {number}");
            let letter = json!({ "pupil": pupil, "teacher": teacher, "topic": topic, "text": "Здравствуйте!" });
            let sent = self.client.post(format!("{}/api/messages", self.url)).bearer_auth(&self.session).json(&letter);
            sent.send().await?.error_for_status()?;
        }
        Ok(())
    }

    /// Pages of the threads.
    async fn threads(&self) -> Outcome<Vec<String>> {
        let threads = self.json("/api/messages").await?;
        let ids = threads.as_array().into_iter().flatten().map(|thread| &thread["id"]);
        Ok(ids.map(|id| format!("/messages/{id}")).collect())
    }

    /// Pages of a teacher's lessons of a week.
    async fn lessons(&self) -> Outcome<Vec<String>> {
        let week = self.json("/api/school/lessons?week=2024-02-12").await?;
        let days = week["days"].as_array().into_iter().flatten();
        let lessons = days.flat_map(|day| day["lessons"].as_array().into_iter().flatten().map(move |one| (day, one)));
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("a lesson is not told");
        let paths = lessons.map(|(day, one)| {
            let (class, subject, date) = (text(&one["class"])?, text(&one["subject"])?, text(&day["date"])?);
            Ok(format!("/school/lessons/{class}/{subject}/{date}"))
        });
        paths.collect()
    }
}

/// Everybody whose description begins so, signed in.
async fn visitors(client: &Client, url: &str, people: &[Value], about: &str) -> Outcome<Vec<Visitor>> {
    let mut found = Vec::new();
    for person in people.iter().filter(|person| person["about"].as_str().is_some_and(|own| own.starts_with(about))) {
        let mut session_url = url::Url::parse(url)?;
        let key = person["key"].as_str().ok_or("a person has no key")?;
        session_url.path_segments_mut().map_err(|()| "no path")?.extend(["control", "people", key, "session"]);
        let made: Value = client.post(session_url).send().await?.error_for_status()?.json().await?;
        let session = made["session"].as_str().ok_or("no session")?.to_owned();
        found.push(Visitor { client: client.clone(), url: url.to_owned(), session });
        if found.len() == 200 {
            break;
        }
    }
    if found.is_empty() { Err(format!("nobody is «{about}»").into()) } else { Ok(found) }
}

/// Milliseconds of each request, sorted.
async fn times(visitors: &[Visitor], paths: &[&str]) -> Outcome<Vec<f64>> {
    let mut times = Vec::with_capacity(REQUESTS);
    let mut under_way = tokio::task::JoinSet::new();
    for number in 0..REQUESTS {
        let (visitor, path) = (visitors[number % visitors.len()].clone(), paths[number % paths.len()].to_owned());
        under_way.spawn(async move {
            let start = Instant::now();
            visitor.get(&path).await.map(|_| ms(start.elapsed()))
        });
        if under_way.len() == AT_ONCE {
            times.extend(under_way.join_next().await.transpose()?.transpose()?);
        }
    }
    while let Some(ended) = under_way.join_next().await {
        times.push(ended??);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The value that so many hundredths do not exceed.
fn percentile(sorted: &[f64], hundredths: usize) -> f64 {
    sorted[(sorted.len() * hundredths).div_ceil(100) - 1]
}

async fn measure() -> Outcome<()> {
    let program = std::env::current_exe()?;
    let held = Command::new("taskset").args(["-c", "0", "true"]).status().is_ok_and(|status| status.success());
    let mut command = if held { Command::new("taskset") } else { Command::new(&program) };
    if held {
        command.args(["-c", "0"]).arg(&program);
    }
    let mut server = command.arg("--server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let line = BufReader::new(server.stdout.take().ok_or("the server has no output")?).lines().next();
    let ready: Value = serde_json::from_str(&line.ok_or("the server has stopped")??)?;
    let url = ready["url"].as_str().ok_or("the server has no address")?;
    let client = Client::new();
    let people: Vec<Value> = client.get(format!("{url}/control/people")).send().await?.json().await?;
    let pupils = visitors(&client, url, &people, "ученик").await?;
    let parents = visitors(&client, url, &people, "родитель").await?;
    let teachers = visitors(&client, url, &people, "классный руководитель").await?;
    let office = visitors(&client, url, &people, "администратор").await?;
    let terms = ["/diary?term=1", "/diary?term=2", "/diary?term=3", "/diary?term=4"];
    for parent in &parents {
        parent.write_letters().await?;
    }
    let (lessons, threads) = (teachers[0].lessons().await?, parents[0].threads().await?);
    let (lessons, threads): (Vec<_>, Vec<_>) =
        (lessons.iter().map(String::as_str).collect(), threads.iter().map(String::as_str).collect());
    let mixes: [(&str, &[Visitor], &[&str]); 8] = [
        ("a pupil's diary, each term", &pupils, &terms),
        ("a parent's, by weeks", &parents, &["/diary", "/diary?week=2024-02-12", "/diary?week=2023-12-18"]),
        ("a class teacher's list", &teachers, &["/school"]),
        ("a teacher's weeks", &teachers, &["/school/lessons", "/school/lessons?week=2024-02-12"]),
        ("a teacher's lessons", &teachers[..1], &lessons),
        ("lists of messages", &parents, &["/messages"]),
        ("messages with a teacher", &parents[..1], &threads),
        ("the office's list", &office, &["/school", "/school?after=Лебедев"]),
    ];
    println!(
        "{} pupils made in {:.0} ms; server on {}",
        PUPILS,
        number(&ready)?,
        if held { "core 0" } else { "any core" }
    );
    let mut result = BTreeMap::new();
    for (what, visitors, paths) in mixes {
        times(visitors, paths).await?;
        let times = times(visitors, paths).await?;
        let (half, most) = (percentile(&times, 50), percentile(&times, 99));
        let kept = if most < PROMISED_MS { "within" } else { "OVER" };
        println!("{what:28} p50 {half:6.2} ms   p99 {most:6.2} ms   {kept} {PROMISED_MS} ms");
        result.insert(what, json!({ "p50_ms": half, "p99_ms": most }));
    }
    println!("{}", json!({ "pupils": PUPILS, "at_once": AT_ONCE, "pinned": held, "pages": result }));
    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

fn number(ready: &Value) -> Outcome<f64> {
    Ok(ready["made_ms"].as_f64().ok_or("the server has not said how long it took")?)
}
