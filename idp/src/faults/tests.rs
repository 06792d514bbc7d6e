//! Faults are set, met, counted, lifted, told and carried along; the families have tests of their own.

use serde_json::json;

use super::testing::{Party, difference, in_journal, named, on, set, taken_apart};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Rig, september};

async fn call(rig: &Rig, method: &str, path: &str, body: serde_json::Value) -> String {
    let answer = rig.control().call(method, path, &body).await;
    let said = answer.problem(answer.status.as_u16());
    let text = |name: &str| said[name].as_str().unwrap_or("-").to_owned();
    format!("{} {} {} {}", answer.status.as_u16(), text("field"), text("title"), text("way_out"))
}

#[tokio::test]
async fn what_cannot_be_set_is_told_with_what_was_meant() {
    let rig = Party::Oidc.rig().await;
    let mut told = Vec::new();
    for body in [
        json!({ "fault": "hdr.alg-non" }),
        json!({ "fault": "цук" }),
        json!({ "fault": "net.tls-expired" }),
        json!({ "fault": "hdr.alg-none", "requests": 0 }),
        json!({ "fault": "hdr.alg-none", "until": "2024-09-02T06:00:00Z" }),
        json!({ "fault": "hdr.alg-none", "client": "DIARI" }),
        json!({ "fault": "hdr.alg-none", "person": "никто" }),
        json!({ "fault": "hdr.kid-duplicate", "person": "анна" }),
        json!({ "fault": "hdr.alg-none", "parameters": { "tokn": "id" } }),
        json!({ "fault": "hdr.alg-none", "parameters": { "token": "both of them" } }),
    ] {
        told.push(call(&rig, "POST", "/control/faults", body).await);
    }
    told.push(call(&rig, "DELETE", "/control/faults/7", json!({})).await);
    insta::assert_snapshot!(told.join("\n"), @"
    400 fault Ошибки «hdr.alg-non» в каталоге нет Похоже на hdr.alg-none
    400 fault Ошибки «цук» в каталоге нет Все ошибки: GET /control/faults/catalogue
    400 fault «net.tls-expired» не включают в мире: какой мир нужен клиенту, он скажет только после TLS Запустите сервер с --tls-faults: у каждой такой ошибки будет свой порт, GET /control/tls
    400 requests Нужно число от 1 -
    400 until Это время уже прошло: в мире сейчас 02.09.2024, 09:00 -
    400 client Системы «DIARI» в этом мире нет Похоже на DIARY
    404 key У «никто» нет учётной записи, или нет такого человека Кто в нём есть: GET /control/people
    400 person «hdr.kid-duplicate» меняет ответы, по которым не видно, о ком они Задайте client или ничего
    400 parameters.tokn У «hdr.alg-none» нет параметра «tokn» Есть: token
    400 parameters.token «both of them» здесь не бывает; бывает: id, access, both -
    404 - Ошибки № 7 нет: она снята, или её время вышло -
    ");
    assert!(on(&rig).await.is_empty());
}

#[tokio::test]
async fn a_fault_is_met_by_whom_it_is_meant_for_and_named_wherever_it_was_met() {
    let rig = Party::Oidc.rig().await;
    let without = taken_apart(&Party::Oidc.tokens(&rig).await);
    for scope in [json!({ "client": "DIARY" }), json!({ "person": "анна" }), json!({})] {
        let mut fault = json!({ "fault": "sig.bit-flipped" });
        fault.as_object_mut().unwrap().extend(scope.as_object().unwrap().clone());
        let number = set(&rig, fault).await;
        let answer = Party::Oidc.tokens(&rig).await;
        assert_eq!((named(&answer), in_journal(&rig, &answer).await), ("sig.bit-flipped", json!(["sig.bit-flipped"])));
        assert_eq!(difference(&without, &taken_apart(&answer)), "id signature nobody's", "{scope}");
        assert_eq!(rig.control().delete(&format!("/control/faults/{number}")).await.status, 204);
        let answer = Party::Oidc.tokens(&rig).await;
        assert_eq!((named(&answer), taken_apart(&answer)), ("", without.clone()));
        assert_eq!(in_journal(&rig, &answer).await, json!(null));
    }
    for scope in [json!({ "client": "SPA" }), json!({ "person": "пётр" })] {
        let mut fault = json!({ "fault": "sig.bit-flipped" });
        fault.as_object_mut().unwrap().extend(scope.as_object().unwrap().clone());
        set(&rig, fault).await;
        assert_eq!(taken_apart(&Party::Oidc.tokens(&rig).await), without, "{scope}");
    }
    assert_eq!(rig.control().delete("/control/faults").await.status, 204);
    assert!(on(&rig).await.is_empty());
}

#[tokio::test]
async fn a_fault_ends_with_its_count_or_with_its_time_and_the_timeline_tells() {
    let rig = Party::Oidc.rig().await;
    set(&rig, json!({ "fault": "hdr.alg-none", "requests": 2, "client": "DIARY" })).await;
    set(&rig, json!({ "fault": "sig.parts", "until": "2024-09-02T06:10:00Z", "person": "анна" })).await;
    let mut met = Vec::new();
    for _ in 0..3 {
        met.push(named(&Party::Oidc.tokens(&rig).await).to_owned());
    }
    assert_eq!(met, ["hdr.alg-none, sig.parts", "hdr.alg-none, sig.parts", "sig.parts"]);
    assert_eq!(on(&rig).await, ["sig.parts"]);
    rig.wall.set(september() + chrono::TimeDelta::minutes(10));
    assert!(on(&rig).await.is_empty());
    let timeline = rig.control().get("/control/timeline?limit=1000").await.ok();
    let lines = timeline.as_array().unwrap().iter().filter(|line| line["event"].get("fault").is_some());
    let told: Vec<_> = lines.map(|line| line["text"].as_str().unwrap()).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    Включена ошибка № 1 «hdr.alg-none»: система DIARY, ответов: 2
    Включена ошибка № 2 «sig.parts»: Петрова Анна Сергеевна, до 02.09.2024, 09:10
    Ошибка № 1 сработала, осталось ответов: 1
    Ошибка № 1 сработала, осталось ответов: 0
    Снята ошибка № 2
    ");
    let replayed = rig.replayed().await;
    assert!(replayed.faults.is_empty());
}

#[tokio::test]
async fn a_fault_goes_along_with_a_copy_of_its_world() {
    let rig = Party::Oidc.rig().await;
    set(&rig, json!({ "fault": "hdr.alg-none", "requests": 3 })).await;
    Party::Oidc.tokens(&rig).await;
    let (fork, import) = (rig.fork("copy").await, rig.import("from-file").await);
    for copy in [&fork, &import] {
        let list = copy.control().get("/control/faults").await.ok();
        assert_eq!((&list[0]["fault"], &list[0]["left"]), (&json!("hdr.alg-none"), &json!(2)));
    }
    fork.control().delete("/control/faults").await;
    assert_eq!((on(&fork).await.len(), on(&rig).await.len()), (0, 1));
}

#[tokio::test]
async fn the_console_turns_a_fault_on_and_lifts_it_by_one_button() {
    let rig = Party::Oidc.rig().await;
    let session = rig.session("анна").await;
    let form = async |path: &str, fields: &[(&'static str, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        rig.person(&session).form(path, &fields).await
    };
    let page = rig.anyone().page("/control/console/faults").await.body;
    assert!(page.contains("data-test=\"no-faults\"") && page.contains(">hdr.alg-none</code>"), "{page}");
    assert!(!page.contains(">sig.stranger</code>"), "another part of the catalogue");
    let found = rig.anyone().page("/control/console/faults?text=%D0%BF%D0%BE%D0%B4%D0%BF%D0%B8%D1%81%D0%B8").await.body;
    assert!(found.contains(">sig.bit-flipped</code>"), "found by a word of its text: {found}");

    let fields = [("fault", "sig.stranger"), ("client", "DIARY"), ("person", ""), ("requests", "2")];
    let on_now = form("/control/console/faults", &fields).await;
    assert_eq!((on_now.status.as_u16(), on_now.location()), (303, "/control/console/faults?family=sig"));
    let list = rig.control().get("/control/faults").await.ok();
    assert_eq!(
        (&list[0]["fault"], &list[0]["client"], &list[0]["left"]),
        (&json!("sig.stranger"), &json!("DIARY"), &json!(2))
    );
    for (fields, status) in
        [([("fault", "sig.strange"), ("requests", "")], 400), ([("fault", "sig.stranger"), ("requests", "x")], 400)]
    {
        assert_eq!(form("/control/console/faults", &fields).await.status, status, "{fields:?}");
    }
    assert_eq!(form("/control/console/faults/1/lift", &[]).await.status, 303);
    assert!(on(&rig).await.is_empty());
    form("/control/console/faults", &[("fault", "sig.stripped")]).await;
    form("/control/console/faults", &[("fault", "claim.aud-other")]).await;
    assert_eq!(on(&rig).await.len(), 2);
    assert_eq!(form("/control/console/faults/lift", &[]).await.status, 303);
    assert!(on(&rig).await.is_empty());
}
