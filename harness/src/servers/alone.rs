//! Runs one of the two servers in this process.

use std::{io, num::NonZeroU64, path::PathBuf, sync::Arc};

use axum::Router;
use futures::{FutureExt as _, future::try_join_all};
use idp::ClientSpec;
use serde_json::Value;
use url::Url;
use web::{Bound, ControlToken, Settings, SettingsError, Tls};
use worlds::{
    Limits, SystemWall,
    store::{MemoryStore, PostgresStore, SqliteStore, Store},
};

use super::{
    catalogue::Documented,
    listen::{DIARY_PORT, IDP_PORT, loopback, taken},
    ready::ready_line,
    seed::seed,
    stop::stop,
    tls::{CA_FILE, Secured, TlsChoice, TlsOptions},
    unopened,
};
use crate::{
    cli::{Diary, Idp, Listen, Term},
    control::Party,
    exit::CliError,
    language::{pick, tr},
    suite::{profile, teams},
    words::of_system,
};

/// Server that is bound to its address, with TLS and settings.
struct Listening {
    party: Party,
    bound: Bound,
    secured: Secured,
    settings: Settings,
    /// Folder of the CA; `None` if the CA is not kept.
    folder: Option<PathBuf>,
}

/// Options of listening, common to both servers.
struct Wish {
    listen: Listen,
    public_url: Option<Url>,
    token: Option<String>,
    teams: Option<PathBuf>,
    tls: TlsOptions,
}

/// Serves the mock Gosuslugi until it is asked to stop.
///
/// # Errors
/// Fails on settings that cannot be used, on an address that is taken, or if the store cannot be opened.
pub async fn idp(options: Idp, clients: Vec<ClientSpec>) -> Result<(), CliError> {
    let wish = Wish {
        listen: options.listen.unwrap_or(Listen(loopback(IDP_PORT))),
        tls: options.tls_options(),
        public_url: options.public_url,
        token: options.control_token,
        teams: options.teams,
    };
    let listening = Listening::bind(Party::Idp, wish).await?;
    let settings = Settings { peer: options.diary, ..listening.settings.clone() };
    let more = idp::Options {
        limits: limits(options.keep_events, options.open_worlds, options.drop_idle_after),
        seed: seed(options.seed.as_deref())?,
        clients,
    };
    let store = store(options.data.as_deref(), Party::Idp).await?;
    let router = idp::server(settings, store, Arc::new(SystemWall), more).await;
    let router = router.map_err(|error| CliError::could_not_run(unopened::of_world(&error)))?;
    listening.serve(router, options.until_stdin_closes).await
}

/// Serves the diary until it is asked to stop.
///
/// # Errors
/// Fails on settings that cannot be used, on an address that is taken, or if the store cannot be opened.
pub async fn diary(options: Diary) -> Result<(), CliError> {
    let wish = Wish {
        listen: options.listen.unwrap_or(Listen(loopback(DIARY_PORT))),
        tls: options.tls_options(),
        public_url: options.public_url,
        token: options.control_token,
        teams: options.teams,
    };
    let listening = Listening::bind(Party::Diary, wish).await?;
    let settings = Settings { peer: options.idp.clone(), ..listening.settings.clone() };
    let protocol = options.protocol.map(Into::into).unwrap_or_default();
    let profile = options.profile.as_deref().map(profile::read).transpose();
    let profile = profile?;
    let more = diary::Options {
        limits: limits(options.keep_events, options.open_worlds, options.drop_idle_after),
        seed: seed(options.seed.as_deref())?,
        provider: options.idp,
        protocol,
        profile,
        reaching: diary::Reaching {
            key: client_key(options.client_key, options.client_certificate)?,
            edge: options.edge,
        },
    };
    let store = store(options.data.as_deref(), Party::Diary).await?;
    let router = diary::server(settings, store, Arc::new(SystemWall), more).await;
    let router = router.map_err(|error| CliError::could_not_run(unopened::of_diary(&error)))?;
    listening.serve(router, options.until_stdin_closes).await
}

impl Listening {
    async fn bind(party: Party, wish: Wish) -> Result<Self, CliError> {
        let Wish { listen: Listen(listen), public_url, token, teams, tls } = wish;
        let control_token = token.as_deref().and_then(ControlToken::new);
        let teams = teams.as_deref().map(teams::read).transpose()?.unwrap_or_default();
        let settings =
            Settings { public_url, control_token, teams, catalogue: Some(&Documented), ..Settings::on(listen) };
        settings.check().map_err(|error| CliError::wrong(refused(&error)))?;
        let folder = tls.folder.clone();
        let choice = TlsChoice::of(tls)?;
        let bound = match Bound::to(listen).await {
            Ok(bound) => bound,
            Err(error) => return Err(taken(listen, "--listen", &error).await),
        };
        let secured = choice.secured(bound.address(), settings.public_url.as_ref()).await?;
        let settings = secured.settings(Settings { listen: bound.address(), ..settings });
        Ok(Self { party, bound: bound.over(secured.tls.clone()), secured, settings, folder })
    }

