//! `esia-stand conformance`: conformance report on a client of Gosuslugi.

use std::{
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::Args;
use web::ControlToken;

use super::{Protocol, commands::say};
use crate::{
    conformance::{
        Choice, Report, Run, Screen, Side, Stand, Stopped, Worlds, applicable, as_html, as_json, as_junit, counted,
        listed, play,
    },
    control::{Control, Party},
    exit::{CliError, Exit},
    language::{pick, tr},
    paint,
    relying_party::{Client, Place, RecognisedBy, Sign},
    run::Signals,
    servers::{self, Pair, TlsChoice, Wanted},
    suite,
    words::of_system,
};

/// World of the documented suite for our own diary, and the person who signs in there.
const OWN_WORLD: &str = "взрослые";
const OWN_PERSON: &str = "нина";

/// Options of `esia-stand conformance`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Conformance {
    /// Description of the client (YAML)
    #[arg(value_name = "CLIENT", required_unless_present_any = ["diary", "list", "schema"])]
    pub client: Option<PathBuf>,
    /// Judge the diary of this program instead, in both protocols
    #[arg(long, conflicts_with = "client")]
    pub diary: bool,
    /// Both of its servers speak https
    #[arg(long, requires = "diary")]
    pub tls: bool,
    /// Only these faults: names, families (sig) or classes (refuse, accept, degrade), separated by commas
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Only these faults make the command end with 1; the others are reported [default: all]
    #[arg(long, value_name = "FAULT", value_delimiter = ',')]
    pub fail_on: Vec<String>,
    /// Print the faults that would be played, and play none
    #[arg(long)]
    pub list: bool,
    /// Print the JSON Schema of a description
    #[arg(long, conflicts_with = "list")]
    pub schema: bool,
    /// Write a `JUnit` report
    #[arg(long, value_name = "FILE", help = "Write a JUnit report")]
    pub junit: Option<PathBuf>,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report as one page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Token of the provider's control API
    #[arg(long, env = "ESIA_STAND_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
}

/// Plays the faults and writes the reports, also if it is stopped early.
pub(super) async fn conformance(options: Conformance) -> Result<Exit, CliError> {
    let (only, fail_on) = (Choice::of(&options.only)?, Choice::of(&options.fail_on)?);
    if options.schema {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Client)).map_err(CliError::could_not_run)?;
        return say(&(schema + "\n"));
    }
    if options.list {
        return say(&listed(&only));
    }
    let mut signals = Signals::listen()?;
    let (title, stands, children) = stands(&options).await?;
    let faults: Vec<Vec<_>> = stands.iter().map(|stand| applicable(&only, stand.client.protocol).collect()).collect();
    let mut screen = Screen::new(io::stdout().is_terminal(), faults.iter().map(Vec::len).sum());
    let (mut judged, mut stopped) = (Vec::new(), None);
    for (stand, faults) in stands.iter().zip(&faults) {
        let run = match stopped {
            Some(Stopped::Signal) => Run::unplayed(stand, faults, Stopped::Signal),
            _ => play(stand, faults, &mut screen, &mut signals).await,
        };
        judged.extend(run.judged);
        stopped = stopped.or(run.stopped);
    }
    screen.close();
    drop(children);
    let report = Report::new(title, judged);
    say(&counted(&report))?;
    written(&options, &report)?;
    ended(&report, stopped, &fail_on)
}

fn ended(report: &Report, stopped: Option<Stopped>, fail_on: &Choice) -> Result<Exit, CliError> {
    match stopped {
        Some(Stopped::Client(why)) => {
            return Err(CliError::CouldNotRun(tr!(
                "клиента не удалось судить: {why}",
                "the client could not be judged: {why}"
            )));
        }
        Some(Stopped::Signal) => {
            paint::complain(pick("остановлено, отчёты записаны", "stopped, reports are written"));
            return Ok(Exit::CouldNotRun);
        }
        None => {}
    }
    let failed = report.failed().filter(|id| idp::faults().any(|fault| fault.id == *id && fail_on.has(fault))).count();
    Ok(match (failed, report.counts.not_judged) {
        (1.., _) => Exit::Failed,
        (_, 1..) => Exit::CouldNotRun,
        _ => Exit::Passed,
    })
}

