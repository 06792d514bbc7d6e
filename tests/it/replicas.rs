//! Several replicas of a server over one database, behind an ordinary load balancer without sticky sessions.

mod balancer;
mod history;
mod line;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use balancer::Balancer;
use futures::{StreamExt as _, future::join_all, stream};
use history::{Call, Op, Ret};
use line::Line;
use postgres_for_tests::Postgres;
use serde_json::{Value, json};
use tests::{Program, Server, signal};

/// Children whose accounts are bound, and clients whose consents are revoked, at all replicas at once.
const FAMILIES: usize = 12;
const PUBLIC: &str = "http://127.0.0.1:8081";
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
    let seen =
        [first.get("/control/requests?limit=1000").await.ok(), second.get("/control/requests?limit=1000").await.ok()];
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
    let session = server.post("/w/race/control/people/анна/session", &json!({})).await.json(201);
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
        let (_, code) = back.split_once("code=").unwrap_or_else(|| panic!("{} {}", answer.status, answer.body));
        codes.push(code.split('&').next().unwrap_or_default().to_owned());
    }
    codes
}

/// How many codes are redeemed at all replicas at once: `ESIA_STAND_CODES`, 60 as it is.
#[expect(clippy::disallowed_methods, reason = "a test has no command line; more than this is for a long run by hand")]
fn codes_wanted() -> usize {
    std::env::var("ESIA_STAND_CODES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// Three replicas of which one is killed while they answer, and another one cut off from the database for a while.
struct Replicas {
    database: Postgres,
    line: Line,
    steady: Server,
    killed: Server,
    cut_off: Server,
    clock: Instant,
    client: reqwest::Client,
}

impl Replicas {
    async fn start() -> Self {
        let database = Postgres::start();
        let line = Line::to(database.port()).await;
        let direct = idp(&database.url(), PUBLIC);
        let by_line = idp(&database.url_by_port(line.port()), PUBLIC);
        let (steady, killed, cut_off) = tokio::join!(start(&direct), start(&direct), start(&by_line));
        let client = reqwest::Client::builder().timeout(Duration::from_secs(8)).no_proxy().build().unwrap();
        Self { database, line, steady, killed, cut_off, clock: Instant::now(), client }
    }

    fn urls(&self) -> [String; 3] {
        [&self.steady, &self.killed, &self.cut_off].map(|server| server.url.clone())
    }

    /// Those that live to the end.
    fn left(&self) -> [String; 2] {
        [&self.steady, &self.cut_off].map(|server| server.url.clone())
    }

    /// What goes wrong before the tenth of all work that has this number.
    fn disturb(&self, tenth: usize) {
        match tenth {
            3 => self.line.cut(),
            5 => signal(self.killed.program.id(), "KILL"),
            7 => self.line.mend(),
            _ => {}
        }
    }

    /// Asks a replica. One that is gone or cut off answers nothing that anybody could rely on.
    async fn call(&self, what: &str, op: Op, request: reqwest::RequestBuilder) -> (Call, String) {
        let begun = self.clock.elapsed();
        let answer = match request.send().await {
            Ok(answer) => Some(answer.status().as_u16()).zip(answer.text().await.ok()),
            Err(_) => None,
        };
        let ended = self.clock.elapsed();
        let (status, text) = answer.unwrap_or((503, String::new()));
        let ret = match status {
            200 | 204 => Some(Ret::Taken),
            400 | 404 | 409 => Some(Ret::Refused),
            500.. => None,
            other => panic!("{what}: {other} {text}"),
        };
        (Call { what: what.to_owned(), op, begun, ended, ret }, text)
    }

    /// Redeems a code at a replica.
    async fn redeem(&self, url: &str, code: &str) -> Call {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", "DIARY"),
            ("client_secret", "a secret"),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        self.call(code, Op::Take, self.client.post(format!("{url}/w/race/oidc/token")).form(&fields)).await.0
    }
}

/// How many calls came to an answer, and how many to none.
fn count(calls: &[Call], ret: Option<Ret>) -> usize {
    calls.iter().filter(|call| call.ret == ret).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_is_redeemed_twice_while_one_replica_is_killed_and_another_is_cut_off() {
    let replicas = Replicas::start().await;
    replicas.steady.post("/control/worlds", &json!({ "name": "race", "seed": seed() })).await.json(201);
    let wanted = codes_wanted();
    let codes = codes(&replicas.steady, wanted).await;
    let mut calls = Vec::new();
    for (tenth, wave) in codes.chunks(wanted.div_ceil(10)).enumerate() {
        replicas.disturb(tenth);
        let at_all = wave.iter().flat_map(|code| replicas.urls().map(|url| (url, code)));
        let asked = stream::iter(at_all).map(|(url, code)| {
            let replicas = &replicas;
            async move { replicas.redeem(&url, code).await }
        });
        calls.extend(asked.buffer_unordered(18).collect::<Vec<_>>().await);
    }
    // Again at both that are left: each hears that it is used.
    for url in replicas.left() {
        let asked = stream::iter(&codes).map(|code| replicas.redeem(&url, code));
        calls.extend(asked.buffer_unordered(18).collect::<Vec<_>>().await);
    }
    assert_eq!(history::contradictions(&calls), Vec::<String>::new());
    let (acknowledged, refused, unknown) =
        (count(&calls, Some(Ret::Taken)), count(&calls, Some(Ret::Refused)), count(&calls, None));
    assert!(acknowledged >= wanted / 2 && refused > wanted && unknown > 0, "{acknowledged} {refused} {unknown}");
    // What was acknowledged is in the log, once, at a replica that has never heard of any of it.
    let late = start(&idp(&replicas.database.url(), PUBLIC)).await;
    let export = late.get("/control/worlds/race/export").await.ok();
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

/// A world in which Анна has a child of fifteen for each family, and has agreed to a client of each.
fn families() -> Value {
    let child = |number: usize| {
        json!({ "name": "Петров Иван Сергеевич", "gender": "M", "born": "2009-02-03",
            "snils": format!("001-000-{:03} 00", 100 + number), "birth-certificate": format!("I-ОО {:06}", 100 + number),
            "account": { "email": format!("child-{number}@family.test"), "password": "a-secret-word", "level": "standard" } })
    };
    let client = |number: usize| {
        json!({ "mnemonic": format!("SITE-{number}"), "title": "Сайт", "organisation": "Школа",
            "scopes": ["openid", "fullname"], "redirect-domains": ["127.0.0.1"] })
    };
    let mut seed = seed();
    seed["clock"] = json!({ "frozen": "2024-09-02T06:00:00Z" });
    let section = &mut seed["gosuslugi"];
    for number in 0..FAMILIES {
        section["people"][format!("child-{number}")] = child(number);
    }
    section["families"] =
        (0..FAMILIES).map(|number| json!({ "guardian": "анна", "child": format!("child-{number}") })).collect();
    section["clients"] = (0..FAMILIES).map(client).collect();
    let consent = |number: usize| {
        json!({ "subject": "анна", "given-by": "анна", "client": format!("SITE-{number}"),
            "scopes": ["openid", "fullname"] })
    };
    section["consents"] = (0..FAMILIES).map(consent).collect();
    seed
}

/// A family at the replicas: the child's session and the code that binds its account, the consent and its client.
struct Family {
    number: usize,
    parent: String,
    child: String,
    code: String,
    consent: u64,
}

impl Family {
    /// Every family, with all that is asked beforehand.
    async fn all(server: &Server) -> Vec<Self> {
        let session = async |key: &str| {
            let made = server.post(&format!("/w/race/control/people/{key}/session"), &json!({})).await.json(201);
            made["session"].as_str().unwrap().to_owned()
        };
        let parent = session("анна").await;
        let ask = async |method, path: &str, body: &Value| {
            let request = server.request(method, &format!("/w/race/lk/api{path}"));
            server.send(request.bearer_auth(&parent).json(body)).await
        };
        let consents = ask(reqwest::Method::GET, "/consents", &json!({})).await.ok();
        let mut all = Vec::new();
        for number in 0..FAMILIES {
            let email = json!({ "email": format!("child-{number}@family.test") });
            let asked = ask(reqwest::Method::POST, &format!("/family/{}/binding", number + 1), &email).await.json(201);
            let of_client = |consent: &&Value| consent["client"] == format!("SITE-{number}");
            let consent = consents.as_array().unwrap().iter().find(of_client).expect("a consent of each client");
            all.push(Self {
                number,
                parent: parent.clone(),
                child: session(&format!("child-{number}")).await,
                code: asked["code"].as_str().unwrap().to_owned(),
                consent: consent["id"].as_u64().unwrap(),
            });
        }
        all
    }

    /// The child enters the code.
    async fn bind(&self, replicas: &Replicas, url: &str) -> Call {
        let request = replicas.client.post(format!("{url}/w/race/lk/api/binding/redeem")).bearer_auth(&self.child);
        let request = request.json(&json!({ "code": self.code }));
        replicas.call(&format!("binding {}", self.number), Op::Take, request).await.0
    }

    /// The parent revokes the consent.
    async fn revoke(&self, replicas: &Replicas, url: &str) -> Call {
        let request = replicas.client.delete(format!("{url}/w/race/lk/api/consents/{}", self.consent));
        replicas.call(&format!("consent {}", self.number), Op::Take, request.bearer_auth(&self.parent)).await.0
    }

    /// The parent looks whether the consent is in force.
    async fn look(&self, replicas: &Replicas, url: &str) -> Call {
        let request = replicas.client.get(format!("{url}/w/race/lk/api/consents")).bearer_auth(&self.parent);
        let (mut call, text) = replicas.call(&format!("consent {}", self.number), Op::Look, request).await;
        call.ret = call.ret.map(|_| {
            let list: Value = serde_json::from_str(&text).expect("a list");
            let is_it = |consent: &Value| consent["id"] == self.consent;
            if list.as_array().unwrap().iter().any(is_it) { Ret::There } else { Ret::NotThere }
        });
        call
    }

    async fn at(&self, replicas: &Replicas, url: &str) -> [Call; 3] {
        tokio::join!(self.bind(replicas, url), self.revoke(replicas, url), self.look(replicas, url)).into()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_bound_once_and_a_revoked_consent_is_seen_no_more_whatever_befalls_the_replicas() {
    let replicas = Replicas::start().await;
    replicas.steady.post("/control/worlds", &json!({ "name": "race", "seed": families() })).await.json(201);
    let families = Family::all(&replicas.steady).await;
    let mut calls = Vec::new();
    for (tenth, family) in families.iter().enumerate() {
        replicas.disturb(tenth);
        let urls = replicas.urls();
        calls.extend(join_all(urls.iter().map(|url| family.at(&replicas, url))).await.into_iter().flatten());
    }
    for url in replicas.left() {
        for family in &families {
            calls.extend(family.at(&replicas, &url).await);
        }
    }
    assert_eq!(history::contradictions(&calls), Vec::<String>::new());
    let of = |kind: &str, ret| {
        let chosen: Vec<_> = calls.iter().filter(|call| call.what.starts_with(kind)).cloned().collect();
        count(&chosen, ret)
    };
    for kind in ["binding", "consent"] {
        let (taken, refused) = (of(kind, Some(Ret::Taken)), of(kind, Some(Ret::Refused)));
        assert!(taken >= FAMILIES / 2 && refused > FAMILIES, "{kind}: {taken} {refused}");
    }
    assert!(of("consent", Some(Ret::There)) > 0 && of("consent", Some(Ret::NotThere)) >= 2 * FAMILIES);
    assert!(count(&calls, None) > 0, "nothing went wrong");
}
