//! The whole program: its command line, and the command that it names.

use std::{
    env,
    path::{Path, PathBuf},
};

use clap::{CommandFactory as _, FromArgMatches as _, Subcommand, error::ErrorKind};
use idp::ClientSpec;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Check, Color, Completions, Conformance, Diary, DiffOf, Docs, Doctor, Explain, Faults, File, Format, HealthOf, Idp,
    Level, Man, Mistakes, New, People, ProfileOf, Run, Serve, StepsOf, Watch, WorldOf, chosen, commands, complaint,
    completions, conformance, diff, docs, doctor, explain, faults, health, help, log, man, new, run, steps, variables,
    version, watch, worlds_of,
};
use crate::{
    exit::{CliError, Exit},
    language::LanguageChoice,
    lsp, net, paint, servers,
    suite::{self, clients},
};

/// Mock Gosuslugi and an electronic school diary, and the documented scenarios played through both.
#[derive(Debug, clap::Parser)]
#[command(name = "esia-stand", version, long_version = version::told())]
pub(super) struct Cli {
    /// The language of help, messages and reports [default: that of the locale]
    #[arg(long, global = true, env = "ESIA_STAND_LANG", value_name = "LANG")]
    lang: Option<LanguageChoice>,
    /// When to print in colour [default: auto, on a terminal and without `NO_COLOR`]
    #[arg(
        long,
        global = true,
        env = "ESIA_STAND_COLOR",
        value_name = "WHEN",
        help = "When to print in colour [default: auto, on a terminal and without NO_COLOR]"
    )]
    color: Option<Color>,
    /// Settings file (YAML); its JSON Schema: esia-stand check --schema config
    #[arg(long, global = true, env = "ESIA_STAND_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Certificates to trust (PEM) besides those that this machine trusts; several files are separated by commas
    #[arg(long, global = true, env = "ESIA_STAND_CA", value_name = "FILE", value_delimiter = ',')]
    ca: Vec<PathBuf>,
    /// What is logged to stderr [default: warn]; info has a line for each request
    #[arg(long, global = true, env = "ESIA_STAND_LOG", value_name = "LEVEL")]
    log: Option<Level>,
    /// How a line of the log looks [default: human on a terminal, json elsewhere]
    #[arg(long, global = true, env = "ESIA_STAND_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<Format>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Play scenarios through both servers and report
    Run(Box<Run>),
    /// Play scenarios, and again what a change of their files concerns, until it is stopped
    Watch(Box<Watch>),
    /// Start both servers with a seeded world and show whom to sign in as
    Serve(Serve),
    /// Make a suite to begin with: a feature, its world, rules and a CI job, which pass as they are
    New(New),
    /// The mock Gosuslugi alone
    Idp(Idp),
    /// The electronic diary alone
    Diary(Diary),
    /// Print the sentences that scenarios may use, with examples
    Steps(StepsOf),
    /// Print a documented world whole, to copy and change; without a name list them
    World(WorldOf),
    /// Print who lives in a world, with logins, passwords and the rules that each is there for
    People(People),
    /// Print a profile of the diary, to copy and change
    Profile(ProfileOf),
    /// Print the mistakes that a verdict may name, with cause and remedy
    Mistakes(Mistakes),
    /// Print what the provider can do wrong on purpose, and what a right client does then
    Faults(Faults),
    /// Print what a rule, an error code, a mistake or a section of the protocol says
    Explain(Explain),
    /// Ask whether a server is well, for containers
    Health(HealthOf),
    /// Check files of features, composed steps and seeds, or print a JSON Schema
    Check(Check),
    /// Serve an editor: completion, mistakes, definitions and help while scenarios are written (Language Server Protocol)
    Lsp,
    /// Judge a client of Gosuslugi by what it does when the provider fails on purpose
    Conformance(Conformance),
    /// Compare two recordings of runs: in what the providers differ in deed
    Diff(DiffOf),
    /// Look for what on this machine would stand in the way, and print the way out
    Doctor(Doctor),
    /// Print the script with which a shell completes commands and options
    Completions(Completions),
    /// Write the pages of the manual into a folder
    Man(Man),
    /// Write the documentation into a folder, as pages for a browser
    Docs(Docs),
}

/// The command line with its help in the language of the run.
pub(super) fn command() -> clap::Command {
    help::with_help(Cli::command())
}

