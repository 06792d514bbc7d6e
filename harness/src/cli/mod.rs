//! The command line.

mod commands;
mod mistakes;
mod options;
mod people;
#[cfg(test)]
mod tests;

use std::{
    env, io,
    path::{Path, PathBuf},
};

use clap::{CommandFactory as _, FromArgMatches as _, Subcommand};
use idp::clients::ClientSpec;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tracing_subscriber::EnvFilter;

pub use options::{Check, Diary, File, Idp, Mistakes, People, ProfileOf, Protocol, Run, Screens, Serve};

use crate::{
    exit::{Exit, Trouble},
    suite::{self, Diagnostic, clients},
};

/// Mock Gosuslugi and an electronic school diary, and the documented scenarios played through both.
#[derive(Debug, clap::Parser)]
#[command(
    name = "esia-stand",
    version,
    after_help = "Examples:\n  esia-stand run                     play the documented suite\n  esia-stand serve                   both servers with a demo world\n  esia-stand steps                   the sentences that scenarios may use\n\nExit codes: 0 passed · 1 an expectation failed · 2 wrong command line, scenario or seed · 3 could not run\nEvery setting is also a key of --config FILE and a variable ESIA_STAND_…; flags win over variables, variables over the file."
)]
struct Cli {
    /// Settings file (YAML); its JSON Schema: esia-stand check --schema config
    #[arg(long, global = true, env = "ESIA_STAND_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// What is logged to stderr as JSON: off, error, warn, info, debug, trace
    #[arg(long, global = true, env = "ESIA_STAND_LOG", value_name = "LEVEL")]
    log: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play scenarios through both servers and report
    Run(Run),
    /// Start both servers with a seeded world and show whom to sign in as
    Serve(Serve),
    /// The mock Gosuslugi alone
    Idp(Idp),
    /// The electronic diary alone
    Diary(Diary),
    /// Print the sentences that scenarios may use, with examples
    #[command(after_help = "Example:\n  esia-stand steps | less")]
    Steps,
    /// Print who lives in a world, with logins, passwords and the rules that each is there for
    People(People),
    /// Print a profile of the diary, to copy and change
    Profile(ProfileOf),
    /// Print the mistakes that a verdict may name, with cause and remedy
    Mistakes(Mistakes),
    /// Check feature and seed files, or print a JSON Schema
    Check(Check),
}

/// The whole program: reads the command line, does what it says.
pub fn main() -> Exit {
    let known = without_blank_variables(Cli::command()).try_get_matches();
    let cli = match known.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Wrong } else { Exit::Passed };
        }
    };
    match start(cli) {
        Ok(exit) => exit,
        Err(trouble) => {
            use io::Write as _;
            let _ = writeln!(io::stderr(), "esia-stand: {trouble}");
            trouble.exit()
        }
    }
}

/// A variable that is set to nothing counts as unset, as `-e ESIA_STAND_JOBS=$UNSET` leaves it.
fn without_blank_variables(command: clap::Command) -> clap::Command {
    let is_blank = |arg: &clap::Arg| {
        let value = arg.get_env().and_then(env::var_os);
        value.is_some_and(|value| value.to_string_lossy().trim().is_empty())
    };
    let command = command.mut_args(|arg| if is_blank(&arg) { arg.env(None::<&'static str>) } else { arg });
    command.mut_subcommands(without_blank_variables)
}

fn start(cli: Cli) -> Result<Exit, Trouble> {
    let file = cli.config.as_ref().map_or_else(|| Ok(File::default()), read_config)?;
    let clients = cli.config.as_deref().map(clients_of).transpose()?.unwrap_or_default();
    let alone = matches!(cli.command, Command::Idp(_) | Command::Diary(_));
    let level = cli.log.or(file.log).unwrap_or_else(|| if alone { "info" } else { "warn" }.to_owned());
    log_to_stderr(&level)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Trouble::could_not_run)?;
    match cli.command {
        Command::Run(flags) => runtime.block_on(commands::run(layered(&flags, &file.run)?, clients)),
        Command::Serve(flags) => runtime.block_on(commands::serve(layered(&flags, &file.serve)?, clients)),
        Command::Idp(flags) => runtime.block_on(commands::idp(layered(&flags, &file.idp)?, clients)),
        Command::Diary(flags) => runtime.block_on(commands::diary(layered(&flags, &file.diary)?)),
        Command::Steps => commands::steps(),
        Command::People(options) => commands::people(&options),
        Command::Profile(options) => commands::profile(&options),
        Command::Mistakes(options) => commands::mistakes(&options),
        Command::Check(options) => commands::check(&options),
    }
}

fn read_config(path: &PathBuf) -> Result<File, Trouble> {
    let suite::File { text, .. } = suite::File::read(path).map_err(Trouble::wrong)?;
    serde_saphyr::from_str(&text).map_err(|error| Trouble::wrong(format!("{}: {error}", path.display())))
}

/// The client systems in a settings file, their certificates read.
fn clients_of(path: &Path) -> Result<Vec<ClientSpec>, Trouble> {
    clients::of_config(&suite::File::read(path).map_err(Trouble::wrong)?).map_err(wrong)
}

/// Everything that is wrong with files, one a line.
fn wrong(diagnostics: Vec<Diagnostic>) -> Trouble {
    Trouble::wrong(diagnostics.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join("\n"))
}

fn log_to_stderr(level: &str) -> Result<(), Trouble> {
    let filter = EnvFilter::try_new(level).map_err(|error| Trouble::wrong(format!("--log {level}: {error}")))?;
    let logger = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(io::stderr);
    logger.try_init().map_err(Trouble::could_not_run)
}

/// What the flags and the environment say, and what the file says where they are silent.
fn layered<T: Serialize + DeserializeOwned>(flags: &T, file: &T) -> Result<T, Trouble> {
    let (flags, file) = (serde_json::to_value(flags), serde_json::to_value(file));
    let (Ok(Value::Object(flags)), Ok(Value::Object(mut whole))) = (flags, file) else {
        return Err(Trouble::could_not_run("settings are not an object"));
    };
    let said = |value: &Value| {
        !(value.is_null() || *value == Value::Bool(false) || value.as_array().is_some_and(Vec::is_empty))
    };
    whole.extend(flags.into_iter().filter(|(_, value)| said(value)));
    serde_json::from_value(Value::Object(whole)).map_err(Trouble::wrong)
}
