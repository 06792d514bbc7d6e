use serde_json::json;
use worlds::Domain as _;

use super::*;
use crate::{
    state::Gosuslugi,
    testing::{Rig, family, september, state},
};

fn input() -> CardInput {
    CardInput {
        last: "Петрова".to_owned(),
        first: "Мария".to_owned(),
        middle: "Петровна".to_owned(),
        gender: "F".to_owned(),
        born: "2016-01-31".to_owned(),
        kind: String::new(),
        series: "I-ОО".to_owned(),
        number: "000014".to_owned(),
        snils: String::new(),
    }
}

#[test]
fn each_field_of_a_card_is_refused_by_its_name() {
    let fault = |field: &str, break_it: fn(&mut CardInput)| {
        let mut broken = input();
        break_it(&mut broken);
        let faults = broken.read().unwrap_err();
        assert!(!faults.of(field).is_empty(), "{field}: {faults:?}");
        faults.of(field).to_owned()
    };
    assert!(input().read().is_ok());
    fault("last", |card| card.last.clear());
    fault("first", |card| card.first = "1".to_owned());
    fault("gender", |card| card.gender = "X".to_owned());
    fault("born", |card| card.born = "31.02.2016".to_owned());
    fault("kind", |card| card.kind = "martian".to_owned());
    fault("series", |card| card.series = "ОО".to_owned());
    fault("number", |card| card.number = "12".to_owned());
    let snils = fault("snils", |card| card.snils = "112-233-445 96".to_owned());
    assert!(snils.contains("контрольн"), "{snils}");
}

fn certificate(text: &str) -> crate::portal::agencies::BirthDocument {
    text.parse::<esia::BirthCertificate>().unwrap().into()
}

fn refused(guardian: &str, change: fn(&mut CardData)) -> &'static str {
    let state = state(family());
    let guardian = state.portal.cast.account(guardian, &state.portal.accounts).unwrap().oid;
    let mut data = input().read().unwrap();
    change(&mut data);
    state
        .portal
        .add_card(guardian, data, worlds::moscow::date(september()))
        .map_or_else(|error| error.code(), |_| "added")
}

#[test]
fn a_child_is_added_once_by_a_confirmed_guardian() {
    assert_eq!(refused("анна", |_| {}), "added");
    assert_eq!(refused("соседка", |_| {}), "account-not-confirmed");
    assert_eq!(refused("анна", |data| data.certificate = Some(certificate("I-ОО 000011"))), "card-already-there");
    assert_eq!(refused("анна", |data| data.snils = Some("001-000-011 00".parse().unwrap())), "card-already-there");
    assert_eq!(
        refused("анна", |data| data.certificate =
            Some(crate::portal::agencies::BirthDocument::Foreign("AB 1".to_owned()))),
        "foreign-document"
    );
    assert_eq!(refused("анна", |data| data.born = "2006-09-02".parse().unwrap()), "not-a-child");
    assert_eq!(refused("анна", |data| data.born = "2006-09-03".parse().unwrap()), "added");
    assert_eq!(refused("анна", |data| data.born = "2024-09-03".parse().unwrap()), "not-a-child");
}

fn offer(state: &Gosuslugi, child: &str, today: &str) -> &'static str {
    let anna = state.portal.cast.account("анна", &state.portal.accounts).unwrap().oid;
    let card = state.portal.family.of(anna).find(|card| card.name.first() == child).unwrap();
    state.portal.offers_account(card, today.parse().unwrap()).map_or_else(|error| error.code(), |()| "offered")
}

#[test]
fn creating_is_offered_when_both_documents_are_confirmed_and_the_child_is_young_enough() {
    let of_2024 = state(family());
    assert_eq!(offer(&of_2024, "Иван", "2024-09-02"), "offered");
    assert_eq!(offer(&of_2024, "Иван", "2031-05-19"), "offered");
    assert_eq!(offer(&of_2024, "Иван", "2031-05-20"), "too-old");
    assert_eq!(offer(&of_2024, "Екатерина", "2024-09-02"), "has-account");
    let mut rules = family();
    rules["settings"] = json!({ "ruleset": "2023" });
    let of_2023 = state(rules);
    assert_eq!(offer(&of_2023, "Иван", "2027-05-19"), "offered");
    assert_eq!(offer(&of_2023, "Иван", "2027-05-20"), "too-old");
    for typed in [json!({ "birth-certificate": "I-ОО 999999" }), json!({ "snils": "001-000-099 00" })] {
        let mut wrong = family();
        wrong["families"][0]["card"] = typed;
        assert_eq!(offer(&state(wrong), "Иван", "2024-09-02"), "documents-not-confirmed");
    }
}

