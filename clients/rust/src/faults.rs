//! What Gosuslugi do wrong on purpose.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Error, Result,
    contract::{LIFT_FAULT, LIFT_FAULTS, LIST_FAULTS, SET_FAULT},
    servers::Servers,
};

/// What Gosuslugi do wrong on purpose in a world; `esia-stand faults` prints the catalogue.
#[derive(Debug, Clone)]
pub struct Faults(pub(crate) Arc<Servers>);

/// A fault that is wanted: which, whom it meets, and how often.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FaultSpec {
    /// Its name in the catalogue, as `claim.aud-other`.
    pub fault: String,
    /// What is said more exactly, as the catalogue names it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
    /// How many answers it changes; all until it is lifted when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// The `client_id` of the one client that meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The key or the login of the one person who meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Instant of the world's clock at which it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

impl From<&str> for FaultSpec {
    fn from(fault: &str) -> Self {
        Self { fault: fault.to_owned(), ..Self::default() }
    }
}

/// A fault that is set.
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// Its number in the world.
    pub number: u64,
    /// Its name in the catalogue, as `claim.aud-other`.
    pub fault: String,
    /// What was said more exactly.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// How many answers it will still change; `None` where no number was said.
    pub left: Option<u32>,
    /// The one client that meets it.
    pub client: Option<String>,
    /// The one person who meets it.
    pub person: Option<String>,
}

impl Faults {
    /// Makes answers wrong in this one way from now on: `faults.set("claim.aud-other")`, or a [`FaultSpec`] that says more.
    ///
    /// # Errors
    /// As the control API refuses: a name that the catalogue does not have.
    pub async fn set(&self, fault: impl Into<FaultSpec>) -> Result<Fault> {
        let idp = self.0.idp()?;
        idp.send(idp.to(&SET_FAULT).json(&fault.into())).await
    }

    /// Those that are set, in the order in which they were.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn all(&self) -> Result<Vec<Fault>> {
        let idp = self.0.idp()?;
        idp.send(idp.to(&LIST_FAULTS)).await
    }

    /// Lifts one; one that has played already is gone anyway.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn lift(&self, fault: &Fault) -> Result<()> {
        let idp = self.0.idp()?;
        match idp.done(idp.to_one(&LIFT_FAULT, &fault.number.to_string())).await {
            Err(Error::Refused(refusal)) if refusal.status == 404 => Ok(()),
            done => done,
        }
    }

    /// Lifts all of them.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn clear(&self) -> Result<()> {
        let idp = self.0.idp()?;
        idp.done(idp.to(&LIFT_FAULTS)).await
    }
}
