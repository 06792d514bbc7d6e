//! Clients that are restarted, that have a world for each fault, that die in between; and a run that is stopped.

use std::{collections::BTreeSet, fmt::Write as _, fs, sync::atomic::Ordering};

use serde_json::json;
use tests::{Program, Server, repository};

use super::{
    FAULTS,
    judging::{Judging, names},
    site::{Flaw, SECRET, Site},
};

#[tokio::test]
async fn a_client_that_keeps_the_keys_is_restarted_by_the_command_of_its_description() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::KeepsKeys).await;
    let judging = Judging::of(&site, &idp.url, &[]);
    let ended = judging.run(&["--only", "keys.empty-set"]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("назовите в описании команду restart"), "{}", ended.out);
    assert_eq!(site.restarts.load(Ordering::SeqCst), 0);

    let command = format!("sign-out: {{open: /logout}}\nrestart: [curl, -fsS, '{}/restart']", site.own);
    let judging = Judging::of(&site, &idp.url, &[("sign-out: {open: /logout}", &command)]);
    let ended = judging.run(&["--only", "keys.empty-set,sig.stranger"]).await;
    // It is restarted to meet the fault, keeps the empty set, and is restarted once more before the next fault.
    assert_eq!(judging.with("failed"), names("keys.empty-set"), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed"), names("sig.stranger"), "{}", ended.out);
    assert!(ended.out.contains("следующий вход, уже без ошибки, не удался"), "{}", ended.out);
    assert!(site.restarts.load(Ordering::SeqCst) >= 1);
}

#[tokio::test]
async fn a_client_with_a_world_for_each_fault_is_met_in_fresh_worlds_at_once() {
    let idp = Server::idp().await;
    let site = Site::unregistered(&idp, Flaw::Nothing).await;
    let folder = tempfile::tempdir().expect("folder");
    let world = folder.path().join("world.yaml");
    let mut text = fs::read_to_string(repository().join("scenarios/worlds/взрослые.yaml")).expect("a world");
    let clock = text.find("clock: ").expect("its clock");
    let line = text.get(clock..).and_then(|rest| rest.find('\n')).expect("a whole line");
    // This site goes by the machine's clock.
    text.replace_range(clock..=clock + line, "");
    let mut uris = Vec::new();
    for number in 0..30 {
        uris.push(format!("{}/w/conformance-oidc-{number}/callback", site.own));
    }
    let client = json!({ "mnemonic": "SITE", "title": "Сайт", "organisation": "Мы", "redirect-domains": ["127.0.0.1"], "scopes": ["openid"],
        "oidc": { "redirect-uris": uris, "secret": SECRET } });
    let at = text.find("    - mnemonic: RYAZAN-DIARY").expect("the diary's registration");
    let mut line = String::new();
    writeln!(line, "    - {client}").expect("text");
    text.insert_str(at, &line);
    fs::write(&world, text).expect("a world");

    let world = world.display().to_string();
    let person = format!("person: нина\nworld: {world}");
    let judging =
        Judging::at_base(&format!("{}/w/{{world}}/", site.own), &idp.url, &[("person: анна", person.as_str())]);
    let ended = judging.run(&["--only", "sig.stranger,sig.bit-flipped,keys.empty-set,claim.aud-other"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed").len(), 4, "{}", ended.out);
    let worlds = idp.get("/control/worlds").await.ok();
    let left: Vec<_> = worlds.as_array().expect("worlds").iter().filter_map(|world| world["name"].as_str()).collect();
    assert_eq!(left, ["main"], "no world is left behind");
}

#[tokio::test]
async fn a_client_that_dies_in_between_leaves_what_was_judged() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::GoneAfter(9)).await;
    let judging = Judging::of(&site, &idp.url, &[]);
    let ended = judging.run(&["--only", FAULTS]).await;
    assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
    assert!(!judging.with("passed").is_empty(), "{}", ended.out);
    assert!(!judging.with("not-judged").is_empty(), "{}", ended.out);
    assert_eq!(judging.with("failed"), BTreeSet::new(), "gone is not wrong: {}", ended.out);
    assert_eq!(idp.get("/control/faults").await.ok(), json!([]), "no fault is left behind");
}

#[tokio::test]
async fn ctrl_c_ends_with_3_keeps_what_was_judged_and_leaves_no_fault_behind() {
    for signal in ["INT", "TERM"] {
        let idp = Server::idp().await;
        let site = Site::start(&idp, Flaw::Nothing).await;
        let judging = Judging::of(&site, &idp.url, &[]);
        let args = judging.args(&["--only", "sig,claim"]);
        let mut run = Program::start(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let first = run.line().await.expect("a verdict");
        assert!(first.starts_with("✔ oidc"), "{first}");
        run.signal(signal);
        let ended = run.ended().await;
        assert_eq!(ended.code, Some(3), "{}\n{}", ended.out, ended.err);
        assert!(ended.err.contains("остановлено, отчёты записаны"), "{}", ended.err);
        let (passed, rest) = (judging.with("passed"), judging.with("not-judged"));
        assert!(!passed.is_empty() && rest.len() > passed.len(), "{passed:?} {rest:?}");
        assert!(judging.read("r.html").contains("прогон остановлен раньше"));
        assert!(judging.read("r.xml").contains("<error "));
        assert_eq!(idp.get("/control/faults").await.ok(), json!([]), "no fault is left behind");
    }
}
