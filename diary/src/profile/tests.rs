//! Built-in profiles, and profiles described in a seed.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Passwords, Profile, ProfileSeed, profile_names, whole};

fn own(profile: Value) -> Result<Profile, String> {
    let seed: ProfileSeed = serde_json::from_value(profile).map_err(|error| error.to_string())?;
    whole(Some(&seed)).map(|profile| (*profile).clone()).map_err(|error| error.to_string())
}

#[test]
fn every_built_in_profile_is_whole() {
    let names: Vec<_> = profile_names().collect();
    assert_eq!(names, ["kaliningrad", "kuzbass", "memo", "orenburg", "ryazan"]);
    for name in names {
        let profile = own(json!(name)).unwrap();
        assert!(!profile.title.is_empty() && !profile.texts.is_empty(), "{name}");
    }
    assert_eq!(whole(None).unwrap().mnemonic, "RYAZAN-DIARY");
}

#[test]
fn a_profile_of_ones_own_says_only_what_differs() {
    let profile = own(json!({
        "like": "memo",
        "title": "Наша область",
        "sign-in": { "staff": { "passwords": { "until": "2025-01-01" } } },
        "texts": { "adult-not-found": { "next-step": "Позвоните в школу." } },
    }));
    let (profile, memo) = (profile.unwrap(), own(json!("memo")).unwrap());
    assert_eq!((profile.title.as_str(), &profile.mnemonic), ("Наша область", &memo.mnemonic));
    let day = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    assert_eq!(profile.sign_in.staff.passwords, Passwords::Until(day));
    assert_eq!(profile.sign_in.families, memo.sign_in.families);
    let (own, kept) = (&profile.texts["adult-not-found"], &memo.texts["adult-not-found"]);
    assert_eq!((&*own.next_step, &own.text), ("Позвоните в школу.", &kept.text));
}

#[test]
fn passwords_end_on_their_first_day_without() {
    let day = NaiveDate::from_ymd_opt(2024, 4, 1).unwrap();
    let works = |passwords: Passwords| [day.pred_opt().unwrap(), day].map(|day| passwords.work_on(day));
    assert_eq!(works(Passwords::Always), [true, true]);
    assert_eq!(works(Passwords::Never), [false, false]);
    assert_eq!(works(Passwords::Until(day)), [true, false]);
}

#[test]
fn each_mistake_in_a_profile_has_its_place() {
    let mistake = |profile| own(profile).unwrap_err();
    insta::assert_snapshot!(mistake(json!("moscow")), @"diary.profile: профиля «moscow» нет; есть kaliningrad, kuzbass, memo, orenburg, ryazan");
    insta::assert_snapshot!(mistake(json!({ "like": "moscow" })), @"diary.profile.like: профиля «moscow» нет; есть kaliningrad, kuzbass, memo, orenburg, ryazan");
    insta::assert_snapshot!(mistake(json!({ "like": 1 })), @"diary.profile.like: здесь нужно имя профиля");
    insta::assert_snapshot!(mistake(json!({ "scopes": ["fullname"] })), @"diary.profile.scopes: нужны хотя бы openid и snils");
    insta::assert_snapshot!(mistake(json!({ "scopes": ["openid", "snils", "всё"] })), @"diary.profile.scopes: область доступа «всё» записана неверно");
    insta::assert_snapshot!(mistake(json!({ "texts": { "no-reason": { "text": "", "reason": "", "next-step": "" } } })), @"diary.profile.texts.no-reason: unknown field `no-reason`, expected one of `child-not-found`, `adult-not-found`, `consent-of-guardian-needed`, `consent-not-asked`, `consent-just-granted`, `consent-needed`, `consent-revoked`, `session-over`, `session-lost`, `parent-not-on-card`, `user-not-active`, `account-not-confirmed`, `no-guardian-bound`, `data-missing`, `phone-differs`, `no-relation`");
    insta::assert_snapshot!(mistake(json!({ "services": [{ "title": "Питание", "url": "javascript:alert(1)" }] })), @"diary.profile.services: адрес начинается с http");
    insta::assert_snapshot!(mistake(json!({ "matching": { "pupil": ["shoe-size"] } })), @"diary.profile.matching.pupil[0]: unknown variant `shoe-size`, expected one of `name`, `birth-date`, `birth-certificate`, `phone`, `relation`");
    insta::assert_snapshot!(mistake(json!({ "колокольчик": true })), @"diary.profile.колокольчик: unknown field `колокольчик`, expected one of `title`, `mnemonic`, `scopes`, `sign-in`, `matching`, `account`, `consent`, `strangers`, `icon`, `services`, `texts`");
}
