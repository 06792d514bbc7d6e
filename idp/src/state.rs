//! All state of one world of the mock Gosuslugi.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::{clients::Clients, faults::Faults, grants::Grants, portal::Portal, signing::KeyRing};

/// One world of the mock Gosuslugi.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gosuslugi {
    /// People, the family, consents, agencies.
    pub(crate) portal: Portal,
    pub(crate) clients: Clients,
    /// Authorization requests, codes, tokens.
    pub(crate) grants: Grants,
    /// The provider's keys; shared with other worlds until they change.
    #[serde(with = "crate::signing::checkpoint")]
    pub(crate) keys: Arc<KeyRing>,
    /// What is wrong on purpose.
    pub(crate) faults: Faults,
}
