//! Start and stop: ready at once, small, never open to the network by mistake, and ends that can be told apart.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use insta::assert_snapshot;
use tests::{Program, Server, client, esia_stand};

/// What the program promises of a server (a release build, on an idle machine).
const READY: Duration = Duration::from_millis(100);
const RESIDENT_KB: u64 = 40 * 1024;

/// Resident memory of a process, kB.
fn resident_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// The release build, which alone can be measured, if somebody has made one.
fn release() -> Option<PathBuf> {
    let program = esia_stand();
    let target = program.parent().and_then(Path::parent)?;
    Some(target.join("release").join("esia-stand")).filter(|file| file.is_file())
}

#[tokio::test]
async fn a_server_is_ready_at_once_and_small() {
    let (measured, program) = release().map_or((false, esia_stand()), |file| (true, file));
    for args in [["idp", "--listen", "127.0.0.1:0"], ["diary", "--listen", "127.0.0.1:0"]] {
        let mut best = Duration::MAX;
        let mut largest = 0;
        for _ in 0..5 {
            let begun = Instant::now();
            let server = Server::ready(Program::start_as(&program, &args, &[])).await;
            assert_eq!(server.get("/health").await.status, 200);
            best = best.min(begun.elapsed());
            largest = largest.max(resident_kb(server.program.id()));
        }
        println!("{}: first answer after {best:?}, {largest} kB resident, measured: {measured}", args[0]);
        if measured {
            assert!(best < READY, "{} is ready after {best:?}", args[0]);
            assert!(largest < RESIDENT_KB, "{} takes {largest} kB", args[0]);
        }
    }
}

#[tokio::test]
async fn the_network_gets_no_open_control_api() {
    let ended = Program::run(&["idp", "--listen", "0.0.0.0:0"]).await;
    assert_eq!(ended.code, Some(2));
    assert_snapshot!(ended.err.trim(), @"esia-stand: адрес 0.0.0.0:0 открыт для сети, поэтому нужен маркер управления: --control-token СЛОВО или ESIA_STAND_CONTROL_TOKEN (например, из openssl rand -hex 16). Без него миры менял бы кто угодно; только для этой машины — --listen 127.0.0.1:0");
    let server =
        Server::start(&["idp", "--listen", "0.0.0.0:0", "--control-token", "opens-it", "--log", "error"]).await;
    assert_snapshot!(server.get("/control/worlds").await.outcome(), @"401 control-token Authorization");
    let opened = server.request(reqwest::Method::GET, "/control/worlds").bearer_auth("opens-it");
    assert_eq!(server.send(opened).await.status, 200);
    let wrong = server.request(reqwest::Method::GET, "/control/worlds").bearer_auth("opens-it-not");
    assert_eq!(server.send(wrong).await.status, 401);
}

#[tokio::test]
async fn asked_to_stop_a_server_ends_well() {
    for server in ["idp", "diary"] {
        for signal in ["TERM", "INT"] {
            let started = Server::start(&[server, "--listen", "127.0.0.1:0", "--log", "error"]).await;
            assert_eq!(started.get("/health").await.status, 200);
            started.program.signal(signal);
            let ended = started.program.ended().await;
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{server}, {signal}");
        }
    }
}

