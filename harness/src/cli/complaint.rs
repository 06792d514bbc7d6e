//! What is wrong with a command line, in Russian like every other message.

use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// A wrong command line in words, with what may have been meant and where the help is.
pub(super) fn told(error: &Error) -> String {
    let said = |kind| error.get(kind).map(words).unwrap_or_default();
    let (argument, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("у {argument} нет значения"),
        ErrorKind::InvalidValue => format!("{argument}: значения «{value}» не бывает"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{argument}, «{value}»: {}", in_russian(&why))
        }
        ErrorKind::UnknownArgument => format!("параметра {argument} нет"),
        ErrorKind::InvalidSubcommand => format!("команды «{}» нет", said(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "не сказано, что делать: нужна команда".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("не хватает: {argument}"),
        ErrorKind::ArgumentConflict => format!("{argument} и {} не бывают вместе", said(ContextKind::PriorArg)),
        ErrorKind::TooManyValues => format!("{argument}: значение «{value}» лишнее"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument}: значений не столько, сколько нужно")
        }
        ErrorKind::NoEquals => format!("{argument}: нужен знак «=»"),
        ErrorKind::InvalidUtf8 => "в командной строке есть буквы не в UTF-8".to_owned(),
        _ => error.to_string().trim_start_matches("error: ").trim_end().to_owned(),
    };
    let mut text = format!("esia-stand: {what}");
    let known = said(ContextKind::ValidValue);
    if !known.is_empty() {
        let _ = write!(text, "\n  бывает: {known}");
    }
    let commands = said(ContextKind::ValidSubcommand);
    if !commands.is_empty() {
        let _ = write!(text, "\n  бывают: {commands}");
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let meant = said(kind);
        if !meant.is_empty() {
            let _ = write!(text, "\n  может быть: {meant}");
        }
    }
    text + "\n  подробнее: esia-stand --help, esia-stand КОМАНДА --help\n"
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::None => String::new(),
        ContextValue::Strings(words) => words.join(", "),
        ContextValue::StyledStrs(words) => words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What clap's own readers of numbers say.
fn in_russian(why: &str) -> String {
    if let Some((_, range)) = why.split_once(" is not in ") {
        return format!("нужно целое число, {}", range.replace("..=", " … "));
    }
    if why.contains("invalid digit") || why.contains("cannot parse integer") {
        return "нужно целое число".to_owned();
    }
    why.to_owned()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::program::Cli;

    fn said(args: &[&str]) -> String {
        told(&Cli::try_parse_from(["esia-stand"].iter().chain(args)).unwrap_err())
    }

    #[test]
    fn a_wrong_command_line_is_told_in_russian_with_the_way_out() {
        insta::assert_snapshot!(said(&["idp", "--listen", "127.0.0.1"]), @"
        esia-stand: --listen <ADDR>, «127.0.0.1»: нет порта: нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--log", "verbose"]), @"
        esia-stand: --log <LEVEL>: значения «verbose» не бывает
          бывает: off, error, warn, info, debug, trace
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--jobs", "0"]), @"
        esia-stand: --jobs <N>, «0»: нужно целое число, 1 … 65535
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--tag", "@a"]), @"
        esia-stand: параметра --tag нет
          может быть: --tags
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["serv"]), @"
        esia-stand: команды «serv» нет
          может быть: serve
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
        insta::assert_snapshot!(said(&["run", "--junit"]), @"
        esia-stand: у --junit <FILE> нет значения
          подробнее: esia-stand --help, esia-stand КОМАНДА --help
        ");
    }
}
