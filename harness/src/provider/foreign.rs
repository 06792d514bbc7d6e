//! A foreign provider during a run: its description with values of the environment, and the seed for our diary.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use serde_json::{Value, json};
use url::Url;

use super::description::StandDescription;
use crate::{cli::Protocol, control::Person, language::tr};

/// Provider that is not part of the stand, with everything needed to send it requests.
#[derive(Clone)]
pub struct ForeignProvider {
    /// Description from its file.
    pub description: StandDescription,
    /// Mnemonic under which the diary is registered there.
    pub mnemonic: String,
    /// Files with the diary's key and certificate for this provider.
    pub key: Option<[PathBuf; 2]>,
    secret: Option<String>,
    passwords: BTreeMap<String, String>,
    token_certificate: Option<String>,
}

impl std::fmt::Debug for ForeignProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignProvider").field("description", &self.description).finish_non_exhaustive()
    }
}

impl ForeignProvider {
    /// Creates a provider from its description and the environment variables that it names. `token_certificate` is the
    /// content of the file that it names.
    ///
    /// # Errors
    /// Fails if a variable is not set, and names it.
    pub fn new(
        description: StandDescription,
        token_certificate: Option<String>,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, String> {
        let read = |name: &str| {
            let value = variable(name).map(|value| value.to_string_lossy().into_owned());
            value
                .filter(|value| !value.is_empty())
                .ok_or_else(|| tr!("переменная {name} не задана", "the variable {name} is not set"))
        };
        let may = |name: &Option<String>| name.as_deref().map(read).transpose();
        let mnemonic = read(&description.mnemonic_variable)?;
        let key = match (may(&description.key_variable)?, may(&description.certificate_variable)?) {
            (Some(key), Some(certificate)) if description.protocol == Protocol::Esia => {
                Some([key.into(), certificate.into()])
            }
            _ => None,
        };
        let secret = may(&description.secret_variable)?;
        let passwords = description.people.iter();
        let passwords = passwords.map(|(who, account)| Ok((who.clone(), read(&account.password_variable)?)));
        let passwords = passwords.collect::<Result<_, String>>()?;
        Ok(Self { description, mnemonic, key, secret, passwords, token_certificate })
    }

    /// Returns the seed of a world of our diary that signs people in at this provider, by the machine's clock.
    pub fn seeded(&self, mut seed: Value) -> Value {
        let description = &self.description;
        if let Some(parts) = seed.as_object_mut() {
            parts.remove("clock");
        }
        let mut provider = json!({
            "url": description.issuer(),
            "mnemonic": self.mnemonic,
            "protocol": description.protocol.name(),
        });
        if description.protocol == Protocol::Esia {
            provider["issuer"] = description.iss.clone().into();
            provider["certificate"] = self.token_certificate.clone().into();
        }
        provider["secret"] = self.secret.clone().into();
        if let Some(fields) = provider.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        if seed["diary"].is_object() {
            seed["diary"]["provider"] = provider;
        }
        seed
    }

    /// Returns the people with accounts at the provider, by their names in scenarios.
    pub fn people(&self) -> Vec<Person> {
        let people = self.description.people.iter().map(|(who, account)| Person {
            key: who.clone(),
            name: String::new(),
            login: Some(account.login.clone()),
            password: self.passwords.get(who).cloned(),
            about: String::new(),
        });
        people.collect()
    }

    /// Returns the secrets that must not appear in a recording: passwords and the client secret.
    pub fn secrets(&self) -> Vec<String> {
        self.passwords.values().chain(&self.secret).cloned().collect()
    }

    /// Returns the URL of a path of the provider.
    ///
    /// # Errors
    /// Fails if the result is not a valid URL.
    pub fn at(&self, path: &str) -> Result<Url, url::ParseError> {
        self.description.home().join(path.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: Стенд\nbase: https://stand.test/esia/\nprotocol: oidc\nmnemonic-variable: STAND_ID\n\
                        secret-variable: STAND_SECRET\nworlds: [взрослые]\n\
                        people: {Нина: {login: nina@stand.test, password-variable: STAND_NINA}}\n\
                        sign-in: {shows: {css: form}, login: Логин, password: Пароль, press: Войти}\n";

    fn made(variables: &[(&str, &str)]) -> Result<ForeignProvider, String> {
        let variable = |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).into());
        ForeignProvider::new(serde_saphyr::from_str(TEXT).unwrap(), None, &variable)
    }

    #[test]
    fn secrets_come_from_the_environment_and_from_nowhere_else() {
        let all = [("STAND_ID", "MINE"), ("STAND_SECRET", "s3cr3t"), ("STAND_NINA", "nina-2024")];
        assert_eq!(made(&all[..2]).unwrap_err(), "переменная STAND_NINA не задана");
        assert_eq!(made(&[all[0], ("STAND_SECRET", ""), all[2]]).unwrap_err(), "переменная STAND_SECRET не задана");
        let stand = made(&all).unwrap();
        assert_eq!(stand.secrets(), ["nina-2024", "s3cr3t"]);
        assert!(!format!("{stand:?}").contains("nina-2024"));
        assert_eq!(stand.people()[0].password.as_deref(), Some("nina-2024"));
        assert_eq!(stand.description.account("нина").unwrap().1.login, "nina@stand.test");
    }

    #[test]
    fn the_diary_signs_in_there_by_the_machines_clock() {
        let all = [("STAND_ID", "MINE"), ("STAND_SECRET", "s3cr3t"), ("STAND_NINA", "nina-2024")];
        let seed = json!({ "clock": { "frozen": "2024-09-02T09:00:00+03:00" }, "diary": { "provider": { "url": "http://other" } } });
        let provider =
            json!({ "url": "https://stand.test/esia", "mnemonic": "MINE", "protocol": "oidc", "secret": "s3cr3t" });
        assert_eq!(made(&all).unwrap().seeded(seed), json!({ "diary": { "provider": provider } }));
    }
}
