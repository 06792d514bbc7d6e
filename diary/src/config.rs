//! Configuration of a world: provider, profile, schools and lessons, read from its seed; no event changes it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use esia::{Certificate, Mnemonic};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    lessons::Lessons,
    profile::{Profile, Service},
    signin::Protocol,
};

/// The identity provider of a world and how the diary authenticates there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProviderConfig {
    /// Base URL of the provider; the server's `--idp` applies when absent.
    pub(crate) url: Option<Url>,
    pub(crate) mnemonic: Mnemonic,
    pub(crate) issuer: String,
    /// Certificate that tokens are verified with; fetched from the provider when absent.
    pub(crate) certificate: Option<Certificate>,
    pub(crate) timeout_ms: u32,
    /// Protocol of sign-ins; the server's `--protocol` applies when absent.
    pub(crate) protocol: Option<Protocol>,
    /// `client_secret` for OpenID Connect.
    pub(crate) secret: String,
}

impl ProviderConfig {
    /// Time limit of one request to the provider.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.into())
    }
}

/// Name, feedback form and services of a school, for its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct School {
    pub(crate) name: String,
    pub(crate) feedback_url: String,
    /// Services of the profile, then those of the school.
    pub(crate) services: Vec<Service>,
}

/// Configuration of a world; no event changes it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WorldConfig {
    pub(crate) profile: Arc<Profile>,
    pub(crate) provider: ProviderConfig,
    /// Schools by key; the key of the first school is empty.
    pub(crate) schools: BTreeMap<String, School>,
    pub(crate) lessons: Lessons,
}

impl WorldConfig {
    /// Name of the first school, whose key is empty.
    pub(crate) fn school_name(&self) -> String {
        self.name_of("")
    }

    /// Name of the school with this key.
    pub(crate) fn name_of(&self, key: &str) -> String {
        self.schools.get(key).map(|school| school.name.clone()).unwrap_or_default()
    }

    /// URL of the feedback form, absolute or a path of this world.
    pub(crate) fn feedback_url(&self) -> String {
        self.schools.get("").map(|school| school.feedback_url.clone()).unwrap_or_default()
    }
}
