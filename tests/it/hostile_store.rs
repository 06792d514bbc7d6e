//! Problems of the file of worlds: a second process, a foreign or damaged file, one that is deleted, replaced, full or
//! not to be written. The program says what is wrong, ends with 3 or goes on, and acknowledges nothing that is lost.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Ended, Program, ReadAnswer, Server, esia_stand};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn arguments(server: &str, file: &Path) -> [String; 7] {
    let data = format!("sqlite:{}", file.display());
    [server, "--listen", "127.0.0.1:0", "--log", "off", "--data", &data].map(str::to_owned)
}

async fn start(server: &str, file: &Path) -> Server {
    let args = arguments(server, file);
    Server::start(&args.each_ref().map(String::as_str)).await
}

/// Starts it on a file with which it must not start.
async fn refused(server: &str, file: &Path) -> Ended {
    let args = arguments(server, file);
    let ended = Program::run(&args.each_ref().map(String::as_str)).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{}", ended.err);
    ended
}

/// Standard error without the folder.
fn told(ended: &Ended, file: &Path) -> String {
    ended.err.trim().replace(&file.parent().expect("a folder").display().to_string(), "")
}

/// A write: the clock of `main` is moved.
async fn write(server: &Server) -> ReadAnswer {
    server.post("/control/clock", &json!({ "advance": "1s" })).await
}

/// Number of events of `main`.
async fn seq(server: &Server) -> u64 {
    server.get("/control/worlds/main").await.ok()["seq"].as_u64().expect("seq")
}

/// A file with a world and some events, which nobody has open.
async fn made(folder: &TempDir) -> PathBuf {
    let file = folder.path().join("worlds.db");
    let server = start("idp", &file).await;
    for _ in 0..3 {
        assert_eq!(write(&server).await.status, 200);
    }
    server.program.signal("TERM");
    assert_eq!(server.program.ended().await.code, Some(0));
    file
}

#[tokio::test]
async fn a_second_process_on_one_file_is_refused_until_the_first_is_gone() {
    let folder = folder();
    let file = folder.path().join("worlds.db");
    let first = start("idp", &file).await;
    for server in ["idp", "diary"] {
        let said = told(&refused(server, &file).await, &file);
        assert_eq!(
            said,
            "esia-stand: хранилище /worlds.db: в этом файле держит миры другой esia-stand: остановите его или возьмите \
             другой файл («another process keeps its worlds in this file: stop that one, or give this one a file of its own»)"
        );
    }
    std::os::unix::fs::symlink(&file, folder.path().join("other-name.db")).expect("a link");
    refused("idp", &folder.path().join("other-name.db")).await;
    // The first notices nothing, and a crash lets the file go.
    assert_eq!(write(&first).await.status, 200);
    let kept = seq(&first).await;
    first.kill().await;
    let second = start("idp", &file).await;
    assert_eq!(seq(&second).await, kept);
}

