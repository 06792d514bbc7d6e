use insta::assert_snapshot;
use serde_json::{Value, json};
use worlds::{Domain as _, SeedDocument};

use crate::{
    Gosuslugi,
    testing::{family, september},
};

/// Seed of the test family, with Анна as the head of a school.
fn school(change: fn(&mut Value)) -> Value {
    let mut section = family();
    section["organisations"] = json!({ "школа": {
        "oid": 1_000_000_111, "full-name": "МБОУ «Школа № 43»", "short-name": "Школа № 43", "type": "LEGAL",
        "ogrn": "1000000000000", "inn": "0000000000", "kpp": "000001001",
        "groups": { "ORG_ADMIN": { "name": "Администраторы" } },
        "employees": { "анна": { "chief": true, "groups": ["ORG_ADMIN"] } },
        "clients": ["DIARY"],
    } });
    change(&mut section);
    section
}

fn refused(change: fn(&mut Value)) -> String {
    let document = SeedDocument { gosuslugi: school(change), ..SeedDocument::default() };
    Gosuslugi::genesis(&document, september()).err().map_or_else(String::new, |error| error.to_string())
}

#[test]
fn who_works_for_an_organisation_may_act_for_it() {
    let state = crate::testing::state(school(|_| {}));
    let anna = state.portal.cast.account("анна", &state.portal.accounts).unwrap();
    assert_eq!(anna.roles.iter().map(|role| role.organisation.as_str()).collect::<Vec<_>>(), ["Школа № 43"]);
    assert!(state.portal.works_for(anna.oid, anna.roles[0].oid));
    assert!(state.portal.organisations.of_client(&"DIARY".parse().unwrap()).is_some());
    let blocked = crate::testing::state(school(|s| {
        s["organisations"]["школа"]["employees"]["анна"]["blocked"] = json!(true);
    }));
    assert!(blocked.portal.cast.account("анна", &blocked.portal.accounts).unwrap().roles.is_empty());
}

#[test]
fn a_seed_that_contradicts_itself_is_told_where() {
    assert_eq!(refused(|_| {}), "");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["oid"] = json!(1_000_300_001)), @"gosuslugi.organisations.школа.oid: такой номер уже есть");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["employees"] = json!({ "никто": {} })), @"gosuslugi.organisations.школа.employees.никто: человека «никто» нет в people");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["employees"]["анна"]["groups"] = json!(["X"])), @"gosuslugi.organisations.школа.employees.анна.groups: группы «X» в groups нет");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["type"] = json!("BUSINESS")), @"gosuslugi.organisations.школа.ogrn: у организации 13 цифр, у предпринимателя 15");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["clients"] = json!(["NOBODY"])), @"gosuslugi.organisations.школа.clients.NOBODY: такой системы в clients нет");
}

#[test]
fn numbers_of_real_organisations_are_refused() {
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["ogrn"] = json!("1047707030513")), @"gosuslugi.organisations.школа.ogrn: такой ОГРН может быть настоящим: берите с 4-й и 5-й цифрой 00, например 1000000000000");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["inn"] = json!("7707329152")), @"gosuslugi.organisations.школа.inn: такой ИНН может быть настоящим: берите на 00, например 000000000000 или 0000000000");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["kpp"] = json!("770701001")), @"gosuslugi.organisations.школа.kpp: такой КПП может быть настоящим: берите на 00");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["email"] = json!("school@mail.ru")), @"gosuslugi.organisations.школа.email: почта может быть настоящей: берите домены .test и .example");
    assert_snapshot!(refused(|s| s["organisations"]["школа"]["phone"] = json!("+79161234567")), @"gosuslugi.organisations.школа.phone: телефон может быть настоящим: берите +7(000)…");
}
