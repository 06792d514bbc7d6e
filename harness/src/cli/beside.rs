//! Worlds that `esia-stand serve` serves in addition to `main`.

use serde_json::Value;

use super::Protocol;
use crate::{
    control::Control,
    exit::CliError,
    language::tr,
    servers::{self, Defaults, named_after, prepared},
};

/// World to be created on both servers.
pub(super) struct Beside {
    name: String,
    seed: Value,
}

/// Both servers, and defaults for seeds that name no protocol or profile.
pub(super) struct Sites<'s> {
    pub(super) idp: &'s Control,
    pub(super) diary: &'s Control,
    pub(super) protocol: Option<Protocol>,
    pub(super) profile: Option<&'s str>,
}

/// World that was created.
pub(super) struct Served {
    /// Name of the world in the URLs of both servers.
    pub(super) name: String,
    /// Base URL of the world at the provider.
    pub(super) idp: String,
    /// Base URL of the world at the diary.
    pub(super) diary: String,
    /// Table of the world's people.
    pub(super) people: String,
}

/// Reads the seeds of worlds: documented ones by name, and files.
///
/// # Errors
/// Fails for a world that does not exist or cannot be read, and for two worlds with the same URL.
pub(super) fn read(worlds: &[String]) -> Result<Vec<Beside>, CliError> {
    let mut read = Vec::<Beside>::new();
    for world in worlds {
        let name = named_after(world);
        if name == "main" || read.iter().any(|other| other.name == name) {
            return Err(CliError::wrong(tr!(
                "мир «{world}»: адрес /w/{name} уже занят другим миром, назовите файл иначе",
                "world \"{world}\": another world has the address /w/{name}, name the file otherwise"
            )));
        }
        let seed = serde_json::to_value(servers::seed(Some(world))?).map_err(CliError::could_not_run)?;
        read.push(Beside { name, seed });
    }
    Ok(read)
}

impl Beside {
    /// Creates the world on both servers.
    ///
    /// # Errors
    /// Fails if a server refuses the seed.
    pub(super) async fn serve(self, sites: &Sites<'_>) -> Result<Served, CliError> {
        let Self { name, seed } = self;
        let profile = sites.profile.map(crate::suite::profile::read).transpose()?;
        let profile = profile.map(serde_json::to_value).transpose().map_err(CliError::could_not_run)?;
        let defaults = Defaults { protocol: sites.protocol, profile: profile.as_ref() };
        let made = async {
            let (idp, diary) = (sites.idp.world(&name)?, sites.diary.world(&name)?);
            let seed = prepared(seed, &idp, defaults);
            sites.idp.create(&name, &seed).await?;
            sites.diary.create(&name, &seed).await?;
            Ok((idp, diary, sites.idp.people(&name).await?))
        };
        let made: Result<_, crate::control::ControlError> = made.await;
        let (idp, diary, people) = made.map_err(CliError::could_not_run)?;
        Ok(Served { name, idp: idp.to_string(), diary: diary.to_string(), people: servers::table(&people) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_beside_main_have_addresses_of_their_own() {
        let read = |worlds: &[&str]| {
            let worlds: Vec<_> = worlds.iter().map(|world| (*world).to_owned()).collect();
            read(&worlds).map(|read| read.into_iter().map(|world| world.name).collect::<Vec<_>>())
        };
        assert_eq!(read(&["петровы", "две-школы"]).unwrap(), ["petrovy", "dve-shkoly"]);
        assert!(read(&["класс", "класс"]).unwrap_err().to_string().contains("/w/klass"));
        assert!(read(&["петров"]).unwrap_err().to_string().contains("может быть: петровы"));
    }
}
