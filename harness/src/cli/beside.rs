//! Worlds that `esia-stand serve` serves beside `main`.

use serde_json::Value;

use super::Protocol;
use crate::{
    control::Control,
    exit::CliError,
    language::tr,
    servers::{self, Defaults, named_after, prepared},
};

/// A world that is to be made on both servers.
pub(super) struct Beside {
    name: String,
    seed: Value,
}

/// Both servers, and what they take where a seed says nothing.
pub(super) struct Sites<'s> {
    pub(super) idp: &'s Control,
    pub(super) diary: &'s Control,
    pub(super) protocol: Option<Protocol>,
    pub(super) profile: Option<&'s str>,
}

/// A world that was made.
pub(super) struct Served {
    /// Name in the addresses of both servers.
    pub(super) name: String,
    /// Base URL of the world at the provider.
    pub(super) idp: String,
    /// Base URL of the world at the diary.
    pub(super) diary: String,
    /// Table of its people.
    pub(super) people: String,
}

/// The seeds of these worlds: documented ones by name, and files.
///
/// # Errors
/// A world that is not there or cannot be read; two that would have one address.
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
    /// Makes the world on both servers.
    ///
    /// # Errors
    /// A seed that a server refuses.
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