/// The whole program: reads the command line, does what it says.
pub fn main() -> Exit {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let variable = |name: &str| env::var_os(name);
    esia::language::speak(chosen::language(&args, &variable).into());
    let color = chosen::color(&args, &variable);
    anstream::ColorChoice::from(color).write_global();
    let command = command().color(color.into());
    let environment = || env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let unread = variables::unread(&command, environment().map(|(name, _)| name));
    let empty: Vec<_> =
        environment().filter(|(_, value)| value.to_string_lossy().trim().is_empty()).map(|(name, _)| name).collect();
    let command = variables::without_empty(command, &|name| empty.iter().any(|empty| empty == name));
    let cli = match command.try_get_matches().and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches)) {
        Ok(cli) => cli,
        Err(help) if help.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = help.print();
            return Exit::Wrong;
        }
        Err(error) if error.use_stderr() => {
            paint::complain(complaint::told(&error).trim_end());
            return Exit::Wrong;
        }
        Err(help) => {
            let _ = help.print();
            return Exit::Passed;
        }
    };
    for variable in unread {
        paint::complain(variable);
    }
    match start(cli) {
        Ok(exit) => exit,
        Err(error) => {
            if !matches!(error, CliError::Told(_)) {
                paint::complain(&error);
            }
            error.exit()
        }
    }
}

fn start(cli: Cli) -> Result<Exit, CliError> {
    let file = cli.config.as_deref().map_or_else(|| Ok(File::default()), read_config)?;
    let clients = cli.config.as_deref().map(clients_of).transpose()?.unwrap_or_default();
    log::start(cli.log.or(file.log).unwrap_or(Level::Warn), cli.log_format.or(file.log_format))?;
    let ca = if cli.ca.is_empty() { file.ca.clone() } else { cli.ca.clone() };
    net::trust(ca).map_err(|error| servers::unsecured(&error))?;
    let runtime = tokio::runtime::Runtime::new().map_err(CliError::could_not_run)?;
    match cli.command {
        Command::Run(flags) => runtime.block_on(run::run(layered(&*flags, &file.run)?, clients)),
        Command::Watch(flags) => runtime.block_on(watch::watch(layered(&Run::from(*flags), &file.run)?, clients)),
        Command::Serve(flags) => runtime.block_on(commands::serve(layered(&flags, &file.serve)?, clients)),
        Command::New(options) => commands::say(&new::made(&options)?),
        Command::Idp(flags) => runtime.block_on(commands::idp(layered(&flags, &file.idp)?, clients)),
        Command::Diary(flags) => runtime.block_on(commands::diary(layered(&flags, &file.diary)?)),
        Command::Steps(options) => steps::steps(&options),
        Command::World(options) => commands::say(&worlds_of::told(&options)?),
        Command::People(options) => commands::people(&options),
        Command::Profile(options) => commands::profile(&options),
        Command::Mistakes(options) => commands::mistakes(&options),
        Command::Faults(options) => commands::say(&faults::listed(&options)?),
        Command::Explain(options) => commands::say(&explain::explained(&options)?),
        Command::Health(options) => runtime.block_on(health::health(&options)),
        Command::Check(options) => commands::check(&options),
        Command::Lsp => lsp::serve().map(|()| Exit::Passed),
        Command::Conformance(options) => runtime.block_on(conformance::conformance(options)),
        Command::Diff(options) => diff::diff(&options),
        Command::Doctor(options) => runtime.block_on(doctor::doctor(&options)),
        Command::Completions(options) => commands::say(&completions::script(&options, self::command())),
        Command::Man(options) => commands::say(&man::written(&options, self::command())?),
        Command::Docs(options) => commands::say(&runtime.block_on(docs::written(&options, &Cli::command()))?),
    }
}

fn read_config(path: &Path) -> Result<File, CliError> {
    let file = suite::File::read(path).map_err(CliError::wrong)?;
    serde_saphyr::from_str(&file.text).map_err(|error| CliError::wrong(suite::of_form(&file, &error)))
}

/// The client systems in a settings file, their certificates read.
fn clients_of(path: &Path) -> Result<Vec<ClientSpec>, CliError> {
    Ok(clients::of_config(&suite::File::read(path).map_err(CliError::wrong)?)?)
}

/// Settings of flags and environment over those of the file.
pub(super) fn layered<T: Serialize + DeserializeOwned>(flags: &T, file: &T) -> Result<T, CliError> {
    let (flags, file) = (serde_json::to_value(flags), serde_json::to_value(file));
    let (Ok(Value::Object(flags)), Ok(Value::Object(mut whole))) = (flags, file) else {
        return Err(CliError::could_not_run("settings are not an object"));
    };
    let said = |value: &Value| {
        !(value.is_null() || *value == Value::Bool(false) || value.as_array().is_some_and(Vec::is_empty))
    };
    whole.extend(flags.into_iter().filter(|(_, value)| said(value)));
    serde_json::from_value(Value::Object(whole)).map_err(CliError::wrong)
}