#[test]
fn creating_takes_a_russian_certificate_or_since_2024_a_foreign_one_that_a_service_centre_has_seen() {
    let with = |ruleset: &str, change: fn(&mut serde_json::Value)| {
        let mut section = family();
        section["settings"] = json!({ "ruleset": ruleset });
        change(&mut section["people"]["ваня"]);
        offer(&state(section), "Иван", "2024-09-02")
    };
    let consular: fn(&mut serde_json::Value) = |child| child["birth-certificate-kind"] = json!("consular");
    let ussr: fn(&mut serde_json::Value) = |child| child["birth-certificate-kind"] = json!("ussr");
    let foreign: fn(&mut serde_json::Value) = |child| {
        child.as_object_mut().unwrap().remove("birth-certificate");
        child["foreign-birth-document"] = json!("AB 123");
    };
    assert_eq!((with("2023", consular), with("2024", consular)), ("offered", "offered"));
    assert_eq!((with("2023", ussr), with("2024", ussr)), ("document-not-russian", "document-not-russian"));
    assert_eq!((with("2023", foreign), with("2024", foreign)), ("document-not-russian", "offered"));
    let without_snils: fn(&mut serde_json::Value) = |child| {
        child.as_object_mut().unwrap().remove("birth-certificate");
        child.as_object_mut().unwrap().remove("snils");
        child["foreign-birth-document"] = json!("AB 123");
    };
    assert_eq!(with("2024", without_snils), "documents-not-confirmed", "without a СНИЛС nothing");
}

/// Seed in which Ваня's card is not checked, and Маша can be added as a second child.
fn unchecked() -> serde_json::Value {
    let mut section = family();
    section["people"]["маша"] = json!({ "name": "Петрова Мария Петровна", "gender": "F", "born": "2016-01-31",
        "snils": "001-000-014 00", "birth-certificate": "I-ОО 000014", "paternity-certificate": "II-ОО 000001" });
    section["families"] = json!([
        { "guardian": "анна", "child": "ваня", "checked": false, "card": { "birth-certificate": "I-ОО 000099" } },
        { "guardian": "анна", "child": "маша", "checked": false },
        { "guardian": "пётр", "child": "маша", "checked": false },
    ]);
    section["bindings"] = json!([]);
    section
}

#[tokio::test]
async fn a_card_is_checked_and_mended_over_json() {
    let rig = Rig::new(unchecked()).await;
    let anna = rig.session("анна").await;
    let call = async |method: &str, path: &str, body: serde_json::Value| {
        rig.person(&anna).call(method, &format!("/lk/api/family/1{path}"), &body).await
    };
    let sent = call("POST", "/check", json!({})).await;
    assert_eq!(sent.json(202)["certificate_status"], "checking");
    assert_eq!(call("POST", "/check", json!({})).await.outcome(), "409 checking");
    assert_eq!(call("DELETE", "/certificate", json!({})).await.outcome(), "409 checking");
    assert_eq!(call("PUT", "/papers/oms", json!({ "value": "1234567890123456" })).await.outcome(), "409 checking");
    rig.wall.set(september() + chrono::TimeDelta::minutes(15));
    let card = call("GET", "", json!({})).await.ok();
    assert_eq!((card["certificate_status"].as_str(), card["may_bind"].as_bool()), (Some("not-in-zags"), Some(false)));
    let certificate = |number: &str| json!({ "series": "I-ОО", "number": number });
    assert_eq!(call("PUT", "/certificate", certificate("000011")).await.outcome(), "409 certificate-there");
    assert_eq!(call("DELETE", "/certificate", json!({})).await.outcome(), "200");
    assert_eq!(call("DELETE", "/certificate", json!({})).await.outcome(), "409 no-certificate");
    assert_eq!(call("PUT", "/certificate", certificate("x")).await.outcome(), "400 bad-field number");
    assert_eq!(call("PUT", "/certificate", certificate("000014")).await.outcome(), "409 card-already-there name");
    let foreign = json!({ "kind": "foreign", "number": "AB 123" });
    assert_eq!(call("PUT", "/certificate", foreign).await.outcome(), "409 foreign-document kind");
    assert_eq!(call("PUT", "/certificate", certificate("000011")).await.outcome(), "200");
    call("POST", "/check", json!({})).await;
    rig.wall.set(september() + chrono::TimeDelta::minutes(30));
    assert_eq!(call("GET", "", json!({})).await.ok()["may_create"], true);
    assert_eq!(call("POST", "/check", json!({})).await.outcome(), "409 nothing-to-check");
    assert_eq!(
        call("PUT", "/papers/snils", json!({ "value": "001-000-012 00" })).await.outcome(),
        "409 document-confirmed"
    );
}

