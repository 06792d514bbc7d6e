//! Reference page of settings: keys of the settings file, and environment variables.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use clap::{Arg, Command};
use serde_json::Value;

use super::{
    described::{help, signature, variable},
    markdown::{cell, code, table},
};
use crate::{cli::File, exit::CliError, language::pick};

/// Sections of the settings file that belong to a command.
const SECTIONS: [&str; 4] = ["run", "serve", "idp", "diary"];

pub(super) fn page(whole: &Command) -> Result<String, CliError> {
    let schema = serde_json::to_value(schemars::schema_for!(File)).map_err(CliError::could_not_run)?;
    let mut text = head();
    text.push_str(&top(whole, &schema));
    for section in SECTIONS {
        // Writing to a String cannot fail.
        let _ = write!(text, "### `{section}`\n\n{}", keys(whole, &schema, section));
    }
    text.push_str(pick("## Переменные окружения\n\n", "## Environment variables\n\n"));
    text.push_str(&variables(whole));
    Ok(text.trim_end().to_owned() + "\n")
}

fn head() -> String {
    pick(
        "# Настройки\n\nНичего настраивать не обязательно. Одну и ту же настройку задают параметром команды, переменной окружения или \
         ключом файла `--config ФАЙЛ`; параметр сильнее переменной, переменная — файла. Пустая переменная не считается заданной, а о \
         переменной `ESIA_STAND_…`, которую никто не читает, программа предупреждает.\n\nФайл — YAML; схему для редактора печатает \
         `esia-stand check --schema config`.\n\n## Файл настроек\n\n",
        "# Settings\n\nNone is needed. A setting is an option of a command, a variable of the environment, or a key of the file of \
         `--config FILE`; an option wins over a variable, and that over the file. A variable that is set to nothing is not set, and the \
         program warns of a variable `ESIA_STAND_…` that nobody reads.\n\nThe file is YAML; `esia-stand check --schema config` prints the \
         schema for an editor.\n\n## Settings file\n\n",
    )
    .to_owned()
}

fn columns() -> [&'static str; 3] {
    [pick("ключ", "key"), pick("что значит", "what it does"), pick("параметр и переменная", "option and variable")]
}

fn argument<'c>(command: &'c Command, key: &str) -> Option<&'c Arg> {
    let id = key.replace('-', "_");
    command.get_arguments().find(|arg| arg.get_id().as_str() == id)
}

fn row(command: &Command, key: &str, schema: &Value) -> Vec<String> {
    let known = argument(command, key);
    let told = known.map_or_else(|| without_option(key, schema), |arg| help(command.get_name(), arg));
    let same = known.map(|arg| format!("{} {}", code(&signature(arg)), variable(arg)).trim().to_owned());
    vec![code(key), told, same.unwrap_or_default()]
}

/// Description of a key that is not an option.
fn without_option(key: &str, schema: &Value) -> String {
    let told = schema["properties"][key]["description"].as_str().unwrap_or_default();
    match key {
        "clients" => cell(pick("Информационные системы на стороне Госуслуг, как в файле --client", told_of_clients())),
        "run" | "serve" | "idp" | "diary" => {
            pick("Настройки одноимённой команды, ниже", "Settings of the command of that name, below").to_owned()
        }
        _ => cell(told),
    }
}

fn told_of_clients() -> &'static str {
    "Client systems of the provider, as in a file of --client"
}

fn top(whole: &Command, schema: &Value) -> String {
    let names = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
    table(&columns(), &names.map(|key| row(whole, key, schema)).collect::<Vec<_>>())
}

fn keys(whole: &Command, schema: &Value, section: &str) -> String {
    let Some(command) = whole.find_subcommand(section) else { return String::new() };
    let definition = schema["properties"][section]["$ref"].as_str().unwrap_or_default();
    let definition = schema.pointer(definition.trim_start_matches('#')).unwrap_or(&Value::Null);
    let names = definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
    let shown = names.filter(|key| argument(command, key).is_none_or(|arg| !arg.is_hide_set()));
    table(&columns(), &shown.map(|key| row(command, key, definition)).collect::<Vec<_>>())
}

/// Option and settings that are equivalent to a variable.
struct Same {
    option: String,
    help: String,
    commands: Vec<String>,
}

fn variables(whole: &Command) -> String {
    let mut known: BTreeMap<String, Same> = BTreeMap::new();
    for command in std::iter::once(whole).chain(whole.get_subcommands()) {
        for arg in command.get_arguments().filter(|arg| arg.get_env().is_some()) {
            let same = known.entry(variable(arg)).or_insert_with(|| Same {
                option: code(&signature(arg)),
                help: help(command.get_name(), arg),
                commands: Vec::new(),
            });
            same.commands.push(command.get_name().to_owned());
        }
    }
    let rows: Vec<_> = known.into_iter().map(|(name, same)| variable_row(name, &same)).collect();
    let columns = [
        pick("переменная", "variable"),
        pick("параметр", "option"),
        pick("команды", "commands"),
        pick("что значит", "what it does"),
    ];
    table(&columns, &rows)
}

fn variable_row(name: String, same: &Same) -> Vec<String> {
    let commands =
        if same.commands == ["esia-stand"] { pick("все", "all").to_owned() } else { same.commands.join(", ") };
    vec![name, same.option.clone(), commands, same.help.clone()]
}
