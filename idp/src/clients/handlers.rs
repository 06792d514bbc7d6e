//! Client systems at the control door.

use axum::{extract::Path, http::StatusCode};
use esia::Mnemonic;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Trouble};

use super::{Client, ClientEvent, ClientSpec};
use crate::state::{Event, Gosuslugi};

/// `/control/clients`
pub(crate) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, put, delete))
}

fn parse(mnemonic: &str) -> Result<Mnemonic, Trouble> {
    mnemonic.parse().map_err(|error: esia::ids::MnemonicError| Trouble::bad_request("mnemonic", error.to_string()))
}

fn unknown(mnemonic: &Mnemonic) -> Trouble {
    Trouble::not_found(format!("Системы «{mnemonic}» в этом мире нет")).or("Список систем: GET /control/clients")
}

/// Client systems of this world.
#[utoipa::path(get, path = "/control/clients", tag = "clients", responses((status = 200, body = [ClientSpec])))]
async fn list(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Json<Vec<ClientSpec>>, Trouble> {
    Ok(Json(world.read(|state, _| state.clients.iter().map(|client| client.spec.clone()).collect()).await?))
}

/// One client system.
#[utoipa::path(get, path = "/control/clients/{mnemonic}", tag = "clients",
    responses((status = 200, body = ClientSpec), (status = 404)))]
async fn get(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
) -> Result<Json<ClientSpec>, Trouble> {
    let mnemonic = parse(&mnemonic)?;
    let found = world.read(|state, _| state.clients.get(&mnemonic).map(|client| client.spec.clone())).await?;
    found.map(Json).ok_or_else(|| unknown(&mnemonic))
}

/// Registers a client system, or replaces its registration.
#[utoipa::path(put, path = "/control/clients/{mnemonic}", tag = "clients", request_body = ClientSpec,
    responses((status = 200, body = ClientSpec), (status = 201, body = ClientSpec), (status = 400)))]
async fn put(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
    Json(spec): Json<ClientSpec>,
) -> Result<(StatusCode, Json<ClientSpec>), Trouble> {
    if parse(&mnemonic)? != spec.mnemonic {
        return Err(Trouble::bad_request("mnemonic", "Мнемоника в теле не та, что в адресе"));
    }
    let client = Client::new(spec).map_err(|error| Trouble::bad_request(error.path, error.message))?;
    let is_new = world
        .act(|state, _, _| {
            let registered = ClientEvent::Registered { client: Box::new(client.spec.clone()) };
            let is_new = state.clients.get(&client.spec.mnemonic).is_none();
            Ok::<_, Trouble>((vec![Event::Client(registered)], is_new))
        })
        .await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(client.spec)))
}

/// Takes a client system out. Its tokens stop working at once.
#[utoipa::path(delete, path = "/control/clients/{mnemonic}", tag = "clients", responses((status = 204), (status = 404)))]
async fn delete(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(mnemonic): Path<String>,
) -> Result<StatusCode, Trouble> {
    let mnemonic = parse(&mnemonic)?;
    world
        .act(|state, _, _| {
            state.clients.get(&mnemonic).ok_or_else(|| unknown(&mnemonic))?;
            Ok::<_, Trouble>((vec![Event::Client(ClientEvent::Removed { mnemonic: mnemonic.clone() })], ()))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
