//! Control API of the registered clients.

use axum::{
    extract::{FromRequest, Path, Request},
    http::StatusCode,
};
use esia::Mnemonic;
use esia::language::pick;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Problem, read_json};

use super::{
    Client, ClientEvent, ClientSpec, Origin,
    about::ClientView,
    newcomer::{Made, NewKey, Newcomer},
    settings::Setting,
    view::{parse, ready_settings, registered, shown, shown_one, unknown},
};
use crate::{event::Event, state::Gosuslugi};

/// Returns the routes of `/control/clients`.
pub(crate) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get, put, patch, delete))
        .routes(routes!(key))
        .routes(routes!(ready))
}

/// Request body in which `about`, a member of the `GET` answer, is ignored. An invalid field is named by its path.
struct Sent<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(mut sent) = Json::<Value>::from_request(request, state).await?;
        if let Some(fields) = sent.as_object_mut() {
            fields.shift_remove("about");
        }
        read_json(sent.to_string().as_bytes()).map(Self)
    }
}

/// Client systems of this world, each with the verdict of its last request.
#[utoipa::path(get, path = "/control/clients", tag = "clients", responses((status = 200, body = [ClientView])))]
async fn list(world: InWorld<Gosuslugi>) -> Result<Json<Vec<ClientView>>, Problem> {
    Ok(Json(shown(&world).await?))
}

/// One client system.
#[utoipa::path(get, path = "/control/clients/{mnemonic}", tag = "clients",
    responses((status = 200, body = ClientView), (status = 404)))]
async fn get(world: InWorld<Gosuslugi>, Path(mnemonic): Path<String>) -> Result<Json<ClientView>, Problem> {
    Ok(Json(shown_one(&world, &parse(&mnemonic)?).await?))
}

/// Registers a client system, or replaces its registration. What is accepted and will most likely surprise (a certificate
/// whose term is over, a scope that nobody knows) stands in `about.notes`.
#[utoipa::path(put, path = "/control/clients/{mnemonic}", tag = "clients", request_body = ClientSpec,
    responses((status = 200, body = ClientView), (status = 201, body = ClientView), (status = 400)))]
async fn put(
    world: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
    Sent(spec): Sent<ClientSpec>,
) -> Result<(StatusCode, Json<ClientView>), Problem> {
    let mnemonic = parse(&mnemonic)?;
    let is_new = register(&world, &mnemonic, spec).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(shown_one(&world, &mnemonic).await?)))
}

/// Changes what is named of a registration and keeps the rest (JSON Merge Patch, RFC 7396): switches the algorithm of a running
/// client's tokens with `{"esia": {"token-algorithm": "GOST3410_2012_256"}}`, closes the first version of the protocol to it with
/// `{"esia": {"second-version-only": true}}`. `null` takes a member out.
#[utoipa::path(patch, path = "/control/clients/{mnemonic}", tag = "clients", request_body = Object,
    responses((status = 200, body = ClientView), (status = 400), (status = 404)))]
async fn patch(
    world: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
    Sent(patch): Sent<Value>,
) -> Result<Json<ClientView>, Problem> {
    let mnemonic = parse(&mnemonic)?;
    let look = |state: &Gosuslugi, _| state.clients.get(&mnemonic).map(|client| client.spec.clone());
    let spec = world.world.read(look).await?.ok_or_else(|| unknown(&mnemonic))?;
    let mut merged = serde_json::to_value(spec).map_err(Problem::internal)?;
    json_patch::merge(&mut merged, &patch);
    register(&world, &mnemonic, read_json(merged.to_string().as_bytes())?).await?;
    Ok(Json(shown_one(&world, &mnemonic).await?))
}

/// Registers a client. Returns whether the mnemonic was unknown before.
async fn register(world: &InWorld<Gosuslugi>, mnemonic: &Mnemonic, spec: ClientSpec) -> Result<bool, Problem> {
    if *mnemonic != spec.mnemonic {
        return Err(Problem::bad_request(
            "mnemonic",
            pick("Мнемоника в теле не та, что в адресе", "The mnemonic in the body is not the one in the address"),
        ));
    }
    let client = Client::new(spec, Origin::Control).map_err(|error| Problem::bad_request(error.path, error.message))?;
    let decide = |state: &Gosuslugi, _, _: &mut _| {
        let is_new = state.clients.get(&client.spec.mnemonic).is_none();
        Ok::<_, Problem>((vec![registered(&client.spec)], is_new))
    };
    Ok(world.world.act(decide).await?)
}

/// Takes a client system out. Its requests, codes and tokens end at once, in both protocols, and do not come back when a system
/// of the same mnemonic is registered. People's consents stay: they are theirs.
#[utoipa::path(delete, path = "/control/clients/{mnemonic}", tag = "clients", responses((status = 204), (status = 404)))]
async fn delete(world: InWorld<Gosuslugi>, Path(mnemonic): Path<String>) -> Result<StatusCode, Problem> {
    remove(&world, &parse(&mnemonic)?).await.map(|()| StatusCode::NO_CONTENT)
}

pub(super) async fn remove(world: &InWorld<Gosuslugi>, mnemonic: &Mnemonic) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, _, _: &mut _| {
        state.clients.get(mnemonic).ok_or_else(|| unknown(mnemonic))?;
        Ok::<_, Problem>((vec![Event::Client(ClientEvent::Removed { mnemonic: mnemonic.clone() })], ()))
    };
    Ok(world.world.act(decide).await?)
}

/// Makes a key and a certificate for a client system. Of a new one the rest of the request is the registration; for one
/// that is there only `key` may be sent: the new certificate takes the place of those that it had. The key is in this
/// answer and nowhere else.
#[utoipa::path(post, path = "/control/clients/{mnemonic}/key", tag = "clients", request_body = NewKey,
    responses((status = 201, body = Made), (status = 400), (status = 409)))]
async fn key(
    world: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
    Sent(new): Sent<NewKey>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let made = Newcomer::new(parse(&mnemonic)?, new)?.register(&world).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Ready settings for the common client libraries, filled with what is registered.
#[utoipa::path(get, path = "/control/clients/{mnemonic}/settings", tag = "clients",
    responses((status = 200, body = [Setting]), (status = 404)))]
async fn ready(world: InWorld<Gosuslugi>, Path(mnemonic): Path<String>) -> Result<Json<Vec<Setting>>, Problem> {
    Ok(Json(ready_settings(&world, &parse(&mnemonic)?).await?))
}
