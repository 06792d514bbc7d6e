//! `esia-stand conformance`: clients that are wrong in one thing fail by the name of that thing; a right one passes; a client
//! that cannot be judged is told apart from both.

mod judging;
mod junit;
pub(crate) mod site;
mod stopping;

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use tests::{Program, Server};

pub(crate) use judging::Judging;
use judging::names;
use site::{Flaw, Site};

/// The faults that are played: each of another kind.
const FAULTS: &str = "hdr.alg-none,hdr.alg-none-mixed-case,hdr.jku-foreign,sig.bit-flipped,sig.stranger,claim.aud-other,claim.iss-other,\
                      claim.exp-past,claim.nonce-other,claim.aud-array-own,ac.state-missing,ac.state-other,te.500,te.redirect";
/// Those that show when tokens are renewed.
const RENEWAL: &str = "te.refresh-other-person,te.refresh-other-issuer,te.refresh-revoked";

#[tokio::test]
async fn a_right_client_passes_and_the_reports_say_so() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::Nothing).await;
    let judging = Judging::of(&site, &idp.url, &[]);
    let ended = judging.run(&["--only", FAULTS]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed"), names(FAULTS), "{}", ended.out);
    assert!(ended.out.contains("Ошибок в каталоге: 14; пройдено 14, не пройдено 0\n"), "{}", ended.out);
    let junit = judging.read("r.xml");
    assert!(junit.contains(r#"<testcase name="sig.stranger" classname="conformance.oidc.sig""#), "{junit}");
    assert_eq!((junit.matches("<failure").count(), junit.matches("<error").count()), (0, 0));
    let html = judging.read("r.html");
    assert!(html.contains("Сайт") && html.contains("hdr.alg-none"), "{html}");
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "the page needs {outside}");
    }
    let left = idp.get("/control/faults").await.ok();
    assert_eq!(left, json!([]), "no fault is left behind");
}

/// Faults that a client with a flaw fails, of those that are played.
async fn failed_by(flaw: Flaw, only: &str) -> BTreeSet<String> {
    let idp = Server::idp().await;
    let judging = Judging::of(&Site::start(&idp, flaw).await, &idp.url, &[]);
    let ended = judging.run(&["--only", only]).await;
    assert_eq!(ended.code, Some(1), "{flaw:?}: {}\n{}", ended.out, ended.err);
    assert_eq!(judging.read("r.xml").matches("<failure").count(), judging.with("failed").len());
    assert_eq!(judging.with("not-judged"), BTreeSet::new(), "{flaw:?}: {}", ended.out);
    judging.with("failed")
}

#[tokio::test]
async fn a_client_that_believes_what_nobody_has_signed_fails_by_that_alone() {
    let expected = names("hdr.alg-none,hdr.alg-none-mixed-case");
    assert_eq!(failed_by(Flaw::BelievesAlgNone, FAULTS).await, expected);
}

#[tokio::test]
async fn a_client_that_ignores_state_fails_by_that_alone() {
    assert_eq!(failed_by(Flaw::IgnoresState, FAULTS).await, names("ac.state-missing,ac.state-other"));
}

#[tokio::test]
async fn a_client_that_goes_wherever_it_is_sent_fails_by_that_alone() {
    assert_eq!(failed_by(Flaw::FollowsForeign, FAULTS).await, names("hdr.jku-foreign,te.redirect"));
}

#[tokio::test]
async fn a_client_that_answers_with_500_where_it_should_refuse_fails_by_that_alone() {
    let mut expected = names(FAULTS);
    expected.remove("claim.aud-array-own");
    assert_eq!(failed_by(Flaw::AnswersWithError, FAULTS).await, expected);
}

#[tokio::test]
async fn a_session_that_should_end_when_tokens_are_renewed_is_looked_at_again() {
    let expected = names("te.refresh-other-person,te.refresh-other-issuer");
    assert_eq!(failed_by(Flaw::BelievesRenewed, RENEWAL).await, expected);
    let idp = Server::idp().await;
    let judging = Judging::of(&Site::start(&idp, Flaw::Nothing).await, &idp.url, &[]);
    let ended = judging.run(&["--only", RENEWAL]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("passed"), names(RENEWAL), "{}", ended.out);
}

