//! Recognition of people, and reading of the register's seed.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Parent, PersonId, Presented, Register};
use crate::{config::WorldConfig, seed::Seed, signin::Refusal};

fn seed(change: impl FnOnce(&mut Value)) -> Result<Seed, String> {
    let mut value = crate::testing::seed("http://127.0.0.1:1")["diary"].take();
    change(&mut value);
    serde_json::from_value(value).map_err(|error| error.to_string())
}

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 9, 2).unwrap();

fn config(change: impl FnOnce(&mut Value)) -> (WorldConfig, Register) {
    seed(change).unwrap().build(43, TODAY).unwrap()
}

fn mistake(change: impl FnOnce(&mut Value)) -> String {
    seed(change).and_then(|seed| seed.check(TODAY).map_err(|error| error.to_string())).unwrap_err()
}

fn presented(name: &str, born: &str, snils: &str) -> Presented {
    Presented {
        oid: esia::Oid::new(1),
        name: name.parse().ok(),
        snils: snils.parse().ok(),
        born: born.parse().ok(),
        certificates: vec!["I-ОО 000101".parse().unwrap()],
        phones: Vec::new(),
        has_document: false,
        has_verified_document: false,
        is_trusted: true,
        is_child_account: false,
    }
}

fn verdict(person: &Presented) -> Result<String, Refusal> {
    let (config, register) = config(|_| {});
    let (verdict, _) = register.recognise(person, &config.profile, TODAY);
    verdict.map(|who| format!("{:?} {:?} {:?}", who.pupil, who.parent, who.staff))
}

#[test]
fn a_person_is_whoever_the_register_has_to_the_letter() {
    let vanya = presented("Петров Иван Сергеевич", "2012-05-10", "001-000-003 00");
    insta::assert_snapshot!(verdict(&vanya).unwrap(), @r#"Some("ваня") None None"#);
    let other = Presented { certificates: Vec::new(), ..vanya.clone() };
    assert_eq!(verdict(&other), Err(Refusal::ChildNotFound));
    let small_letter = presented("Петров иван Сергеевич", "2012-05-10", "001-000-003 00");
    assert_eq!(verdict(&small_letter), Err(Refusal::ChildNotFound));
    let nameless = Presented { name: None, ..vanya.clone() };
    assert_eq!(verdict(&nameless), Err(Refusal::ChildNotFound));
    let numberless = Presented { snils: None, ..vanya };
    assert_eq!(verdict(&numberless), Err(Refusal::ChildNotFound));
}

#[test]
fn the_eighteenth_birthday_decides_who_is_told() {
    let stranger = |born| verdict(&presented("Петров Иван Сергеевич", born, "001-000-099 00"));
    assert_eq!(stranger("2006-09-03"), Err(Refusal::ChildNotFound));
    assert_eq!(stranger("2006-09-02"), Err(Refusal::AdultNotFound));
    assert_eq!(stranger("unknown"), Err(Refusal::AdultNotFound));
}

#[test]
fn a_child_account_is_enough_until_fourteen() {
    let child = |born| Presented {
        is_trusted: false,
        is_child_account: true,
        ..presented("Петров Иван Сергеевич", born, "001-000-003 00")
    };
    assert!(verdict(&child("2010-09-03")).is_ok());
    assert_eq!(verdict(&child("2010-09-02")), Err(Refusal::AccountNotConfirmed));
}

#[test]
fn a_parent_who_is_staff_too_comes_in_as_either() {
    let (config, mut register) = config(|diary| {
        diary["staff"]["игорь"] = json!({ "name": "Серов Игорь Львович", "snils": "001-000-005 00" });
    });
    let igor = presented("Серов Игорь Львович", "1980-01-01", "001-000-005 00");
    let (who, _) = register.recognise(&igor, &config.profile, TODAY);
    assert_eq!(who.unwrap().parent, None, "on no card");
    register.attach("маша", "игорь");
    let (who, _) = register.recognise(&igor, &config.profile, TODAY);
    assert_eq!(who.unwrap().parent.as_deref(), Some("игорь"));
}

#[test]
fn each_mistake_in_a_seed_has_its_place() {
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["snils"] = json!("112-233-445 96")), @"diary.pupils.ваня.snils: контрольное число СНИЛС не сходится: ожидалось 95, получено 96");
    insta::assert_snapshot!(mistake(|diary| diary["parents"]["анна"]["snils"] = json!("112-233-445 95")), @"diary.parents.анна.snils: такой СНИЛС может быть у настоящего человека: берите до 001-001-998");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["born"] = json!("10.05.12")), @"diary.pupils.ваня.born: в дате «10.05.12» год нужно написать четырьмя цифрами, например 23.11.2012 или 2012-11-23");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["born"] = json!("03.09.2024")), @"diary.pupils.ваня.born: дата рождения в будущем этого мира");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["parents"] = json!(["аня"])), @"diary.pupils.ваня.parents: в diary.parents нет ключа «аня»");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["birth-certificate"]["number"] = json!("1")), @"diary.pupils.ваня.birth-certificate: номер свидетельства состоит из 6 цифр");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["маша"]["snils"] = json!("001-000-003 00")), @"diary.pupils.маша.snils: СНИЛС 001-000-003 00 в этом разделе уже есть");
    insta::assert_snapshot!(mistake(|diary| diary["staff"]["о/п"] = diary["staff"]["ольга"].clone()), @"diary.staff.о/п: в ключе от 1 до 64 букв, цифр, «-» и «_»");
    insta::assert_snapshot!(mistake(|diary| diary["marks"][0]["mark"] = json!(6)), @"diary.marks.0.mark: оценка — от 1 до 5");
    insta::assert_snapshot!(mistake(|diary| diary["attendance"][0]["pupil"] = json!("кто")), @"diary.attendance.0.pupil: в diary.pupils нет ключа «кто»");
    insta::assert_snapshot!(mistake(|diary| diary["provider"]["mnemonic"] = json!("дневник")), @"diary.provider.mnemonic: в мнемонике допустимы заглавные латинские буквы, цифры, дефис и подчёркивание, а не «д»");
    insta::assert_snapshot!(mistake(|diary| diary["provider"]["url"] = json!("127.0.0.1")), @"diary.provider.url: «127.0.0.1» — не адрес http или https");
    insta::assert_snapshot!(mistake(|diary| diary["password-until"] = json!("весной")), @"diary.password-until: «весной» — не дата: пишут ДД.ММ.ГГГГ или ГГГГ-ММ-ДД, например 23.11.2012 или 2012-11-23");
    insta::assert_snapshot!(mistake(|diary| diary["pupils"]["ваня"]["klass"] = json!("7А")), @"unknown field `klass`, expected one of `name`, `born`, `snils`, `birth-certificate`, `school`, `class`, `phone`, `parents`, `password-login`");
}

