//! Consents of the digital profile that an authorization request asks for by `permissions` (ESIA §5.2).

use std::collections::BTreeSet;

use esia::Scopes;
use serde::{Deserialize, Serialize};

use crate::clients::Client;

/// One consent that is asked for, as it stands in the parameter and in the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The organisation that the person is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible_object: Option<String>,
    /// Mnemonic of its type.
    pub sysname: String,
    /// Its term, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire: Option<u32>,
    /// What may be done with the data.
    pub actions: Vec<Named>,
    pub purposes: Vec<Named>,
    pub scopes: Vec<Named>,
}

/// The body `{"sysname":"CREDIT"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub sysname: String,
}

impl Permission {
    /// The consent in a line, as the consent page shows it: title, to whom, for how many days.
    pub(crate) fn line(&self, client: &Client) -> String {
        let kind = client.spec.esia.consent_types.iter().find(|kind| kind.sysname == self.sysname);
        let title = kind.map(|kind| kind.title.as_str()).filter(|title| !title.is_empty());
        let to = self.responsible_object.as_deref().unwrap_or(&client.spec.organisation);
        let term = self.expire.map(|minutes| format!(", на {} дн.", minutes.div_ceil(24 * 60)));
        format!("{}: {to}{}", title.unwrap_or(&self.sysname), term.unwrap_or_default())
    }

    /// Bare names of its scopes.
    pub(crate) fn scope_names(&self) -> BTreeSet<String> {
        self.scopes.iter().map(|scope| scope.sysname.clone()).filter(|name| name != "openid").collect()
    }

    /// Whether a consent like this one makes the other needless.
    pub(crate) fn covers(&self, asked: &Self) -> bool {
        let within = |asked: &[Named], given: &[Named]| asked.iter().all(|one| given.contains(one));
        self.sysname == asked.sysname
            && within(&asked.scopes, &self.scopes)
            && within(&asked.actions, &self.actions)
            && within(&asked.purposes, &self.purposes)
    }
}

/// The person of the one scope `prm_req?oid=…`.
pub(crate) fn permission_subject(scopes: &Scopes) -> Option<esia::Oid> {
    let mut scopes = scopes.iter();
    let only = scopes.next().filter(|scope| scope.name == "prm_req")?;
    if scopes.next().is_some() { None } else { only.oid }
}
