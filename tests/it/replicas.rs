//! Several replicas of a server over one database, behind an ordinary load balancer without sticky sessions.

mod balancer;
mod history;
mod line;

use std::{collections::BTreeMap, time::Duration};

use balancer::Balancer;
use futures::future::join_all;
use history::{Call, Outcome};
use line::Line;
use postgres_for_tests::Postgres;
use serde_json::{Value, json};
use tests::{Program, Server, signal};

/// Codes that are redeemed at all replicas at once.
const CODES: usize = 60;
const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The arguments of a provider that keeps its worlds in a database.
fn idp(data: &str, public: &str) -> Vec<String> {
    let arguments = ["idp", "--listen", "127.0.0.1:0", "--log", "error", "--data", data, "--public-url", public];
    arguments.map(str::to_owned).into()
}

fn diary(data: &str, public: &str, provider: &str) -> Vec<String> {
    let arguments = ["diary", "--listen", "127.0.0.1:0", "--log", "error", "--data", data, "--public-url", public];
    let provider = ["--idp", provider];
    arguments.iter().chain(&provider).map(|argument| (*argument).to_owned()).collect()
}

/// Two replicas with the same arguments, started at once.
async fn two(arguments: &[String]) -> [Server; 2] {
    let (first, second) = tokio::join!(start(arguments), start(arguments));
    [first, second]
}

async fn start(arguments: &[String]) -> Server {
    Server::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_suite_passes_against_two_replicas_of_each_server() {
    let database = Postgres::start();
    let (provider, school) = (Balancer::reserved(), Balancer::reserved());
    let (public_idp, public_diary) = (provider.url(), school.url());
    let idps = two(&idp(&database.url(), &public_idp)).await;
    let diaries = two(&diary(&database.url(), &public_diary, &public_idp)).await;
    let _provider = provider.start(&idps.each_ref().map(|server| server.url.as_str()));
    let _school = school.start(&diaries.each_ref().map(|server| server.url.as_str()));
    // All of it in one protocol, a part in the other: what differs between them has nothing to do with replicas.
    for (protocol, shard) in [("esia", "1/1"), ("oidc", "1/5")] {
        let run = ["run", "--idp", &public_idp, "--diary", &public_diary, "--protocol", protocol, "--shard", shard];
        let ended = Program::run(&run).await;
        assert_eq!(ended.code, Some(0), "{protocol}: {}\n{}", tail(&ended.out), ended.err);
    }
    let [first, second] = [&idps[0], &idps[1]];
    let seen = [
        first.get("/control/requests?limit=1000").await.json(),
        second.get("/control/requests?limit=1000").await.json(),
    ];
    assert_eq!(seen[0], seen[1], "both know the requests of main");
}

fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('✔')).collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}

/// A world with one person and a client of OpenID Connect.
fn seed() -> Value {
    json!({ "gosuslugi": {
        "people": { "анна": { "name": "Петрова Анна Сергеевна", "gender": "F", "born": "1985-03-14",
            "snils": "001-000-001 00",
            "account": { "email": "anna@family.test", "password": "a-secret-word", "level": "confirmed" } } },
        "clients": [{ "mnemonic": "DIARY", "title": "Дневник", "organisation": "Школа", "scopes": ["openid", "fullname"],
            "oidc": { "redirect-uris": [REDIRECT_URI], "secret": "a secret" } }],
        "consents": [{ "subject": "анна", "given-by": "анна", "client": "DIARY", "scopes": ["openid", "fullname"] }],
    } })
}

