//! Protocols of sign-ins at a provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Protocol by which a diary signs people in at its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// ЕСИА's own, in its first version, signed with the diary's key.
    #[default]
    Esia,
    /// OpenID Connect: code flow with PKCE, with the diary's secret.
    Oidc,
}
