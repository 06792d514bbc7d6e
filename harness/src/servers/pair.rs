//! Both servers, or the provider alone, as child processes.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use idp::ClientSpec;
use serde_json::Value;
use tempfile::{NamedTempFile, TempDir};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStdin, Command},
    time::timeout,
};
use url::Url;

use super::{
    listen::{loopback, taken},
    seed::seed,
    tls::{TlsChoice, ca_of, told},
};
use crate::{
    cli::{Protocol, Term},
    control::Party,
    exit::{CliError, Exit},
    language::{self, tr},
    net,
};

/// Time limit for a server to become ready.
const PATIENCE: Duration = Duration::from_secs(10);

/// Settings of both servers.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Address of the provider; any free loopback port when `None`.
    pub idp: Option<SocketAddr>,
    /// Address of the diary; any free loopback port when `None`.
    pub diary: Option<SocketAddr>,
    /// Seed of the world `main`: a file or a documented world.
    pub seed: Option<String>,
    /// Protocol in which the diary signs people in.
    pub protocol: Option<Protocol>,
    /// Profile of the diary for worlds whose seed does not name one.
    pub profile: Option<String>,
    /// Clients of the provider in addition to those of its seeds.
    pub clients: Vec<ClientSpec>,
    /// Token of both control APIs.
    pub control_token: Option<String>,
    /// File with the teams that share both servers.
    pub teams: Option<PathBuf>,
    /// Time after which unused worlds are dropped; never when `None`.
    pub drop_idle_after: Option<Term>,
    /// TLS of both servers.
    pub tls: TlsChoice,
}

/// Running server process. It stops when this value is dropped, and when this process ends.
#[derive(Debug)]
pub struct Server {
    /// Base URL of the server.
    pub url: Url,
    /// Ready line of the server: JSON with its addresses.
    pub ready: Value,
    process: Child,
    /// Standard input, kept open: the server stops when it is closed.
    _input: Option<ChildStdin>,
}

/// Both servers as running processes.
#[derive(Debug)]
pub struct Pair {
    /// Process of the mock Gosuslugi.
    pub idp: Server,
    /// Process of the diary, whose provider is the other server.
    pub diary: Server,
    /// Temporary folder of the CA, removed when this value is dropped.
    _ca: Option<TempDir>,
}

impl Pair {
    /// Starts both servers and waits until they are ready.
    ///
    /// # Errors
    /// Fails if the seed cannot be read, an address is taken, or a server does not start.
    pub async fn start(wanted: &Wanted) -> Result<Self, CliError> {
        // Both servers read the seed; a named one is read here first, so that a fault is reported once.
        wanted.seed.as_deref().map(|named| seed(Some(named))).transpose()?;
        // Both ports are held until both are chosen, so that they differ.
        let (idp_port, diary_port) =
            (free(wanted.idp, "--idp-listen").await?, free(wanted.diary, "--diary-listen").await?);
        let (idp, diary) = (let_go(idp_port)?, let_go(diary_port)?);
        let (tls, ca) = shared(&wanted.tls)?;
        let scheme = tls.scheme();
        let mut common = vec!["--until-stdin-closes".to_owned()];
        common.extend(arguments(&tls));
        common.extend(net::trusted().iter().flat_map(|file| ["--ca".to_owned(), file.display().to_string()]));
        common.extend(wanted.teams.iter().flat_map(|file| ["--teams".to_owned(), file.display().to_string()]));
        common
            .extend(wanted.drop_idle_after.iter().flat_map(|term| ["--drop-idle-after".to_owned(), term.to_string()]));
        common.extend(wanted.seed.iter().flat_map(|seed| ["--seed".to_owned(), seed.clone()]));
        let mut of_idp = vec!["idp".to_owned(), "--listen".to_owned(), idp.to_string()];
        of_idp.extend(["--diary".to_owned(), format!("{scheme}://{diary}")].into_iter().chain(common.clone()));
        if let TlsChoice::Own { faults: Some(first), .. } = tls {
            of_idp.extend(["--tls-faults-port".to_owned(), first.to_string()]);
        }
        // The clients have been checked already; the file is removed as soon as the provider has read it.
        let clients = handed_over(&wanted.clients)?;
        of_idp.extend(clients.iter().flat_map(|file| ["--client".to_owned(), file.path().display().to_string()]));
        let mut of_diary = vec!["diary".to_owned(), "--listen".to_owned(), diary.to_string()];
        of_diary.extend(["--idp".to_owned(), format!("{scheme}://{idp}")].into_iter().chain(common));
        of_diary
            .extend(wanted.protocol.iter().flat_map(|protocol| ["--protocol".to_owned(), protocol.name().to_owned()]));
        of_diary.extend(wanted.profile.iter().flat_map(|named| ["--profile".to_owned(), named.clone()]));
        let token = wanted.control_token.as_deref();
        let (idp, diary) =
            tokio::try_join!(Server::start(Party::Idp, &of_idp, token), Server::start(Party::Diary, &of_diary, token))?;
        Ok(Self { idp, diary, _ca: ca })
    }