/// Codes of Анна, who has agreed before.
async fn codes(server: &Server, count: usize) -> Vec<String> {
    let session = server.post("/w/race/control/people/анна/session", &json!({})).await.json();
    let session = session["session"].as_str().unwrap().to_owned();
    let mut codes = Vec::new();
    for _ in 0..count {
        let query = format!(
            "client_id=DIARY&response_type=code&redirect_uri={REDIRECT_URI}&scope=openid%20fullname&state=s&nonce=n\
             &code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let asked = server.request(reqwest::Method::GET, &format!("/w/race/oidc/authorize?{query}"));
        let asked = server.send(asked.bearer_auth(&session)).await;
        let goes_on = server.request(reqwest::Method::GET, asked.header("location"));
        let answer = server.send(goes_on.bearer_auth(&session)).await;
        let back = answer.header("location");
        let (_, code) = back.split_once("code=").unwrap_or_else(|| panic!("{} {}", answer.status, answer.text));
        codes.push(code.split('&').next().unwrap_or_default().to_owned());
    }
    codes
}

/// Redeems a code at a replica; a replica that is gone or cut off answers nothing that anybody could rely on.
async fn redeem(url: String, code: String, clock: std::time::Instant) -> Call {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(8)).no_proxy().build().unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "DIARY"),
        ("client_secret", "a secret"),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("code", &code),
    ];
    let begun = clock.elapsed();
    let answer = client.post(format!("{url}/w/race/oidc/token")).form(&fields).send().await;
    let outcome = match answer {
        Ok(answer) if answer.status() == 200 => Outcome::Redeemed,
        Ok(answer) if answer.status() == 400 => Outcome::Refused,
        Ok(_) | Err(_) => Outcome::Unknown,
    };
    Call { code, begun, ended: clock.elapsed(), outcome }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_is_redeemed_twice_while_one_replica_is_killed_and_another_is_cut_off() {
    let database = Postgres::start();
    let line = Line::to(database.port()).await;
    let public = "http://127.0.0.1:8081";
    let direct = idp(&database.url(), public);
    let by_line = idp(&database.url_by_port(line.port()), public);
    let (steady, killed, cut_off) = tokio::join!(start(&direct), start(&direct), start(&by_line));
    steady.post("/control/worlds", &json!({ "name": "race", "seed": seed() })).await.json();
    let codes = codes(&steady, CODES).await;
    let clock = std::time::Instant::now();
    let urls = [steady.url.clone(), killed.url.clone(), cut_off.url.clone()];
    let mut calls = Vec::new();
    for (number, wave) in codes.chunks(6).enumerate() {
        match number {
            3 => line.cut(),
            5 => signal(killed.program.id(), "KILL"),
            7 => line.mend(),
            _ => {}
        }
        let at_all = wave.iter().flat_map(|code| urls.iter().map(|url| redeem(url.clone(), code.clone(), clock)));
        calls.extend(join_all(at_all).await);
    }
    // Again at both that are left: each hears that it is used.
    for url in [&urls[0], &urls[2]] {
        calls.extend(join_all(codes.iter().map(|code| redeem(url.clone(), code.clone(), clock))).await);
    }
    assert_eq!(history::contradictions(&calls), Vec::<String>::new());
    let acknowledged = calls.iter().filter(|call| call.outcome == Outcome::Redeemed).count();
    let refused = calls.iter().filter(|call| call.outcome == Outcome::Refused).count();
    let unknown = calls.len() - acknowledged - refused;
    assert!(acknowledged >= CODES / 2 && refused > CODES && unknown > 0, "{acknowledged} {refused} {unknown}");
    // What was acknowledged is in the log, once, at a replica that has never heard of any of it.
    let late = start(&direct).await;
    let export = late.get("/control/worlds/race/export").await.json();
    let mut recorded = BTreeMap::<String, usize>::new();
    for record in export["records"].as_array().unwrap() {
        let event = &record["event"]["grant"];
        if event["type"] == "code-redeemed" {
            *recorded.entry(event.to_string()).or_default() += 1;
        }
    }
    assert!(recorded.values().all(|times| *times == 1), "a code was redeemed twice");
    assert!(
        recorded.len() >= acknowledged && recorded.len() <= acknowledged + unknown,
        "{} {acknowledged}",
        recorded.len()
    );
}
