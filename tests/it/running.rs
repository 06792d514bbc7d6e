//! `esia-stand run` as people expect it: which scenarios are played, how often, in which order, and what is told of that.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Response, header},
    response::Html,
};
use serde_json::Value;
use tests::{Ended, Program, Server};

/// A folder with one feature of three scenarios, all of which look at the page where people sign in to the diary.
struct Own(tempfile::TempDir);

const NAMES: [&str; 3] = ["первый", "второй", "третий"];

impl Own {
    /// Each scenario expects its text.
    fn expecting(texts: [&str; 3]) -> Self {
        let own = Self(tempfile::tempdir().expect("folder"));
        own.expect(texts);
        fs::write(own.at("rules.yaml"), "первый: а\nвторой: б\nтретий: в\n").expect("rules");
        own
    }

    fn expect(&self, texts: [&str; 3]) {
        let scenario = |(name, text): (&str, &str)| {
            format!(
                "\n  @{name}\n  Сценарий: {name}\n    Дано мир «взрослые»\n    Когда Нина открывает страницу входа в дневник\n    \
                 Тогда Нина видит «{text}»\n"
            )
        };
        let all: String = NAMES.into_iter().zip(texts).map(scenario).collect();
        fs::write(self.at("my.feature"), format!("# language: ru\nФункция: своя\n{all}")).expect("feature");
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("a file of the run")
    }

    async fn run(&self, more: &[&str]) -> Ended {
        let feature = self.at("my.feature");
        Program::run(&[&["run", &feature, "--jobs", "1"], more].concat()).await
    }
}

const THERE: &str = "Вход в электронный дневник";

/// The names of scenarios in the order of the lines that tell of them.
fn told(ended: &Ended) -> Vec<&str> {
    let lines = ended.out.lines().filter(|line| line.starts_with(['✔', '✘', '≈']));
    lines.filter_map(|line| NAMES.into_iter().find(|name| line.contains(name))).collect()
}

