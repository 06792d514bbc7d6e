//! Console pages of the registered clients: their list with the last request of each, and «Подключить систему».

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use esia::language::{pick, tr};
use serde::Deserialize;
use web::{Form, Frame, InWorld, NoFields, Page, Problem, ReaderLanguage, see_other};

use super::{
    TokenAlgorithm, TokenTerms,
    about::ClientView,
    file_names::{certificate_file, key_file},
    handlers::remove,
    newcomer::{KeyChoice, Made, NewKey, Newcomer},
    settings::Setting,
    view::{parse, ready_settings, shown, shown_one},
};
use crate::state::Gosuslugi;

const LIST: &str = "/control/console/clients";

/// Scopes that the form offers as checkboxes.
const OFFERED: [&str; 10] = [
    "openid",
    "fullname",
    "birthdate",
    "gender",
    "snils",
    "email",
    "mobile",
    "id_doc",
    "kid_fullname",
    "kid_birthdate",
];

/// Returns the console pages of the clients.
pub(crate) fn pages() -> Router {
    Router::new()
        .route(LIST, get(list))
        .route("/control/console/clients/new", get(blank).post(connect))
        .route("/control/console/clients/{mnemonic}", get(one))
        .route("/control/console/clients/{mnemonic}/key", post(renew))
        .route("/control/console/clients/{mnemonic}/delete", post(delete))
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage {
    frame: Frame,
    reads: ReaderLanguage,
    clients: Vec<ClientView>,
}

async fn list(world: InWorld<Gosuslugi>, frame: Frame, reads: ReaderLanguage) -> Result<Page<ListPage>, Problem> {
    Ok(Page(ListPage { frame, reads, clients: shown(&world).await? }))
}

#[derive(Template)]
#[template(path = "clients/one.html")]
struct OnePage {
    frame: Frame,
    reads: ReaderLanguage,
    client: ClientView,
    settings: Vec<Setting>,
}

async fn one(
    world: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
    Path(mnemonic): Path<String>,
) -> Result<Page<OnePage>, Problem> {
    let mnemonic = parse(&mnemonic)?;
    let client = shown_one(&world, &mnemonic).await?;
    Ok(Page(OnePage { frame, reads, client, settings: ready_settings(&world, &mnemonic).await? }))
}

/// Fields of the form «Подключить систему».
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entered {
    #[serde(default)]
    mnemonic: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default = "rsa")]
    key: KeyChoice,
    #[serde(default = "rs256")]
    tokens: TokenAlgorithm,
    /// Scopes whose checkboxes are ticked.
    #[serde(default)]
    scope: Vec<String>,
    /// Other scopes, separated by spaces.
    #[serde(default)]
    more: String,
    /// Lifetimes in seconds, as typed.
    #[serde(default)]
    code_ttl_s: String,
    #[serde(default)]
    access_ttl_s: String,
    #[serde(default)]
    id_ttl_s: String,
    #[serde(default)]
    refresh_ttl_s: String,
    /// Checkbox that puts the person's claims into the id token too.
    #[serde(default)]
    id_token_claims: Option<String>,
}

const fn rsa() -> KeyChoice {
    KeyChoice::Rsa
}
const fn rs256() -> TokenAlgorithm {
    TokenAlgorithm::Rs256
}

impl Entered {
    /// Form before anything was entered.
    fn nothing() -> Self {
        let [mnemonic, title, redirect_uri, more] = [const { String::new() }; 4];
        let [code_ttl_s, access_ttl_s, id_ttl_s, refresh_ttl_s] = [const { String::new() }; 4];
        Self {
            mnemonic,
            title,
            redirect_uri,
            key: rsa(),
            tokens: rs256(),
            scope: ["openid", "fullname"].map(str::to_owned).to_vec(),
            more,
            code_ttl_s,
            access_ttl_s,
            id_ttl_s,
            refresh_ttl_s,
            id_token_claims: None,
        }
    }

    fn has(&self, scope: &str) -> bool {
        self.scope.iter().any(|one| one == scope)
    }

    fn is_gost(&self) -> bool {
        self.key == KeyChoice::Gost
    }

    fn has_gost_tokens(&self) -> bool {
        self.tokens == TokenAlgorithm::Gost
    }

