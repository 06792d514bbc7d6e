//! Control API of the faults: catalogue, faults that are set, setting and lifting them.

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode};
use chrono::{DateTime, Utc};
use esia::{
    KeyKind, Mnemonic, SigningKey,
    language::{pick, tr},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Problem, ReaderLanguage, TlsFault, TlsPorts};
use worlds::{World, WorldRng};

use super::people::account_of;
use crate::{
    event::Event,
    faults::{
        Active, Fault, FaultEvent, SetBy,
        catalogue::{Entry, Right, faults, find, nearest},
    },
    state::Gosuslugi,
};

/// Maximum number of faults that are set in a world at the same time.
const MOST: usize = 1_000;

/// Returns the routes of `/control/faults`.
pub(crate) fn faults_api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(catalogue)).routes(routes!(list, set, lift_all)).routes(routes!(lift))
}

/// A fault of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct FaultKind {
    /// Stable name of the fault, as `jwt.alg-none`.
    id: &'static str,
    /// Protocols that have it: `esia`, `oidc`.
    protocols: &'static [&'static str],
    /// What the provider does, in the language of `Accept-Language`.
    does: &'static str,
    /// What a right client does: `refuse`, `accept` or `degrade`.
    #[schema(value_type = String)]
    right: Right,
    /// By what it is seen from outside, a letter each.
    seen_by: &'static [&'static str],
    /// Where the rule stands that a right client follows; empty where no document has one.
    source: &'static str,
    /// What can be said more exactly.
    parameters: Vec<FaultParameter>,
}

/// A parameter of a fault.
#[derive(Debug, Serialize, ToSchema)]
struct FaultParameter {
    /// Name of the parameter.
    name: &'static str,
    /// Its value when nothing is said.
    default: &'static str,
    /// Its possible values; anything where this is empty.
    one_of: &'static [&'static str],
}

impl FaultKind {
    fn of(entry: &'static Entry, reads: ReaderLanguage) -> Self {
        let Entry { id, protocols, does, right, seen_by, source, parameters, .. } = *entry;
        let parameter = |known: &'static crate::faults::catalogue::Parameter| FaultParameter {
            name: known.name,
            default: known.default,
            one_of: known.one_of,
        };
        let parameters = parameters.iter().map(parameter).collect();
        Self { id, protocols, does: reads.t(does.ru, does.en), right, seen_by, source, parameters }
    }
}

/// A fault that is to be set. Without `client` and `person` everybody meets it; without `requests` and `until` it stays until
/// it is lifted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFault {
    /// Its name in the catalogue.
    pub(super) fault: String,
    /// What is said more exactly: texts, numbers, or true and false.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(super) parameters: BTreeMap<String, Value>,
    /// `client_id` of the one client that meets it.
    #[serde(default)]
    pub(super) client: Option<String>,
    /// The one person who meets it: the key in the seed, or a login.
    #[serde(default)]
    pub(super) person: Option<String>,
    /// How many answers it changes, from 1 on.
    #[serde(default)]
    pub(super) requests: Option<u32>,
    /// Until when, by the world's clock.
    #[serde(default)]
    pub(super) until: Option<DateTime<Utc>>,
}

/// A fault that is set.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FaultView {
    /// Its number in this world.
    pub(super) number: u64,
    /// Its name in the catalogue.
    pub(super) fault: String,
    /// What was said more exactly.
    #[schema(value_type = Object)]
    pub(super) parameters: BTreeMap<String, String>,
    /// `client_id` of the one client that meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<String>,
    /// The one person who meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<String>,
    /// `state` of the one sign-in that meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
    /// How many answers it was to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requests: Option<u32>,
    /// How many of them are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) left: Option<u32>,
    /// Until when, by the world's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<DateTime<Utc>>,
    /// When it was set, by the world's clock.
    pub(super) set_at: DateTime<Utc>,
    /// Who has set it: `control`, `seed` or `state`.
    #[schema(value_type = String)]
    pub(super) set_by: SetBy,
}

impl FaultView {
    pub(super) fn of(state: &Gosuslugi, active: &Active) -> Self {
        let Active { number, fault, set_at, left } = active.clone();
        let Fault { id, parameters, client, person, state: of_state, requests, until, set_by, .. } = fault;
        let key = |oid| {
            let mut cast = state.portal.cast.iter();
            let of_cast = cast.find(|(key, _)| {
                state.portal.cast.account(key, &state.portal.accounts).is_some_and(|account| account.oid == oid)
            });
            of_cast.map_or_else(|| oid.to_string(), |(key, _)| key.to_owned())
        };
        Self {
            number,
            fault: id,
            parameters,
            client: client.map(|client| client.to_string()),
            person: person.map(key),
            state: of_state,
            requests,
            left,
            until,
            set_at,
            set_by,
        }
    }
}

