//! Files with teams that share a stand: read and checked, with the place of each mistake.

use std::{env, path::Path};

use bytesize::ByteSize;
use schemars::JsonSchema;
use serde::Deserialize;
use web::{ControlToken, Rights, Team, Teams, TeamsError};
use worlds::{SeedError, WorldName};

use super::{Diagnostic, File, content::of_content, places::Places, yaml};
use crate::language::tr;

/// Teams that share a stand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamsFile {
    /// The teams of the stand.
    teams: Vec<Entry>,
}

/// A team of a stand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    /// Its name: a-z, 0-9 and hyphens. Its worlds are called so, with a hyphen and more after it.
    #[schemars(with = "String")]
    name: WorldName,
    /// Its control token; or `token-env`.
    #[serde(default)]
    token: Option<String>,
    /// The environment variable that holds it.
    #[serde(default)]
    token_env: Option<String>,
    /// What it may do: `own` (the default) makes and changes its own worlds, and reads these and `main`; `all` does so with all
    /// worlds; `read` reads all and changes none.
    #[serde(default)]
    may: Rights,
    /// How many worlds it may have at once.
    #[serde(default)]
    worlds: Option<usize>,
    /// How many people a world of its may have at Gosuslugi.
    #[serde(default)]
    people: Option<usize>,
    /// How much room its worlds may take before it may make another one, as `500MiB` or a number of bytes.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    bytes: Option<ByteSize>,
    /// How many requests the journal of each of its worlds keeps.
    #[serde(default)]
    requests: Option<usize>,
}

/// Reads the teams of a file.
///
/// # Errors
/// What is wrong, with its place.
pub fn read(path: &Path) -> Result<Teams, Vec<Diagnostic>> {
    let file = File::read(path).map_err(|wrong| vec![wrong])?;
    of_file(&file, &|name| env::var_os(name).and_then(|value| value.into_string().ok()))
}

fn of_file(file: &File, variable: &dyn Fn(&str) -> Option<String>) -> Result<Teams, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    let TeamsFile { teams } = serde_saphyr::from_str(&file.text).map_err(told)?;
    let at = |error: SeedError| vec![of_content(file, &places, &error)];
    let mut read = Vec::new();
    for (index, entry) in teams.into_iter().enumerate() {
        let wrong = |field: &str, message: String| at(SeedError::at(format!("teams[{index}].{field}"), &message));
        let token = token(&entry, variable).map_err(|(field, message)| wrong(field, message))?;
        let Entry { name, may, worlds, people, bytes, requests, .. } = entry;
        read.push(Team { name, token, may, worlds, people, bytes: bytes.map(|size| size.as_u64()), requests });
    }
    Teams::new(read).map_err(|error| vec![Diagnostic::of_file(&file.name, apart(&error))])
}

fn token(entry: &Entry, variable: &dyn Fn(&str) -> Option<String>) -> Result<ControlToken, (&'static str, String)> {
    let blank = || tr!("пустой маркер ничего не закрывает", "an empty token closes nothing");
    match (&entry.token, &entry.token_env) {
        (Some(token), None) => ControlToken::new(token).ok_or_else(|| ("token", blank())),
        (None, Some(name)) => {
            let value = variable(name).ok_or_else(|| {
                ("token-env", tr!("переменной {name} нет в окружении", "the variable {name} is not in the environment"))
            })?;
            ControlToken::new(&value).ok_or_else(|| ("token-env", blank()))
        }
        _ => Err((
            "name",
            tr!("нужно одно из двух: token или token-env", "one of the two is needed: token or token-env"),
        )),
    }
}

fn apart(error: &TeamsError) -> String {
    match error {
        TeamsError::Main => tr!(
            "команды «main» быть не может: мир main общий",
            "there can be no team main: the world main is everybody's"
        ),
        TeamsError::Overlap(one, other) if one == other => {
            tr!("команда «{one}» названа дважды", "the team {one} is named twice")
        }
        TeamsError::Overlap(one, other) => tr!(
            "миры команды «{one}» были бы и мирами команды «{other}»: назовите их иначе",
            "worlds of the team {one} would be worlds of the team {other} too: give them other names"
        ),
        TeamsError::SameToken(one, other) => tr!(
            "у команд «{one}» и «{other}» один маркер: дайте каждой свой",
            "the teams {one} and {other} have one token: give each its own"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Teams, String> {
        let file = File { name: "teams.yaml".to_owned(), text: text.to_owned() };
        let variable = |name: &str| match name {
            "BETA" => Some("token-of-the-team-beta".to_owned()),
            "BLANK" => Some(" ".to_owned()),
            _ => None,
        };
        of_file(&file, &variable).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn teams_are_read_and_their_mistakes_told_at_their_places() {
        let rich =
            read("teams:\n  - {name: alpha, token: aaaaaaaaaaaaaaaa, bytes: 2MiB, requests: 50}\n").unwrap().quotas();
        assert_eq!((rich[0].bytes, rich[0].requests, rich[0].worlds), (Some(2 << 20), Some(50), None));
        assert!(!read("teams:\n  - {name: alpha, token: aaaaaaaaaaaaaaaa, worlds: 3}\n  - {name: beta, token-env: BETA, may: read}\n").unwrap().is_empty());
        let told = |text: &str| read(text).unwrap_err();
        insta::assert_snapshot!(told("teams:\n  - {name: alpha}\n"), @"teams.yaml:2:12: teams[0].name: нужно одно из двух: token или token-env");
        insta::assert_snapshot!(told("teams:\n  - {name: alpha, token-env: NONE}\n"), @"teams.yaml:2:30: teams[0].token-env: переменной NONE нет в окружении");
        insta::assert_snapshot!(told("teams:\n  - {name: alpha, token-env: BLANK}\n"), @"teams.yaml:2:30: teams[0].token-env: пустой маркер ничего не закрывает");
        insta::assert_snapshot!(told("teams:\n  - {name: main, token: a}\n"), @"teams.yaml: команды «main» быть не может: мир main общий");
        insta::assert_snapshot!(told("teams:\n  - {name: a, token: x}\n  - {name: a, token: y}\n"), @"teams.yaml: команда «a» названа дважды");
        insta::assert_snapshot!(told("teams:\n  - {name: a, token: x}\n  - {name: a-b, token: y}\n"), @"teams.yaml: миры команды «a-b» были бы и мирами команды «a»: назовите их иначе");
        insta::assert_snapshot!(told("teams:\n  - {name: a, token: x}\n  - {name: b, token: x}\n"), @"teams.yaml: у команд «a» и «b» один маркер: дайте каждой свой");
        insta::assert_snapshot!(told("teams:\n  - {name: a, token: x, may: everything}\n"), @"
        teams.yaml:2:30: значения «everything» здесь не бывает
          может быть: own, all, read
        ");
    }
}
