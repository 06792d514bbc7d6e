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
    fault("series", |card| card.series = "ОО".to_owned());
    fault("number", |card| card.number = "12".to_owned());
    let snils = fault("snils", |card| card.snils = "112-233-445 96".to_owned());
    assert!(snils.contains("контрольн"), "{snils}");
}

#[test]
fn agencies_answer_from_their_records() {
    use CheckStatus::{Confirmed, NotInSfr, NotInZags};
    let state = state(family());
    let ivan = |change: fn(&mut CardData)| {
        let mut data = CardData {
            name: "Петров Иван Петрович".parse().unwrap(),
            gender: esia::person::Gender::M,
            born: "2013-05-20".parse().unwrap(),
            certificate: Some("I-ОО 000011".parse().unwrap()),
            snils: Some("001-000-011 00".parse().unwrap()),
        };
        change(&mut data);
        (state.agencies.check_birth(&data), state.agencies.check_snils(&data))
    };
    let own: Option<esia::Snils> = Some("001-000-011 00".parse().unwrap());
    assert_eq!(ivan(|_| {}), (Confirmed, (Confirmed, own)));
    assert_eq!(ivan(|data| data.snils = None), (Confirmed, (Confirmed, own)), "СФР finds it by name and birth");
    assert_eq!(ivan(|data| data.certificate = Some("I-ОО 000012".parse().unwrap())).0, NotInZags);
    let others: esia::Snils = "001-000-012 00".parse().unwrap();
    assert_eq!(ivan(|data| data.snils = Some("001-000-012 00".parse().unwrap())).1, (NotInSfr, Some(others)));
    assert_eq!(ivan(|data| data.name = "Петров Иван".parse().unwrap()), (NotInZags, (NotInSfr, own)));
    assert_eq!(ivan(|data| data.born = "2013-05-21".parse().unwrap()), (NotInZags, (NotInSfr, own)));
}

fn refused(guardian: &str, change: fn(&mut CardData)) -> &'static str {
    let state = state(family());
    let guardian = state.cast.account(guardian, &state.accounts).unwrap().oid;
    let mut data = input().read().unwrap();
    change(&mut data);
    state.add_card(guardian, data, web::date(september())).map_or_else(|error| error.code(), |_| "added")
}

#[test]
fn a_child_is_added_once_by_a_confirmed_guardian() {
    assert_eq!(refused("анна", |_| {}), "added");
    assert_eq!(refused("соседка", |_| {}), "account-not-confirmed");
    assert_eq!(refused("анна", |data| data.certificate = Some("I-ОО 000011".parse().unwrap())), "card-already-there");
    assert_eq!(refused("анна", |data| data.snils = Some("001-000-011 00".parse().unwrap())), "card-already-there");
    assert_eq!(refused("анна", |data| data.born = "2006-09-02".parse().unwrap()), "not-a-child");
    assert_eq!(refused("анна", |data| data.born = "2006-09-03".parse().unwrap()), "added");
    assert_eq!(refused("анна", |data| data.born = "2024-09-03".parse().unwrap()), "not-a-child");
}

#[test]
fn creating_is_offered_when_both_documents_are_confirmed_and_the_child_is_young_enough() {
    let offer = |state: &Gosuslugi, child: &str, today: &str| {
        let anna = state.cast.account("анна", &state.accounts).unwrap().oid;
        let card = state.family.of(anna).find(|card| card.name.first() == child).unwrap();
        state.offers_account(card, today.parse().unwrap()).map_or_else(|error| error.code(), |()| "offered")
    };
    let state_2024 = state(family());
    assert_eq!(offer(&state_2024, "Иван", "2024-09-02"), "offered");
    assert_eq!(offer(&state_2024, "Иван", "2031-05-19"), "offered");
    assert_eq!(offer(&state_2024, "Иван", "2031-05-20"), "too-old");
    assert_eq!(offer(&state_2024, "Екатерина", "2024-09-02"), "has-account");
    let mut of_2023 = family();
    of_2023["settings"] = json!({ "oldest-child": 13 });
    assert_eq!(offer(&state(of_2023), "Иван", "2027-05-20"), "too-old");
    for typed in [json!({ "birth-certificate": "I-ОО 999999" }), json!({ "snils": "001-000-099 00" })] {
        let mut wrong = family();
        wrong["families"][0]["card"] = typed;
        assert_eq!(offer(&state(wrong), "Иван", "2024-09-02"), "documents-not-confirmed");
    }
}

