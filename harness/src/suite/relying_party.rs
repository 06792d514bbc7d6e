//! Descriptions of relying parties: reading and checking them, each mistake with its place.

use std::path::Path;

use url::Url;

use super::{Diagnostic, File, content::of_content, places::Places, yaml};
use crate::{
    language::{pick, tr},
    relying_party::Client,
};

/// Reads a description of a relying party.
///
/// # Errors
/// Returns the mistakes of the file, each with its place.
pub fn read(path: &Path) -> Result<Client, Vec<Diagnostic>> {
    of_file(&File::read(path).map_err(|wrong| vec![wrong])?)
}

/// Reads the description of a client that is judged. It must name the client's provider and a person; returns the
/// provider's address too.
///
/// # Errors
/// Fails like [`read`], and if `provider` or `person` is missing.
pub fn judged(path: &Path) -> Result<(Client, Url), Vec<Diagnostic>> {
    let file = File::read(path).map_err(|wrong| vec![wrong])?;
    let client = of_file(&file)?;
    match client.provider.clone() {
        Some(provider) if !client.person.is_empty() => Ok((client, provider)),
        provider => Err(vec![missing(&file.name, if provider.is_none() { "provider" } else { "person" })]),
    }
}

/// Reads the description of a relying party that is a side of a run. A client with one world for all scenarios must
/// name it, and not `main`.
///
/// # Errors
/// Fails like [`read`], and if the description names no such world.
pub fn played(path: &Path) -> Result<Client, Vec<Diagnostic>> {
    let file = File::read(path).map_err(|wrong| vec![wrong])?;
    let client = of_file(&file)?;
    if !client.has_worlds() && client.world == "main" {
        let told = pick(
            "у дневника один мир на все сценарии (в base нет {world}): назовите его в world, кроме main",
            "the diary has one world for all scenarios (no {world} in base): name it in world, any but main",
        );
        return Err(vec![Diagnostic::of_file(&file.name, told.to_owned())]);
    }
    Ok(client)
}

/// Reads the description of a relying party that plays against our provider, with the mnemonic under which each world
/// registers it.
///
/// # Errors
/// Fails like [`played`], and if the description has no `client`.
pub fn registered(path: &Path) -> Result<(Client, String), Vec<Diagnostic>> {
    let client = played(path)?;
    let mnemonic = client.client.clone().ok_or_else(|| vec![missing(&path.display().to_string(), "client")])?;
    Ok((client, mnemonic))
}

fn missing(file: &str, field: &str) -> Diagnostic {
    Diagnostic::of_file(file, tr!("не хватает поля «{field}»", "the field \"{field}\" is missing"))
}

fn of_file(file: &File) -> Result<Client, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    let client: Client = serde_saphyr::from_str(&file.text).map_err(told)?;
    let wrong: Vec<_> = client.mistakes().iter().map(|mistake| of_content(file, &places, mistake)).collect();
    if wrong.is_empty() { Ok(client) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const TEXT: &str = "title: Сайт\nbase: http://127.0.0.1:8000/app\nprovider: http://127.0.0.1:8081\nprotocol: oidc\nperson: нина\n\
                        sign-in: {open: /login, press: Войти}\nsigned-in: {open: me, css: '#name'}\nrefused: {text: Вход не удался}\n\
                        sign-out: {press: Выйти}\n";

    fn read(text: &str) -> Result<Client, String> {
        let wrong = of_file(&File { name: "c.yaml".to_owned(), text: text.to_owned() });
        wrong.map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    fn told(more: &str) -> String {
        read(&format!("{TEXT}{more}")).unwrap_err()
    }

    #[test]
    fn a_client_is_described_by_four_facts_and_its_address() {
        let client = read(TEXT).unwrap();
        assert_eq!((client.world.as_str(), client.has_worlds()), ("main", false));
        assert_eq!(client.profiles, ["ryazan"]);
        assert_eq!(client.at("w", &client.sign_in.open).unwrap().as_str(), "http://127.0.0.1:8000/app/login");
        let own = read(&TEXT.replace("8000/app", "8000/w/{world}/")).unwrap();
        assert!(own.has_worlds());
        assert_eq!(own.at("a", "me").unwrap().as_str(), "http://127.0.0.1:8000/w/a/me");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_field() {
        assert_snapshot!(read(&TEXT.replace("sign-out", "signout")).unwrap_err(), @"
        c.yaml:9:1: поля «signout» здесь не бывает
          может быть: sign-out
        ");
        assert_snapshot!(read(&TEXT.replace("{text: Вход не удался}", "{}")).unwrap_err(), @"c.yaml:8:10: refused: нужны css, data-test, text или url");
        assert_snapshot!(read(&TEXT.replace("'#name'", "'#'")).unwrap_err(), @"c.yaml:7:28: signed-in.css: селектор «#» не читается");
        assert_snapshot!(read(&TEXT.replace("http://127.0.0.1:8000/app", "ниоткуда")).unwrap_err(), @"c.yaml:2:7: base: адрес не читается: relative URL without a base");
    }

    #[test]
    fn what_the_documented_scenarios_need_is_checked_too() {
        assert_snapshot!(told("refusals:\n  child-not-fond: {css: .wall}\n  user-not-active: {}\n"), @"
        c.yaml:11:19: refusals.child-not-fond: поля «child-not-fond» здесь не бывает
          может быть: child-not-found
        c.yaml:12:20: refusals.user-not-active: нужны css, data-test, text или url
        ");
        assert_snapshot!(told("register:\n  prepare: {call: stand/prepare}\n  reset: {}\n"), @"
        c.yaml:11:12: register.prepare: call — метод и адрес, например: POST stand/prepare
        c.yaml:12:10: register.reset: нужен call или command
        ");
        assert_snapshot!(told("profiles: [ryazan, kuzbas]\n"), @"
        c.yaml:10:20: profiles[1]: значения «kuzbas» здесь не бывает
          может быть: kuzbass
        ");
        assert_snapshot!(told("sections:\n  Оценки: {at: {open: marks}, shows: {css: '['}}\n"), @"c.yaml:11:44: sections.Оценки.shows.css: селектор «[» не читается");
        assert_snapshot!(told("staff: {at: {open: office}}\n"), @"c.yaml:10:8: staff.shows: нужны css, data-test, text или url");
    }
}
