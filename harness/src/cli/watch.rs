//! `esia-stand watch`: plays the scenarios, and again those that a change concerns, with servers that keep running.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::Args;
use idp::ClientSpec;

use super::{
    Protocol, Run, Screens,
    diagnosed::told,
    numbers::times,
    run::{play, senseless},
};
use crate::{
    exit::{CliError, Exit},
    language::{pick, tr},
    paint::{self, Paint},
    run::Signals,
    servers::{Pair, Wanted},
    suite::{self, Suite},
    watch::{Changes, Concerned, Watched, concerned},
};

/// Terminal sequence that clears the screen and the scrollback.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// Options of `esia-stand watch`, each as that of `run`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Watch {
    /// Feature files, folders, and lines of files as my.feature:12
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Only scenarios whose tags fit, for example "@R000.11 and not @browser"
    #[arg(long, env = "ESIA_STAND_TAGS", value_name = "EXPR")]
    pub tags: Option<String>,
    /// Only scenarios in whose names this text stands; may be given several times
    #[arg(long, env = "ESIA_STAND_NAME", value_name = "TEXT")]
    pub name: Vec<String>,
    /// Stop a round at the first scenario that does not pass
    #[arg(long, env = "ESIA_STAND_FAIL_FAST")]
    pub fail_fast: bool,
    /// Scenarios at once [default: twice the number of cores]
    #[arg(long, env = "ESIA_STAND_JOBS", value_name = "N", value_parser = times)]
    pub jobs: Option<u16>,
    /// Write a report for people after each round: one HTML file that needs no other
    #[arg(long, env = "ESIA_STAND_HTML", value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// The diary's profile where a seed names none: a built-in one, or a file [default: ryazan]
    #[arg(long, env = "ESIA_STAND_PROFILE", value_name = "FILE")]
    pub profile: Option<String>,
    /// The protocol of Gosuslugi through which the diary signs people in [default: esia]
    #[arg(long, env = "ESIA_STAND_PROTOCOL", value_name = "PROTOCOL")]
    pub protocol: Option<Protocol>,
    /// Read pages over plain HTTP, or look at them in Chromium or Firefox [default: http]
    #[arg(long, env = "ESIA_STAND_BROWSER", value_name = "BROWSER")]
    pub browser: Option<Screens>,
    /// A client system of the provider, or a list of them (YAML or JSON); several files are separated by commas
    #[arg(long, env = "ESIA_STAND_CLIENT", value_name = "FILE", value_delimiter = ',')]
    pub client: Vec<PathBuf>,
}

impl From<Watch> for Run {
    fn from(watch: Watch) -> Self {
        let Watch { paths, tags, name, fail_fast, jobs, html, profile, protocol, browser, client } = watch;
        Self { paths, tags, name, fail_fast, jobs, html, profile, protocol, browser, client, ..Self::default() }
    }
}

/// Plays and watches until a signal stops it.
///
/// # Errors
/// Fails without servers, a browser, or files that can be watched. A mistake in a scenario is reported, and the command
/// waits for the next change.
pub(super) async fn watch(options: Run, clients: Vec<ClientSpec>) -> Result<Exit, CliError> {
    senseless(&options)?;
    if options.relying_party.is_some() || options.provider.is_some() || options.list || options.dry_run {
        return Err(CliError::wrong(pick(
            "watch играет между своими серверами: relying-party, provider, list и dry-run — для run",
            "watch plays between servers of its own: relying-party, provider, list and dry-run are for run",
        )));
    }
    let mut signals = Signals::listen()?;
    let mut changes = Changes::of(&watched(&options)).map_err(|error| unwatched(&error))?;
    let (options, _servers) = between_own_servers(options, clients).await?;
    let mut next = Concerned::All;
    loop {
        let exit = match play(options.clone(), Vec::new(), &next, &mut signals).await {
            Ok(exit) => Some(exit),
            Err(error @ CliError::CouldNotRun(_)) => return Err(error),
            Err(error) => {
                if !matches!(error, CliError::Told(_)) {
                    paint::complain(&error);
                }
                None
            }
        };
        if let Some(stopped @ (Exit::Interrupted | Exit::Terminated)) = exit {
            return Ok(stopped);
        }
        // Scenarios that were not played because of a mistake are played when it is corrected.
        let left = if exit.is_some() { Concerned::Features(BTreeSet::new()) } else { next };
        next = tokio::select! {
            biased;
            _ = signals.next() => return Ok(Exit::Passed),
            next = changed(&mut changes, &options, left) => next?,
        };
    }
}

/// Starts both servers, unless the options name running ones, and adds their URLs to the options of every round.
async fn between_own_servers(mut options: Run, clients: Vec<ClientSpec>) -> Result<(Run, Option<Pair>), CliError> {
    if options.idp.is_some() {
        return Ok((options, None));
    }
    let clients = suite::clients::gather(&options.client, clients)?;
    options.client = Vec::new();
    let pair = Pair::start(&Wanted { clients, ..Wanted::default() }).await?;
    (options.idp, options.diary) = (Some(pair.idp.url.clone()), Some(pair.diary.url.clone()));
    Ok((options, Some(pair)))
}

/// Returns the folders of all files that a round uses.
fn watched(options: &Run) -> BTreeSet<Watched> {
    let of_suite = options.paths.iter().flat_map(|path| Watched::of_suite(path));
    let profile = options.profile.iter().map(Path::new).filter(|profile| profile.is_file());
    of_suite.chain(profile.map(Watched::beside)).collect()
}

fn unwatched(error: &notify::Error) -> CliError {
    let paths: Vec<_> = error.paths.iter().map(|path| shown(path)).collect();
    let (paths, why) = (
        paths.join(", "),
        match &error.kind {
            notify::ErrorKind::Io(error) => crate::words::of_system(error),
            notify::ErrorKind::PathNotFound => pick("такого файла или папки нет", "no such file or folder").to_owned(),
            _ => error.to_string(),
        },
    );
    CliError::wrong(tr!("за {paths} не проследить: {why}", "{paths} cannot be watched: {why}"))
}

/// Waits for a change that concerns scenarios, including those left over; reports mistakes meanwhile.
async fn changed(changes: &mut Changes, options: &Run, left: Concerned) -> Result<Concerned, CliError> {
    let mut files = BTreeSet::new();
    loop {
        say(pick("\nЖду изменений; Ctrl+C — закончить\n", "\nWaiting for changes; Ctrl+C ends\n"))?;
        let new = changes.next().await;
        if io::stdout().is_terminal() {
            say(CLEAR)?;
        }
        let names: Vec<_> = new.iter().map(|path| shown(path)).collect();
        let names = Paint::Strong.on(names.join(", "));
        say(&tr!("Изменилось: {names}\n", "Changed: {names}\n"))?;
        files.extend(new);
        let suite = match Suite::load(&options.paths) {
            Ok(suite) => suite,
            Err(wrong) => {
                told(&wrong)?;
                continue;
            }
        };
        match (concerned(&suite, &files), &left) {
            (Concerned::All, _) | (_, Concerned::All) => return Ok(Concerned::All),
            (Concerned::Features(mut features), Concerned::Features(left)) => {
                features.extend(left.iter().cloned());
                if !features.is_empty() {
                    return Ok(Concerned::Features(features));
                }
            }
        }
    }
}

/// Path relative to the current folder.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

fn say(text: &str) -> Result<(), CliError> {
    paint::print(text).map_err(CliError::could_not_run)
}
