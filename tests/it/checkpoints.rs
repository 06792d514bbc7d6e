//! Worlds that are brought back from their checkpoints all the time play the documented suite as others do.

use std::path::Path;

use serde_json::{Value, json};
use tests::{Program, Server};

/// The arguments of a server that keeps next to nothing open, and of each log its last events alone.
fn forgetful<'a>(server: &'a str, data: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let own = [server, "--listen", "127.0.0.1:0", "--log", "error", "--data", data];
    [&own[..], &["--keep-events", "1", "--open-worlds", "1"], more].concat()
}

fn data(folder: &Path, server: &str) -> String {
    format!("sqlite:{}", folder.join(server).display())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_suite_passes_on_worlds_that_are_brought_back_from_checkpoints() {
    let folder = tempfile::tempdir().unwrap();
    let (of_idp, of_diary) = (data(folder.path(), "idp.db"), data(folder.path(), "diary.db"));
    let idp = Server::start(&forgetful("idp", &of_idp, &[])).await;
    let diary = Server::start(&forgetful("diary", &of_diary, &["--idp", &idp.url])).await;
    for (protocol, shard) in [("esia", "1/3"), ("oidc", "2/12")] {
        let servers = ["run", "--idp", &idp.url, "--diary", &diary.url, "--keep"];
        // The journal of requests is closed with its world.
        let part = ["--protocol", protocol, "--shard", shard, "--tags", "not @journal"];
        let run = [&servers[..], &part].concat();
        let ended = Program::run(&run).await;
        let tail: String = ended.out.chars().rev().take(4_000).collect::<Vec<_>>().into_iter().rev().collect();
        assert_eq!(ended.code, Some(0), "{protocol}: {tail}\n{}", ended.err);
    }
    // That they were: logs in which much has happened are cut, and such a world is exported with its checkpoint.
    let (mut cut, mut all) = (0, 0);
    for server in [&idp, &diary] {
        let worlds: Value = reqwest::get(format!("{}/control/worlds", server.url)).await.unwrap().json().await.unwrap();
        for world in worlds.as_array().unwrap() {
            let name = world["name"].as_str().unwrap();
            let export = reqwest::get(format!("{}/control/worlds/{name}/export", server.url)).await.unwrap();
            let export: Value = export.json().await.unwrap();
            (cut, all) = (cut + usize::from(export["format"] == json!(2)), all + 1);
        }
    }
    assert!(cut >= 5, "{cut} of {all} worlds have a log that is cut");
}
