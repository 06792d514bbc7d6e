//! Minutes of mixed use: the same people sign in repeatedly in both protocols, and worlds are forked, used and deleted.
//! Fails if memory or open descriptors of the server grow.

use std::{
    cell::Cell,
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Outcome, Server,
    client::{Browser, good, http},
    esia_client::EsiaClient,
    number,
    oidc_client::OidcClient,
    server::people,
};

/// Number of measurements of the server's process.
const LOOKS: u32 = 20;
/// Number of people who sign in. It is small, so that the limits of what is kept per person are reached soon.
const PEOPLE: usize = 2;
/// Number of logins after which everything with a bounded number is full: sessions, codes and tokens of each person,
/// the log, the journal.
const FILLED: u32 = 5_000;
/// Maximum ratio of the peak memory in the second half of the time to that in the first half.
const GROWTH: f64 = 1.10;
/// Time for which requests signed in advance are fresh.
const FRESH_FOR: Duration = Duration::from_mins(2);

/// Measurement of the server's process.
pub(crate) struct Look {
    pub(crate) memory_kb: f64,
    descriptors: usize,
}

impl Look {
    pub(crate) fn at(process: u32) -> Outcome<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let memory_kb = memory.trim().trim_end_matches(" kB").parse()?;
        Ok(Self { memory_kb, descriptors: fs::read_dir(format!("/proc/{process}/fd"))?.count() })
    }
}

pub(crate) fn run(minutes: f64) -> Outcome<()> {
    let mut server = Server::start(None)?;
    let ready = server.line()?;
    number(&ready, "signs_per_s")?;
    let url = ready["url"].as_str().ok_or("the server has no address")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(soak(url, server.child.id(), Duration::from_secs_f64(60.0 * minutes)))
}

async fn soak(url: &str, process: u32, time: Duration) -> Outcome<()> {
    let http = http()?;
    let made = http.post(format!("{url}/control/worlds"));
    good(made.json(&json!({ "name": "soak", "seed": { "gosuslugi": people(PEOPLE) } })).send().await?, 201).await?;
    let place = format!("{url}/w/soak");
    let (logins, worlds, is_over) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(false));
    let goes_on = || !is_over.get();
    let browser = |place, number: usize| Browser { http: &http, place, person: number % PEOPLE + 1 };
    let count = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    let in_esia = async {
        let (mut client, mut signed, mut number) = (EsiaClient::new()?, Instant::now(), 0);
        while goes_on() {
            if signed.elapsed() > FRESH_FOR {
                (client, signed) = (EsiaClient::new()?, Instant::now());
            }
            number += 1;
            client.login(&browser(&place, number), number).await?;
            count(&logins);
        }
        Outcome::Ok(())
    };
    let client = OidcClient::new();
    let in_oidc = async {
        let mut number = 0;
        while goes_on() {
            number += 1;
            client.login(&browser(&place, number)).await?;
            count(&logins);
        }
        Outcome::Ok(())
    };
    let in_forks = async {
        while goes_on() {
            count(&worlds);
            let name = format!("fork-{}", worlds.get());
            let fork = http.post(format!("{url}/control/worlds/soak/fork")).json(&json!({ "name": name }));
            good(fork.send().await?, 201).await?;
            let place = format!("{url}/w/{name}");
            client.login(&Browser { http: &http, place: &place, person: 1 }).await?;
            count(&logins);
            good(http.delete(format!("{url}/control/worlds/{name}")).send().await?, 204).await?;
        }
        Outcome::Ok(())
    };
    let mut looks = Vec::new();
    let looking = async {
        let filling = Instant::now();
        while logins.get() < FILLED {
            pause(Duration::from_millis(100)).await;
        }
        println!("{FILLED} logins in {:.0} s have filled what is bounded", filling.elapsed().as_secs_f64());
        let start = Instant::now();
        for look in 1..=LOOKS {
            pause((time * look / LOOKS).saturating_sub(start.elapsed())).await;
            let seen = Look::at(process)?;
            let (logins, worlds, minutes) = (logins.get(), worlds.get(), start.elapsed().as_secs_f64() / 60.0);
            let memory = seen.memory_kb / 1024.0;
            println!(
                "{minutes:5.2} min {logins:7} logins {worlds:6} worlds made and dropped {memory:6.1} MiB {:4} descriptors",
                seen.descriptors
            );
            looks.push(seen);
        }
        is_over.set(true);
        Outcome::Ok(())
    };
    tokio::try_join!(in_esia, in_oidc, in_forks, looking)?;
    judge(&looks, logins.get(), worlds.get())
}

fn judge(looks: &[Look], logins: u32, worlds: u32) -> Outcome<()> {
    let most = |looks: &[Look]| {
        let memory = looks.iter().map(|look| look.memory_kb).fold(0.0, f64::max);
        (memory, looks.iter().map(|look| look.descriptors).max().unwrap_or_default())
    };
    let (first, second) = looks.split_at(looks.len() / 2);
    let (before, after) = (most(first), most(second));
    println!(
        "{}",
        json!({ "logins": logins, "worlds": worlds, "memory_mib": after.0 / 1024.0, "growth": after.0 / before.0,
            "descriptors": after.1 })
    );
    if after.0 > GROWTH * before.0 || after.1 > before.1 + 10 {
        return Err(format!("not flat: {before:?} then {after:?} (kB of memory, descriptors)").into());
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the server is given time; no world's time passes")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
