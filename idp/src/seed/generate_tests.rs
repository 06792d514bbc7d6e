use chrono::{TimeZone as _, Utc};
use serde_json::{Value, json};

use super::{Seed, genesis};

fn world(seed: Value) -> Result<crate::state::Gosuslugi, String> {
    let seed: Seed = serde_json::from_value(seed).map_err(|error| error.to_string())?;
    genesis(&seed, Utc.with_ymd_and_hms(2026, 9, 1, 9, 0, 0).unwrap()).map_err(|error| error.to_string())
}

#[test]
fn each_generated_person_is_found_by_every_login_and_known_to_the_agencies() {
    let state = world(json!({ "people": { "generate": 1_200 } })).unwrap();
    let accounts = &state.portal.accounts;
    for number in [1, 12, 1_200] {
        let account = accounts.find(&format!("person-{number}@generated.test")).unwrap();
        let snils = account.snils.unwrap();
        assert_eq!(accounts.find(&snils.to_string()).unwrap().oid, account.oid);
        assert!(snils.is_reserved(), "{snils}");
        let citizen = crate::portal::agencies::Citizen { name: account.name.clone(), born: account.born.unwrap() };
        let records = &state.portal.agencies.records;
        assert!(records.check_snils(&snils, &citizen) && records.find_snils(&citizen) == Some(snils));
        assert!(records.check_passport(account.passport.as_ref().unwrap(), &citizen));
    }
    assert_eq!(accounts.find("000-000-012 00").unwrap().name.to_string(), "Житель Один-Два");
    assert!(accounts.find("person-1201@generated.test").is_none());
    assert_eq!(state.portal.cast.iter().count(), 0, "nobody described them");
}

#[test]
fn what_a_generated_person_cannot_be_is_told() {
    let anna = |snils: &str| json!({ "name": "Петрова Анна", "gender": "F", "born": "1990-01-01", "snils": snils });
    let seed = |snils: &str, count: u64| json!({ "people": { "generate": count, "анна": anna(snils) } });
    assert!(world(seed("001-001-001 00", 3)).is_ok());
    assert_eq!(
        world(seed("000-000-002 00", 3)).unwrap_err(),
        "gosuslugi.people.generate: СНИЛС человека № 2 уже у другого человека"
    );
    assert_eq!(world(seed("001-001-001 00", 1_000_001)).unwrap_err(), "generate: не больше 1000000");
    assert!(world(json!({ "people": { "generate": "many" } })).unwrap_err().contains("invalid type: string"));
}

#[test]
fn a_seed_is_written_as_it_is_read() {
    let seed: Seed = serde_json::from_value(json!({ "people": { "generate": 7 } })).unwrap();
    assert_eq!(serde_json::to_value(&seed).unwrap()["people"], json!({ "generate": 7 }));
}
