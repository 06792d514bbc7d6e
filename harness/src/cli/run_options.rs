//! Settings of `esia-stand run`.

use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    address::base_url,
    choices::{Protocol, Screens},
    numbers::{Shard, times, whole},
};
use crate::{browser::Viewport, race::Order};

/// Settings of `esia-stand run`.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Run {
    /// Feature files, folders, and lines of files as my.feature:12 [default: the documented suite, which is inside the program]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only scenarios whose tags fit, for example "@R000.11 and not @browser"
    #[arg(long, env = "ESIA_STAND_TAGS", value_name = "EXPR")]
    pub tags: Option<String>,
    /// Only scenarios in whose names this text stands; may be given several times
    #[arg(long, env = "ESIA_STAND_NAME", value_name = "TEXT")]
    pub name: Vec<String>,
    /// Only one part of the scenarios, as 2/5: the second of five
    #[arg(long, env = "ESIA_STAND_SHARD", value_name = "PART")]
    pub shard: Option<Shard>,
    /// Only scenarios that did not pass when this file was written; it is written anew after the run
    #[arg(long, env = "ESIA_STAND_RERUN", value_name = "FILE")]
    pub rerun: Option<PathBuf>,
    /// Print which scenarios would be played, as JSON with --json, and play none
    #[arg(long)]
    pub list: bool,
    /// Print which steps would be played, and play none
    #[arg(long, conflicts_with = "list")]
    pub dry_run: bool,
    /// Wait for Enter at a failure and at a step that pauses, both servers alive; scenarios play one after another
    #[arg(long, env = "ESIA_STAND_PAUSE")]
    pub pause: bool,
    /// Stop at the first scenario that does not pass
    #[arg(long, env = "ESIA_STAND_FAIL_FAST")]
    pub fail_fast: bool,
    /// Play a scenario that does not pass up to N times more; one that passes then is flaky
    #[arg(long, env = "ESIA_STAND_RETRY", value_name = "N", value_parser = times)]
    pub retry: Option<u16>,
    /// Play every scenario N times
    #[arg(long, env = "ESIA_STAND_REPEAT", value_name = "N", value_parser = times)]
    pub repeat: Option<u16>,
    /// Play in another order, the same for the same number
    #[arg(long, env = "ESIA_STAND_SHUFFLE", value_name = "N", value_parser = whole)]
    pub shuffle: Option<u64>,
    /// Send the requests of people who act at once in this order, as a run has printed it; the orders of several such steps of
    /// the scenario are separated by commas
    #[arg(long, env = "ESIA_STAND_ORDER", value_name = "ORDER", value_delimiter = ',')]
    pub order: Vec<Order>,
    /// Name the N slowest scenarios at the end
    #[arg(long, env = "ESIA_STAND_SLOWEST", value_name = "N", value_parser = times)]
    pub slowest: Option<u16>,
    /// Scenarios at once [default: twice the number of cores]
    #[arg(long, env = "ESIA_STAND_JOBS", value_name = "N", value_parser = times)]
    pub jobs: Option<u16>,
    /// Write a `JUnit` report
    #[arg(long, env = "ESIA_STAND_JUNIT", value_name = "FILE", help = "Write a JUnit report")]
    pub junit: Option<PathBuf>,
    /// Write a Cucumber JSON report; with --list the list, to standard output where no file is named
    #[arg(long, env = "ESIA_STAND_JSON", value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub json: Option<PathBuf>,
    /// Write which scenarios prove which rule and how they ended: JSON for FILE.json, else Markdown
    #[arg(long, env = "ESIA_STAND_COVERAGE", value_name = "FILE")]
    pub coverage: Option<PathBuf>,
    /// Write a report for people: one HTML file that needs no other, each failure with its whole story
    #[arg(long, env = "ESIA_STAND_HTML", value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Leave a folder for each scenario that does not pass: pages, requests (HAR), verdicts, worlds, and how to play it again
    #[arg(long, env = "ESIA_STAND_EVIDENCE", value_name = "DIR")]
    pub evidence: Option<PathBuf>,
    /// Write a code quality report, which GitLab shows beside the lines of a merge request
    #[arg(long, env = "ESIA_STAND_CODE_QUALITY", value_name = "FILE")]
    pub code_quality: Option<PathBuf>,
    /// Write results for Allure 2 and 3, a file for each attempt of a scenario
    #[arg(long, env = "ESIA_STAND_ALLURE", value_name = "DIR")]
    pub allure: Option<PathBuf>,
    /// Use a provider that runs already
    #[arg(long, env = "ESIA_STAND_IDP", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub idp: Option<Url>,
    /// Use a diary that runs already
    #[arg(long, env = "ESIA_STAND_DIARY", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub diary: Option<Url>,
    /// Play against a diary of somebody else, as this file describes it (YAML; its JSON Schema: esia-stand check --schema
    /// relying-party)
    #[arg(long, env = "ESIA_STAND_RELYING_PARTY", value_name = "FILE", conflicts_with = "diary")]
    pub relying_party: Option<PathBuf>,
    /// Play against a provider of somebody else, as this file describes it (YAML; its JSON Schema: esia-stand check --schema
    /// provider)
    #[arg(long, env = "ESIA_STAND_PROVIDER", value_name = "FILE", conflicts_with_all = ["idp", "diary", "tls", "client"])]
    pub provider: Option<PathBuf>,
    /// A site of your own, whose pages scenarios open by their addresses; further addresses of it after commas. Only these and both
    /// servers are asked
    #[arg(long, env = "ESIA_STAND_SITE", value_name = "URL", value_delimiter = ',', value_parser = base_url)]
    #[schemars(with = "Vec<String>")]
    pub site: Vec<Url>,
    /// Keep what went over the wire: an HAR archive for each scenario, credentials hidden (esia-stand diff compares two such
    /// folders)
    #[arg(long, env = "ESIA_STAND_RECORD", value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// The diary's profile where a seed names none: a built-in one, or a file [default: ryazan]
    #[arg(long, env = "ESIA_STAND_PROFILE", value_name = "FILE")]
    pub profile: Option<String>,
    /// The protocol of Gosuslugi through which the diary signs people in [default: esia]
    #[arg(long, env = "ESIA_STAND_PROTOCOL", value_name = "PROTOCOL")]
    pub protocol: Option<Protocol>,
    /// Read pages over plain HTTP, or look at them in Chromium or Firefox [default: http]
    #[arg(long, env = "ESIA_STAND_BROWSER", value_name = "BROWSER")]
    pub browser: Option<Screens>,
    /// Have the browser of --browser started by a server that runs already: Selenium Grid, Selenoid, Moon
    #[arg(long, env = "ESIA_STAND_WEBDRIVER", value_name = "URL", value_parser = base_url)]
    #[schemars(with = "Option<String>")]
    pub webdriver: Option<Url>,
    /// Show the windows of the browser
    #[arg(long, env = "ESIA_STAND_HEADED")]
    pub headed: bool,
    /// The screen of the browser: phone, tablet, desktop, or width and height as 1280x800 [default: phone]
    #[arg(long, env = "ESIA_STAND_SCREEN", value_name = "SIZE")]
    pub screen: Option<Viewport>,
    /// Seconds within which a page of the browser must come [default: 30]
    #[arg(long, env = "ESIA_STAND_PAGE_TIMEOUT", value_name = "N", value_parser = times)]
    pub page_timeout: Option<u16>,
    /// Save a picture of the page after each step, also of the one that fails (needs --browser chromium or firefox)
    #[arg(long, env = "ESIA_STAND_SCREENSHOTS", value_name = "DIR")]
    pub screenshots: Option<PathBuf>,
    /// A client system of the provider, or a list of them (YAML or JSON); several files are separated by commas
    #[arg(long, env = "ESIA_STAND_CLIENT", value_name = "FILE", value_delimiter = ',')]
    pub client: Vec<PathBuf>,
    /// Speak https between the servers that the command itself starts and whoever asks them
    #[arg(long, env = "ESIA_STAND_TLS", conflicts_with_all = ["idp", "diary"])]
    pub tls: bool,
    /// Token of the control APIs of --idp and --diary
    #[arg(long, env = "ESIA_STAND_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
    /// Leave the worlds for a look afterwards (needs --idp and --diary)
    #[arg(long, env = "ESIA_STAND_KEEP")]
    pub keep: bool,
}
