//! All pages of the reference.

use clap::Command;

use super::{commands, control_api, exit_codes, mistakes, profiles, seed, settings, steps};
use crate::{cli::fault_page, exit::CliError};

/// Generated page of the reference.
#[derive(Debug)]
pub(in crate::cli) struct ReferencePage {
    /// File name without extension, as `commands`.
    pub(in crate::cli) name: &'static str,
    /// Text of the page in Markdown.
    pub(in crate::cli) text: String,
}

/// Generates all pages in the language of the run, from the untranslated command line.
///
/// # Errors
/// Fails if the servers, which describe the control API, cannot be started.
pub(in crate::cli) async fn pages(raw: &Command) -> Result<Vec<ReferencePage>, CliError> {
    let page = |name, text| ReferencePage { name, text };
    Ok(vec![
        page("commands", commands::page(raw)),
        page("settings", settings::page(raw)?),
        page("exit-codes", exit_codes::page()),
        page("control-api", control_api::page().await?),
        page("steps", steps::page()),
        page("seed", seed::page()?),
        page("profiles", profiles::page()?),
        page("faults", fault_page::page(&idp::faults().collect::<Vec<_>>())),
        page("mistakes", mistakes::page()),
    ])
}
