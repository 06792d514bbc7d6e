//! Messages about a wrong command line in the language of the run. clap finds the mistake and its place; its texts are
//! not used.

use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::help::way_out;
use crate::{
    language::{pick, tr},
    words::may_be,
};

/// Describes a wrong command line, without the program's name, with hints and the command for help.
pub(super) fn told(error: &Error) -> String {
    let said = |kind| error.get(kind).map(words).unwrap_or_default();
    let (argument, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => tr!("у {argument} нет значения", "{argument} has no value"),
        ErrorKind::InvalidValue => {
            tr!("{argument}: значения «{value}» не бывает", "{argument}: there is no value \"{value}\"")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            tr!("{argument}, «{value}»: {why}", "{argument}, \"{value}\": {why}")
        }
        ErrorKind::UnknownArgument => tr!("параметра {argument} нет", "there is no option {argument}"),
        ErrorKind::InvalidSubcommand => {
            let command = said(ContextKind::InvalidSubcommand);
            tr!("команды «{command}» нет", "there is no command \"{command}\"")
        }
        ErrorKind::MissingSubcommand => tr!("не сказано, что делать: нужна команда", "a command is needed"),
        ErrorKind::MissingRequiredArgument => tr!("не хватает: {argument}", "missing: {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg);
            if other == argument {
                tr!("{argument}: задан дважды", "{argument}: given twice")
            } else {
                tr!("{argument} и {other} не бывают вместе", "{argument} and {other} exclude each other")
            }
        }
        ErrorKind::TooManyValues => {
            tr!("{argument}: значение «{value}» лишнее", "{argument}: the value \"{value}\" is one too many")
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            tr!("{argument}: значений не столько, сколько нужно", "{argument}: wrong number of values")
        }
        ErrorKind::NoEquals => tr!("{argument}: нужен знак «=»", "{argument}: the sign \"=\" is needed"),
        ErrorKind::InvalidUtf8 => {
            tr!("в командной строке есть буквы не в UTF-8", "the command line has letters that are not UTF-8")
        }
        _ => tr!("командная строка не читается", "the command line cannot be read"),
    };
    let mut text = what;
    for kind in [ContextKind::ValidValue, ContextKind::ValidSubcommand] {
        let known = said(kind);
        if !known.is_empty() {
            let _ = write!(text, "\n  {}: {known}", pick("одно из", "one of"));
        }
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let meant = said(kind);
        if !meant.is_empty() {
            let _ = write!(text, "\n  {}{meant}", may_be());
        }
    }
    format!("{text}\n  {}\n", way_out())
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::None => String::new(),
        ContextValue::Strings(words) => words.join(", "),
        ContextValue::StyledStrs(words) => words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::program::command, language::in_english};

    fn said(args: &[&str]) -> String {
        told(&command().try_get_matches_from(["esia-stand"].iter().chain(args)).unwrap_err())
    }

    #[test]
    fn a_wrong_value_option_or_command_is_told_with_the_way_out() {
        insta::assert_snapshot!(said(&["idp", "--listen", "127.0.0.1"]), @"
        --listen <АДРЕС:ПОРТ>, «127.0.0.1»: нет порта: нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--log", "verbose"]), @"
        --log <УРОВЕНЬ>: значения «verbose» не бывает
          одно из: off, error, warn, info, debug, trace
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--jobs", "0"]), @"
        --jobs <ЧИСЛО>, «0»: нужно целое число, 1 … 65535
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--tag", "@a"]), @"
        параметра --tag нет
          может быть: --tags
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["serv"]), @"
        команды «serv» нет
          может быть: serve
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
    }

    #[test]
    fn what_is_missing_twice_there_or_at_odds_is_told() {
        insta::assert_snapshot!(said(&["run", "--keep", "--keep"]), @"
        --keep: задан дважды
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["profile"]), @"
        не хватает: <ИМЯ>
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["profile", "--list", "--schema"]), @"
        --list и --schema не бывают вместе
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--junit"]), @"
        у --junit <ФАЙЛ> нет значения
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
    }

    #[test]
    fn a_wrong_command_line_is_told_in_english() {
        insta::assert_snapshot!(in_english(|| said(&["run", "--jobs", "0"])), @r#"
        --jobs <N>, "0": a whole number is needed, 1 … 65535
          more: esia-stand --help, esia-stand COMMAND --help
        "#);
        insta::assert_snapshot!(in_english(|| said(&["run", "--log", "verbose"])), @r#"
        --log <LEVEL>: there is no value "verbose"
          one of: off, error, warn, info, debug, trace
          more: esia-stand --help, esia-stand COMMAND --help
        "#);
        insta::assert_snapshot!(in_english(|| said(&["serv"])), @r#"
        there is no command "serv"
          perhaps: serve
          more: esia-stand --help, esia-stand COMMAND --help
        "#);
    }
}
