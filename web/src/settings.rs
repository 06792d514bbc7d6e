//! How a server is set up. The program reads these from flags, environment and a file; here they are values.

use std::{net::SocketAddr, time::Duration};

use url::{Host, Url};
use worlds::WorldName;

use crate::{ControlToken, SeedCatalogue, Teams, Tls, TlsPorts, authority::is_loopback};

/// A server's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The base URL that clients use, when a proxy stands in front. Without it, the `Host` of each request.
    pub public_url: Option<Url>,
    /// TLS that it speaks; plain HTTP without.
    pub tls: Option<Tls>,
    /// Ports that serve the same with TLS that is wrong on purpose.
    pub tls_faults: TlsPorts,
    /// Bearer token of the control API. Needed as soon as `listen` is not loopback.
    pub control_token: Option<ControlToken>,
    /// Teams that share the stand, each with a token of its own beside `control_token`.
    pub teams: Teams,
    /// Base URL of the other server of the stand, whose control API takes the same token: the console moves both clocks,
    /// and shows and makes the worlds of both.
    pub peer: Option<Url>,
    /// Seeds that worlds can be made from by name.
    pub catalogue: Option<&'static dyn SeedCatalogue>,
    /// Largest body of an ordinary request, bytes.
    pub body_limit: usize,
    /// Largest body where the site takes uploads, bytes.
    pub upload_limit: usize,
    /// Largest body at the control API (seed documents, exports), bytes.
    pub control_body_limit: usize,
    /// How long a whole body may take to come.
    pub body_patience: Duration,
}

/// Why a server does not start with such settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Anybody could make and read worlds.
    #[error(
        "listening on {0}, which is not loopback, needs --control-token (or ESIA_STAND_CONTROL_TOKEN), and an empty one is \
         none: the control API would be open to the network"
    )]
    OpenControl(SocketAddr),
    /// Whoever runs the stand could do nothing.
    #[error("teams need --control-token (or ESIA_STAND_CONTROL_TOKEN) as well: it is that of whoever runs the stand")]
    TeamsAlone,
    /// A team could do all that whoever runs the stand can.
    #[error("the team «{0}» has the token of --control-token")]
    OperatorsToken(WorldName),
}

impl Settings {
    /// Loopback defaults on an address.
    pub fn on(listen: SocketAddr) -> Self {
        Self {
            listen,
            public_url: None,
            tls: None,
            tls_faults: TlsPorts::default(),
            control_token: None,
            teams: Teams::default(),
            peer: None,
            catalogue: None,
            body_limit: 64 * 1024,
            upload_limit: 2 * 1024 * 1024,
            control_body_limit: 64 * 1024 * 1024,
            body_patience: Duration::from_mins(1),
        }
    }

    /// Of the addresses that clients use where no public base URL is set.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// # Errors
    /// When the control API would be open to the network, or to teams more than they may.
    pub fn check(&self) -> Result<(), SettingsError> {
        match &self.control_token {
            None if !self.teams.is_empty() => return Err(SettingsError::TeamsAlone),
            Some(token) => {
                if let Some(team) = self.teams.iter().find(|team| token.is(Some(team.token.as_str()))) {
                    return Err(SettingsError::OperatorsToken(team.name.clone()));
                }
            }
            None => {}
        }
        if self.listen.ip().is_loopback() || self.control_token.is_some() {
            Ok(())
        } else {
            Err(SettingsError::OpenControl(self.listen))
        }
    }

    /// On loopback only loopback's names are answered to, so that no page of the web can reach a mock by rebinding its
    /// own name.
    pub(crate) fn answers_to(&self, host: &Host) -> bool {
        let public = self.public_url.as_ref().and_then(Url::host).map(|host| host.to_owned());
        !self.listen.ip().is_loopback() || is_loopback(host) || public.as_ref() == Some(host)
    }
}
