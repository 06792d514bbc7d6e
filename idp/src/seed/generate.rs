//! Generated people, for load tests. Each is derived from a number, so that one line of a seed can add a million of
//! them, and person number N is the same in every world.
//!
//! Person N signs in as `person-N@generated.test`, or with the СНИЛС whose first nine digits are N, with password
//! [`PASSWORD`]. The person is an adult with a confirmed account and a passport whose series begins with 00; the name
//! spells the digits of N. No real person has any of these values (see [`crate::portal::reserved`]).

use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, Utc};
use esia::{
    Email, FullName, Snils,
    language::{pick, tr},
    person::Gender,
};
use worlds::SeedError;

use crate::{
    portal::{
        accounts::{Account, Level, NewAccount, Passport},
        agencies::Citizen,
    },
    state::Gosuslugi,
};

/// Maximum number of generated people. There are about as many СНИЛС that no real person has; described people use
/// some.
pub(super) const MOST: u32 = 1_000_000;

/// Password of every generated person.
const PASSWORD: &str = "password";

/// Number of days from the first birth date to the last one; the youngest people are born in 1999.
const BIRTH_DAYS: u32 = 18_000;

/// Adds people 1 to `count`.
///
/// # Errors
/// Fails if a described person already has a value that a generated one needs.
pub(super) fn generate(state: &mut Gosuslugi, count: u32, at: DateTime<Utc>) -> Result<(), SeedError> {
    for number in 1..=count {
        add(state, number, at).map_err(|message| SeedError::at("gosuslugi.people.generate", &message))?;
    }
    Ok(())
}

fn add(state: &mut Gosuslugi, number: u32, at: DateTime<Utc>) -> Result<(), String> {
    let taken = |what: &str| {
        tr!(
            "{what} человека № {number} уже у другого человека",
            "another person has the {what} of person number {number}"
        )
    };
    let snils = Snils::reserved(number)
        .ok_or(pick("столько СНИЛС ни у кого нет", "there are not so many SNILS that are nobody's"))?;
    let email = email(number)?;
    let citizen = Citizen { name: name(number)?, born: born(number) };
    let passport = passport(number);
    let portal = &mut state.portal;
    if !portal.agencies.records.insure(snils, citizen.clone()) {
        return Err(taken(pick("СНИЛС", "SNILS")));
    }
    if !portal.agencies.records.issue_passport(&passport, citizen.clone()) {
        return Err(taken(pick("паспорт", "passport")));
    }
    if portal.accounts.with_email(&email).is_some() {
        return Err(taken(pick("почта", "e-mail")));
    }
    let new = NewAccount {
        oid: portal.accounts.next_oid(),
        name: citizen.name,
        gender: Some(if number.is_multiple_of(2) { Gender::F } else { Gender::M }),
        born: Some(citizen.born),
        snils: Some(snils),
        birth_certificate: None,
        passport: Some(passport),
        email: Some(email),
        phone: None,
        password: PASSWORD.to_owned(),
        level: Level::Confirmed,
        made_by: None,
        roles: Vec::new(),
    };
    portal.accounts.insert(Account::from_new(new, at));
    Ok(())
}

fn email(number: u32) -> Result<Email, String> {
    format!("person-{number}@generated.test").parse().map_err(|error: <Email as FromStr>::Err| error.to_string())
}

/// Returns a name that spells the number: 12 is «Житель Один-Два».
fn name(number: u32) -> Result<FullName, String> {
    const DIGITS: [&str; 10] = ["Ноль", "Один", "Два", "Три", "Четыре", "Пять", "Шесть", "Семь", "Восемь", "Девять"];
    let digits: Vec<_> =
        number.to_string().chars().filter_map(|digit| digit.to_digit(10)).map(|digit| DIGITS[digit as usize]).collect();
    FullName::new("Житель", &digits.join("-"), None).map_err(|error| error.to_string())
}

fn born(number: u32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
    first + Days::new(u64::from(number % BIRTH_DAYS))
}

/// Returns a passport issued at the age of twenty.
fn passport(number: u32) -> Passport {
    Passport {
        series: format!("00{:02}", number / MOST),
        number: format!("{:06}", number % MOST),
        issued: born(number) + Days::new(20 * 366),
        issued_by: "Отдел МВД".to_owned(),
        office: None,
    }
}