#[tokio::test]
async fn a_line_a_name_or_a_part_chooses_scenarios_and_a_list_says_which() {
    let own = Own::expecting([THERE; 3]);
    let line = format!("{}:10", own.at("my.feature"));
    let ended = Program::run(&["run", &line, "--list"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(
        ended.out.contains("   11  второй  @второй\n") && ended.out.ends_with("\n1 сценарий, 3 шага\n"),
        "{}",
        ended.out
    );
    let list: Value = serde_json::from_str(&own.run(&["--name", "ТИЙ", "--list", "--json"]).await.out).expect("JSON");
    let (number, third) = (list.as_array().map(Vec::len), &list[0]);
    assert_eq!((number, &third["line"], &third["scenario"]), (Some(1), &Value::from(17), &Value::from("третий")));
    assert_eq!(third["steps"][0], "Дано мир «взрослые»");
    let mut all = Vec::new();
    for part in ["1/2", "2/2"] {
        let file = own.at("list.json");
        assert_eq!(own.run(&["--shard", part, "--list", "--json", &file]).await.code, Some(0));
        let list: Vec<Value> = serde_json::from_str(&own.read("list.json")).expect("JSON");
        all.extend(list.into_iter().map(|scenario| scenario["line"].as_u64()));
    }
    assert_eq!(all, [Some(5), Some(17), Some(11)]);
    let ended = own.run(&["--name", "третий", "--shard", "1/1"]).await;
    assert_eq!((ended.code, told(&ended)), (Some(0), vec!["третий"]), "{}", ended.out);
    let ended = own.run(&["--shard", "5/5"]).await;
    assert_eq!(ended.code, Some(0), "a part may be empty: {}", ended.err);
    assert!(ended.out.starts_with("в этой части сценариев нет\n"), "{}", ended.out);
}

#[tokio::test]
async fn a_dry_run_shows_every_step_and_plays_none() {
    let own = Own::expecting(["слон"; 3]);
    let ended = own.run(&["--dry-run"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.out.matches("– Тогда Нина видит «слон»").count(), 3, "{}", ended.out);
    assert!(ended.out.ends_with("\n3 сценария, 9 шагов\n"), "{}", ended.out);
    let wrong = own.run(&["--dry-run", "--list"]).await;
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    let wrong = own.run(&["--json"]).await;
    assert_eq!(wrong.code, Some(2), "a report needs a file");
}

#[tokio::test]
async fn the_first_failure_ends_a_run_that_is_to_fail_fast() {
    let own = Own::expecting([THERE, "слон", THERE]);
    let junit = own.at("junit.xml");
    let ended = own.run(&["--fail-fast", "--junit", &junit]).await;
    assert_eq!((ended.code, told(&ended)), (Some(1), vec!["первый", "второй"]), "{}", ended.out);
    assert!(ended.out.contains("3 сценария: 1 прошёл, 1 не прошёл, 1 не сыгран"), "{}", ended.out);
    assert_eq!(own.read("junit.xml").matches("<skipped").count(), 1);
    let whole = own.run(&[]).await;
    assert!(whole.out.contains("3 сценария: 2 прошли, 1 не прошёл"), "{}", whole.out);
}

#[tokio::test]
async fn those_that_did_not_pass_are_played_again_until_they_do() {
    let own = Own::expecting([THERE, "слон", THERE]);
    let file = own.at("failed.txt");
    let failed = format!("{}:11  второй\n", own.at("my.feature"));
    let ended = own.run(&["--rerun", &file]).await;
    assert_eq!((ended.code, own.read("failed.txt")), (Some(1), failed.clone()));
    let ended = own.run(&["--rerun", &file]).await;
    assert!(ended.out.contains("1 сценарий: 0 прошли, 1 не прошёл"), "{}", ended.out);
    assert_eq!(own.read("failed.txt"), failed);
    own.expect([THERE; 3]);
    let ended = own.run(&["--rerun", &file]).await;
    assert_eq!((ended.code, told(&ended)), (Some(0), vec!["второй"]), "{}", ended.out);
    assert_eq!(own.read("failed.txt"), "");
    let ended = own.run(&["--rerun", &file]).await;
    assert_eq!((ended.code, told(&ended)), (Some(0), NAMES.to_vec()), "nothing failed: everything is played");
    fs::write(&file, "other.feature:3  иной\n").expect("file");
    let ended = own.run(&["--rerun", &file]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    assert!(ended.err.contains("other.feature:3"), "{}", ended.err);
}

/// A diary whose page of signing in is out of order when it is first asked for.
async fn diary_that_fails_once(diary: &str) -> String {
    let (client, asked, diary) = (tests::client(), Arc::new(AtomicUsize::new(0)), diary.to_owned());
    let router = Router::new().fallback(move |request: Request| {
        let (client, asked, diary) = (client.clone(), Arc::clone(&asked), diary.clone());
        async move {
            let (head, body) = request.into_parts();
            if head.uri.path().ends_with("/login") && asked.fetch_add(1, Ordering::SeqCst) == 0 {
                return axum::response::IntoResponse::into_response(Html("<title>Сбой</title><p>Сбой</p>"));
            }
            let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
            let mut headers = head.headers;
            headers.remove(header::HOST);
            let asked = client.request(head.method, format!("{diary}{}", head.uri)).headers(headers).body(body);
            let answer = asked.send().await.expect("the diary");
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut response = Response::new(Body::from(answer.bytes().await.expect("its body")));
            (*response.status_mut(), *response.headers_mut()) = (status, headers);
            response
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a_scenario_that_passes_at_another_attempt_is_flaky_in_every_report() {
    let (own, idp) = (Own::expecting([THERE; 3]), Server::idp().await);
    let diary = Server::diary(&idp.url).await;
    let [junit, json, coverage, failed] =
        ["junit.xml", "report.json", "rules.json", "failed.txt"].map(|name| own.at(name));
    let reports = ["--junit", &junit, "--json", &json, "--coverage", &coverage, "--rerun", &failed];
    let once = diary_that_fails_once(&diary.url).await;
    let servers = ["--idp", &idp.url, "--diary", &once, "--retry", "1"];
    let ended = own.run(&[&servers[..], &reports].concat()).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("первый: попытка 1 из 2 не прошла: на странице нет"), "{}", ended.out);
    assert!(ended.out.contains("первый: прошёл с попытки 2 ("), "{}", ended.out);
    assert!(ended.out.contains("Неустойчивы:\n"), "{}", ended.out);
    assert!(ended.out.contains("3 сценария: 2 прошли, 0 не прошли, 1 неустойчив"), "{}", ended.out);
    let junit = own.read("junit.xml");
    assert_eq!((junit.matches("<flakyFailure").count(), junit.matches("<failure").count()), (1, 0), "{junit}");
    let report: Value = serde_json::from_str(&own.read("report.json")).expect("JSON");
    let first = &report[0]["elements"][0];
    assert_eq!((&first["attempts"], &first["tags"][1]["name"]), (&Value::from(2), &Value::from("@flaky")));
    assert_eq!(report[0]["elements"][1]["attempts"], Value::Null);
    let rules: Value = serde_json::from_str(&own.read("rules.json")).expect("JSON");
    assert_eq!((&rules["rules"][0]["result"], &rules["rules"][1]["result"]), (&"flaky".into(), &"passed".into()));
    assert_eq!(own.read("failed.txt"), "");
    // Without another attempt it is a failure.
    let once = diary_that_fails_once(&diary.url).await;
    let ended = own.run(&["--idp", &idp.url, "--diary", &once]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.out);
}

#[tokio::test]
async fn a_scenario_that_never_passes_fails_after_its_last_attempt() {
    let own = Own::expecting([THERE, "слон", THERE]);
    let junit = own.at("junit.xml");
    let ended = own.run(&["--retry", "2", "--junit", &junit]).await;
    assert_eq!((ended.code, told(&ended).len()), (Some(1), 5), "{}", ended.out);
    assert!(ended.out.contains("3 сценария: 2 прошли, 1 не прошёл"), "{}", ended.out);
    let junit = own.read("junit.xml");
    assert_eq!((junit.matches("<rerunFailure").count(), junit.matches("<failure").count()), (2, 1), "{junit}");
}

#[tokio::test]
async fn scenarios_are_repeated_each_time_told_apart() {
    let own = Own::expecting([THERE; 3]);
    let junit = own.at("junit.xml");
    let ended = own.run(&["--repeat", "3", "--junit", &junit, "--slowest", "2"]).await;
    assert_eq!((ended.code, told(&ended)), (Some(0), [NAMES; 3].concat()), "{}", ended.out);
    let junit = own.read("junit.xml");
    for number in 1..=3 {
        assert!(junit.contains(&format!(r#"<testcase name="второй [{number}/3]""#)), "{junit}");
    }
    assert!(ended.out.contains("9 сценариев: 9 прошли, 0 не прошли"), "{}", ended.out);
    let slowest = ended.out.split("Самые долгие:\n").nth(1).expect("the slowest");
    assert_eq!(slowest.lines().take_while(|line| line.contains(" мс  ")).count(), 2, "{slowest}");
}

#[tokio::test]
async fn a_number_gives_an_order_and_the_same_number_the_same() {
    let own = Own::expecting([THERE; 3]);
    let mut orders = Vec::new();
    for seed in ["1", "1", "2", "3", "4"] {
        let ended = own.run(&["--shuffle", seed]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.out);
        orders.push(told(&ended).join(" "));
    }
    assert_eq!(orders[0], orders[1]);
    assert!(orders.iter().any(|order| *order != orders[0]), "{orders:?}");
}