/// Change that a school makes to one of its parents.
#[derive(Debug, Clone)]
enum Deed {
    Correct(usize, u32, bool),
    Attach(usize, usize),
    Detach(usize, usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (0..3_usize, 0..6_u32, any::<bool>())
            .prop_map(|(parent, number, active)| Deed::Correct(parent, number, active)),
        (0..3_usize, 0..3_usize).prop_map(|(pupil, parent)| Deed::Attach(pupil, parent)),
        (0..3_usize, 0..3_usize).prop_map(|(pupil, parent)| Deed::Detach(pupil, parent)),
    ];
    proptest::collection::vec(deed, 0..30)
}

proptest! {
    #[test]
    fn whatever_the_school_does_cards_and_indexes_agree(deeds in deeds()) {
        const PUPILS: [&str; 3] = ["ваня", "маша", "коля"];
        const PARENTS: [&str; 3] = ["анна", "пётр", "игорь"];
        let (_, mut register) = config(|_| {});
        for deed in deeds {
            match deed {
                Deed::Correct(parent, number, active) => {
                    let snils = format!("001-000-01{number} 00").parse().unwrap();
                    let name = format!("Иванов Иван {}", ["Ильич", "Львович"][number as usize % 2]).parse().unwrap();
                    let kept = register.parent(PARENTS[parent]).unwrap().clone();
                    register.put_parent(PARENTS[parent], Parent { name, snils, active, ..kept });
                }
                Deed::Attach(pupil, parent) => register.attach(PUPILS[pupil], PARENTS[parent]),
                Deed::Detach(pupil, parent) => register.detach(PUPILS[pupil], PARENTS[parent]),
            }
        }
        for key in PARENTS {
            let (parent, id) = (register.parent(key).unwrap(), PersonId::Parent(key.to_owned()));
            prop_assert!(register.with_snils(parent.snils).any(|found| *found == id));
            prop_assert!(register.with_name(&parent.name).any(|found| *found == id));
            let cards: BTreeSet<String> = PUPILS.into_iter().map(str::to_owned)
                .filter(|pupil| register.pupil(pupil).unwrap().parents.iter().any(|kept| kept == key)).collect();
            prop_assert_eq!(&parent.children, &cards);
        }
        prop_assert_eq!(register.people().len(), 7, "nobody is found twice or lost");
        for pupil in PUPILS {
            let parents = &register.pupil(pupil).unwrap().parents;
            prop_assert_eq!(parents.iter().collect::<BTreeSet<_>>().len(), parents.len());
        }
    }
}