#[tokio::test]
async fn what_a_client_is_wrong_in_is_told_and_what_is_known_need_not_stop_a_pipeline() {
    let idp = Server::idp().await;
    let judging = Judging::of(&Site::start(&idp, Flaw::BelievesAlgNone).await, &idp.url, &[]);
    let ended = judging.run(&["--only", "hdr.alg-none,sig.stranger", "--fail-on", "sig"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert!(ended.out.contains("впустил, а должен отказать"), "{}", ended.out);
    let judging = Judging::of(&Site::start(&idp, Flaw::FollowsForeign).await, &idp.url, &[]);
    let ended = judging.run(&["--only", "te.redirect"]).await;
    assert!(ended.out.contains("пошёл на чужой адрес: POST /token HTTP/1.1"), "{}", ended.out);
    let judging = Judging::of(&Site::start(&idp, Flaw::AnswersWithError).await, &idp.url, &[]);
    let ended = judging.run(&["--only", "sig.stranger"]).await;
    assert!(ended.out.contains("страница с ответом 500"), "{}", ended.out);
    let judging = Judging::of(&Site::start(&idp, Flaw::BelievesRenewed).await, &idp.url, &[]);
    let ended = judging.run(&["--only", "te.refresh-other-person"]).await;
    assert!(ended.out.contains("сеанс остался, хотя время его прошло"), "{}", ended.out);
}

#[tokio::test]
async fn a_client_that_cannot_be_judged_is_told_why() {
    let idp = Server::idp().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = format!("http://{}", nobody.local_addr().expect("its address"));
    drop(nobody);
    let broken = Site::start(&idp, Flaw::AlwaysBroken).await.own;
    let own = Site::start(&idp, Flaw::Nothing).await.own;
    for (base, other, told) in [
        (&silent, &[][..], "клиент не отвечает: "),
        (&broken, &[], "клиент отвечает 500 уже там, где вход начинается"),
        (&own, &[("open: /login", "open: /me")], "вход не ведёт на Госуслуги: проверьте sign-in"),
        (&own, &[("open: /login", "open: /me, press: Начать")], "sign-in: на странице клиента: "),
        (&own, &[("css: '#who'", "css: body")], "signed-in видно и тогда, когда никто не вошёл"),
        (&own, &[("css: '#who'", "css: '#name'")], "после входа без ошибок signed-in не видно"),
        (&own, &[("open: /logout", "open: /me")], "после выхода signed-in всё ещё видно"),
        (&own, &[("person: анна", "person: никто")], "Госуслуги отказывают"),
    ] {
        let judging = Judging::at_base(base, &idp.url, other);
        let ended = judging.run(&["--only", "sig.stranger"]).await;
        assert_eq!(ended.code, Some(3), "{other:?}: {}", ended.out);
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
        assert_eq!(judging.with("not-judged"), names("sig.stranger"));
        assert_eq!(judging.read("r.xml").matches("<error").count(), 1);
    }
    let wrong = Program::run(&["conformance", "--list", "--only", "sig.strangr"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("может быть: sig.stranger"), "{}", wrong.err);
}

#[tokio::test]
async fn two_sign_ins_at_once_and_an_answer_that_comes_twice_are_the_browsers_to_make() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::Nothing).await;
    let judging = Judging::of(&site, &idp.url, &[]);
    let ended = judging.run(&["--only", "ac.callback-twice,ac.two-tabs,ac.too-late"]).await;
    // This site knows one sign-in of a browser, and takes one answer twice to the provider.
    assert_eq!(judging.with("failed"), names("ac.callback-twice,ac.two-tabs"), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("обменял код дважды: POST /oidc/token"), "{}", ended.out);
    assert_eq!(judging.with("not-judged"), names("ac.too-late"), "{}", ended.out);
    assert!(ended.out.contains("часов этого клиента не передвинуть"), "{}", ended.out);
}

#[tokio::test]
async fn what_a_client_does_not_listen_to_it_cannot_miss() {
    let idp = Server::idp().await;
    let site = Site::start(&idp, Flaw::Nothing).await;
    let judging = Judging::of(&site, &idp.url, &[]);
    let ended = judging.run(&["--only", "out.alg-none,out.replayed,out.state-other"]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert_eq!(judging.with("not-applicable"), names("out.alg-none,out.replayed,out.state-other"), "{}", ended.out);
    assert_eq!(ended.out.matches("клиент не слушает, кто вышел с Госуслуг").count(), 2, "{}", ended.out);
}

#[tokio::test]
async fn our_own_diary_passes_all_that_it_can_meet_in_both_protocols() {
    let folder = tempfile::tempdir().expect("folder");
    let json = folder.path().join("r.json");
    let only = "sig,ac,disc,out,keys.fetch-500-cold,keys.no-overlap,claim.nbf-future,claim.sub-above-2^53,te.expires-in-string,\
                te.refresh-other-person,te.refresh-other-issuer,rs.person-changed";
    let args = ["conformance", "--diary", "--only", only, "--json", json.to_str().expect("its name")];
    let ended = Program::run(&args).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    let report: Value = serde_json::from_str(&fs::read_to_string(json).expect("report")).expect("JSON");
    let faults = report["faults"].as_array().expect("faults");
    for (protocol, least) in [("esia", 20), ("oidc", 35)] {
        let passed = faults.iter().filter(|one| one["protocol"] == protocol && one["verdict"] == "passed");
        assert!(passed.count() >= least, "{protocol}: {}", ended.out);
    }
    assert_eq!(report["counts"]["not-judged"], 0, "{}", ended.out);
}

#[tokio::test]
async fn our_own_diary_is_judged_over_https_as_well() {
    let only = "sig.stranger,net.garbage,net.cut,out.replayed";
    let ended = Program::run(&["conformance", "--diary", "--tls", "--only", only]).await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("не пройдено 0"), "{}", ended.out);
}
