//! What a login costs beside many worlds, among many accounts and after many logins, and what a world takes of memory: none of
//! it depends on how many there are.

use reqwest::Client;
use serde_json::{Value, json};

use crate::{
    Outcome, Server,
    client::{Load, PEOPLE, RelyingParty, good, http},
    oidc_client::OidcClient,
    server::people,
    soak::Look,
};

/// Worlds beside the one that people sign in to.
const WORLDS: usize = 10_000;
/// Forks in which one person is signed in, whose memory is looked at.
const FORKS: usize = 10_000;
/// Accounts in one world, as many as one request may bring.
const ACCOUNTS: usize = 10_000;

pub(crate) fn run() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut server = Server::start(None)?;
    let url = server.line()?["url"].as_str().ok_or("the server has no address")?.to_owned();
    runtime.block_on(measure(&url, server.child.id()))
}

async fn measure(url: &str, process: u32) -> Outcome<()> {
    let (http, number) = (http()?, process.to_string());
    let idle = Look::at(process)?.memory_kb;
    println!("idle: {:.1} MiB", idle / 1024.0);
    let party = RelyingParty::Oidc(OidcClient::new());
    let load = |world, accounts| Load { url, server: &number, world, party: &party, accounts, fault: None };
    let cost = |(logins, seconds): (u32, f64)| seconds * 1e3 / f64::from(logins);
    let alone = cost(load("alone", PEOPLE).run().await?);
    println!("a login: {alone:.2} ms of the server's time");
    let mut report = json!({ "idle_mib": idle / 1024.0, "login_ms": alone });
    let among = cost(load("many", ACCOUNTS).run().await?);
    note(&mut report, "among_accounts", &format!("among {ACCOUNTS} accounts"), among / alone);
    make(&http, url, "parent", &people(PEOPLE)).await?;
    for world in 0..WORLDS {
        fork(&http, url, "parent", &format!("beside-{world}")).await?;
    }
    let beside = cost(load("beside-all", PEOPLE).run().await?);
    note(&mut report, "beside_worlds", &format!("beside {WORLDS} worlds"), beside / alone);
    for world in 0..WORLDS {
        good(http.delete(format!("{url}/control/worlds/beside-{world}")).send().await?, 204).await?;
    }
    forks(&http, url, process, &mut report).await?;
    println!("{report}");
    Ok(())
}

/// Memory of forks in each of which one person is signed in, and after they are dropped.
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

fn note(report: &mut Value, key: &str, told: &str, ratio: f64) {
    println!("{told}: {ratio:.2} times as much");
    report[key] = json!(ratio);
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
