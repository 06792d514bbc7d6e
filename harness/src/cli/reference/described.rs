//! Descriptions of command-line arguments for the reference.

use clap::Arg;

use super::markdown::{cell, code};
use crate::{
    cli::russian,
    language::{self, Language, tr},
};

/// Signature of an argument: `--jobs NUMBER`, or `WORLD` if it is positional.
pub(super) fn signature(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default();
    let value = match language::spoken() {
        Language::Russian => russian::value(&name).map_or(name.clone(), ToOwned::to_owned),
        Language::English => name,
    };
    match arg.get_long() {
        None => value,
        Some(long) if arg.get_action().takes_values() && !value.is_empty() => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
    }
}

/// Help of an argument with its possible values.
pub(super) fn help(command: &str, arg: &Arg) -> String {
    let help = match language::spoken() {
        Language::Russian => russian::argument(command, arg.get_id().as_str()).unwrap_or_default().to_owned(),
        Language::English => arg.get_help().map(ToString::to_string).unwrap_or_default(),
    };
    let values = if arg.get_action().takes_values() { arg.get_possible_values() } else { Vec::new() };
    let names: Vec<_> =
        values.iter().filter(|value| !value.is_hide_set()).map(|value| code(value.get_name())).collect();
    if names.is_empty() {
        return cell(&help);
    }
    let (help, names) = (cell(&help), names.join(", "));
    tr!("{help}. Одно из: {names}", "{help}. One of: {names}")
}

/// Environment variable of an argument, as code; empty if there is none.
pub(super) fn variable(arg: &Arg) -> String {
    arg.get_env().map(|name| code(&name.to_string_lossy())).unwrap_or_default()
}