#[tokio::test]
async fn both_servers_stop_with_the_one_who_serves_them() {
    let mut serve = Program::start(&["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
    let line = serve.line().await.expect("a line");
    let urls: serde_json::Value = serde_json::from_str(&line).expect("one JSON line first");
    let (idp, diary) = (urls["idp"].as_str().expect("idp"), urls["diary"].as_str().expect("diary"));
    for url in [idp, diary] {
        assert_eq!(client().get(format!("{url}/health")).send().await.expect("an answer").status(), 200);
    }
    serve.signal("TERM");
    assert_eq!(serve.ended().await.code, Some(0));
    for url in [idp, diary] {
        closed(url).await;
    }
}

/// Waits until nobody answers at an address any more; the test's own time limit bounds it.
async fn closed(url: &str) {
    while client().get(format!("{url}/health")).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn killed_outright_the_one_who_serves_takes_both_servers_along() {
    let mut serve = Program::start(&["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"]);
    let urls: serde_json::Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
    serve.kill().await;
    closed(urls["idp"].as_str().expect("idp")).await;
    closed(urls["diary"].as_str().expect("diary")).await;
}

#[tokio::test]
async fn a_wrong_command_line_ends_with_2() {
    for args in [
        &["idp", "--no-such-flag"][..],
        &["no-such-command"],
        &["idp", "--listen", "somewhere"],
        &["idp", "--data", "mysql:db"],
        &["idp", "--seed", "no-such-seed"],
        &["run", "--tags", "@a and and"],
        &["run", "--tags", "@no-such-tag"],
        &["run", "no-such.feature"],
        &["run", "--idp", "http://127.0.0.1:1"],
        &["run", "--jobs", "0"],
        &["idp", "--config", "no-such-file.yaml"],
    ] {
        let ended = Program::run(args).await;
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.err);
        assert_ne!(ended.err, "", "{args:?}");
    }
}

#[tokio::test]
async fn what_cannot_run_ends_with_3() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let taken = other.local_addr().expect("its address").to_string();
    for args in [
        &["idp", "--listen", &taken][..],
        &["diary", "--listen", &taken],
        &["serve", "--idp-listen", &taken, "--diary-listen", "127.0.0.1:0"],
        &["idp", "--listen", "127.0.0.1:0", "--data", "sqlite:no/such/folder/idp.db"],
    ] {
        let ended = Program::run(args).await;
        assert_eq!(ended.code, Some(3), "{args:?}: {}", ended.err);
        assert_ne!(ended.err, "", "{args:?}");
    }
}

#[tokio::test]
async fn settings_rise_from_file_to_environment_to_flag() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("stand.yaml");
    fs::write(&file, "idp:\n  listen: 127.0.0.1:0\n  control-token: of-the-file\n").expect("file");
    let file = file.to_str().expect("its name");
    let asked = async |args: &[&str], environment: &[(&str, &str)], token: &str| {
        let server = Server::ready(Program::start_as(&esia_stand(), args, environment)).await;
        let request = server.request(reqwest::Method::GET, "/control/worlds").bearer_auth(token);
        server.send(request).await.status
    };
    let plain = ["idp", "--config", file, "--log", "error"];
    let variable = [("ESIA_STAND_CONTROL_TOKEN", "of-the-environment")];
    assert_eq!(asked(&plain, &[], "of-the-file").await, 200);
    assert_eq!(asked(&plain, &variable, "of-the-environment").await, 200);
    let flagged = ["idp", "--config", file, "--log", "error", "--control-token", "of-the-flag"];
    assert_eq!(asked(&flagged, &variable, "of-the-flag").await, 200);
    assert_eq!(asked(&flagged, &variable, "of-the-environment").await, 401);
}

#[tokio::test]
async fn an_unknown_setting_in_the_file_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("stand.yaml");
    fs::write(&file, "idp:\n  listne: 127.0.0.1:0\n").expect("file");
    let ended = Program::run(&["idp", "--config", file.to_str().expect("its name")]).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("listne"), "{}", ended.err);
}

#[tokio::test]
async fn a_taken_port_a_bad_address_and_a_missing_token_each_say_the_way_out_in_one_message() {
    let other = Server::idp().await;
    let taken = other.url.trim_start_matches("http://").to_owned();
    let free = ["--diary-listen", "127.0.0.1:0"];
    for (args, code, told) in [
        (&["idp", "--listen", &taken][..], 3, "там уже работает esia-stand idp"),
        (&["diary", "--listen", &taken], 3, "--listen 127.0.0.1:0"),
        (&["serve", "--idp-listen", &taken, free[0], free[1]], 3, "--idp-listen 127.0.0.1:0"),
        (&["idp", "--listen", "127.0.0.1"], 2, "127.0.0.1:8081"),
        (&["idp", "--listen", "192.0.2.1:0"], 2, "--control-token"),
        (&["idp", "--listen", "192.0.2.1:0", "--control-token", "x"], 3, "у этой машины нет"),
        (&["serve", "--idp-listen", "0.0.0.0:0", free[0], free[1]], 2, "--control-token"),
        (&["serve", "--seed", "нет-такого", "--idp-listen", "127.0.0.1:0", free[0], free[1]], 2, "нет-такого"),
        (&["idp", "--listen", "127.0.0.1:0", "--log", "verbose"], 2, "off, error, warn, info, debug, trace"),
    ] {
        let ended = Program::run(args).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(told), "{args:?}: {told:?} is not told: {}", ended.err);
        assert_eq!(ended.err.matches("esia-stand: ").count(), 1, "{args:?}: {}", ended.err);
        assert!(!ended.err.contains("os error"), "{args:?}: {}", ended.err);
    }
}

