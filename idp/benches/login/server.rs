//! Measured process: a provider on one thread, its bare signing rate, and the cost of its worlds.

use std::{
    io::{Read as _, stdin},
    sync::Arc,
    time::{Duration, Instant},
};

use esia::{SigningKey, keys};
use idp::{Gosuslugi, Options};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use web::{Bound, Settings};
use worlds::{Limits, SeedDocument, SystemWall, WorldName, Worlds, store::MemoryStore};

use crate::{Outcome, Stopwatch};

/// Redirect URI of the client; nothing listens there.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
/// Secret of the client in OpenID Connect.
pub(crate) const SECRET: &str = "a secret of the bench";
/// Number of measurements of each cost of a world.
const WORLDS: usize = 200;

pub(crate) fn run() -> Outcome<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Outcome<()> {
    let settings = Settings::on("127.0.0.1:0".parse()?);
    let bound = Bound::to(settings.listen).await?;
    let router =
        idp::server(settings, Arc::new(MemoryStore::default()), Arc::new(SystemWall), Options::default()).await?;
    let mut ready = worlds_cost().await?;
    ready["url"] = json!(bound.url());
    ready["signs_per_s"] = json!(signing_rate()?);
    println!("{ready}");
    let (stop, stopped) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let lifeline = stdin().read_to_end(&mut Vec::new());
        drop((lifeline, stop));
    });
    tokio::select! {
        served = bound.serve(router, std::future::pending()) => served?,
        _ = stopped => {}
    }
    println!("{}", json!({ "signs_per_s": signing_rate()? }));
    Ok(())
}

/// Returns the number of RSA-2048 signatures per second of processor time, with the key and library that sign tokens,
/// over data of a token's length.
fn signing_rate() -> Outcome<f64> {
    let (key, message) = (SigningKey::from_pem(keys::PROVIDER_KEY_PEM)?, [b'a'; 500]);
    let (start, watch, mut signed) = (Instant::now(), Stopwatch::of("self"), 0_u32);
    while start.elapsed() < Duration::from_millis(1500) {
        key.sign(&message)?;
        signed += 1;
    }
    Ok(f64::from(signed) / watch.seconds())
}

/// Returns the medians of the time to create, fork and delete a world with 30 people, microseconds.
async fn worlds_cost() -> Outcome<Value> {
    let worlds =
        Worlds::<Gosuslugi>::new("idp", Arc::new(MemoryStore::default()), Arc::new(SystemWall), Limits::default());
    let seed = SeedDocument { gosuslugi: people(30), ..SeedDocument::default() };
    let (made, forked): (WorldName, WorldName) = ("made".parse()?, "forked".parse()?);
    let mut costs = [const { Vec::<Duration>::new() }; 3];
    for _ in 0..WORLDS {
        let document = seed.clone();
        let start = Instant::now();
        worlds.create(made.clone(), document).await?;
        costs[0].push(start.elapsed());
        let start = Instant::now();
        worlds.fork(&made, forked.clone()).await?;
        costs[1].push(start.elapsed());
        let start = Instant::now();
        worlds.delete(&forked).await?;
        costs[2].push(start.elapsed());
        worlds.delete(&made).await?;
    }
    let [create, fork, delete] = costs.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1e6
    });
    Ok(json!({ "create_us": create, "fork_us": fork, "drop_us": delete }))
}

/// Number of reserved СНИЛС, which no real person has, that people get here.
const NUMBERS: usize = 900;

/// Returns a section with this number of adults, the first of them with confirmed accounts, and the diary as a client.
pub(crate) fn people(count: usize) -> Value {
    let person = |number: usize| {
        let mut account = json!({ "email": format!("p{number}@family.test"), "password": "password" });
        let mut person = json!({ "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14" });
        if number <= NUMBERS {
            account["level"] = "confirmed".into();
            person["snils"] = format!("001-000-{number:03} 00").into();
            person["birth-certificate"] = format!("I-ОО {number:06}").into();
        }
        person["account"] = account;
        (format!("p{number}"), person)
    };
    json!({
        "people": (1..=count).map(person).collect::<serde_json::Map<_, _>>(),
        "clients": [{ "mnemonic": "DIARY", "title": "Дневник", "organisation": "Школа",
            "scopes": ["openid", "fullname", "birthdate", "snils", "birth_cert_doc"],
            "oidc": { "redirect-uris": [REDIRECT_URI], "secret": SECRET } }],
    })
}
