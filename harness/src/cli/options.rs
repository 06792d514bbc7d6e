//! Settings: the same names as flags, in the environment and in the file.

use std::{num::NonZeroU64, path::PathBuf};

use clap::{Args, ValueEnum};
use idp::ClientSpec;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    address::{Listen, base_url},
    choices::{Color, Protocol},
    log::{Format, Level},
    numbers::{Term, above_zero},
    run_options::Run,
};
use crate::{language::LanguageChoice, servers::TlsOptions};

/// A settings file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    /// The language of everything that is printed.
    pub lang: Option<LanguageChoice>,
    /// When the program prints in colour.
    pub color: Option<Color>,
    /// What is logged.
    pub log: Option<Level>,
    /// How a line of the log looks.
    pub log_format: Option<Format>,
    /// Certificates to trust (PEM) besides those that this machine trusts.
    pub ca: Vec<PathBuf>,
    /// Settings of `esia-stand run`.
    pub run: Run,
    /// Settings of `esia-stand serve`.
    pub serve: Serve,
    /// Settings of `esia-stand idp`.
    pub idp: Idp,
    /// Settings of `esia-stand diary`.
    pub diary: Diary,
    /// Client systems of the provider, as in a file of `--client`; a certificate may be a path that begins at this file.
    pub clients: Vec<ClientSpec>,
}

/// Settings of `esia-stand serve`.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Serve {
    /// Where the provider listens; port 0 is any free one [default: 127.0.0.1:8081]
    #[arg(long, env = "ESIA_STAND_IDP_LISTEN", value_name = "ADDR")]
    pub idp_listen: Option<Listen>,
    /// Where the diary listens; port 0 is any free one [default: 127.0.0.1:8082]
    #[arg(long, env = "ESIA_STAND_DIARY_LISTEN", value_name = "ADDR")]
    pub diary_listen: Option<Listen>,
    /// Seed of the world `main`: a file, or a name of the documented suite [default: демо]
    #[arg(long, env = "ESIA_STAND_SEED", value_name = "SEED")]
    pub seed: Option<String>,
    /// A documented world (esia-stand world lists them), or a file; the first is the world `main`, the others are served
    /// beside it
    #[arg(long, env = "ESIA_STAND_WORLD", value_name = "WORLD", value_delimiter = ',', conflicts_with = "seed")]
    pub world: Vec<String>,
    /// The diary's profile where a seed names none: a built-in one, or a file [default: ryazan]
    #[arg(long, env = "ESIA_STAND_PROFILE", value_name = "FILE")]
    pub profile: Option<String>,
    /// The protocol of Gosuslugi through which the diary signs people in [default: esia]
    #[arg(long, env = "ESIA_STAND_PROTOCOL", value_name = "PROTOCOL")]
    pub protocol: Option<Protocol>,
    /// A client system of the provider, or a list of them (YAML or JSON); several files are separated by commas
    #[arg(long, env = "ESIA_STAND_CLIENT", value_name = "FILE", value_delimiter = ',')]
    pub client: Vec<PathBuf>,
    /// Speak https, with a certificate of a CA of the stand's own, which is new at each start
    #[arg(long, env = "ESIA_STAND_TLS")]
    pub tls: bool,
    /// Folder that keeps this CA, so that it is the same at every start; its certificate is ca.pem there
    #[arg(long, env = "ESIA_STAND_TLS_DIR", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Speak https with this certificate (PEM, with those under which it stands) and --tls-key
    #[arg(long, env = "ESIA_STAND_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM, without a password)
    #[arg(long, env = "ESIA_STAND_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Open four ports of the provider more whose TLS is wrong on purpose: the faults net.tls-…
    #[arg(long, env = "ESIA_STAND_TLS_FAULTS")]
    pub tls_faults: bool,
    /// The first of these four ports, so that they are the same at every start [default: any free ones]
    #[arg(long, env = "ESIA_STAND_TLS_FAULTS_PORT", value_name = "PORT")]
    pub tls_faults_port: Option<u16>,
    /// Token of both control APIs; needed when an address is not loopback
    #[arg(long, env = "ESIA_STAND_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
    /// Teams that share the stand, each with a token and worlds of its own; needs --control-token
    #[arg(long, env = "ESIA_STAND_TEAMS", value_name = "FILE")]
    pub teams: Option<PathBuf>,
    /// Drop a world when nobody has asked for it for this long, as 7days; `main` stays [default: never]
    #[arg(long, env = "ESIA_STAND_DROP_IDLE_AFTER", value_name = "TIME")]
    pub drop_idle_after: Option<Term>,
    /// Stop when standard input closes: whoever started this is gone
    #[arg(long, hide = true)]
    pub until_stdin_closes: bool,
}

