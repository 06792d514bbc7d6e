//! `esia-stand people`: people of the suite's worlds, and the rules that each of them demonstrates.

use std::fmt::Write as _;

use idp::{Person, age};
use serde::Serialize;
use worlds::{SeedDocument, SystemWall, WallClock as _};

use crate::{exit::CliError, language::pick, servers, suite::documented_worlds};

/// People of one world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Cast {
    /// Name of the seed.
    pub(super) world: String,
    /// Title of the world.
    pub(super) title: String,
    /// People in the order of their keys.
    pub(super) people: Vec<Persona>,
}

/// Person of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Persona {
    /// Key in the seed, as scenarios name the person.
    key: String,
    /// Surname, first name, patronymic.
    name: String,
    /// Age in years when the world begins.
    age: i32,
    /// Login for «Телефон / Email / СНИЛС», if there is an account.
    login: Option<String>,
    /// Password of the account.
    password: Option<String>,
    /// Description from the seed.
    about: String,
    /// Rules that the person demonstrates.
    pub(super) rules: Vec<String>,
}

impl Persona {
    fn of(key: &str, person: &Person, today: chrono::NaiveDate) -> Self {
        let account = person.account.as_ref();
        let login = account.and_then(|account| {
            let email = account.email.as_ref().map(ToString::to_string);
            let phone = || account.phone.as_ref().map(ToString::to_string);
            email.or_else(phone).or_else(|| person.snils.as_ref().map(ToString::to_string))
        });
        Self {
            key: key.to_owned(),
            name: person.name.to_string(),
            age: age(person.born, today),
            login,
            password: account.map(|account| account.password.clone()),
            rules: rules(&person.about),
            about: person.about.clone(),
        }
    }
}

/// Returns the rules that a text names, as `R003.10`.
fn rules(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    let words = words.map(|word| word.trim_end_matches('.'));
    let is_rule = |word: &&str| {
        let numbers = word.strip_prefix('R').and_then(|rest| rest.split_once('.'));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        numbers.is_some_and(|(document, rule)| document.len() == 3 && digits(document) && digits(rule))
    };
    words.filter(is_rule).map(str::to_owned).collect()
}

/// Returns the people of the named world, or of all worlds of the suite.
///
/// # Errors
/// Fails for a seed that does not exist or cannot be read.
pub(super) fn casts(named: Option<&str>) -> Result<Vec<Cast>, CliError> {
    if let Some(name) = named {
        return Ok(vec![cast(name, &servers::seed(named)?)?]);
    }
    documented_worlds().into_iter().map(|(world, _)| cast(&world, &servers::seed(Some(&world))?)).collect()
}

fn cast(name: &str, document: &SeedDocument) -> Result<Cast, CliError> {
    let seed: idp::Seed = document.gosuslugi().map_err(|error| CliError::wrong(format!("{name}: {error}")))?;
    let wall = SystemWall.now();
    let today = worlds::moscow::date(document.clock.start(wall).now(wall));
    let people = seed.people.iter().map(|(key, person)| Persona::of(key, person, today)).collect();
    Ok(Cast { world: name.to_owned(), title: document.title.clone(), people })
}

/// Formats people as tables.
pub(super) fn tables(casts: &[Cast]) -> String {
    let mut text = String::new();
    for cast in casts {
        let header = [
            pick("имя", "key"),
            pick("человек", "person"),
            pick("лет", "age"),
            pick("логин", "login"),
            pick("пароль", "password"),
            pick("кто это", "who it is"),
        ];
        let mut table = servers::fitted(&header);
        servers::keep_whole(&mut table, &[0, 3, 4]);
        for person in &cast.people {
            let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
            let (age, login, password) = (person.age.to_string(), told(&person.login), told(&person.password));
            table.add_row([person.key.clone(), person.name.clone(), age, login, password, person.about.clone()]);
        }
        let _ = writeln!(text, "{}: {}\n{table}\n", cast.world, cast.title);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rules_are_read_out_of_a_text() {
        assert_eq!(rules("мать (R000.3, R003.10). И R001.1."), ["R000.3", "R003.10", "R001.1"]);
        assert_eq!(rules("R1.2 R003 R00x.1 r000.1"), Vec::<String>::new());
    }

    #[test]
    fn somebody_is_there_for_every_rule() {
        let last = [("R000", 13), ("R001", 7), ("R002", 10), ("R003", 13), ("R004", 8)];
        let wanted: BTreeSet<_> = last
            .iter()
            .flat_map(|(document, last)| (1..=*last).map(move |rule| format!("{document}.{rule}")))
            .collect();
        let casts = casts(None).unwrap();
        let there: BTreeSet<_> =
            casts.iter().flat_map(|cast| &cast.people).flat_map(|person| person.rules.iter().cloned()).collect();
        assert_eq!(wanted.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(there.difference(&wanted).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn everybody_says_who_they_are() {
        let silent = |cast: &Cast| cast.people.iter().filter(|person| person.about.is_empty()).count();
        assert_eq!(casts(None).unwrap().iter().map(silent).sum::<usize>(), 0);
    }

    #[test]
    fn the_demo_world_has_every_kind_of_person_and_says_of_each_what_to_try() {
        let [demo] = casts(Some("демо")).unwrap().try_into().unwrap();
        for kind in [
            "Мать ",
            "второй родитель",
            "младше 14 лет",
            "Подросток, зарегистрировался сам",
            "Совершеннолетний ученик",
            "не подтверждена",
            "Классный руководитель",
            "Учитель ",
            "Секретарь школы",
            "Администратор журнала",
        ] {
            assert!(demo.people.iter().any(|person| person.about.contains(kind)), "nobody is «{kind}»");
        }
        for person in &demo.people {
            assert!(person.about.contains(". "), "{}: who it is, and what to try: {}", person.key, person.about);
            assert_eq!(person.rules, Vec::<String>::new(), "{}: numbers say nothing to a visitor", person.key);
        }
        let seed = servers::seed(Some("демо")).unwrap().diary::<diary::Seed>().unwrap();
        let roles: BTreeSet<_> = seed.staff.values().flat_map(|staff| &staff.roles).map(|role| role.name()).collect();
        assert_eq!(
            roles.into_iter().collect::<Vec<_>>(),
            ["администратор журнала", "классный руководитель", "секретарь школы", "учитель"]
        );
    }
}
