//! Cost of a login among many worlds, among many accounts and after many logins, and memory of worlds and logins. None
//! of it should depend on their number.

use std::error::Error;

use reqwest::Client;
use serde_json::{Value, json};

use crate::{
    Outcome, Server, Stopwatch,
    client::{Browser, Load, PEOPLE, RelyingParty, good, http},
    oidc_client::OidcClient,
    server::people,
    soak::Look,
};

/// Numbers of worlds besides the one that people sign in to.
const WORLDS: [usize; 2] = [1_000, 10_000];
/// Number of forks with one signed-in person each, whose memory is measured.
const FORKS: usize = 10_000;
/// Numbers of accounts in one world.
const ACCOUNTS: [usize; 2] = [1_000, 1_000_000];
/// Number of measurements of memory during repeated logins.
const LOOKS: u32 = 10;

/// Runs the benchmark. `logins` is the number of logins after which the cost of one is measured again.
pub(crate) fn run(logins: u32) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = json!({});
    for part in [Part::Logins(logins), Part::Sizes] {
        let mut server = Server::start(None)?;
        let url = server.line()?["url"].as_str().ok_or("the server has no address")?.to_owned();
        let process = server.child.id();
        match part {
            Part::Logins(logins) => runtime.block_on(repeated(&url, process, logins, &mut report))?,
            Part::Sizes => runtime.block_on(measure(&url, process, &mut report))?,
        }
    }
    println!("{report}");
    Ok(())
}

/// Part of the benchmark, measured at a server of its own.
enum Part {
    /// Repeated logins in one world; holds their number.
    Logins(u32),
    /// Numbers of worlds and of accounts.
    Sizes,
}

/// Lets the same people sign in to one world repeatedly; measures memory, and the cost of a login at the beginning and
/// at the end.
async fn repeated(url: &str, process: u32, logins: u32, report: &mut Value) -> Outcome<()> {
    let (http, number, party) = (http()?, process.to_string(), OidcClient::new());
    let memory = || Ok::<_, Box<dyn Error + Send + Sync>>(Look::at(process)?.memory_kb / 1024.0);
    println!("idle: {:.1} MiB", memory()?);
    report["idle_mib"] = json!(memory()?);
    make(&http, url, "again", &people(PEOPLE)).await?;
    let place = format!("{url}/w/again");
    let mut costs = Vec::new();
    for look in 1..=LOOKS {
        let (watch, part) = (Stopwatch::of(&number), logins / LOOKS);
        for login in 0..part {
            let person = usize::try_from(login)? % PEOPLE + 1;
            party.login(&Browser { http: &http, place: &place, person }).await?;
        }
        costs.push(watch.seconds() * 1e3 / f64::from(part));
        println!("{:9} logins: {:.1} MiB, {:.2} ms each", look * part, memory()?, costs[costs.len() - 1]);
    }
    report["after_logins_mib"] = json!(memory()?);
    let ratio = costs[costs.len() - 1] / costs[0];
    note(report, &format!("after {logins} logins"), ratio);
    Ok(())
}

async fn measure(url: &str, process: u32, report: &mut Value) -> Outcome<()> {
    let (http, number, few) = (http()?, process.to_string(), people(PEOPLE));
    let party = RelyingParty::Oidc(OidcClient::new());
    let cost = async |world: String, section: &Value| {
        let load = Load { url, server: &number, world: &world, party: &party, section, fault: None };
        let (logins, seconds) = load.run().await?;
        Outcome::Ok(seconds * 1e3 / f64::from(logins))
    };
    let alone = cost("alone".to_owned(), &few).await?;
    println!("a login: {alone:.2} ms of the server's time");
    report["login_ms"] = json!(alone);
    make(&http, url, "parent", &few).await?;
    let mut made = 0;
    for worlds in WORLDS {
        for world in made..worlds {
            fork(&http, url, "parent", &format!("beside-{world}")).await?;
        }
        made = worlds;
        let beside = cost(format!("beside-{worlds}-others"), &few).await?;
        note(report, &format!("beside {worlds} worlds"), beside / alone);
    }
    for world in 0..made {
        good(http.delete(format!("{url}/control/worlds/beside-{world}")).send().await?, 204).await?;
    }
    forks(&http, url, process, report).await?;
    for accounts in ACCOUNTS {
        let mut section = people(PEOPLE);
        section["people"]["generate"] = json!(accounts - PEOPLE);
        let among = cost(format!("among-{accounts}"), &section).await?;
        note(report, &format!("among {accounts} accounts"), among / alone);
    }
    Ok(())
}

/// Measures memory of forks with one signed-in person each, and again after they are deleted.
async fn forks(http: &Client, url: &str, process: u32, report: &mut Value) -> Outcome<()> {
    let before = Look::at(process)?.memory_kb;
    for number in 0..FORKS {
        let name = format!("fork-{number}");
        fork(http, url, "parent", &name).await?;
        good(http.post(format!("{url}/w/{name}/control/people/p1/session")).send().await?, 201).await?;
    }
    let full = Look::at(process)?.memory_kb;
    for number in 0..FORKS {
        good(http.delete(format!("{url}/control/worlds/fork-{number}")).send().await?, 204).await?;
    }
    let after = Look::at(process)?.memory_kb;
    let each = (full - before) / f64::from(u32::try_from(FORKS)?);
    println!(
        "a fork in which somebody is signed in: {each:.1} KiB; after all are dropped {:.1} MiB more than before",
        (after - before) / 1024.0
    );
    report["fork_kib"] = json!(each);
    report["kept_after_drop_mib"] = json!((after - before) / 1024.0);
    Ok(())
}

fn note(report: &mut Value, told: &str, ratio: f64) {
    println!("{told}: {ratio:.2} times as much");
    report[told.replace(' ', "_")] = json!(ratio);
}

async fn make(http: &Client, url: &str, name: &str, section: &Value) -> Outcome<()> {
    let made = http.post(format!("{url}/control/worlds"));
    good(made.json(&json!({ "name": name, "seed": { "gosuslugi": section } })).send().await?, 201).await?;
    Ok(())
}

async fn fork(http: &Client, url: &str, parent: &str, name: &str) -> Outcome<()> {
    let forked = http.post(format!("{url}/control/worlds/{parent}/fork")).json(&json!({ "name": name }));
    good(forked.send().await?, 201).await?;
    Ok(())
}
