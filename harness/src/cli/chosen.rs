//! Language and colour of a run, determined before the command line is parsed, so that its mistakes are reported in
//! them too.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

use clap::ValueEnum as _;
use serde::Deserialize;

use super::Color;
use crate::{language::LanguageChoice, suite};

/// Variables that name the locale of messages, in the order of precedence of POSIX.
const LOCALES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Part of a settings file that is read before the rest.
#[derive(Debug, Default, Deserialize)]
struct OfFile {
    lang: Option<LanguageChoice>,
    color: Option<Color>,
}

/// Language from `--lang`, else `ESIA_STAND_LANG`, else `lang` of the settings file, else the locale. An invalid value
/// is ignored here; the parser of the command line or of the file reports it.
pub(super) fn language(args: &[OsString], variable: &dyn Fn(&str) -> Option<OsString>) -> LanguageChoice {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let named = |value: &OsStr| LanguageChoice::from_str(value.to_str()?, false).ok();
    let of_file = || of_file(args, variable)?.lang;
    let of_locale =
        || LanguageChoice::of_locale(&LOCALES.into_iter().find_map(set).unwrap_or_default().to_string_lossy());
    let flag = flag(args, "--lang").and_then(|value| named(&value));
    let of_variable = || set("ESIA_STAND_LANG").and_then(|value| named(&value));
    flag.or_else(of_variable).or_else(of_file).unwrap_or_else(of_locale)
}

/// Colour from `--color`, else `ESIA_STAND_COLOR`, else `color` of the settings file, else automatic.
pub(super) fn color(args: &[OsString], variable: &dyn Fn(&str) -> Option<OsString>) -> Color {
    let named = |value: OsString| Color::from_str(value.to_str()?, false).ok();
    let of_variable = || variable("ESIA_STAND_COLOR").and_then(named);
    let of_file = || of_file(args, variable)?.color;
    flag(args, "--color").and_then(named).or_else(of_variable).or_else(of_file).unwrap_or(Color::Auto)
}

/// Value of a flag, written as `--flag VALUE` or `--flag=VALUE`.
fn flag(args: &[OsString], name: &str) -> Option<OsString> {
    let mut args = args.iter().take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        if arg == name {
            return args.next().cloned();
        }
        let value = arg.to_str().and_then(|arg| arg.strip_prefix(name)?.strip_prefix('='));
        if let Some(value) = value {
            return Some(value.into());
        }
    }
    None
}

fn of_file(args: &[OsString], variable: &dyn Fn(&str) -> Option<OsString>) -> Option<OfFile> {
    let path = flag(args, "--config").or_else(|| variable("ESIA_STAND_CONFIG").filter(|value| !value.is_empty()))?;
    let file = suite::File::read(Path::new(&path)).ok()?;
    serde_saphyr::from_str(&file.text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(args: &[&str], variables: &[(&str, &str)]) -> LanguageChoice {
        let args: Vec<_> = args.iter().map(OsString::from).collect();
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        language(&args, &value)
    }

    #[test]
    fn a_flag_wins_over_a_variable_a_variable_over_the_file_and_the_file_over_the_locale() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.yaml");
        std::fs::write(&file, "lang: en\nrun: {jobs: 3}\n").unwrap();
        let file = file.to_str().unwrap();
        let (ru, en) = (("ESIA_STAND_LANG", "ru"), ("ESIA_STAND_LANG", "en"));
        assert_eq!(chosen(&["run", "--lang", "en"], &[ru]), LanguageChoice::En);
        assert_eq!(chosen(&["--lang=en", "run"], &[ru]), LanguageChoice::En);
        assert_eq!(chosen(&["run", "--config", file], &[ru]), LanguageChoice::Ru);
        assert_eq!(chosen(&["run"], &[("ESIA_STAND_CONFIG", file), ("LANG", "ru_RU.UTF-8")]), LanguageChoice::En);
        assert_eq!(chosen(&["run"], &[en, ("LANG", "ru_RU.UTF-8")]), LanguageChoice::En);
    }

    #[test]
    fn the_locale_of_messages_decides_where_nothing_is_said() {
        assert_eq!(chosen(&[], &[]), LanguageChoice::Ru);
        assert_eq!(chosen(&[], &[("LANG", "en_US.UTF-8")]), LanguageChoice::En);
        assert_eq!(chosen(&[], &[("LC_ALL", "ru_RU.UTF-8"), ("LANG", "en_US.UTF-8")]), LanguageChoice::Ru);
        assert_eq!(chosen(&[], &[("LC_ALL", ""), ("LC_MESSAGES", "en_GB"), ("LANG", "ru_RU")]), LanguageChoice::En);
    }

    #[test]
    fn colour_is_a_flag_a_variable_and_a_key_of_the_settings_and_else_as_the_terminal_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.yaml");
        std::fs::write(&file, "color: never\n").unwrap();
        let config = ["--config".into(), file.into_os_string()];
        let chosen = |args: &[OsString], set: Option<&str>| {
            color(args, &|name| set.filter(|_| name == "ESIA_STAND_COLOR").map(OsString::from))
        };
        assert_eq!(chosen(&[], None), Color::Auto);
        assert_eq!(chosen(&config, None), Color::Never);
        assert_eq!(chosen(&config, Some("always")), Color::Always);
        assert_eq!(chosen(&["--color=auto".into()], Some("always")), Color::Auto);
        assert_eq!(chosen(&["--color".into(), "blue".into()], None), Color::Auto);
    }

    #[test]
    fn what_is_no_language_is_passed_over() {
        assert_eq!(chosen(&["--lang", "fr"], &[("LANG", "en_US.UTF-8")]), LanguageChoice::En);
        assert_eq!(chosen(&["run", "--", "--lang", "en"], &[]), LanguageChoice::Ru);
        assert_eq!(chosen(&["run", "--lang"], &[("ESIA_STAND_LANG", "")]), LanguageChoice::Ru);
    }
}
