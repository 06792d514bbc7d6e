//! The scenarios of a run that are chosen: by tags, by name, by the file of those that did not pass, by part.

use std::collections::BTreeSet;

use super::Run;
use crate::{
    exit::CliError,
    language::{pick, tr},
    paint,
    run::Rerun,
    suite::{SourceLocation, Suite, Tags},
};

/// The chosen scenarios of a suite.
///
/// # Errors
/// A wrong tag expression or file; a choice that no scenario meets. A part of the scenarios may be empty.
pub(super) fn selected(suite: Suite, options: &Run) -> Result<Suite, CliError> {
    let tags: Option<Tags> = options.tags.as_deref().map(str::parse).transpose().map_err(CliError::wrong)?;
    let suite = suite.only(tags.as_ref());
    if suite.count() == 0 {
        let tags = options.tags.clone().unwrap_or_default();
        return Err(CliError::wrong(tr!(
            "ни у одного сценария нет таких тегов: {tags}",
            "no scenario has such tags: {tags}"
        )));
    }
    let suite = failed_before(named(suite, &options.name)?, options)?;
    let Some(shard) = options.shard else { return Ok(suite) };
    let places: Vec<_> =
        suite.scenarios().map(|(feature, _, scenario)| SourceLocation::of(feature, scenario)).collect();
    let own = places.into_iter().enumerate().filter(|(index, _)| shard.has(*index)).map(|(_, place)| place);
    Ok(suite.at(&own.collect()))
}

/// The scenarios in whose names one of the texts stands; all without texts.
fn named(suite: Suite, names: &[String]) -> Result<Suite, CliError> {
    if names.is_empty() {
        return Ok(suite);
    }
    let plain = |text: &str| text.to_lowercase().replace('ё', "е");
    let wanted: Vec<_> = names.iter().map(|name| plain(name)).collect();
    let fits = |name: &str| wanted.iter().any(|wanted| plain(name).contains(wanted));
    let chosen = suite.scenarios().filter(|(_, _, scenario)| fits(&scenario.name));
    let chosen: BTreeSet<_> = chosen.map(|(feature, _, scenario)| SourceLocation::of(feature, scenario)).collect();
    if chosen.is_empty() {
        let near = crate::suite::nearest(&names[0], suite.scenarios().map(|(_, _, scenario)| scenario.name.as_str()));
        let near = near.map(|near| format!("\n  {}{near}", crate::words::may_be())).unwrap_or_default();
        let names = names.join(", ");
        return Err(CliError::wrong(tr!(
            "ни у одного сценария в названии нет «{names}»{near}",
            "no scenario has \"{names}\" in its name{near}"
        )));
    }
    Ok(suite.at(&chosen))
}

/// The scenarios that the file of `--rerun` names; all where it names none.
fn failed_before(suite: Suite, options: &Run) -> Result<Suite, CliError> {
    let Some(file) = &options.rerun else { return Ok(suite) };
    let rerun = Rerun::read(file).map_err(|told| CliError::from(vec![told]))?;
    if rerun.is_empty() {
        return Ok(suite);
    }
    let (chosen, lost) = rerun.choose(&suite);
    if chosen.is_empty() {
        let way_out = pick("удалите файл, чтобы сыграть всё", "delete the file to play everything");
        return Err(CliError::wrong(format!("{}: {}; {way_out}", file.display(), lost.join("; "))));
    }
    for lost in lost {
        paint::complain(format!("{}: {lost}", file.display()));
    }
    Ok(suite.at(&chosen))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use gherkin::GherkinEnv;

    use super::*;

    const TEXT: &str = "# language: ru\nФункция: а\n  Сценарий: Переведённый в другой класс\n    Дано мир «а»\n  \
                        Сценарий: Родитель в списке\n    Дано мир «а»\n  Правило: б\n    Сценарий: Ещё один\n      Дано мир «а»\n";

    fn chosen(options: &Run) -> Result<Vec<usize>, String> {
        let mut feature = gherkin::Feature::parse(TEXT, GherkinEnv::new("ru").unwrap()).unwrap();
        feature.path = Some(PathBuf::from("a.feature"));
        let suite = Suite { features: vec![feature], ..Suite::default() };
        let suite = selected(suite, options).map_err(|error| error.to_string())?;
        Ok(suite.scenarios().map(|(_, _, scenario)| scenario.position.line).collect())
    }

    #[test]
    fn a_part_of_a_name_chooses_scenarios_whatever_its_case_and_letters() {
        let named = |names: &[&str]| {
            chosen(&Run { name: names.iter().map(|name| (*name).to_owned()).collect(), ..Run::default() })
        };
        assert_eq!(named(&["ПЕРЕВЕДЕННЫЙ В ДРУГОЙ"]), Ok(vec![3]));
        assert_eq!(named(&["еще", "в списке"]), Ok(vec![5, 8]));
        assert_eq!(named(&[]), Ok(vec![3, 5, 8]));
        let told = named(&["Родитиль в списке"]).unwrap_err();
        assert_eq!(told, "ни у одного сценария в названии нет «Родитиль в списке»\n  может быть: Родитель в списке");
    }

    #[test]
    fn parts_are_all_scenarios_and_none_is_in_two() {
        let part = |text: &str| chosen(&Run { shard: Some(text.parse().unwrap()), ..Run::default() }).unwrap();
        assert_eq!([part("1/2"), part("2/2")], [vec![3, 8], vec![5]]);
        assert_eq!(part("4/4"), Vec::<usize>::new());
    }
}