#[tokio::test]
async fn a_card_is_checked_mended_and_gets_an_account_over_json() {
    let mut section = family();
    section["families"][0] = json!({ "guardian": "анна", "child": "ваня", "checked": false, "card": { "birth-certificate": "I-ОО 000099" } });
    let rig = Rig::new(section).await;
    let anna = rig.session("анна").await;
    let call = async |method: &str, path: &str, body: serde_json::Value| {
        rig.call(method, &format!("/lk/api/family/1{path}"), Some(&anna), &body).await
    };
    let account = json!({ "email": "vanya@family.test", "password": "vanya-secret", "repeated": "vanya-secret" });
    assert_eq!(call("POST", "/account", account.clone()).await.outcome(), "409 documents-not-confirmed -");
    let sent = call("POST", "/check", json!({})).await;
    assert_eq!((sent.outcome().as_str(), sent.json()["certificate_status"].as_str()), ("202", Some("checking")));
    assert_eq!(call("POST", "/check", json!({})).await.outcome(), "409 checking -");
    assert_eq!(call("DELETE", "/certificate", json!({})).await.outcome(), "409 checking -");
    rig.wall.set(september() + chrono::TimeDelta::minutes(15));
    let card = call("GET", "", json!({})).await.json();
    assert_eq!((card["certificate_status"].as_str(), card["may_bind"].as_bool()), (Some("not-in-zags"), Some(false)));
    assert_eq!(
        call("PUT", "/certificate", json!({ "series": "I-ОО", "number": "000011" })).await.outcome(),
        "409 certificate-there -"
    );
    assert_eq!(call("DELETE", "/certificate", json!({})).await.outcome(), "200");
    assert_eq!(
        call("PUT", "/certificate", json!({ "series": "I-ОО", "number": "x" })).await.outcome(),
        "400 bad-field number"
    );
    assert_eq!(call("PUT", "/certificate", json!({ "series": "I-ОО", "number": "000011" })).await.outcome(), "200");
    call("POST", "/check", json!({})).await;
    rig.wall.set(september() + chrono::TimeDelta::minutes(30));
    assert_eq!(call("GET", "", json!({})).await.json()["may_create"], true);
    let taken = json!({ "email": "katya@family.test", "password": "vanya-secret", "repeated": "vanya-secret" });
    assert_eq!(call("POST", "/account", taken).await.outcome(), "409 email-taken email");
    let short = json!({ "email": "vanya@family.test", "password": "short", "repeated": "short" });
    assert_eq!(call("POST", "/account", short).await.outcome(), "400 bad-field password");
    let made = call("POST", "/account", account.clone()).await;
    assert!(made.json()["account"].is_u64(), "{}", made.body);
    assert_eq!(call("POST", "/account", account).await.outcome(), "409 has-account -");
    let people = rig.call("GET", "/control/people", None, &json!({})).await.json();
    let vanya = people.as_array().unwrap().iter().find(|person| person["key"] == "ваня").unwrap();
    assert_eq!(vanya["login"], "vanya@family.test");
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
        "gosuslugi.clients[0].DIARY.redirect-domains[0]"
    );
    assert_eq!(
        refused(|s| s["clients"][0]["certificates"] = json!(["x"])),
        "gosuslugi.clients[0].DIARY.certificates[0]"
    );
}