fn written(options: &Conformance, report: &Report) -> Result<(), CliError> {
    let save = |file: &Path, text: Result<String, String>| {
        let told = |why: String| CliError::could_not_run(tr!("отчёт {}: {why}", "report {}: {why}", file.display()));
        fs::write(file, text.map_err(told)?).map_err(|error| told(of_system(&error)))
    };
    options.junit.as_ref().map_or(Ok(()), |file| save(file, as_junit(report)))?;
    options.json.as_ref().map_or(Ok(()), |file| save(file, as_json(report)))?;
    options.html.as_ref().map_or(Ok(()), |file| save(file, as_html(report)))
}

/// Returns the judged client and its environments; for our own diary with the servers that were started.
async fn stands(options: &Conformance) -> Result<(String, Vec<Stand>, Option<Pair>), CliError> {
    let token = options.control_token.as_deref().and_then(ControlToken::new).map(|token| token.as_str().to_owned());
    let Some(file) = options.client.as_ref().filter(|_| !options.diary) else { return own(options.tls).await };
    let (client, provider) = suite::relying_party::judged(file)?;
    let provider = Control::new(Party::Idp, provider, token).map_err(CliError::could_not_run)?;
    provider.health().await.map_err(CliError::could_not_run)?;
    provider.unlocked().await.map_err(CliError::could_not_run)?;
    let worlds = if client.has_worlds() {
        let seed = serde_json::to_value(servers::seed(Some(&client.world))?).map_err(CliError::could_not_run)?;
        Worlds::Fresh { seed, side: Side::Foreign }
    } else {
        Worlds::One(client.world.clone())
    };
    Ok((client.title.clone(), vec![Stand::new(client, provider, worlds)], None))
}

/// Starts our own diary and provider for both protocols.
async fn own(tls: bool) -> Result<(String, Vec<Stand>, Option<Pair>), CliError> {
    let pair = Pair::start(&Wanted { tls: TlsChoice::own_if(tls), ..Wanted::default() }).await?;
    let title = pick("Дневник esia-stand", "The diary of esia-stand");
    let mut stands = Vec::new();
    for protocol in [Protocol::Esia, Protocol::Oidc] {
        let control = |party, server: &servers::Server| {
            Control::new(party, server.url.clone(), None).map_err(CliError::could_not_run)
        };
        let seed = serde_json::to_value(servers::seed(Some(OWN_WORLD))?).map_err(CliError::could_not_run)?;
        let side = Side::Ours(Box::new(control(Party::Diary, &pair.diary)?));
        let client = Client {
            title: title.to_owned(),
            base: format!("{}/w/{{world}}/", pair.diary.url.as_str().trim_end_matches('/')),
            provider: Some(pair.idp.url.clone()),
            protocol,
            world: OWN_WORLD.to_owned(),
            person: OWN_PERSON.to_owned(),
            sign_in: Place { open: "login/gosuslugi".to_owned(), press: None },
            signed_in: Sign { open: Some("diary".to_owned()), data_test: Some("diary".to_owned()), ..Sign::default() },
            refused: Sign { css: Some("[data-test^=refusal-], [data-test^=error-]".to_owned()), ..Sign::default() },
            sign_out: Place { open: "diary".to_owned(), press: Some(SIGN_OUT.to_owned()) },
            recognised_by: RecognisedBy::Data,
            ..Client::default()
        };
        stands.push(Stand::new(client, control(Party::Idp, &pair.idp)?, Worlds::Fresh { seed, side }));
    }
    Ok((title.to_owned(), stands, Some(pair)))
}

/// Button of the diary that ends a session.
const SIGN_OUT: &str = "Выйти";