#[tokio::test]
async fn a_file_that_is_not_ours_is_refused_and_left_as_it_is() {
    let folder = folder();
    let file = folder.path().join("worlds.db");
    let ours = fs::read(made(&folder).await).expect("the file");
    let patched = |at: usize, bytes: &[u8]| {
        let mut copy = ours.clone();
        copy[at..at + bytes.len()].copy_from_slice(bytes);
        copy
    };
    let mut said = Vec::new();
    let foreign = [
        ("text", b"name;class\n".repeat(500)),
        ("another application", patched(68, b"note")),
        ("a newer version", patched(60, &[0, 0, 0, 9])),
        ("half a header", ours[..60].to_vec()),
        ("no tables where they should be", patched(100, &[0; 300])),
    ];
    for (what, bytes) in foreign {
        let _ = fs::remove_file(folder.path().join("worlds.db-wal"));
        let _ = fs::remove_file(folder.path().join("worlds.db-shm"));
        fs::write(&file, &bytes).expect("the file");
        said.push(format!("{what}: {}", told(&refused("idp", &file).await, &file)));
        assert!(fs::read(&file).expect("the file") == bytes, "{what}: touched");
    }
    assert_snapshot!(said.join("\n"), @"
    text: esia-stand: хранилище /worlds.db: это не хранилище esia-stand или оно от более новой версии («is not a SQLite file»)
    another application: esia-stand: хранилище /worlds.db: это не хранилище esia-stand или оно от более новой версии («belongs to another application (application_id 0x6e6f7465)»)
    a newer version: esia-stand: хранилище /worlds.db: это не хранилище esia-stand или оно от более новой версии («is of version 9, and this program knows 4: use a newer one»)
    half a header: esia-stand: хранилище /worlds.db: это не хранилище esia-stand или оно от более новой версии («is not a SQLite file»)
    no tables where they should be: esia-stand: хранилище /worlds.db: файл повреждён («database disk image is malformed»)
    ");
}

#[tokio::test]
async fn a_file_that_may_not_be_written_is_refused() {
    let folder = folder();
    let file = made(&folder).await;
    let before = fs::read(&file).expect("the file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("permissions");
    assert_snapshot!(told(&refused("idp", &file).await, &file), @"esia-stand: хранилище /worlds.db: файл нельзя изменять, поэтому миры в нём не сохранить («it is read-only, and worlds could not be kept in it»)");
    assert!(fs::read(&file).expect("the file") == before);
    assert!(refused("idp", folder.path()).await.err.trim().ends_with("(«is not a file»)"));
}

#[tokio::test]
async fn only_the_owner_may_read_what_is_kept() {
    let folder = folder();
    let file = folder.path().join("worlds.db");
    let server = start("diary", &file).await;
    assert_eq!(write(&server).await.status, 200);
    for end in ["", "-wal", "-shm"] {
        let mode = fs::metadata(format!("{}{end}", file.display())).expect("a file").mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_was_deleted_or_replaced() {
    for replaced in [false, true] {
        let folder = folder();
        let file = folder.path().join("worlds.db");
        let server = start("idp", &file).await;
        assert_eq!(write(&server).await.status, 200);
        assert_eq!(server.get("/health").await.status, 200);
        let kept = seq(&server).await;
        fs::rename(&file, folder.path().join("moved.db")).expect("moved");
        if replaced {
            fs::copy(folder.path().join("moved.db"), &file).expect("copied");
        }
        for _ in 0..2 {
            assert_eq!(write(&server).await.outcome(), "503 store-lost");
            assert_eq!(server.get("/health").await.status, 503);
        }
        // What was kept can still be read, and nothing else is told.
        assert_eq!(seq(&server).await, kept);
        assert_eq!(server.post("/control/worlds", &json!({ "name": "new" })).await.outcome(), "503 store-lost");
        // Of a file that is not the server's nothing is told, not even that a world is not there.
        assert_eq!(server.get("/w/new/").await.status, 503);
    }
}

/// Whether a small disk can be mounted here, for a process alone.
fn may_mount() -> bool {
    let tried = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    tried.is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn a_full_disk_is_told_and_writes_succeed_again_when_there_is_room() {
    if !may_mount() {
        // `worlds` shows the same of a file that may not grow.
        println!("no disk can be mounted here");
        return;
    }
    let folder = folder();
    let (disk, program) = (folder.path().display().to_string(), esia_stand());
    let file = folder.path().join("worlds.db");
    let mut args = vec!["-m", "sh", "-c", r#"mount -t tmpfs -o size=1m none "$0" && exec "$@""#, &disk];
    let own = arguments("idp", &file);
    let program = program.display().to_string();
    args.push(&program);
    args.extend(own.iter().map(String::as_str));
    let server = Server::ready(Program::start_as(Path::new("unshare"), &args, &[])).await;
    let mut acknowledged = 0;
    let refusal = loop {
        let world = json!({ "name": format!("w-{acknowledged}"), "seed": { "title": "x".repeat(20_000) } });
        let answer = server.post("/control/worlds", &world).await;
        if answer.status != 201 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 200, "1 MiB is never full");
    };
    assert_eq!(refusal.outcome(), "507 store-full");
    assert_eq!(server.get("/health").await.status, 503);
    let room = Command::new("nsenter")
        .args(["-t", &server.program.id().to_string(), "-m", "mount", "-o", "remount,size=64m", &disk])
        .status();
    assert!(room.is_ok_and(|status| status.success()), "no more room");
    assert_eq!(server.get("/health").await.status, 200);
    let world = json!({ "name": "after", "seed": { "title": "x".repeat(20_000) } });
    assert_eq!(server.post("/control/worlds", &world).await.status, 201);
    let worlds = server.get("/control/worlds").await.ok();
    let names: Vec<&str> =
        worlds.as_array().expect("worlds").iter().filter_map(|world| world["name"].as_str()).collect();
    assert_eq!(names.len(), acknowledged + 2, "{names:?}");
}

#[tokio::test]
async fn a_file_that_another_program_holds_is_busy_and_says_when_to_ask_again() {
    let folder = folder();
    let file = folder.path().join("worlds.db");
    let server = start("idp", &file).await;
    assert_eq!(write(&server).await.status, 200);
    let Some(mut holder) = hold(&file) else { return println!("no sqlite3 here; `worlds` shows the same") };
    let answer = write(&server).await;
    assert_eq!((answer.outcome().as_str(), answer.header("retry-after")), ("503 store-busy", "1"));
    // Who reads waits for nobody.
    assert_eq!(seq(&server).await, 1);
    drop(holder.stdin.take());
    holder.wait().expect("its end");
    assert_eq!(write(&server).await.status, 200);
    assert_eq!(server.get("/health").await.status, 200);
}

/// Another program that holds the file until its standard input is closed.
fn hold(file: &Path) -> Option<std::process::Child> {
    use std::{
        io::{BufRead as _, BufReader, Write as _},
        process::Stdio,
    };
    let mut sqlite = Command::new("sqlite3");
    let mut holder = sqlite.arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    holder.stdin.as_mut()?.write_all(b"begin immediate;\nselect 'held';\n").ok()?;
    let mut line = String::new();
    BufReader::new(holder.stdout.as_mut()?).read_line(&mut line).ok()?;
    assert_eq!(line.trim(), "held");
    Some(holder)
}

/// Resident memory of a server, bytes.
fn resident(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.program.id())).expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[tokio::test]
async fn a_copy_of_a_world_takes_little_memory_and_a_dropped_one_none() {
    const COPIES: u64 = 1_000;
    let server = Server::idp().await;
    let demo: Value = server.get("/control/worlds/main/export").await.ok();
    assert!(demo["genesis"]["seed"].is_object());
    let fork = async |round: u64, number: u64| {
        let name = json!({ "name": format!("copy-{round}-{number}") });
        assert_eq!(server.post("/control/worlds/main/fork", &name).await.status, 201);
    };
    fork(0, COPIES).await;
    let before = resident(&server);
    let mut after = Vec::new();
    for round in 0..3 {
        for number in 0..COPIES {
            fork(round, number).await;
        }
        after.push(resident(&server));
        for number in 0..COPIES {
            let path = format!("/control/worlds/copy-{round}-{number}");
            assert_eq!(server.send(server.request(reqwest::Method::DELETE, &path)).await.status, 204);
        }
    }
    let each = after[0].saturating_sub(before) / COPIES;
    println!("{each} bytes a copy; after further rounds {after:?}");
    assert!(each < 10 * 1024, "{each} bytes a copy");
    // What was dropped is used again.
    assert!(after[2] < after[0] + 2 * 1024 * 1024, "{after:?}");
}