#[tokio::test]
async fn other_documents_stand_on_a_card_and_zags_checks_its_own() {
    let rig = Rig::new(unchecked()).await;
    let anna = rig.session("анна").await;
    let call = async |method: &str, path: &str, body: serde_json::Value| {
        rig.person(&anna).call(method, &format!("/lk/api/family/2{path}"), &body).await
    };
    let put = async |paper: &str, value: &str| {
        call("PUT", &format!("/papers/{paper}"), json!({ "value": value })).await.outcome()
    };
    assert_eq!(put("oms", "123").await, "400 bad-field value");
    assert_eq!(put("inn", "12345678901").await, "400 bad-field value");
    assert_eq!(put("paternity", "II 000001").await, "400 bad-field value");
    assert_eq!(put("snils", "112-233-445 96").await, "400 bad-field value");
    assert_eq!(put("visa", "1").await, "404 not-found");
    assert_eq!(call("DELETE", "/papers/oms", json!({})).await.outcome(), "409 no-document");
    assert_eq!(put("oms", "1234 5678 9012 3456").await, "200");
    assert_eq!(put("inn", "001234567890").await, "200");
    assert_eq!(put("paternity", "II-ОО 000001").await, "200");
    assert_eq!(put("name-change", "II-ОО 000002").await, "200");
    call("POST", "/check", json!({})).await;
    rig.wall.set(september() + chrono::TimeDelta::minutes(15));
    let card = call("GET", "", json!({})).await.ok();
    let papers: Vec<_> = card["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|paper| {
            format!(
                "{} {} {}",
                paper["paper"].as_str().unwrap(),
                paper["value"].as_str().unwrap_or("-"),
                paper["status"].as_str().unwrap()
            )
        })
        .collect();
    insta::assert_snapshot!(papers.join("\n"), @r"
    snils 001-000-014 00 confirmed
    oms 1234567890123456 entered
    inn 001234567890 entered
    paternity II-ОО 000001 confirmed
    name-change II-ОО 000002 not-in-zags
    ");
    assert_eq!(call("DELETE", "/papers/oms", json!({})).await.outcome(), "200");
    assert_eq!(call("DELETE", "/papers/paternity", json!({})).await.outcome(), "409 document-confirmed");
    assert_eq!(put("name-change", "II-ОО 000003").await, "200", "what was not found may be mended");
}

#[tokio::test]
async fn marked_cards_are_sent_together_or_not_at_all() {
    let rig = Rig::new(unchecked()).await;
    let anna = rig.session("анна").await;
    let send = async |cards: serde_json::Value| {
        rig.person(&anna).post("/lk/api/family/check", &json!({ "card": cards })).await
    };
    assert_eq!(send(json!([])).await.outcome(), "409 nothing-marked card");
    assert_eq!(send(json!([1, 3])).await.outcome(), "404 card-unknown", "somebody else's");
    let one = rig.person(&anna).get("/lk/api/family/1").await.ok();
    assert_eq!(one["certificate_status"], "entered", "nothing half done");
    let first = send(json!([1, 2, 2])).await;
    let statuses: Vec<_> =
        first.json(202).as_array().unwrap().iter().map(|card| card["snils_status"].clone()).collect();
    assert_eq!(statuses, ["searching", "searching"]);
    let again = send(json!([1, 2])).await;
    assert_eq!(again.outcome(), "409 checking card");
    assert!(again.body.contains("Петров Иван Петрович"), "{}", again.body);
}

#[tokio::test]
async fn of_two_cards_of_one_child_at_once_one_is_made() {
    let rig = Rig::new(family()).await;
    let anna = rig.session("анна").await;
    let card = json!({ "last": "Петрова", "first": "Мария", "gender": "F", "born": "2016-01-31", "series": "I-ОО", "number": "000014" });
    let add = || rig.person(&anna).post("/lk/api/family", &card);
    let (one, other) = tokio::join!(add(), add());
    let mut outcomes = [one.outcome(), other.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["201", "409 card-already-there name"]);
}