    /// Waits until `stop` completes, which is a success, or until a server ends.
    ///
    /// # Errors
    /// Fails if a server ends by itself.
    pub async fn wait(&mut self, stop: impl Future<Output = ()>) -> Result<Exit, CliError> {
        let ended = |party: Party| {
            let key = party.key();
            CliError::could_not_run(tr!("сервер {key} завершился сам", "the server {key} ended by itself"))
        };
        tokio::select! {
            () = stop => Ok(Exit::Passed),
            _ = self.idp.process.wait() => Err(ended(Party::Idp)),
            _ = self.diary.process.wait() => Err(ended(Party::Diary)),
        }
    }
}

/// The provider alone as a running process, for a foreign diary.
#[derive(Debug)]
pub struct Provider {
    /// Process of the mock Gosuslugi.
    pub idp: Server,
    /// Temporary folder of the CA, removed when this value is dropped.
    _ca: Option<TempDir>,
}

impl Provider {
    /// Starts the provider and waits until it is ready. Settings of the diary are ignored.
    ///
    /// # Errors
    /// Fails if the address is taken or the server does not start.
    pub async fn start(wanted: &Wanted) -> Result<Self, CliError> {
        let listen = let_go(free(wanted.idp, "provider").await?)?;
        let (tls, ca) = shared(&wanted.tls)?;
        let mut args: Vec<_> = ["idp", "--until-stdin-closes", "--listen"].map(str::to_owned).into();
        args.push(listen.to_string());
        args.extend(arguments(&tls));
        args.extend(net::trusted().iter().flat_map(|file| ["--ca".to_owned(), file.display().to_string()]));
        let clients = handed_over(&wanted.clients)?;
        args.extend(clients.iter().flat_map(|file| ["--client".to_owned(), file.path().display().to_string()]));
        let idp = Server::start(Party::Idp, &args, wanted.control_token.as_deref()).await?;
        Ok(Self { idp, _ca: ca })
    }
}

/// Returns the TLS of both servers, with one CA in a folder that this process trusts. Without a chosen folder the CA is
/// put into a temporary one.
fn shared(tls: &TlsChoice) -> Result<(TlsChoice, Option<TempDir>), CliError> {
    let (folder, kept, faults) = match tls {
        TlsChoice::Plain => return Ok((TlsChoice::Plain, None)),
        TlsChoice::Brought { certificate, .. } => {
            net::trust(vec![certificate.clone()]).map_err(|error| told(&error))?;
            return Ok((tls.clone(), None));
        }
        TlsChoice::Own { folder: Some(folder), faults } => (folder.clone(), None, *faults),
        TlsChoice::Own { folder: None, faults } => {
            let made = tempfile::Builder::new().prefix("esia-stand-").tempdir().map_err(CliError::could_not_run)?;
            (made.path().to_owned(), Some(made), *faults)
        }
    };
    let ca = ca_of(&folder)?;
    net::trust(vec![ca]).map_err(|error| told(&error))?;
    Ok((TlsChoice::Own { folder: Some(folder), faults }, kept))
}

