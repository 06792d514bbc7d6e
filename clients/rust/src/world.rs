//! A world of the stand.

use std::{sync::Arc, thread};

use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    Clock, Control, Error, Faults, Line, Outbox, Person, Result, Server, Stand, Verdicts,
    contract::{REGISTER, RESET_WORLD},
    servers::Servers,
    story, timeline,
};

/// A world: what is done in it is seen in no other. It is deleted at both servers when this is dropped; while the test panics, its
/// story is printed before.
#[derive(Debug)]
pub struct World {
    servers: Arc<Servers>,
    /// Keeps the servers running.
    _stand: Stand,
    /// The time of both servers.
    pub clock: Clock,
    /// Letters and SMS.
    pub outbox: Outbox,
    /// What Gosuslugi do wrong on purpose.
    pub faults: Faults,
    /// What the servers think of requests.
    pub verdicts: Verdicts,
}

impl World {
    /// A world of this test's own at the stand of this test binary, a copy of `main` as it is.
    ///
    /// # Errors
    /// When there is no stand, or it refuses.
    pub async fn new() -> Result<Self> {
        Stand::shared().await?.world().await
    }

    /// The same from a documented seed, as "петровы", or from a document of one's own.
    ///
    /// # Errors
    /// When there is no stand, or it refuses: a seed with a mistake in it.
    pub async fn seeded(seed: impl Into<Value>) -> Result<Self> {
        Stand::shared().await?.seeded(seed).await
    }

    pub(crate) fn of(stand: Stand, servers: Servers) -> Self {
        let servers = Arc::new(servers);
        Self {
            clock: Clock(Arc::clone(&servers)),
            outbox: Outbox(Arc::clone(&servers)),
            faults: Faults(Arc::clone(&servers)),
            verdicts: Verdicts(Arc::clone(&servers)),
            servers,
            _stand: stand,
        }
    }

    /// Its name in addresses.
    pub fn name(&self) -> &str {
        &self.servers.world
    }

    /// The address of Gosuslugi in this world, no slash at the end: base URL of ЕСИА's protocol, issuer of OpenID Connect.
    pub fn url(&self) -> &str {
        self.servers.all.first().map_or("", Control::url)
    }

    /// The control API of a server in this world; its [`Control::url`] is the address of the world there.
    ///
    /// # Errors
    /// [`Error::NoDiary`].
    pub fn control(&self, server: Server) -> Result<&Control> {
        self.servers.at(server)
    }

    /// Somebody of the world by the key in its seed, as "анна", or by the login.
    pub fn person(&self, key: impl Into<String>) -> Person {
        Person { key: key.into(), servers: Arc::clone(&self.servers) }
    }

    /// Registers a client system by its mnemonic, which is its `client_id`. The registration is the body of
    /// `PUT /control/clients/{mnemonic}`; title and organisation are the mnemonic where it does not say them.
    ///
    /// # Errors
    /// As the control API refuses: a registration with a mistake in it.
    pub async fn register(&self, mnemonic: &str, registration: Value) -> Result<()> {
        let mut whole = json!({ "mnemonic": mnemonic, "title": mnemonic, "organisation": mnemonic });
        if let (Some(whole), Value::Object(said)) = (whole.as_object_mut(), registration) {
            whole.extend(said);
        }
        let idp = self.servers.idp()?;
        idp.done(idp.to_one(&REGISTER, mnemonic).json(&whole)).await
    }

    /// What has happened at both servers, oldest first.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn timeline(&self) -> Result<Vec<Line>> {
        timeline::of(&self.servers).await
    }

    /// Begins the world anew from its seed.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn reset(&self) -> Result<()> {
        for control in &self.servers.all {
            let root = self.servers.root(control);
            root.done(root.to_one(&RESET_WORLD, self.name())).await?;
        }
        Ok(())
    }

    /// What a failed test tells of its world: the refused requests and the timeline of both servers.
    pub async fn story(&self) -> String {
        story::of(&self.servers).await
    }
}

impl Drop for World {
    /// The runtime of the test is held up meanwhile, so that a thread with one of its own asks.
    #[expect(clippy::print_stderr, reason = "it belongs to the output of the test, which is kept with it")]
    fn drop(&mut self) {
        let (servers, has_failed) = (Arc::clone(&self.servers), thread::panicking());
        let asked = thread::spawn(move || -> Result<String> {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|error| Error::NoClient(error.to_string()))?;
            runtime.block_on(async {
                let servers = servers.reconnected()?;
                let told = if has_failed { story::of(&servers).await } else { String::new() };
                servers.delete().await.map(|()| told)
            })
        });
        match asked.join() {
            Ok(Ok(told)) if told.is_empty() => {}
            Ok(Ok(told)) => eprintln!("{told}"),
            Ok(Err(why)) => eprintln!("esia-stand: the world {} is not deleted: {why}", self.name()),
            Err(_) => eprintln!("esia-stand: the world {} is not deleted", self.name()),
        }
    }
}
