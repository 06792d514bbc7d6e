//! Help of the command line in the language of the run. English texts are the doc comments of options; Russian ones are
//! in [`russian`].

use clap::{Arg, ArgAction, Command, builder::PossibleValue};

use super::{examples::after_help, russian};
use crate::language::{self, Language, tr};

/// Template of the help, as clap's own except for the word before the usage.
const TEMPLATE: &str =
    "{before-help}{about-with-newline}\n\u{1b}[1m\u{1b}[4mИспользование:\u{1b}[0m {usage}\n\n{all-args}{after-help}";

/// Adds examples to a command line and translates its help.
pub(super) fn with_help(command: Command) -> Command {
    let mut command = with_examples(command);
    if language::spoken() == Language::English {
        return command;
    }
    // `build` adds `--help`, `--version` and `help`, which must be translated too.
    command.build();
    translated(command, "")
}

fn with_examples(command: Command) -> Command {
    let end = after_help(command.get_name());
    command.after_help(end).mut_subcommands(with_examples)
}

fn translated(command: Command, before: &str) -> Command {
    let name = command.get_name().to_owned();
    let whole = format!("{before} {name}").trim_start().to_owned();
    let command = command
        .about(russian::about(&name))
        .help_template(TEMPLATE)
        .subcommand_help_heading("Команды")
        .subcommand_value_name("КОМАНДА")
        .mut_args(|arg| translated_arg(&name, arg))
        .mut_subcommands(|inner| translated(inner, &whole));
    let usage = usage(&command, &whole);
    command.override_usage(usage)
}

fn translated_arg(command: &str, arg: Arg) -> Arg {
    let heading = if arg.is_positional() { "Аргументы" } else { "Параметры" };
    let mut help = russian::argument(command, arg.get_id().as_str()).unwrap_or_default().to_owned();
    help.push_str(&possible(&arg));
    help.push_str(&variable(&arg));
    let value = arg.get_value_names().and_then(|names| names.first()).and_then(|name| russian::value(name));
    let arg = arg.help(help).long_help(None).help_heading(heading).hide_possible_values(true).hide_env(true);
    match value {
        Some(value) => arg.value_name(value),
        None => arg,
    }
}

/// Possible values of an argument: `[одно из: http, chromium]`.
fn possible(arg: &Arg) -> String {
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let values = if takes_value { arg.get_possible_values() } else { Vec::new() };
    let names: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
    if names.is_empty() { String::new() } else { format!(" [одно из: {}]", names.join(", ")) }
}

/// Environment variable of an argument: `[переменная: ESIA_STAND_JOBS=4]`, without the value of a secret.
fn variable(arg: &Arg) -> String {
    let Some(name) = arg.get_env().map(|name| name.to_string_lossy()) else { return String::new() };
    let set = std::env::var_os(&*name).map(|value| value.to_string_lossy().into_owned());
    let set = set.filter(|_| !arg.is_hide_env_values_set()).map(|value| format!("={value}")).unwrap_or_default();
    format!(" [переменная: {name}{set}]")
}

/// Usage of a command: `esia-stand run [ПАРАМЕТРЫ] [ПУТЬ]...`.
fn usage(command: &Command, whole: &str) -> String {
    let mut usage = whole.to_owned();
    let asks = |arg: &&Arg| matches!(arg.get_action(), ArgAction::Help | ArgAction::Version);
    if command.get_opts().chain(command.get_arguments().filter(|arg| !arg.is_positional())).any(|arg| !asks(&arg)) {
        usage.push_str(" [ПАРАМЕТРЫ]");
    }
    for arg in command.get_positionals() {
        usage.push(' ');
        usage.push_str(&arg.to_string());
    }
    if command.is_subcommand_required_set() {
        usage.push_str(" <КОМАНДА>");
    }
    usage
}

/// Message where to find help, after a wrong command line.
pub(super) fn way_out() -> String {
    tr!("подробнее: esia-stand --help, esia-stand КОМАНДА --help", "more: esia-stand --help, esia-stand COMMAND --help")
}