    /// Prints the ready line and serves until asked to stop.
    async fn serve(self, router: Router, until_stdin_closes: bool) -> Result<(), CliError> {
        use io::Write as _;
        let stop = stop(until_stdin_closes).boxed().shared();
        let line = self.ready_line();
        let mut out = io::stdout().lock();
        writeln!(out, "{line}").and_then(|()| out.flush()).map_err(CliError::could_not_run)?;
        drop(out);
        let all = std::iter::once(self.bound).chain(self.secured.faulty);
        let served = all.map(|bound| bound.serve(router.clone(), stop.clone()));
        try_join_all(served).await.map(drop).map_err(CliError::could_not_run)
    }

    fn ready_line(&self) -> Value {
        let mut line = ready_line(self.party.key(), &[(self.party, &self.bound.url())]);
        if self.secured.tls.as_ref().and_then(Tls::ca_pem).is_some() {
            line["ca"] = format!("{}/control/ca.pem", self.bound.url()).into();
        }
        if let Some(folder) = &self.folder {
            line["ca_file"] = folder.join(CA_FILE).display().to_string().into();
        }
        for port in &self.secured.faulty {
            if let Some((fault, _)) = port.tls().and_then(Tls::met) {
                line["tls_faults"][fault.name()] = port.url().into();
            }
        }
        line
    }
}

/// Returns a message about settings with which a server does not start, and how to correct them.
pub(crate) fn refused(error: &SettingsError) -> String {
    match error {
        SettingsError::OpenControl(listen) => {
            let port = listen.port();
            tr!(
                "адрес {listen} открыт для сети, поэтому нужен маркер управления: --control-token СЛОВО или \
                 ESIA_STAND_CONTROL_TOKEN (например, из openssl rand -hex 16). Без него миры менял бы кто угодно; только для \
                 этой машины — --listen 127.0.0.1:{port}",
                "the address {listen} is open to the network, therefore a control token is needed: --control-token WORD or \
                 ESIA_STAND_CONTROL_TOKEN (for example from openssl rand -hex 16). Without it anybody could change the worlds; \
                 for this machine alone: --listen 127.0.0.1:{port}"
            )
        }
        SettingsError::TeamsAlone => tr!(
            "командам (--teams) нужен и маркер того, кто держит стенд: --control-token СЛОВО или ESIA_STAND_CONTROL_TOKEN",
            "teams (--teams) need the token of whoever runs the stand as well: --control-token WORD or ESIA_STAND_CONTROL_TOKEN"
        ),
        SettingsError::OperatorsToken(team) => tr!(
            "у команды «{team}» тот же маркер, что в --control-token: с ним можно всё, дайте ей другой",
            "the team {team} has the token of --control-token, which may do everything: give it another one"
        ),
    }
}

/// Reads the key and the certificate of the diary's registration from files; both are needed, or neither.
fn client_key(key: Option<PathBuf>, certificate: Option<PathBuf>) -> Result<Option<diary::ClientKey>, CliError> {
    let read = |file: PathBuf| {
        std::fs::read_to_string(&file)
            .map_err(|error| CliError::wrong(format!("{}: {}", file.display(), of_system(&error))))
    };
    match (key, certificate) {
        (None, None) => Ok(None),
        (Some(key), Some(certificate)) => {
            Ok(Some(diary::ClientKey { key: read(key)?, certificate: read(certificate)? }))
        }
        _ => Err(CliError::wrong(pick(
            "--client-key и --client-certificate нужны вместе: ключ зарегистрированной системы и его сертификат",
            "--client-key and --client-certificate go together: the key of the registered system, and its certificate",
        ))),
    }
}

fn limits(keep_events: Option<NonZeroU64>, open_worlds: Option<NonZeroU64>, idle: Option<Term>) -> Limits {
    let open = open_worlds.map(|open| usize::try_from(open.get()).unwrap_or(usize::MAX));
    Limits { idle: idle.map(Term::delta), ..Limits::keeping(keep_events.map(NonZeroU64::get), open) }
}

async fn store(data: Option<&str>, party: Party) -> Result<Arc<dyn Store>, CliError> {
    match data.unwrap_or("memory:").split_once(':') {
        Some(("memory", _)) => Ok(Arc::new(MemoryStore::default())),
        Some(("sqlite", file)) if !file.is_empty() => {
            let opened = SqliteStore::open(file.trim_start_matches("//").as_ref()).await;
            Ok(Arc::new(opened.map_err(|error| CliError::could_not_run(unopened::told(&error)))?))
        }
        Some(("postgres" | "postgresql", _)) => {
            let opened = PostgresStore::open(data.unwrap_or_default(), party.key()).await;
            Ok(Arc::new(opened.map_err(|error| CliError::could_not_run(unopened::told(&error)))?))
        }
        _ => Err(CliError::wrong(pick(
            "--data: нужно memory:, sqlite:ФАЙЛ или postgres://ИМЯ@УЗЕЛ/БАЗА, например sqlite:idp.db",
            "--data: memory:, sqlite:FILE or postgres://USER@HOST/DATABASE is needed, for example sqlite:idp.db",
        ))),
    }
}