/// Returns the command line arguments for this TLS.
fn arguments(tls: &TlsChoice) -> Vec<String> {
    let named = |flag: &str, path: &Path| [flag.to_owned(), path.display().to_string()];
    match tls {
        TlsChoice::Plain | TlsChoice::Own { folder: None, .. } => Vec::new(),
        TlsChoice::Own { folder: Some(folder), .. } => named("--tls-dir", folder).to_vec(),
        TlsChoice::Brought { certificate, key } => [named("--tls-cert", certificate), named("--tls-key", key)].concat(),
    }
}

/// Writes the clients to a temporary file that only this user can read; `None` without clients.
fn handed_over(clients: &[ClientSpec]) -> Result<Option<NamedTempFile>, CliError> {
    if clients.is_empty() {
        return Ok(None);
    }
    let file = tempfile::Builder::new().prefix("esia-stand-").suffix(".json").tempfile();
    let file = file.map_err(CliError::could_not_run)?;
    serde_json::to_writer(&file, clients).map_err(CliError::could_not_run)?;
    Ok(Some(file))
}

/// Binds a free port and holds it: each server shows the other's address on its pages, so both must be known
/// beforehand.
pub(super) async fn free(wanted: Option<SocketAddr>, flag: &str) -> Result<TcpListener, CliError> {
    let wanted = wanted.unwrap_or_else(|| loopback(0));
    match TcpListener::bind(wanted).await {
        Ok(bound) => Ok(bound),
        Err(error) => Err(taken(wanted, flag, &error).await),
    }
}

/// Releases a held port and returns its address, so that a server can bind it.
pub(super) fn let_go(port: TcpListener) -> Result<SocketAddr, CliError> {
    let address = port.local_addr();
    drop(port);
    address.map_err(CliError::could_not_run)
}

impl Server {
    pub(super) async fn start(party: Party, args: &[String], token: Option<&str>) -> Result<Self, CliError> {
        let key = party.key();
        let broken = |reason: String| {
            CliError::could_not_run(tr!(
                "сервер {key} не запустился: {reason}",
                "the server {key} did not start: {reason}"
            ))
        };
        let mut process =
            command(args, token).and_then(|mut command| command.spawn()).map_err(|error| broken(error.to_string()))?;
        let input = process.stdin.take();
        let output = process.stdout.take().ok_or_else(|| broken(tr!("у него нет вывода", "it has no output")))?;
        let mut lines = BufReader::new(output).lines();
        let line = match timeout(PATIENCE, lines.next_line()).await {
            Ok(Ok(Some(line))) => line,
            Ok(_) => {
                let told = told_by(&mut process).await;
                return Err(told.unwrap_or_else(|| broken(tr!("он завершился сам", "it ended by itself"))));
            }
            Err(_) => {
                let seconds = PATIENCE.as_secs();
                return Err(broken(tr!("за {seconds} с он не готов", "it is not ready within {seconds} s")));
            }
        };
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let url = ready.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok());
        let url = url.ok_or_else(|| broken(tr!("он сказал {line:?}", "it said {line:?}")))?;
        Ok(Self { url, ready, process, _input: input })
    }
}

/// Builds the command of a server process: it inherits only the language and the logging from our settings, and it does
/// not get Ctrl+C of the terminal, so that a run can still send it requests when asked to stop.
fn command(args: &[String], token: Option<&str>) -> std::io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).process_group(0);
    let ours = env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("ESIA_STAND_"));
    for name in ours.filter(|name| name != "ESIA_STAND_LOG" && name != "ESIA_STAND_LOG_FORMAT") {
        command.env_remove(name);
    }
    command.env("ESIA_STAND_LANG", language::spoken().code());
    if let Some(token) = token {
        command.env("ESIA_STAND_CONTROL_TOKEN", token);
    }
    Ok(command)
}

/// Returns the error for a child that has printed the reason itself; `None` if a signal ended it.
async fn told_by(process: &mut Child) -> Option<CliError> {
    let code = timeout(PATIENCE, process.wait()).await.ok()?.ok()?.code()?;
    Some(CliError::Told(if code == Exit::Wrong as i32 { Exit::Wrong } else { Exit::CouldNotRun }))
}
