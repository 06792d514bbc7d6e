//! `esia-stand docs`: writes the documentation as static pages, or its reference as Markdown.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Command};

use super::reference;
use crate::{
    exit::CliError,
    language::{pick, tr},
    words::{Counted, of_system},
};

/// Options of `esia-stand docs`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Docs {
    /// Folder for the pages; what it has under the same names is replaced
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Write the pages of the reference instead, in the language of the run (Markdown)
    #[arg(long)]
    pub reference: bool,
}

/// Words for the number of written files.
const WRITTEN: Counted = Counted { russian: ["файл", "файла", "файлов"], english: ["file", "files"] };

/// Writes the documentation and returns a message with the number of files.
///
/// # Errors
/// Fails if the folder cannot be written.
pub(super) async fn written(options: &Docs, raw: &Command) -> Result<String, CliError> {
    let files = if options.reference { of_reference(raw).await? } else { of_site()? };
    for file in &files {
        write(&options.folder.join(&file.path), &file.bytes)?;
    }
    let (count, folder) = (WRITTEN.count(files.len()), options.folder.display());
    if options.reference {
        return Ok(format!("{folder}: {count}\n"));
    }
    Ok(tr!(
        "{folder}: {count}; начало: {folder}/ru/index.html\n",
        "{folder}: {count}; it begins at {folder}/en/index.html\n"
    ))
}

/// File with its path in the folder.
struct Written {
    path: String,
    bytes: Cow<'static, [u8]>,
}

fn of_site() -> Result<Vec<Written>, CliError> {
    let site = web::book_site().map_err(CliError::could_not_run)?;
    let pages = site.into_iter().map(|page| Written { path: page.path, bytes: page.text.into_bytes().into() });
    let pictures = web::book_pictures().map(|(path, png)| Written { path: path.to_owned(), bytes: png.into() });
    Ok(pages.chain(pictures).collect())
}

async fn of_reference(raw: &Command) -> Result<Vec<Written>, CliError> {
    let language = pick("ru", "en");
    let pages = reference::pages(raw).await?;
    Ok(pages
        .into_iter()
        .map(|page| Written { path: format!("{language}/{}.md", page.name), bytes: page.text.into_bytes().into() })
        .collect())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let told = |error: &std::io::Error| CliError::could_not_run(format!("{}: {}", path.display(), of_system(error)));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| told(&error))?;
    }
    fs::write(path, bytes).map_err(|error| told(&error))
}