/// Every fault that there is: what the provider does, and what a right client does then.
#[utoipa::path(get, path = "/control/faults/catalogue", tag = "faults", responses((status = 200, body = [FaultKind])))]
async fn catalogue(reads: ReaderLanguage) -> Json<Vec<FaultKind>> {
    Json(faults().map(|entry| FaultKind::of(entry, reads)).collect())
}

/// The faults that are set in this world, in the order in which they were set.
#[utoipa::path(get, path = "/control/faults", tag = "faults", responses((status = 200, body = [FaultView])))]
async fn list(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Json<Vec<FaultView>>, Problem> {
    let look = |state: &Gosuslugi, _| state.faults.iter().map(|active| FaultView::of(state, active)).collect();
    Ok(Json(world.read(look).await?))
}

/// Sets a fault: from now on the answers that it is about are wrong in this one way. Answers that it has changed name it in
/// `X-Esia-Stand-Fault`, and so does the journal.
#[utoipa::path(post, path = "/control/faults", tag = "faults", request_body = NewFault,
    responses((status = 201, body = FaultView), (status = 400), (status = 404)))]
async fn set(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    ports: TlsPorts,
    Json(new): Json<NewFault>,
) -> Result<(StatusCode, Json<FaultView>), Problem> {
    Ok((StatusCode::CREATED, Json(set_in(&world, &ports, &new).await?)))
}

/// Sets a fault in a world.
///
/// # Errors
/// Fails as [`checked`] does, for a TLS fault, or if the store fails.
pub(super) async fn set_in(world: &World<Gosuslugi>, ports: &TlsPorts, new: &NewFault) -> Result<FaultView, Problem> {
    if let Some(fault) = find(&new.fault).and_then(Entry::of_port) {
        return Err(of_port(fault, ports));
    }
    let key = own_key(&new.fault).await?;
    let decide = |state: &Gosuslugi, now, _: &mut WorldRng| {
        let fault = Fault { key: key.clone(), ..checked(state, new, now)? };
        let number = state.faults.next_number();
        let left = fault.requests;
        let active = Active { number, fault: fault.clone(), set_at: now, left };
        let event = Event::Fault(FaultEvent::Set { number, fault: Box::new(fault) });
        Ok::<_, Problem>((vec![event], FaultView::of(state, &active)))
    };
    Ok(world.act(decide).await?)
}

/// Returns the error for setting a TLS fault, which a port has instead of a world.
fn of_port(fault: TlsFault, ports: &TlsPorts) -> Problem {
    let told = tr!(
        "«{}» не включают в мире: какой мир нужен клиенту, он скажет только после TLS",
        "«{}» is not switched on in a world: which world a client wants it says after TLS only",
        fault.name()
    );
    Problem::bad_request("fault", told).or(match ports.url_of(fault) {
        Some(url) => tr!(
            "Она всегда есть на {url}: укажите клиенту этот адрес вместо верного",
            "It is always there at {url}: give the client this address in place of the right one"
        ),
        None => pick(
            "Запустите сервер с --tls-faults: у каждой такой ошибки будет свой порт, GET /control/tls",
            "Start the server with --tls-faults: each such fault will have a port of its own, GET /control/tls",
        )
        .to_owned(),
    })
}

/// Generates a key for a fault that signs with one no client knows yet; returns `None` for other faults.
async fn own_key(id: &str) -> Result<Option<String>, Problem> {
    if find(id).is_none_or(|entry| !entry.act.needs_key()) {
        return Ok(None);
    }
    let made = tokio::task::spawn_blocking(|| SigningKey::generate(KeyKind::Rsa2048)).await;
    let (_, pem) = made.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(Some(pem))
}

