//! The pages of the reference, all together.

use clap::Command;

use super::{commands, control_api, exit_codes, mistakes, profiles, seed, settings, steps};
use crate::{cli::fault_page, exit::CliError};

/// A page that the program writes about itself.
#[derive(Debug)]
pub(in crate::cli) struct ReferencePage {
    /// Its file without the ending, `commands`.
    pub(in crate::cli) name: &'static str,
    /// The whole page, in Markdown.
    pub(in crate::cli) text: String,
}

/// All pages in the language of the run, from the command line as it is in the code, without help in another language.
///
/// # Errors
/// Servers that cannot be started to be asked for their addresses.
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
