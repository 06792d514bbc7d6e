//! Reference page of commands and their options.

use clap::Command;

use super::{
    described::{help, signature, variable},
    markdown::{block, code, table},
};
use crate::{
    cli::{examples::after_help, russian},
    language::{self, Language, pick},
};

pub(super) fn page(whole: &Command) -> String {
    let mut text = pick(
        "# Команды\n\nЭта страница записана из самой программы. То же на терминале: `esia-stand --help`, `esia-stand КОМАНДА \
         --help`; страницы `man` пишет `esia-stand man ПАПКА`, дополнение команд в оболочке — `esia-stand completions`. Коды возврата \
         стоят на [отдельной странице](exit-codes.md), переменные и файл настроек — [на другой](settings.md).\n\n## Общие параметры\n\n",
        "# Commands\n\nThis page is written from the program itself. The same on a terminal: `esia-stand --help`, `esia-stand COMMAND \
         --help`; `esia-stand man DIR` writes pages of the manual, `esia-stand completions` completes commands in a shell. Exit codes \
         have [a page of their own](exit-codes.md), variables and the settings file [another](settings.md).\n\n## Options of all \
         commands\n\n",
    )
    .to_owned();
    text.push_str(&options(whole));
    for command in whole.get_subcommands().filter(|command| command.get_name() != "help" && !command.is_hide_set()) {
        text.push_str(&section(command));
    }
    text.trim_end().to_owned() + "\n"
}

fn section(command: &Command) -> String {
    let name = command.get_name();
    let about = match language::spoken() {
        Language::Russian => russian::about(name).to_owned(),
        Language::English => command.get_about().map(ToString::to_string).unwrap_or_default(),
    };
    format!("## esia-stand {name}\n\n{about}.\n\n{}{}", options(command), block(&after_help(name)))
}

fn options(command: &Command) -> String {
    let name = command.get_name();
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let rows: Vec<_> = shown.map(|arg| vec![code(&signature(arg)), help(name, arg), variable(arg)]).collect();
    let columns = [pick("параметр", "option"), pick("что значит", "what it does"), pick("переменная", "variable")];
    table(&columns, &rows)
}
