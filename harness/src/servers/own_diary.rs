//! Our diary as the only child process, at a foreign provider.

use std::{net::SocketAddr, path::PathBuf};

use super::pair::{Server, free, let_go};
use crate::{control::Party, exit::CliError, net, wire::Edge};

/// Settings of a diary at a foreign provider.
#[derive(Debug, Default)]
pub struct DiaryWanted {
    /// Address of the diary; any free loopback port when `None`.
    pub listen: Option<SocketAddr>,
    /// Files with the key and the certificate of the diary's registration.
    pub key: Option<[PathBuf; 2]>,
    /// Profile of worlds whose seed does not name one.
    pub profile: Option<String>,
}

/// Our diary as a running child process.
#[derive(Debug)]
pub struct OwnDiary {
    /// Process of the diary.
    pub diary: Server,
    /// Edge that forwards the diary's requests to the provider; stops when dropped.
    _edge: Edge,
}

impl OwnDiary {
    /// Starts the diary with an edge that forwards its requests, and waits until it is ready.
    ///
    /// # Errors
    /// Fails if the address is taken or the server does not start.
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