#[tokio::test]
async fn health_tells_well_unwell_and_silent_apart() {
    let idp = Server::idp().await;
    let well = Program::run(&["health", &idp.url]).await;
    assert_eq!((well.code, well.err.as_str()), (Some(0), ""));
    assert!(well.out.contains("Госуслуги (idp)"), "{}", well.out);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let foreign = format!("http://{}", listener.local_addr().expect("its address"));
    drop(listener);
    let silent = Program::run(&["health", &idp.url, &foreign]).await;
    assert_eq!(silent.code, Some(3), "{}", silent.err);
    assert!(silent.err.contains("никто не слушает этот адрес"), "{}", silent.err);
    let page = format!("{}/w/nowhere", idp.url);
    let unwell = Program::run(&["health", &page]).await;
    assert_eq!(unwell.code, Some(1), "{}", unwell.err);
}

#[tokio::test]
async fn every_ready_line_has_one_shape() {
    let keys = |line: &str| -> Vec<String> {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line.as_object().expect("an object").keys().cloned().collect()
    };
    let mut lines = Vec::new();
    for args in [
        &["idp", "--listen", "127.0.0.1:0"][..],
        &["diary", "--listen", "127.0.0.1:0"],
        &["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"],
    ] {
        let mut program = Program::start(args);
        let mut shape = keys(&program.line().await.expect("a line"));
        shape.sort();
        lines.push(shape.join(" "));
    }
    assert_eq!(lines, ["idp ready url", "diary ready url", "diary idp ready url"]);
}

/// Log of a server for one request that is refused and one that is not.
async fn logged(args: &[&str], environment: &[(&str, &str)]) -> String {
    let args = [&["idp", "--listen", "127.0.0.1:0"], args].concat();
    let server = Server::ready(Program::start_as(&esia_stand(), &args, environment)).await;
    assert_eq!(server.get("/login").await.status, 200);
    assert_eq!(server.get("/aas/oauth2/ac?client_id=NOBODY&redirect_uri=http://x.example").await.status, 400);
    server.program.signal("TERM");
    let ended = server.program.ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    ended.err
}

#[tokio::test]
async fn a_server_is_quiet_and_tells_every_refusal_with_its_verdict_and_client_when_asked() {
    assert_eq!(logged(&[], &[]).await, "");
    let json = logged(&["--log", "info"], &[]).await;
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let refused = lines.iter().map(|line| &line["fields"]).find(|fields| fields["status"] == 400).expect("the refusal");
    assert_eq!((&refused["client"], &refused["world"]), (&"NOBODY".into(), &"main".into()), "{json}");
    assert!(refused["verdict"].as_str().is_some_and(|verdict| verdict.starts_with("failed ")), "{json}");
    let human = logged(&["--log-format", "human"], &[("ESIA_STAND_LOG", "info")]).await;
    assert!(
        human.lines().any(|line| line.contains("verdict=\"failed ") && line.contains("client=\"NOBODY\"")),
        "{human}"
    );
    assert!(!human.contains('{') && !human.contains('\u{1b}'), "{human}");
}

#[tokio::test]
async fn a_world_that_nobody_asks_for_is_announced_and_dropped() {
    let server = Server::start(&["idp", "--listen", "127.0.0.1:0", "--drop-idle-after", "1s"]).await;
    assert_eq!(server.post("/control/worlds", &serde_json::json!({ "name": "idle" })).await.status, 201);
    let worlds = async || server.get("/control/worlds").await.ok();
    let told = worlds().await;
    assert!(told[0]["drops_at"].is_string() && told[1].get("drops_at").is_none(), "{told}");
    let page = server.get("/control/console/worlds").await.body;
    assert_eq!(page.matches("data-test=\"drops\"").count(), 1, "{page}");
    // A list of worlds asks for none of them.
    while worlds().await.as_array().is_some_and(|worlds| worlds.len() > 1) {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.get("/w/idle/control/clock").await.outcome(), "404 no-world");
    assert_eq!(server.get("/control/clock").await.status, 200);
}

