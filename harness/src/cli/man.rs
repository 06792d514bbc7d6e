//! `esia-stand man`: manual pages in the language of the run.

use std::{fs, path::Path};

use clap::Command;
use clap_mangen::Man as Page;

use super::Man;
use crate::{
    exit::CliError,
    language::{self, Language, tr},
    words::{Counted, of_system},
};

/// Headings in the renderer's output, with Russian translations.
const HEADINGS: [Heading; 7] = [
    Heading { english: "NAME", russian: "ИМЯ" },
    Heading { english: "SYNOPSIS", russian: "ВЫЗОВ" },
    Heading { english: "DESCRIPTION", russian: "ОПИСАНИЕ" },
    Heading { english: "OPTIONS", russian: "ПАРАМЕТРЫ" },
    Heading { english: "SUBCOMMANDS", russian: "КОМАНДЫ" },
    Heading { english: "EXTRA", russian: "КРОМЕ ТОГО" },
    Heading { english: "VERSION", russian: "ВЕРСИЯ" },
];

struct Heading {
    english: &'static str,
    russian: &'static str,
}

/// Words for the number of written pages.
const PAGES: Counted =
    Counted { russian: ["страница", "страницы", "страниц"], english: ["page", "pages"] };

/// Writes a page for the program and one for each command; returns a message with their number.
///
/// # Errors
/// Fails if the folder cannot be written.
pub(super) fn written(options: &Man, command: Command) -> Result<String, CliError> {
    let told = |path: &Path, error: &std::io::Error| {
        CliError::could_not_run(format!("{}: {}", path.display(), of_system(error)))
    };
    fs::create_dir_all(&options.folder).map_err(|error| told(&options.folder, &error))?;
    let pages = pages(command).map_err(CliError::could_not_run)?;
    let number = pages.len();
    for (name, page) in pages {
        let path = options.folder.join(format!("{name}.1"));
        fs::write(&path, page).map_err(|error| told(&path, &error))?;
    }
    let (pages, folder) = (PAGES.count(number), options.folder.display());
    Ok(tr!(
        "{folder}: {pages}; прочитать: man -l {folder}/esia-stand.1\n",
        "{folder}: {pages}; to read them: man -l {folder}/esia-stand.1\n"
    ))
}

/// Returns name and text of each page.
fn pages(mut whole: Command) -> std::io::Result<Vec<(String, String)>> {
    whole.build();
    let of_commands = whole.get_subcommands().filter(|inner| inner.get_name() != "help").cloned();
    let of_commands: Vec<Command> = of_commands.collect();
    std::iter::once(whole).chain(of_commands).map(page).collect()
}

fn page(command: Command) -> std::io::Result<(String, String)> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut page = Vec::new();
    Page::new(command.disable_help_subcommand(true)).render(&mut page)?;
    Ok((name, in_language(&String::from_utf8_lossy(&page))))
}

fn in_language(page: &str) -> String {
    if language::spoken() == Language::English {
        return page.to_owned();
    }
    let line = |line: &str| match HEADINGS.iter().find(|heading| line == format!(".SH {}", heading.english)) {
        Some(heading) => format!(".SH {}\n", heading.russian),
        None => format!("{line}\n"),
    };
    page.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::program::command, language::in_english};

    fn whole(name: &str) -> String {
        pages(command()).unwrap().into_iter().find(|(page, _)| page == name).map(|(_, text)| text).unwrap_or_default()
    }

    #[test]
    fn there_is_a_page_for_the_program_and_for_every_command() {
        let names: Vec<_> = pages(command()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"esia-stand".to_owned()) && names.contains(&"esia-stand-run".to_owned()), "{names:?}");
        assert_eq!(names.len(), command().get_subcommands().filter(|inner| inner.get_name() != "help").count() + 1);
    }

    #[test]
    fn a_page_is_in_one_language_with_the_options_and_examples() {
        let russian = whole("esia-stand-run");
        for part in [".SH ВЫЗОВ", ".SH ПАРАМЕТРЫ", "fail\\-fast", "Остановиться", "Примеры:"]
        {
            assert!(russian.contains(part), "{part}: {russian}");
        }
        let english = russian.lines().filter(|line| HEADINGS.iter().any(|known| line.ends_with(known.english)));
        assert_eq!(english.collect::<Vec<_>>(), Vec::<&str>::new());
        let english = in_english(|| whole("esia-stand-run"));
        assert!(english.contains(".SH OPTIONS") && english.contains("Examples:"), "{english}");
    }
}
