//! Console page of the faults: those that are set, with a button to lift each, and the catalogue, with a button to set
//! each.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use esia::language::pick;
use serde::Deserialize;
use web::{
    Form, Frame, InWorld, NoFields, Page, People as _, PersonView, Problem, Query, ReaderLanguage, TlsPorts, filled,
    see_other,
};

use super::faults::{FaultView, NewFault, lift_all_in, lift_in, set_in};
use crate::{
    faults::catalogue::{Entry, Right, faults},
    state::Gosuslugi,
};

const PAGE: &str = "/control/console/faults";

/// Returns the console pages of the faults.
pub(crate) fn faults_pages() -> Router {
    Router::new()
        .route(PAGE, get(page).post(turn_on))
        .route("/control/console/faults/lift", post(lift_all))
        .route("/control/console/faults/{number}/lift", post(lift))
}

/// Families of faults: first part of the fault's name, and the family's title in Russian and English.
const FAMILIES: &[(&str, &str, &str)] = &[
    ("hdr", "Заголовок маркера", "Token header"),
    ("sig", "Подпись маркера", "Token signature"),
    ("claim", "Содержимое маркера", "Token claims"),
    ("keys", "Ключи", "Keys"),
    ("disc", "Настройки поставщика", "Discovery"),
    ("ac", "Возврат после входа", "Authorization response"),
    ("te", "Ответ с маркерами", "Token response"),
    ("rs", "Данные человека", "Person's data"),
    ("out", "Выход", "Logout"),
    ("net", "Сеть", "Network"),
    ("time", "Время", "Time"),
    ("user", "Действия человека", "What the person does"),
];

/// Filter of the catalogue; an empty field does not filter.
#[derive(Debug, Default, Deserialize)]
struct Shown {
    family: Option<String>,
    protocol: Option<String>,
    text: Option<String>,
}

impl Shown {
    fn fits(&self, entry: &Entry) -> bool {
        let said = |choice: &Option<String>| filled(choice.clone());
        let is_found = |text: String| {
            let text = text.to_lowercase();
            [entry.id, entry.does.ru, entry.does.en].iter().any(|known| known.to_lowercase().contains(&text))
        };
        let family = entry.id.split('.').next();
        let is_of_family = match (said(&self.family), said(&self.text)) {
            (Some(wanted), _) => family == Some(wanted.as_str()),
            (None, Some(_)) => true,
            (None, None) => family == Some(FAMILIES[0].0),
        };
        is_of_family
            && said(&self.protocol).is_none_or(|protocol| entry.is_of(&protocol))
            && said(&self.text).is_none_or(is_found)
    }
}

#[derive(Template)]
#[template(path = "faults.html")]
struct FaultsPage {
    frame: Frame,
    reads: ReaderLanguage,
    shown: Shown,
    entries: Vec<&'static Entry>,
    active: Vec<FaultView>,
    clients: Vec<String>,
    people: Vec<PersonView>,
    ports: TlsPorts,
}

/// Families that have at least one fault.
fn families() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let is_there = |family: &str| faults().any(|entry| entry.id.split('.').next() == Some(family));
    FAMILIES.iter().filter(move |(family, _, _)| is_there(family))
}

impl FaultsPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn right(&self, right: &Right) -> &'static str {
        match right {
            Right::Refuse => self.reads.t("клиент должен отказать", "a client must refuse"),
            Right::Accept => self.reads.t("клиент должен принять", "a client must accept"),
            Right::Degrade => self.reads.t("клиент должен объяснить человеку", "a client must degrade"),
        }
    }

    /// Returns the base URL of the port at which a TLS fault is met, or the option that opens such ports; `None` for a
    /// fault that is set in a world.
    fn port(&self, entry: &Entry) -> Option<&str> {
        entry.of_port().map(|fault| self.ports.url_of(fault).unwrap_or("--tls-faults"))
    }

    fn is_family(&self, family: &str) -> bool {
        let chosen = self.shown.family.as_deref().filter(|family| !family.is_empty());
        chosen.unwrap_or(FAMILIES[0].0) == family
    }
}

async fn page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
    ports: TlsPorts,
    Query(shown): Query<Shown>,
) -> Result<Page<FaultsPage>, Problem> {
    let look = |state: &Gosuslugi, now| {
        let active = state.faults.iter().map(|active| FaultView::of(state, active)).collect();
        let clients = state.clients.iter().map(|client| client.spec.mnemonic.to_string()).collect();
        (active, clients, state.people(now))
    };
    let (active, clients, people) = world.read(look).await?;
    let people = people.into_iter().filter(|person| person.oid.is_some()).collect();
    let entries = faults().filter(|entry| shown.fits(entry)).collect();
    Ok(Page(FaultsPage { frame, reads, shown, entries, active, clients, people, ports }))
}

/// Form that sets a fault; empty fields count as left out.
#[derive(Debug, Deserialize)]
struct FaultForm {
    fault: String,
    client: Option<String>,
    person: Option<String>,
    requests: Option<String>,
}

async fn turn_on(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    ports: TlsPorts,
    Form(FaultForm { fault, client, person, requests }): Form<FaultForm>,
) -> Result<Response, Problem> {
    let number = |text: String| {
        text.parse()
            .map_err(|_| Problem::bad_request("requests", pick("Нужно число от 1", "A number from 1 on is needed")))
    };
    let requests = filled(requests).map(number).transpose()?;
    let fault = fault.trim().to_owned();
    let family = fault.split('.').next().unwrap_or_default().to_owned();
    let new = NewFault { fault, client: filled(client), person: filled(person), requests, ..NewFault::default() };
    set_in(&world, &ports, &new).await?;
    Ok(see_other(&world_url, &format!("{PAGE}?family={family}")))
}

async fn lift(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(number): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    lift_in(&world, number).await?;
    Ok(see_other(&world_url, PAGE))
}

async fn lift_all(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    lift_all_in(&world).await?;
    Ok(see_other(&world_url, PAGE))
}
