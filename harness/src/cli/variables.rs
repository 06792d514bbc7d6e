//! Variables of the environment: empty ones count as unset, and unknown ones are reported.

use clap::Command;

use crate::{language::tr, suite::nearest, words::may_be};

/// Prefix of this program's variables.
const OURS: &str = "ESIA_STAND_";

/// Removes empty variables from the command line: Compose sets them so for a missing `${…}`.
pub(super) fn without_empty(command: Command, empty: &dyn Fn(&str) -> bool) -> Command {
    let command = command.mut_args(|arg| {
        let blank = arg.get_env().is_some_and(|name| empty(&name.to_string_lossy()));
        if blank { arg.env(None::<&str>) } else { arg }
    });
    command.mut_subcommands(|inner| without_empty(inner, empty))
}

/// Variables that other programs read: packages, fixtures of other languages, scripts of this repository.
const READ_BY_OTHERS: [&str; 7] = [
    "ESIA_STAND_BIN",
    "ESIA_STAND_TEAM",
    "ESIA_STAND_URL",
    "ESIA_STAND_ARGS",
    "ESIA_STAND_COMMIT",
    "ESIA_STAND_NO_FUZZ",
    "ESIA_STAND_NO_DENY",
];

/// Warnings about variables with our prefix that no program reads.
pub(super) fn unread(command: &Command, names: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    gather(command, &mut known);
    let is_read = |name: &String| known.contains(name) || READ_BY_OTHERS.contains(&name.as_str());
    let unread = names.filter(|name| name.starts_with(OURS) && !is_read(name));
    unread
        .map(|name| {
            let written = name.trim_start_matches(OURS);
            let meant = nearest(written, known.iter().map(|known| known.trim_start_matches(OURS)));
            let meant = meant.map(|meant| format!(", {}{OURS}{meant}", may_be())).unwrap_or_default();
            tr!("переменную {name} никто не читает{meant}", "nobody reads the variable {name}{meant}")
        })
        .collect()
}

fn gather(command: &Command, known: &mut Vec<String>) {
    known.extend(command.get_arguments().filter_map(|arg| Some(arg.get_env()?.to_string_lossy().into_owned())));
    command.get_subcommands().for_each(|inner| gather(inner, known));
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::program::Cli;

    fn said(names: &[&str]) -> String {
        unread(&Cli::command(), names.iter().map(|name| (*name).to_owned())).join("\n")
    }

    #[test]
    fn a_misspelt_variable_is_told_with_the_nearest() {
        insta::assert_snapshot!(said(&["ESIA_STAND_LISEN", "ESIA_STAND_CONTROL_TOCKEN", "ESIA_STAND_QQQ", "PATH"]), @"
        переменную ESIA_STAND_LISEN никто не читает, может быть: ESIA_STAND_LISTEN
        переменную ESIA_STAND_CONTROL_TOCKEN никто не читает, может быть: ESIA_STAND_CONTROL_TOKEN
        переменную ESIA_STAND_QQQ никто не читает
        ");
        assert_eq!(said(&["ESIA_STAND_LISTEN", "ESIA_STAND_LOG", "ESIA_STAND_JUNIT", "ESIA_STAND_BIN", "HOME"]), "");
    }

    #[test]
    fn a_variable_that_is_set_to_nothing_is_not_set() {
        let command = without_empty(Cli::command(), &|name| name == "ESIA_STAND_LISTEN");
        let idp = command.find_subcommand("idp").unwrap();
        let read = |id: &str| idp.get_arguments().find(|arg| arg.get_id() == id).unwrap().get_env().is_some();
        assert_eq!((read("listen"), read("data")), (false, true));
    }
}
