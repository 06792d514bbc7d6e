//! `esia-stand world`: the worlds of the documented suite, to read, copy and change.

use serde::{Deserialize, Serialize};

use super::WorldOf;
use crate::{
    exit::CliError,
    language::{pick, tr},
    servers,
    suite::{File, documented_worlds, world_not_there},
};

/// World of the documented suite, for the list.
#[derive(Debug, Serialize)]
struct World {
    #[serde(rename = "world")]
    name: String,
    title: String,
    /// Number of people at Gosuslugi.
    people: usize,
}

/// Part of a seed that the list shows.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(default)]
    title: String,
    #[serde(default)]
    gosuslugi: Gosuslugi,
}

#[derive(Debug, Default, Deserialize)]
struct Gosuslugi {
    #[serde(default)]
    people: serde_json::Map<String, serde_json::Value>,
}

/// Returns the named world unchanged, or the list of all worlds without a name.
///
/// # Errors
/// Fails for an unknown name, with the nearest known one.
pub(super) fn told(options: &WorldOf) -> Result<String, CliError> {
    if let Some(name) = &options.name {
        let file = documented_worlds().into_iter().find(|(known, _)| known == name).map(|(_, file)| file);
        let file = file.ok_or_else(|| {
            let way_out = pick("все имена: esia-stand world", "all names: esia-stand world");
            CliError::wrong(format!("{}\n  {way_out}", world_not_there(name)))
        })?;
        return if options.json { of_file(&file) } else { Ok(file.text) };
    }
    let worlds =
        documented_worlds().into_iter().map(|(name, file)| listed(name, &file)).collect::<Result<Vec<_>, _>>()?;
    if options.json {
        return pretty(&worlds);
    }
    let mut table =
        servers::fitted(&[pick("имя", "name"), pick("людей", "people"), pick("что это за мир", "what it is")]);
    for World { name, title, people } in worlds {
        table.add_row([name, people.to_string(), title]);
    }
    Ok(tr!(
        "{table}\nЦеликом: esia-stand world ИМЯ > my.yaml; посмотреть: esia-stand serve --world ИМЯ\n",
        "{table}\nWhole: esia-stand world NAME > my.yaml; to look at it: esia-stand serve --world NAME\n"
    ))
}

fn listed(name: String, file: &File) -> Result<World, CliError> {
    let head: Head = serde_saphyr::from_str(&file.text).map_err(|error| CliError::wrong(format!("{name}: {error}")))?;
    Ok(World { name, title: head.title, people: head.gosuslugi.people.len() })
}

/// Seed as JSON, as the control API accepts it.
fn of_file(file: &File) -> Result<String, CliError> {
    let seed: serde_json::Value = serde_saphyr::from_str(&file.text).map_err(CliError::wrong)?;
    pretty(&seed)
}

fn pretty(value: &impl Serialize) -> Result<String, CliError> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(CliError::could_not_run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::in_english, suite::seed};

    fn said(name: Option<&str>, json: bool) -> Result<String, String> {
        told(&WorldOf { name: name.map(str::to_owned), json }).map_err(|error| error.to_string())
    }

    #[test]
    fn every_world_is_listed_with_its_title_and_printed_as_it_is_written() {
        let list: Vec<serde_json::Value> = serde_json::from_str(&said(None, true).unwrap()).unwrap();
        assert_eq!(list.len(), documented_worlds().len());
        for world in &list {
            let name = world["world"].as_str().unwrap();
            assert!(world["title"].as_str().is_some_and(|title| title.len() > 10), "{name} has no title");
            let text = said(Some(name), false).unwrap();
            assert!(seed::read(&File { name: format!("{name}.yaml"), text }).is_ok(), "{name}");
        }
        let text = said(None, false).unwrap();
        assert!(text.contains("демо") && text.contains("esia-stand serve --world ИМЯ"), "{text}");
        let people = list.iter().find(|world| world["world"] == "секретарь").map(|world| &world["people"]);
        assert_eq!(people, Some(&serde_json::json!(4)));
    }

    #[test]
    fn a_seed_in_json_is_the_same_document() {
        let json: serde_json::Value = serde_json::from_str(&said(Some("демо"), true).unwrap()).unwrap();
        assert_eq!(json["gosuslugi"]["people"]["маша"]["account"]["made-by"], "анна");
    }

    #[test]
    fn a_misspelt_world_is_answered_with_the_nearest() {
        insta::assert_snapshot!(said(Some("петров"), false).unwrap_err(), @"
        мира «петров» в документированном наборе нет
          может быть: петровы
          все имена: esia-stand world
        ");
        insta::assert_snapshot!(in_english(|| said(Some("zzz"), false)).unwrap_err(), @r#"
        there is no world "zzz" in the documented suite
          all names: esia-stand world
        "#);
    }
}
