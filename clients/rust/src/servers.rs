//! The servers of one world: what everything in it is asked of.

use crate::{Control, Error, Result, Server, contract::DROP_WORLD};

/// A world at the servers of a stand.
#[derive(Debug)]
pub(crate) struct Servers {
    /// The name of the world.
    pub(crate) world: String,
    /// Their control APIs, Gosuslugi first.
    pub(crate) all: Vec<Control>,
}

impl Servers {
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NoDiary`].
    pub(crate) fn at(&self, server: Server) -> Result<&Control> {
        self.all.iter().find(|control| control.server() == server).ok_or(Error::NoDiary)
    }

    /// Gosuslugi, which every stand has.
    pub(crate) fn idp(&self) -> Result<&Control> {
        self.at(Server::Idp)
    }

    /// The server alone, outside the world.
    pub(crate) fn root(&self, control: &Control) -> Control {
        let url = control.url();
        control.within(url.strip_suffix(&format!("/w/{}", self.world)).unwrap_or(url))
    }

    /// Deletes the world; one that is gone already is none to complain of.
    pub(crate) async fn delete(&self) -> Result<()> {
        for control in &self.all {
            let root = self.root(control);
            match root.done(root.to_one(&DROP_WORLD, &self.world)).await {
                Err(Error::Refused(refusal)) if refusal.status == 404 => {}
                done => done?,
            }
        }
        Ok(())
    }

    /// The same with new connections, for another runtime.
    ///
    /// # Errors
    /// [`Error::NoClient`].
    pub(crate) fn reconnected(&self) -> Result<Self> {
        let all = self.all.iter().map(|control| Control::new(control.address.clone())).collect::<Result<_>>()?;
        Ok(Self { world: self.world.clone(), all })
    }
}
