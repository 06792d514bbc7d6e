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
async fn the_network_gets_no_open_control_door() {
    let ended = Program::run(&["idp", "--listen", "0.0.0.0:0"]).await;
    assert_eq!(ended.code, Some(2));
    assert_snapshot!(ended.err.trim(), @"esia-stand: listening on 0.0.0.0:0, which is not loopback, needs --control-token (or ESIA_STAND_CONTROL_TOKEN): the control door would be open to the network");
    let server =
        Server::start(&["idp", "--listen", "0.0.0.0:0", "--control-token", "opens-it", "--log", "error"]).await;
    assert_snapshot!(server.get("/control/worlds").await.summary(), @"401 control-token Authorization");
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