impl Serve {
    /// Those about TLS.
    pub(crate) fn tls_options(&self) -> TlsOptions {
        TlsOptions {
            tls: self.tls,
            folder: self.tls_dir.clone(),
            certificate: self.tls_cert.clone(),
            key: self.tls_key.clone(),
            faults: first_faulty(self.tls_faults, self.tls_faults_port),
        }
    }
}

/// Settings of `esia-stand idp`.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Idp {
    /// Where to listen; port 0 is any free one [default: 127.0.0.1:8081]
    #[arg(long, env = "ESIA_STAND_LISTEN", value_name = "ADDR")]
    pub listen: Option<Listen>,
    /// Where worlds are kept: memory:, sqlite:FILE, or `postgres://USER@HOST/DATABASE` for several replicas [default: memory:]
    #[arg(long, env = "ESIA_STAND_DATA", value_name = "URL")]
    pub data: Option<String>,
    /// How many events of a world are kept before its last checkpoint; the others go, and its timeline begins later
    /// [default: 10000 in memory:, all elsewhere]
    #[arg(long, env = "ESIA_STAND_KEEP_EVENTS", value_name = "NUMBER", value_parser = above_zero)]
    pub keep_events: Option<NonZeroU64>,
    /// How many worlds are open at once; the others are brought back from --data when they are asked for [default: 1000]
    #[arg(long, env = "ESIA_STAND_OPEN_WORLDS", value_name = "NUMBER", value_parser = above_zero)]
    pub open_worlds: Option<NonZeroU64>,
    /// Drop a world when nobody has asked for it for this long, as 7days; `main` stays [default: never]
    #[arg(long, env = "ESIA_STAND_DROP_IDLE_AFTER", value_name = "TIME")]
    pub drop_idle_after: Option<Term>,
    /// The diary, for the link on the start page
    #[arg(long, env = "ESIA_STAND_DIARY", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub diary: Option<Url>,
    /// The base URL that clients use, when a proxy stands in front
    #[arg(long, env = "ESIA_STAND_PUBLIC_URL", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub public_url: Option<Url>,
    /// Seed of the world `main`: a file, or a name of the documented suite [default: демо]
    #[arg(long, env = "ESIA_STAND_SEED", value_name = "SEED")]
    pub seed: Option<String>,
    /// A client system of the provider, or a list of them (YAML or JSON); several files are separated by commas
    #[arg(long, env = "ESIA_STAND_CLIENT", value_name = "FILE", value_delimiter = ',')]
    pub client: Vec<PathBuf>,
    /// Speak https, with a certificate of a CA of the stand's own, which is new at each start
    #[arg(long, env = "ESIA_STAND_TLS")]
    pub tls: bool,
    /// Folder that keeps this CA, so that it is the same at every start; its certificate is ca.pem there
    #[arg(long, env = "ESIA_STAND_TLS_DIR", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Speak https with this certificate (PEM, with those under which it stands) and --tls-key
    #[arg(long, env = "ESIA_STAND_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM, without a password)
    #[arg(long, env = "ESIA_STAND_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Open four ports more whose TLS is wrong on purpose: the faults net.tls-…
    #[arg(long, env = "ESIA_STAND_TLS_FAULTS")]
    pub tls_faults: bool,
    /// The first of these four ports, so that they are the same at every start [default: any free ones]
    #[arg(long, env = "ESIA_STAND_TLS_FAULTS_PORT", value_name = "PORT")]
    pub tls_faults_port: Option<u16>,
    /// Token of the control API; needed when the address is not loopback
    #[arg(long, env = "ESIA_STAND_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
    /// Teams that share the stand, each with a token and worlds of its own; needs --control-token
    #[arg(long, env = "ESIA_STAND_TEAMS", value_name = "FILE")]
    pub teams: Option<PathBuf>,
    /// Stop when standard input closes: whoever started this is gone
    #[arg(long, hide = true)]
    pub until_stdin_closes: bool,
}

