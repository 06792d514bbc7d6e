//! Consents of the digital profile that an authorization request asks for by `permissions` (ESIA §5.2).

use std::collections::BTreeSet;

use esia::Scopes;
use serde::{Deserialize, Serialize};

use crate::clients::Client;

/// Requested consent of the digital profile, in the JSON form of the parameter `permissions` and of the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// Name of the receiving organisation, shown to the person; by default the client's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible_object: Option<String>,
    /// Mnemonic of the consent type.
    pub sysname: String,
    /// Term of the consent, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire: Option<u32>,
    /// Permitted actions with the data.
    pub actions: Vec<Named>,
    pub purposes: Vec<Named>,
    pub scopes: Vec<Named>,
}

/// Reference by mnemonic, in JSON `{"sysname":"CREDIT"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub sysname: String,
}

impl Permission {
    /// Returns the consent as one line of the consent page: title, receiving organisation, term in days.
    pub(crate) fn line(&self, client: &Client) -> String {
        let kind = client.spec.esia.consent_types.iter().find(|kind| kind.sysname == self.sysname);
        let title = kind.map(|kind| kind.title.as_str()).filter(|title| !title.is_empty());
        let to = self.responsible_object.as_deref().unwrap_or(&client.spec.organisation);
        let term = self.expire.map(|minutes| format!(", на {} дн.", minutes.div_ceil(24 * 60)));
        format!("{}: {to}{}", title.unwrap_or(&self.sysname), term.unwrap_or_default())
    }

    /// Returns the bare names of the scopes, without `openid`.
    pub(crate) fn scope_names(&self) -> BTreeSet<String> {
        self.scopes.iter().map(|scope| scope.sysname.clone()).filter(|name| name != "openid").collect()
    }

    /// Checks whether this consent includes the requested one: that has the same type, and no further scope, action or
    /// purpose.
    pub(crate) fn covers(&self, asked: &Self) -> bool {
        let within = |asked: &[Named], given: &[Named]| asked.iter().all(|one| given.contains(one));
        self.sysname == asked.sysname
            && within(&asked.scopes, &self.scopes)
            && within(&asked.actions, &self.actions)
            && within(&asked.purposes, &self.purposes)
    }
}

/// Returns the `oid` of `prm_req?oid=…`; `None` if there is any other scope.
pub(crate) fn permission_subject(scopes: &Scopes) -> Option<esia::Oid> {
    let mut scopes = scopes.iter();
    let only = scopes.next().filter(|scope| scope.name == "prm_req")?;
    if scopes.next().is_some() { None } else { only.oid }
}
