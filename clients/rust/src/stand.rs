//! Both servers of a stand that is running, and how one is found or started.

use std::{env, path::PathBuf, sync::Arc, thread};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::OnceCell, task::spawn_blocking};

use crate::{
    Control, Error, Result, Server, World,
    contract::{FORK_WORLD, MAKE_WORLD},
    control::Address,
    process::{Program, Ready},
    servers::Servers,
};

/// The longest beginning of a world's name that tells of its test.
const LONGEST: usize = 40;

/// Both servers of a stand that is running. One that was started here ends when the last world and this are dropped.
#[derive(Debug, Clone)]
pub struct Stand {
    pub(crate) addresses: Vec<Address>,
    _program: Option<Arc<Program>>,
}

/// How a stand is started.
#[derive(Debug, Clone, Default)]
pub struct StandBuilder {
    program: Option<PathBuf>,
    arguments: Vec<String>,
    token: Option<String>,
}

/// What the answer about a new world is read for.
#[derive(Debug, Deserialize)]
pub(crate) struct WorldView {
    url: String,
}

/// A world that is asked for: a copy when it has no seed.
#[derive(Debug, Serialize)]
pub(crate) struct NewWorld<'a> {
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<&'a Value>,
}

/// From what a world is made.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Copy(String),
    Seed(Value),
}

impl StandBuilder {
    /// The program, where it is neither `ESIA_STAND_BIN` nor on `PATH`.
    #[must_use]
    pub fn program(mut self, file: impl Into<PathBuf>) -> Self {
        self.program = Some(file.into());
        self
    }

    /// One more argument of `esia-stand serve`, as `--tls`.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The token of both control APIs.
    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Starts it on free ports and waits until it is ready.
    ///
    /// # Errors
    /// [`Error::NotStarted`].
    pub async fn start(self) -> Result<Stand> {
        let Self { program, mut arguments, token } = self;
        arguments.extend(token.iter().flat_map(|token| ["--control-token".to_owned(), token.clone()]));
        let started = spawn_blocking(move || Program::start(program, &arguments)).await;
        let started = started.map_err(|error| Error::NotStarted(error.to_string()))??;
        let addresses = addresses(&started.ready, token.as_deref());
        Ok(Stand { addresses, _program: Some(Arc::new(started)) })
    }
}

impl Stand {
    /// A stand of one's own on free ports; it ends when it is dropped.
    ///
    /// # Errors
    /// [`Error::NotStarted`].
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// A stand of one's own, with more said about it.
    pub fn builder() -> StandBuilder {
        StandBuilder::default()
    }

    /// The stand of this test binary: the one that `ESIA_STAND_URL` names (with `ESIA_STAND_DIARY`,
    /// `ESIA_STAND_CONTROL_TOKEN`, `ESIA_STAND_CA`), else one that is started with the arguments of `ESIA_STAND_ARGS`.
    ///
    /// # Errors
    /// [`Error::NotStarted`].
    pub async fn shared() -> Result<Self> {
        static SHARED: OnceCell<Stand> = OnceCell::const_new();
        SHARED.get_or_try_init(Self::of_environment).await.cloned()
    }

    async fn of_environment() -> Result<Self> {
        let token = variable("ESIA_STAND_CONTROL_TOKEN");
        if let Some(idp) = variable("ESIA_STAND_URL") {
            let ca_file = variable("ESIA_STAND_CA").map(PathBuf::from);
            let ready = Ready { idp, diary: variable("ESIA_STAND_DIARY"), ca_file };
            return Ok(Self { addresses: addresses(&ready, token.as_deref()), _program: None });
        }
        let arguments = variable("ESIA_STAND_ARGS").unwrap_or_default();
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        StandBuilder { program: None, arguments, token }.start().await
    }

    /// A world of its own, a copy of `main` as it is.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn world(&self) -> Result<World> {
        self.copy_of("main").await
    }

    /// A world of its own, a copy of another as it is.
    ///
    /// # Errors
    /// As the control API refuses; 404 where there is no such world.
    pub async fn copy_of(&self, world: &str) -> Result<World> {
        self.made(Origin::Copy(world.to_owned())).await
    }

    /// A world of its own from a documented seed, as "петровы", or from a document of one's own.
    ///
    /// # Errors
    /// As the control API refuses: a seed with a mistake in it.
    pub async fn seeded(&self, seed: impl Into<Value>) -> Result<World> {
        self.made(Origin::Seed(seed.into())).await
    }

    /// The control API of a server, outside any world.
    ///
    /// # Errors
    /// [`Error::NoDiary`], [`Error::NoClient`].
    pub fn control(&self, server: Server) -> Result<Control> {
        let found = self.addresses.iter().find(|address| address.server == server).ok_or(Error::NoDiary)?;
        Control::new(found.clone())
    }

    /// Makes a world at each server, or at none.
    async fn made(&self, origin: Origin) -> Result<World> {
        let name = name(thread::current().name().unwrap_or_default());
        let mut servers = Servers { world: name.clone(), all: Vec::new() };
        for address in &self.addresses {
            match made_at(address, &name, &origin).await {
                Ok(control) => servers.all.push(control),
                Err(why) => {
                    servers.delete().await?;
                    return Err(why);
                }
            }
        }
        Ok(World::of(self.clone(), servers))
    }
}

/// A new world at one server.
async fn made_at(address: &Address, name: &str, origin: &Origin) -> Result<Control> {
    let control = Control::new(address.clone())?;
    let request = match origin {
        Origin::Copy(of) => control.to_one(&FORK_WORLD, of).json(&NewWorld { name, seed: None }),
        Origin::Seed(seed) => control.to(&MAKE_WORLD).json(&NewWorld { name, seed: Some(seed) }),
    };
    let view: WorldView = control.send(request).await?;
    Ok(control.within(&view.url))
}

fn variable(name: &str) -> Option<String> {
    env::var_os(name).and_then(|value| value.into_string().ok()).filter(|value| !value.is_empty())
}

fn addresses(ready: &Ready, token: Option<&str>) -> Vec<Address> {
    let at = |server, url: &str| Address {
        server,
        url: url.trim_end_matches('/').to_owned(),
        token: token.map(str::to_owned),
        ca: ready.ca_file.clone(),
    };
    let diary = ready.diary.iter().map(|url| at(Server::Diary, url));
    std::iter::once(at(Server::Idp, &ready.idp)).chain(diary).collect()
}

/// A name that no other world has, with as much of a test's name as a name can hold. At a stand that teams share it begins with
/// `ESIA_STAND_TEAM`.
fn name(test: &str) -> String {
    let told = format!("{}-{test}", variable("ESIA_STAND_TEAM").unwrap_or_default()).to_lowercase();
    let words = told.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(LONGEST);
    let slug = Some(slug.trim_matches('-')).filter(|slug| !slug.is_empty()).unwrap_or("t");
    format!("{slug}-{:010x}", rand::random::<u64>() & 0xff_ffff_ffff)
}
