//! A client as its file describes it: four facts, and where it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    cli::Protocol,
    language::{pick, tr},
    suite::{Diagnostic, File, of_form},
};

/// The part of a base URL that stands for the name of a world.
const WORLD: &str = "{world}";

/// A client of Gosuslugi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    /// Its name in reports.
    pub title: String,
    /// Its base URL; with `{world}` where each world of the provider has its own.
    pub base: String,
    /// The provider's base URL: a running `esia-stand idp`.
    #[schemars(with = "String")]
    pub provider: Url,
    /// The protocol in which it signs people in.
    pub protocol: Protocol,
    /// The provider's world in which it is registered; with `{world}` in `base` the documented world or file of which worlds
    /// are made.
    #[serde(default = "main")]
    pub world: String,
    /// Key of the person in the seed who signs in.
    pub person: String,
    /// Where a sign-in starts.
    pub sign_in: Place,
    /// How one sees that somebody is signed in.
    pub signed_in: Sign,
    /// How a refusal looks, on the page to which the provider sends people back.
    pub refused: Sign,
    /// Where one signs out.
    pub sign_out: Place,
    /// By what it knows people again.
    #[serde(default)]
    pub recognised_by: RecognisedBy,
    /// Command that restarts it, for faults of what it fetches once and keeps, and for when it does not recover by itself. It is
    /// waited for until it ends, and then until somebody answers at the base URL.
    #[serde(default)]
    pub restart: Vec<String>,
}

/// By what a client knows people again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecognisedBy {
    /// By the number of the account: somebody with another name or address is the same person.
    #[default]
    Account,
    /// By the person's data, which it compares with a register of its own: it tells somebody whose data differ what to do.
    Data,
}

/// A page to open, and a button or link to press there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// Address of the page, from the base URL on.
    pub open: String,
    /// Text of a button or link to press there.
    pub press: Option<String>,
}

/// Something that is on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sign {
    /// Address of the page, from the base URL on; the page that is open where nothing is said.
    pub open: Option<String>,
    /// CSS selector of what is there.
    pub css: Option<String>,
    /// Text that is there.
    pub text: Option<String>,
}

fn main() -> String {
    "main".to_owned()
}

impl Client {
    /// Reads a description.
    ///
    /// # Errors
    /// What is wrong with the file, with its place.
    pub fn read(file: &File) -> Result<Self, Diagnostic> {
        let client: Self = serde_saphyr::from_str(&file.text).map_err(|error| of_form(file, &error))?;
        let wrong = |field: &str, why: String| Err(Diagnostic::of_file(&file.name, format!("{field}: {why}")));
        if let Err(error) = client.at("any-world", "") {
            return wrong("base", tr!("адрес не читается: {error}", "the address cannot be read: {error}"));
        }
        for (field, sign) in [("signed-in", &client.signed_in), ("refused", &client.refused)] {
            if sign.css.is_none() && sign.text.is_none() {
                let told = pick("нужны css или text", "css or text is needed");
                return wrong(field, told.to_owned());
            }
            if let Some(css) = sign.css.as_ref().filter(|css| scraper::Selector::parse(css).is_err()) {
                return wrong(field, tr!("селектор «{css}» не читается", "the selector \"{css}\" cannot be read"));
            }
        }
        Ok(client)
    }

    /// Whether each world has a client of its own.
    pub fn has_worlds(&self) -> bool {
        self.base.contains(WORLD)
    }

    /// An address of the client in a world.
    ///
    /// # Errors
    /// A base or path that makes no address.
    pub fn at(&self, world: &str, path: &str) -> Result<Url, url::ParseError> {
        let mut base: Url = self.base.replace(WORLD, world).parse()?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        base.join(path.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: Сайт\nbase: http://127.0.0.1:8000/app\nprovider: http://127.0.0.1:8081\nprotocol: oidc\nperson: нина\n\
                        sign-in: {open: /login, press: Войти}\nsigned-in: {open: me, css: '#name'}\nrefused: {text: Вход не удался}\n\
                        sign-out: {press: Выйти}\n";

    fn read(text: &str) -> Result<Client, String> {
        Client::read(&File { name: "c.yaml".to_owned(), text: text.to_owned() }).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_client_is_described_by_four_facts_and_its_address() {
        let client = read(TEXT).unwrap();
        assert_eq!((client.world.as_str(), client.has_worlds()), ("main", false));
        assert_eq!(client.at("w", &client.sign_in.open).unwrap().as_str(), "http://127.0.0.1:8000/app/login");
        let own = read(&TEXT.replace("8000/app", "8000/w/{world}/")).unwrap();
        assert!(own.has_worlds());
        assert_eq!(own.at("a", "me").unwrap().as_str(), "http://127.0.0.1:8000/w/a/me");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        insta::assert_snapshot!(read(&TEXT.replace("sign-out", "signout")).unwrap_err(), @r#"
        c.yaml:9:1: поля «signout» здесь не бывает
          может быть: sign-out
        "#);
        insta::assert_snapshot!(read(&TEXT.replace("{text: Вход не удался}", "{}")).unwrap_err(), @"c.yaml: refused: нужны css или text");
        insta::assert_snapshot!(read(&TEXT.replace("'#name'", "'#'")).unwrap_err(), @"c.yaml: signed-in: селектор «#» не читается");
        assert!(read(&TEXT.replace("http://127.0.0.1:8000/app", "ниоткуда")).unwrap_err().contains("base: "));
    }
}