#[tokio::test]
async fn auto_update_is_off_before_data_are_entered_and_has_them_checked_when_switched_on() {
    let mut section = unchecked();
    section["settings"] = json!({ "auto-update": true, "auto-update-term": { "calendar-days": 5 } });
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    let auto = async |method: &str, body: serde_json::Value| {
        rig.person(&anna).call(method, "/lk/api/family/auto-update", &body).await
    };
    let card = json!({ "last": "Петров", "first": "Лев", "gender": "M", "born": "2018-01-31", "series": "I-ОО", "number": "000018" });
    let add = async || rig.person(&anna).post("/lk/api/family", &card).await.outcome();
    assert_eq!(add().await, "409 auto-update-on");
    assert_eq!(rig.person(&anna).delete("/lk/api/family/1/certificate").await.outcome(), "409 auto-update-on");
    assert_eq!(auto("PUT", json!({})).await.outcome(), "409 auto-update-on");
    assert_eq!(auto("DELETE", json!({})).await.ok()["state"], "switching-off");
    assert_eq!(auto("DELETE", json!({})).await.outcome(), "409 auto-update-switching");
    assert_eq!(auto("PUT", json!({})).await.outcome(), "409 auto-update-switching");
    rig.wall.set(september() + chrono::TimeDelta::minutes(5 * 24 * 60 - 1));
    let anna_again = rig.session("анна").await;
    let auto = async |method: &str, body: serde_json::Value| {
        rig.person(&anna_again).call(method, "/lk/api/family/auto-update", &body).await
    };
    let add = async || rig.person(&anna_again).post("/lk/api/family", &card).await.outcome();
    assert_eq!(add().await, "409 auto-update-switching");
    rig.wall.set(september() + chrono::TimeDelta::days(5));
    assert_eq!(add().await, "201");
    assert_eq!(auto("DELETE", json!({})).await.outcome(), "409 auto-update-off", "off already: the step is skipped");
    assert_eq!(auto("PUT", json!({ "card": [2] })).await.ok()["state"], "on");
    let cards = rig.person(&anna_again).get("/lk/api/family").await.ok();
    let statuses: Vec<_> =
        cards.as_array().unwrap().iter().map(|card| card["certificate_status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["entered", "checking", "entered"], "the marked one only");
}

#[test]
fn a_seed_that_could_be_a_real_person_or_contradicts_itself_is_refused_by_path() {
    let refused = |change: fn(&mut serde_json::Value)| {
        let mut section = family();
        change(&mut section);
        let document = worlds::SeedDocument { gosuslugi: section, ..Default::default() };
        Gosuslugi::genesis(&document, september()).unwrap_err().path
    };
    assert_eq!(refused(|s| s["people"]["анна"]["snils"] = json!("112-233-445 95")), "gosuslugi.people.анна.snils");
    assert_eq!(
        refused(|s| s["people"]["анна"]["account"]["email"] = json!("anna@mail.ru")),
        "gosuslugi.people.анна.account.email"
    );
    assert_eq!(
        refused(|s| s["people"]["анна"]["account"]["phone"] = json!("+79161234567")),
        "gosuslugi.people.анна.account.phone"
    );
    assert_eq!(
        refused(|s| s["people"]["пётр"]["account"]["email"] = json!("anna@family.test")),
        "gosuslugi.people.пётр.account.email"
    );
    assert_eq!(refused(|s| s["people"]["катя"]["snils"] = json!("001-000-001 00")), "gosuslugi.people.катя.snils");
    assert_eq!(
        refused(|s| s["people"]["катя"]["birth-certificate"] = json!("I-ОО 000011")),
        "gosuslugi.people.катя.birth-certificate"
    );
    assert_eq!(refused(|s| s["families"][0]["child"] = json!("никто")), "gosuslugi.families[0].child");
    assert_eq!(refused(|s| s["bindings"][0]["child"] = json!("пётр")), "gosuslugi.bindings[0].child");
    assert_eq!(
        refused(|s| s["clients"][0]["redirect-domains"] = json!(["a b"])),
        "gosuslugi.clients[0].redirect-domains[0]"
    );
    assert_eq!(refused(|s| s["clients"][0]["certificates"] = json!(["x"])), "gosuslugi.clients[0].certificates[0]");
}
