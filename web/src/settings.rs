//! How a server is set up. The program reads these from flags, environment and a file; here they are values.

use std::net::SocketAddr;

use url::Url;

use crate::addressing::is_loopback;

/// A server's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The base URL that clients use, when a proxy stands in front. Without it, the `Host` of each request.
    pub public_url: Option<Url>,
    /// Bearer token of the control door. Needed as soon as `listen` is not loopback.
    pub control_token: Option<String>,
    /// Largest body of an ordinary request, bytes.
    pub body_limit: usize,
    /// Largest body where the site takes uploads, bytes.
    pub upload_limit: usize,
    /// Largest body at the control door (seed documents, exports), bytes.
    pub control_body_limit: usize,
}

/// Why a server does not start with such settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Anybody could make and read worlds.
    #[error(
        "listening on {0}, which is not loopback, needs --control-token (or ESIA_STAND_CONTROL_TOKEN): the control door \
         would be open to the network"
    )]
    OpenDoor(SocketAddr),
}

impl Settings {
    /// Loopback defaults on an address.
    pub fn on(listen: SocketAddr) -> Self {
        Self {
            listen,
            public_url: None,
            control_token: None,
            body_limit: 64 * 1024,
            upload_limit: 2 * 1024 * 1024,
            control_body_limit: 64 * 1024 * 1024,
        }
    }

    /// # Errors
    /// When the control door would be open to the network.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.listen.ip().is_loopback() || self.control_token.is_some() {
            Ok(())
        } else {
            Err(SettingsError::OpenDoor(self.listen))
        }
    }

    /// On loopback only loopback's names are answered to, so that no page of the web can reach a mock by rebinding its
    /// own name.
    pub(crate) fn answers_to(&self, host: &str) -> bool {
        let public = self.public_url.as_ref().and_then(Url::host_str);
        !self.listen.ip().is_loopback() || is_loopback(host) || public == Some(host)
    }
}
