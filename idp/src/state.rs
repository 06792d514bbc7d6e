//! All state of one world of the mock Gosuslugi.

use crate::{clients::Clients, faults::Faults, grants::Grants, portal::Portal};

/// One world of the mock Gosuslugi.
#[derive(Debug, Clone)]
pub struct Gosuslugi {
    /// People, the family, consents, agencies.
    pub(crate) portal: Portal,
    pub(crate) clients: Clients,
    /// Authorization requests, codes, tokens.
    pub(crate) grants: Grants,
    /// What is wrong on purpose.
    pub(crate) faults: Faults,
}