impl Idp {
    /// Those about TLS.
    pub(crate) fn tls_options(&self) -> TlsOptions {
        TlsOptions {
            tls: self.tls,
            folder: self.tls_dir.clone(),
            certificate: self.tls_cert.clone(),
            key: self.tls_key.clone(),
            faults: first_faulty(self.tls_faults, self.tls_faults_port),
        }
    }
}

/// The first of the ports whose TLS is wrong on purpose: naming it asks for them.
fn first_faulty(are_wanted: bool, first: Option<u16>) -> Option<u16> {
    first.or(are_wanted.then_some(0))
}

/// Settings of `esia-stand diary`.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Diary {
    /// Where to listen; port 0 is any free one [default: 127.0.0.1:8082]
    #[arg(long, env = "ESIA_STAND_LISTEN", value_name = "ADDR")]
    pub listen: Option<Listen>,
    /// The provider: world `main` uses it, world w uses /w/w under it
    #[arg(long, env = "ESIA_STAND_IDP", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub idp: Option<Url>,
    /// The diary's profile where a seed names none: a built-in one, or a file [default: ryazan]
    #[arg(long, env = "ESIA_STAND_PROFILE", value_name = "FILE")]
    pub profile: Option<String>,
    /// The protocol of Gosuslugi through which the diary signs people in [default: esia]
    #[arg(long, env = "ESIA_STAND_PROTOCOL", value_name = "PROTOCOL")]
    pub protocol: Option<Protocol>,
    /// Where worlds are kept: memory:, sqlite:FILE, or `postgres://USER@HOST/DATABASE` for several replicas [default: memory:]
    #[arg(long, env = "ESIA_STAND_DATA", value_name = "URL")]
    pub data: Option<String>,
    /// How many events of a world are kept before its last checkpoint; the others go, and its timeline begins later
    /// [default: 10000 in memory:, all elsewhere]
    #[arg(long, env = "ESIA_STAND_KEEP_EVENTS", value_name = "NUMBER", value_parser = above_zero)]
    pub keep_events: Option<NonZeroU64>,
    /// How many worlds are open at once; the others are brought back from --data when they are asked for [default: 1000]
    #[arg(long, env = "ESIA_STAND_OPEN_WORLDS", value_name = "NUMBER", value_parser = above_zero)]
    pub open_worlds: Option<NonZeroU64>,
    /// Drop a world when nobody has asked for it for this long, as 7days; `main` stays [default: never]
    #[arg(long, env = "ESIA_STAND_DROP_IDLE_AFTER", value_name = "TIME")]
    pub drop_idle_after: Option<Term>,
    /// Key with which the diary signs its requests to ESIA, where it is registered at another than ours (PEM)
    #[arg(long, env = "ESIA_STAND_CLIENT_KEY", value_name = "FILE")]
    pub client_key: Option<PathBuf>,
    /// Certificate of this key (PEM)
    #[arg(long, env = "ESIA_STAND_CLIENT_CERTIFICATE", value_name = "FILE")]
    pub client_certificate: Option<PathBuf>,
    /// Whoever passes the diary's requests on to providers, told where each is for in X-Esia-Stand-Target
    #[arg(long, hide = true, value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub edge: Option<Url>,
    /// The base URL that people use, when a proxy stands in front
    #[arg(long, env = "ESIA_STAND_PUBLIC_URL", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub public_url: Option<Url>,
    /// Seed of the world `main`: a file, or a name of the documented suite [default: демо]
    #[arg(long, env = "ESIA_STAND_SEED", value_name = "SEED")]
    pub seed: Option<String>,
    /// Speak https, with a certificate of a CA of the stand's own, which is new at each start
    #[arg(long, env = "ESIA_STAND_TLS")]
    pub tls: bool,
    /// Folder that keeps this CA, so that it is the same at every start; its certificate is ca.pem there
    #[arg(long, env = "ESIA_STAND_TLS_DIR", value_name = "DIR")]
    pub tls_dir: Option<PathBuf>,
    /// Speak https with this certificate (PEM, with those under which it stands) and --tls-key
    #[arg(long, env = "ESIA_STAND_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM, without a password)
    #[arg(long, env = "ESIA_STAND_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Token of the control API; needed when the address is not loopback
    #[arg(long, env = "ESIA_STAND_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
    /// Teams that share the stand, each with a token and worlds of its own; needs --control-token
    #[arg(long, env = "ESIA_STAND_TEAMS", value_name = "FILE")]
    pub teams: Option<PathBuf>,
    /// Stop when standard input closes: whoever started this is gone
    #[arg(long, hide = true)]
    pub until_stdin_closes: bool,
}