#[tokio::test]
async fn the_log_names_the_world_of_a_request_and_the_team_that_asks_its_control_api() {
    let folder = tempfile::tempdir().expect("folder");
    let teams = folder.path().join("teams.yaml");
    fs::write(&teams, "teams:\n  - name: alpha\n    token: a-token-of-alpha-alone\n").expect("file");
    let teams = teams.to_str().expect("its name");
    let args = ["idp", "--listen", "127.0.0.1:0", "--control-token", "a-token-of-the-operator", "--teams", teams];
    let server = Server::ready(Program::start(&[&args[..], &["--log", "info"]].concat())).await;
    for (path, token) in
        [("/w/alpha-1/control/clock", "a-token-of-alpha-alone"), ("/control/clock", "a-token-of-the-operator")]
    {
        server.send(server.request(reqwest::Method::GET, path).bearer_auth(token)).await;
    }
    server.program.signal("TERM");
    let log = server.program.ended().await.err;
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let asked = lines.map(|line| line["fields"].clone()).filter(|fields| fields["message"] == "request");
    let told: Vec<_> =
        asked.map(|fields| format!("{} {} {}", fields["world"], fields["team"], fields["status"])).collect();
    assert_eq!(told, [r#""alpha-1" "alpha" 404"#, r#""main" null 200"#], "{log}");
}

#[tokio::test]
async fn variables_set_to_nothing_are_not_set_and_misspelt_ones_are_told() {
    let empty = ["LISTEN", "CONTROL_TOKEN", "LOG", "DATA", "SEED", "PUBLIC_URL", "CONFIG"]
        .map(|name| format!("ESIA_STAND_{name}"));
    let empty: Vec<_> = empty.iter().map(|name| (name.as_str(), "")).collect();
    let server = Server::ready(Program::start_as(&esia_stand(), &["idp", "--listen", "127.0.0.1:0"], &empty)).await;
    assert_eq!(server.get("/health").await.status, 200);
    let open = Program::start_as(&esia_stand(), &["idp", "--listen", "0.0.0.0:0"], &empty).ended().await;
    assert_eq!(open.code, Some(2), "an empty token is none: {}", open.err);
    let misspelt = [("ESIA_STAND_LISTN", "127.0.0.1:0"), ("ESIA_STAND_LOG", "error")];
    let serve = ["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];
    let mut serve = Program::start_as(&esia_stand(), &serve, &misspelt);
    serve.line().await.expect("ready");
    serve.signal("TERM");
    let told = serve.ended().await.err;
    assert_eq!(told.trim(), "esia-stand: переменную ESIA_STAND_LISTN никто не читает, может быть: ESIA_STAND_LISTEN");
}

#[tokio::test]
async fn settings_are_wrong_in_russian_with_their_place() {
    let folder = tempfile::tempdir().expect("folder");
    let said = async |text: &str| {
        let file = folder.path().join("stand.yaml");
        fs::write(&file, text).expect("file");
        let ended = Program::run(&["idp", "--config", file.to_str().expect("its name")]).await;
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        ended.err.replace(&file.display().to_string(), "stand.yaml").trim().to_owned()
    };
    assert_snapshot!(said("jobs: 3\n").await, @r"
    esia-stand: stand.yaml:1:1: поля «jobs» здесь не бывает
      может быть: lang, color, log, log-format, ca, run, serve, idp, diary, clients
    ");
    assert_snapshot!(said("idp:\n  listen: 127.0.0.1\n").await, @"esia-stand: stand.yaml:2:11: «127.0.0.1» — нет порта: нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)");
    assert_snapshot!(said("log: verbose\n").await, @r"
    esia-stand: stand.yaml:1:6: значения «verbose» здесь не бывает
      может быть: off, error, warn, info, debug, trace
    ");
    let none = Program::run(&["idp", "--config", "no-such-file.yaml"]).await;
    assert_snapshot!(none.err.trim(), @"esia-stand: no-such-file.yaml: файл не читается: его нет");
}
