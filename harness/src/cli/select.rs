//! Choice of a run's scenarios: by tags, by name, by the file of those that did not pass, by part.

use std::collections::BTreeSet;

use super::Run;
use crate::{
    exit::CliError,
    language::{pick, tr},
    paint,
    race::Order,
    run::Rerun,
    steps::is_raced,
    suite::{SourceLocation, Suite, Tags},
    watch::Concerned,
};

/// Returns the suite with the chosen scenarios.
///
/// # Errors
/// Fails for a wrong tag expression or file, and for a choice without scenarios. A part may be empty.
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

/// Keeps the scenarios of the features that changed files concern.
pub(super) fn of_concern(mut suite: Suite, concerned: &Concerned) -> Suite {
    if let Concerned::Features(names) = concerned {
        let is_named = |feature: &gherkin::Feature| {
            feature.path.as_ref().is_some_and(|path| names.contains(&path.display().to_string()))
        };
        suite.features.retain(is_named);
    }
    suite
}

/// Checks that given orders belong to the only scenario with races.
///
/// # Errors
/// Fails if no chosen scenario has a race, if several have, or if the scenario has fewer races than orders.
pub(super) fn ordered(suite: &Suite, orders: &[Order]) -> Result<(), CliError> {
    if orders.is_empty() {
        return Ok(());
    }
    let races: Vec<_> = suite.scenarios().map(|(feature, _, scenario)| races(feature, scenario)).collect();
    let races: Vec<_> = races.into_iter().filter(|races| *races > 0).collect();
    let (given, scenarios) = (orders.len(), races.len());
    match races.as_slice() {
        [] => Err(CliError::wrong(pick(
            "--order ничего не даст: среди выбранных сценариев нет шага «одновременно»",
            "--order would do nothing: no chosen scenario has the step «одновременно»",
        ))),
        [races] if given > *races => Err(CliError::wrong(tr!(
            "--order: порядков {given}, а шагов «одновременно» в сценарии {races}",
            "--order: {given} orders, and {races} steps «одновременно» in the scenario"
        ))),
        [_] => Ok(()),
        _ => Err(CliError::wrong(tr!(
            "--order — порядок одного сценария, а с «одновременно» выбрано {scenarios}: назовите файл и строку",
            "--order is the order of one scenario, and {scenarios} with «одновременно» are chosen: name file and line"
        ))),
    }
}

/// Counts the races in a scenario.
fn races(feature: &gherkin::Feature, scenario: &gherkin::Scenario) -> usize {
    let rule = feature.rules.iter().find(|rule| rule.scenarios.contains(scenario));
    let before = feature.background.iter().chain(rule.and_then(|rule| rule.background.as_ref()));
    before.flat_map(|background| &background.steps).chain(&scenario.steps).filter(|step| is_raced(step)).count()
}

/// Keeps the scenarios whose names contain one of the texts; all scenarios without texts.
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

/// Keeps the scenarios that the file of `--rerun` names; all if it names none.
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

    /// Message about these orders for scenarios of these steps.
    fn said(orders: &[&str], scenarios: &[&str]) -> String {
        let scenarios: Vec<_> =
            scenarios.iter().map(|steps| format!("  Сценарий: а\n    Дано мир «а»\n{steps}")).collect();
        let text = format!("# language: ru\nФункция: а\n{}", scenarios.concat());
        let feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
        let suite = Suite { features: vec![feature], ..Suite::default() };
        let orders: Vec<Order> = orders.iter().map(|order| order.parse().unwrap()).collect();
        ordered(&suite, &orders).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn an_order_is_for_the_one_scenario_that_has_a_race() {
        let (race, plain) = ("    Когда одновременно\n      | а | б |\n", "    Когда Анна выходит\n");
        assert_eq!(said(&["12"], &[plain, race]), "");
        assert_eq!(said(&[], &[plain]), "");
        insta::assert_snapshot!(said(&["12"], &[plain]), @"--order ничего не даст: среди выбранных сценариев нет шага «одновременно»");
        insta::assert_snapshot!(said(&["12"], &[race, race]), @"--order — порядок одного сценария, а с «одновременно» выбрано 2: назовите файл и строку");
        insta::assert_snapshot!(said(&["12", "1"], &[race]), @"--order: порядков 2, а шагов «одновременно» в сценарии 1");
    }
}
