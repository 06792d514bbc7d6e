//! `esia-stand health`: health check of servers, for containers.

use std::io::{self, Write as _};

use reqwest::Client;
use url::Url;

use super::options::HealthOf;
use crate::{
    control::{Health, Party},
    exit::{CliError, Exit},
    language::tr,
    net, servers,
};

/// Checks each URL. Without URLs it checks the default ones, and ignores a server that does not answer there.
pub(super) async fn health(options: &HealthOf) -> Result<Exit, CliError> {
    let default = options.urls.is_empty();
    let urls = if default { defaults() } else { options.urls.clone() };
    let (mut silent, mut unwell, mut well) = (Vec::new(), Vec::new(), 0);
    for url in &urls {
        match ask(url).await {
            Ok(Health::Well(party)) => {
                well += 1;
                let (name, key) = (party.name(), party.key());
                say(&tr!("{url}  {name} ({key}): в порядке\n", "{url}  {name} ({key}): well\n"))?;
            }
            Ok(Health::Unwell(party, said)) => {
                let name = party.map_or("esia-stand", Party::name);
                unwell.push(tr!("{url}  {name}: неисправен: {said}", "{url}  {name}: not well: {said}"));
            }
            Ok(Health::Foreign(said)) => {
                unwell.push(tr!(
                    "{url}  отвечает другая программа, а не esia-stand ({said})",
                    "{url}  another program answers, not esia-stand ({said})"
                ));
            }
            Err(error) => {
                let why = net::reason(&error);
                silent.push(tr!("не отвечает {why}", "no answer from {why}"));
            }
        }
    }
    if !unwell.is_empty() {
        let _ = writeln!(io::stderr(), "esia-stand: {}", unwell.join("\n"));
        return Ok(Exit::Failed);
    }
    if silent.is_empty() || default && well > 0 {
        return Ok(Exit::Passed);
    }
    Err(CliError::CouldNotRun(silent.join("\n")))
}

/// Default URLs, over https if a CA is named, because plain HTTP needs none.
fn defaults() -> Vec<Url> {
    let scheme = if net::trusted().is_empty() { "http" } else { "https" };
    [servers::IDP_PORT, servers::DIARY_PORT]
        .iter()
        .filter_map(|port| format!("{scheme}://127.0.0.1:{port}").parse().ok())
        .collect()
}

async fn ask(url: &Url) -> Result<Health, reqwest::Error> {
    let client: Client = net::client(url).build()?;
    Health::ask(&client, url).await
}

fn say(text: &str) -> Result<(), CliError> {
    io::stdout().write_all(text.as_bytes()).map_err(CliError::could_not_run)
}
