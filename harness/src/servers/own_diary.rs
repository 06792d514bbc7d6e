//! Our diary alone, running: the provider is somebody else's.

use std::{net::SocketAddr, path::PathBuf};

use super::pair::{Server, free, let_go};
use crate::{control::Party, exit::CliError, net, wire::Edge};

/// What a diary at a foreign provider is started with.
#[derive(Debug, Default)]
pub struct DiaryWanted {
    /// Its address; any free port of loopback when `None`.
    pub listen: Option<SocketAddr>,
    /// Key and certificate of the registered system, files.
    pub key: Option<[PathBuf; 2]>,
    /// The profile where a seed names none.
    pub profile: Option<String>,
}

/// The diary alone.
#[derive(Debug)]
pub struct OwnDiary {
    /// The diary as a process.
    pub diary: Server,
    /// Passes its requests on.
    _edge: Edge,
}

impl OwnDiary {
    /// Starts it, with an edge that passes its requests on, and waits until it is ready.
    ///
    /// # Errors
    /// An address that is taken; a server that does not start.
    pub async fn start(wanted: DiaryWanted, edge: Edge) -> Result<Self, CliError> {
        let listen = let_go(free(wanted.listen, "diary").await?)?;
        let mut args: Vec<_> = ["diary", "--until-stdin-closes", "--listen"].map(str::to_owned).into();
        args.push(listen.to_string());
        let mut add = |flag: &str, value: Option<String>| {
            args.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
        };
        add("--edge", Some(edge.url.to_string()));
        add("--profile", wanted.profile);
        if let Some([key, certificate]) = wanted.key {
            add("--client-key", Some(key.display().to_string()));
            add("--client-certificate", Some(certificate.display().to_string()));
        }
        for file in net::trusted() {
            add("--ca", Some(file.display().to_string()));
        }
        Ok(Self { diary: Server::start(Party::Diary, &args, None).await?, _edge: edge })
    }
}