impl Diary {
    /// Those about TLS.
    pub(crate) fn tls_options(&self) -> TlsOptions {
        TlsOptions {
            tls: self.tls,
            folder: self.tls_dir.clone(),
            certificate: self.tls_cert.clone(),
            key: self.tls_key.clone(),
            faults: None,
        }
    }
}

/// Options of `esia-stand people`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct People {
    /// A world of the documented suite, or a seed file [default: every world of the suite]
    #[arg(value_name = "WORLD")]
    pub world: Option<String>,
    /// Print JSON instead of tables
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand world`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct WorldOf {
    /// A world of the documented suite, printed whole to copy and change [default: their names and titles]
    #[arg(value_name = "WORLD")]
    pub name: Option<String>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand new`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct New {
    /// Folder of the new suite; nothing in it is ever overwritten
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Options of `esia-stand completions`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Completions {
    /// Shell that completes commands and options
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Options of `esia-stand man`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Man {
    /// Folder for the pages, one for the program and one for each command
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Options of `esia-stand doctor`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Doctor {
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand mistakes`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Mistakes {
    /// Names as they stand in X-Esia-Stand-Verdict, with or without their values [default: all]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Print JSON in both languages instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand health`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct HealthOf {
    /// Servers to ask [default: the default addresses of both, whichever answers]
    #[arg(value_name = "URL", value_parser = base_url)]
    pub urls: Vec<Url>,
}

/// Options of `esia-stand check`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Check {
    /// Files of features, composed steps and seeds, or folders [default: the documented suite]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A profile to check as well: a file, or a built-in one
    #[arg(long, env = "ESIA_STAND_PROFILE", value_name = "FILE")]
    pub profile: Option<String>,
    /// The description of a relying party to check as well
    #[arg(long, env = "ESIA_STAND_RELYING_PARTY", value_name = "FILE")]
    pub relying_party: Option<PathBuf>,
    /// The description of a foreign provider to check as well
    #[arg(long, env = "ESIA_STAND_PROVIDER", value_name = "FILE")]
    pub provider: Option<PathBuf>,
    /// Print the JSON Schema of a seed, of a settings file, of a description of a foreign side, of teams, or of a file of
    /// known differences instead
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "seed")]
    pub schema: Option<Schema>,
}

/// Options of `esia-stand steps`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct StepsOf {
    /// Features, folders and .steps files whose composed steps are listed too [default: .steps files of this folder and above]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand diff`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct DiffOf {
    /// Folder of a recording (esia-stand run --record)
    #[arg(value_name = "DIR")]
    pub left: PathBuf,
    /// Folder of another recording, which is compared with it
    #[arg(value_name = "DIR")]
    pub right: PathBuf,
    /// Differences that are known and pass (YAML; its JSON Schema: esia-stand check --schema known-differences)
    #[arg(long, env = "ESIA_STAND_KNOWN", value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `esia-stand profile`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ProfileOf {
    /// A built-in profile, or a file: printed whole
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "schema"])]
    pub name: Option<String>,
    /// Print the names of the built-in profiles and where each is from
    #[arg(long)]
    pub list: bool,
    /// Print the JSON Schema of a profile's file
    #[arg(long, conflicts_with = "list")]
    pub schema: bool,
}

/// What a JSON Schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// A seed document.
    Seed,
    /// A settings file.
    Config,
    /// The description of a relying party.
    RelyingParty,
    /// Teams that share a stand.
    Teams,
    /// The description of a foreign provider.
    Provider,
    /// A file of known differences between two recordings.
    KnownDifferences,
}