    /// Returns the lifetimes that were typed; an empty field leaves the world's.
    fn terms(&self) -> Result<TokenTerms, Problem> {
        let term = |name: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                Problem::bad_request(
                    format!("tokens.{name}"),
                    tr!("«{text}» — не число секунд", "«{text}» is no number of seconds"),
                )
                .or(pick(
                    "Нужно целое число, или оставьте поле пустым",
                    "A whole number is needed, or leave the field empty",
                ))
            }),
        };
        Ok(TokenTerms {
            code_ttl_s: term("code-ttl-s", &self.code_ttl_s)?,
            access_ttl_s: term("access-ttl-s", &self.access_ttl_s)?,
            id_ttl_s: term("id-ttl-s", &self.id_ttl_s)?,
            refresh_ttl_s: term("refresh-ttl-s", &self.refresh_ttl_s)?,
        })
    }

    fn read(&self) -> Result<Newcomer, Problem> {
        let more = self.more.split([' ', ',', '\n', '\r', '\t']).filter(|word| !word.is_empty()).map(str::to_owned);
        let new = NewKey {
            key: self.key,
            title: Some(self.title.clone()),
            organisation: None,
            redirect_uri: Some(self.redirect_uri.clone()),
            scopes: Some(self.scope.iter().cloned().chain(more).collect()),
            token_algorithm: Some(self.tokens),
            tokens: Some(self.terms()?),
            id_token_claims: Some(self.id_token_claims.is_some()),
        };
        Newcomer::new(parse(self.mnemonic.trim())?, new)
    }
}

/// Error of the form, with the field that it belongs to.
#[derive(Default)]
struct Fault {
    field: String,
    text: String,
}

impl Fault {
    fn of(problem: Problem) -> Self {
        let field = problem.field.unwrap_or_else(|| "form".to_owned());
        let field = if field.starts_with("scopes") { "scopes".to_owned() } else { field };
        let text = [Some(problem.message), problem.way_out].into_iter().flatten().collect::<Vec<_>>().join(". ");
        Self { field, text }
    }

    fn at(&self, field: &str) -> &str {
        if self.field == field { &self.text } else { "" }
    }

    /// Returns the error if it belongs to no field of the form.
    fn elsewhere(&self) -> &str {
        let of_form = ["mnemonic", "title", "redirect-uri", "scopes"];
        let is_of_form = of_form.contains(&self.field.as_str()) || self.field.starts_with("tokens.");
        if is_of_form { "" } else { &self.text }
    }
}

#[derive(Template)]
#[template(path = "clients/new.html")]
struct NewPage {
    frame: Frame,
    reads: ReaderLanguage,
    entered: Entered,
    offered: &'static [&'static str],
    fault: Fault,
}

async fn blank(frame: Frame, reads: ReaderLanguage) -> Page<NewPage> {
    Page(NewPage { frame, reads, entered: Entered::nothing(), offered: &OFFERED, fault: Fault::default() })
}

/// The one page that shows a private key. The key is not kept, so the page cannot be opened again.
#[derive(Template)]
#[template(path = "clients/made.html")]
struct MadePage {
    frame: Frame,
    made: Made,
}

impl MadePage {
    fn mnemonic(&self) -> &str {
        self.made.client.spec.mnemonic.as_str()
    }

    /// Returns a data URL, so that the file is downloaded without another request.
    fn file(pem: &str) -> String {
        format!("data:application/x-pem-file;base64,{}", STANDARD.encode(pem))
    }
}

async fn connect(
    world: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
    Form(entered): Form<Entered>,
) -> Result<Response, Problem> {
    let made = match entered.read() {
        Ok(newcomer) => newcomer.register(&world).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(made) => Ok(Page(MadePage { frame, made }).with(StatusCode::CREATED)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => {
            let status = problem.status;
            let page = NewPage { frame, reads, entered, offered: &OFFERED, fault: Fault::of(problem) };
            Ok(Page(page).with(status))
        }
    }
}

/// Form that asks for a new key.
#[derive(Debug, Deserialize)]
struct Renewed {
    key: KeyChoice,
}

async fn renew(
    world: InWorld<Gosuslugi>,
    frame: Frame,
    Path(mnemonic): Path<String>,
    Form(Renewed { key }): Form<Renewed>,
) -> Result<Response, Problem> {
    let new = NewKey::renewing(key);
    let made = Newcomer::new(parse(&mnemonic)?, new)?.register(&world).await?;
    Ok(Page(MadePage { frame, made }).with(StatusCode::CREATED))
}

async fn delete(
    world: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    remove(&world, &parse(&mnemonic)?).await?;
    Ok(see_other(&world.world_url, LIST))
}