/// Lifts a fault by its number.
#[utoipa::path(delete, path = "/control/faults/{number}", tag = "faults", responses((status = 204), (status = 404)))]
async fn lift(InWorld { world, .. }: InWorld<Gosuslugi>, Path(number): Path<u64>) -> Result<StatusCode, Problem> {
    lift_in(&world, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a fault of a world.
///
/// # Errors
/// Returns a problem with status 404 if the fault is not set.
pub(super) async fn lift_in(world: &World<Gosuslugi>, number: u64) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, _, _: &mut WorldRng| match state.faults.get(number) {
        Some(_) => Ok((vec![Event::Fault(FaultEvent::Lifted { number })], ())),
        None => Err(Problem::not_found(tr!(
            "Ошибки № {number} нет: она снята, или её время вышло",
            "There is no fault number {number}: it was taken off, or its time is over"
        ))),
    };
    Ok(world.act(decide).await?)
}

/// Lifts all faults of this world.
#[utoipa::path(delete, path = "/control/faults", tag = "faults", responses((status = 204)))]
async fn lift_all(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<StatusCode, Problem> {
    lift_all_in(&world).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts all faults of a world.
pub(super) async fn lift_all_in(world: &World<Gosuslugi>) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, _, _: &mut WorldRng| {
        let lifted = |active: &Active| Event::Fault(FaultEvent::Lifted { number: active.number });
        Ok::<_, Problem>((state.faults.iter().map(lifted).collect(), ()))
    };
    Ok(world.act(decide).await?)
}

/// Validates a request to set a fault.
///
/// # Errors
/// Names the invalid field, and the name that was probably meant.
fn checked(state: &Gosuslugi, new: &NewFault, now: DateTime<Utc>) -> Result<Fault, Problem> {
    let entry = known(&new.fault)?;
    if state.faults.iter().count() >= MOST {
        return Err(Problem::conflict(
            "too-many-faults",
            tr!("В мире уже {MOST} ошибок", "The world has {MOST} faults already"),
        )
        .or(pick("Снимите их: DELETE /control/faults", "Take them off: DELETE /control/faults")));
    }
    if entry.is_of_browser() {
        let told = tr!(
            "«{}» делает не поставщик, а тот, кто ведёт браузер",
            "«{}» is done by whoever drives the browser, not by the provider",
            entry.id
        );
        return Err(Problem::bad_request("fault", told));
    }
    if new.requests == Some(0) {
        return Err(Problem::bad_request("requests", pick("Нужно число от 1", "A number from 1 on is needed")));
    }
    if new.until.is_some_and(|until| until <= now) {
        let told = tr!(
            "Это время уже прошло: в мире сейчас {}",
            "That time is past: in the world it is {}",
            worlds::moscow::date_time(now)
        );
        return Err(Problem::bad_request("until", told));
    }
    if new.person.is_some() && entry.act.is_of_nobody() {
        let told = tr!(
            "«{}» меняет ответы, по которым не видно, о ком они",
            "«{}» changes answers that do not tell whom they are about",
            entry.id
        );
        return Err(
            Problem::bad_request("person", told).or(pick("Задайте client или ничего", "Give client, or nothing"))
        );
    }
    let person = new.person.as_deref().map(|key| account_of(state, key)).transpose()?;
    Ok(Fault {
        parameters: parameters(entry, &new.parameters)?,
        client: new.client.as_deref().map(|id| registered(state, id)).transpose()?,
        person: person.map(|account| account.oid),
        requests: new.requests,
        until: new.until,
        ..Fault::new(entry.id, SetBy::Control)
    })
}

fn known(id: &str) -> Result<&'static Entry, Problem> {
    find(id).ok_or_else(|| {
        let told = Problem::bad_request(
            "fault",
            tr!("Ошибки «{id}» в каталоге нет", "There is no fault «{id}» in the catalogue"),
        );
        match nearest(id) {
            Some(near) => told.or(tr!("Похоже на {near}", "It is like {near}")),
            None => {
                told.or(pick("Все ошибки: GET /control/faults/catalogue", "All faults: GET /control/faults/catalogue"))
            }
        }
    })
}

fn registered(state: &Gosuslugi, id: &str) -> Result<Mnemonic, Problem> {
    let found = id.parse::<Mnemonic>().ok().filter(|mnemonic| state.clients.get(mnemonic).is_some());
    found.ok_or_else(|| {
        let told = Problem::bad_request(
            "client",
            tr!("Системы «{id}» в этом мире нет", "There is no client «{id}» in this world"),
        );
        match state.clients.near(id) {
            Some(near) => told.or(tr!("Похоже на {near}", "It is like {near}")),
            None => told,
        }
    })
}

fn parameters(entry: &Entry, said: &BTreeMap<String, Value>) -> Result<BTreeMap<String, String>, Problem> {
    let one = |(name, value): (&String, &Value)| {
        let field = format!("parameters.{name}");
        let names = || entry.parameters.iter().map(|known| known.name).collect::<Vec<_>>().join(", ");
        let Some(known) = entry.parameter(name) else {
            let told = tr!("У «{}» нет параметра «{name}»", "«{}» has no parameter «{name}»", entry.id);
            return Err(Problem::bad_request(field, told).or(tr!("Есть: {}", "There are: {}", names())));
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => {
                return Err(Problem::bad_request(
                    field,
                    pick("Нужна строка, число, true или false", "A string, a number, true or false is needed"),
                ));
            }
        };
        if known.one_of.is_empty() || known.one_of.contains(&text.as_str()) {
            Ok((name.clone(), text))
        } else {
            let told = tr!(
                "«{text}» здесь не бывает; бывает: {}",
                "«{text}» is not known here; known: {}",
                known.one_of.join(", ")
            );
            Err(Problem::bad_request(field, told))
        }
    };
    said.iter().map(one).collect()
}
