//! `/control/ca.pem`, `/control/tls`: whom to trust, and where TLS is wrong on purpose.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use esia::language::pick;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Json, Met, Problem, Settings, Tls, TlsPorts, WorldUrl};

/// Path of the CA's certificate, which is open without a token: it is told to everybody who connects.
pub(super) const CA: &str = "/control/ca.pem";

/// The routes, for a server with these settings.
pub(super) fn routes(settings: &Settings) -> OpenApiRouter {
    let served = Served { tls: settings.tls.clone(), faulty: settings.tls_faults.clone() };
    OpenApiRouter::new().routes(routes!(ca)).routes(routes!(state)).with_state(Arc::new(served))
}

struct Served {
    tls: Option<Tls>,
    faulty: TlsPorts,
}

/// How a server speaks TLS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TlsState {
    /// Whether the server speaks https.
    #[schema(example = true)]
    tls: bool,
    /// Where the certificate of the stand's own CA is, if the server's is issued by it.
    #[schema(example = "https://127.0.0.1:8081/control/ca.pem")]
    ca: Option<String>,
    /// Ports whose TLS is wrong on purpose.
    faults: Vec<TlsFaultState>,
}

/// A port whose TLS is wrong on purpose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TlsFaultState {
    /// Its name in the catalogue of faults.
    #[schema(example = "net.tls-expired")]
    fault: &'static str,
    /// The base URL of the world there: point a client at it instead of the right one.
    #[schema(example = "https://127.0.0.1:40001")]
    url: String,
    #[serde(flatten)]
    met: Met,
}

/// The certificate of the stand's own CA, in PEM: whoever trusts it trusts the servers of the stand. It is open without a
/// token.
#[utoipa::path(get, path = CA, tag = "tls", responses(
    (status = 200, body = String, content_type = "application/x-pem-file"),
    (status = 404, description = "У сервера нет своего удостоверяющего центра")))]
async fn ca(State(served): State<Arc<Served>>) -> Result<Response, Problem> {
    let Some(tls) = &served.tls else {
        return Err(Problem::not_found(pick(
            "Сервер работает без TLS, и удостоверяющего центра у него нет",
            "The server works without TLS and has no certificate authority",
        ))
        .or(pick("Запустите его с --tls", "Start it with --tls")));
    };
    let pem = tls.ca_pem().ok_or_else(|| {
        Problem::not_found(pick(
            "Сертификат сервера выпущен не стендом, и удостоверяющего центра у стенда нет",
            "The certificate of the server was not issued by the stand, which has no certificate authority",
        ))
        .or(pick(
            "Возьмите сертификат там же, где --tls-cert, или запустите сервер с --tls",
            "Take the certificate from where --tls-cert comes from, or start the server with --tls",
        ))
    })?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem.to_owned()).into_response())
}

/// Whether this server speaks TLS, where its CA is, and the ports whose TLS is wrong on purpose, with how clients have met
/// them.
#[utoipa::path(get, path = "/control/tls", tag = "tls", responses((status = 200, body = TlsState)))]
async fn state(State(served): State<Arc<Served>>, world_url: WorldUrl) -> Json<TlsState> {
    let ca = served.tls.as_ref().and_then(Tls::ca_pem).map(|_| world_url.url(CA));
    let faults = served.faulty.iter().filter_map(|port| {
        let (fault, met) = port.tls.met()?;
        Some(TlsFaultState { fault: fault.name(), url: format!("{}{}", port.url, world_url.prefix), met })
    });
    Json(TlsState { tls: served.tls.is_some(), ca, faults: faults.collect() })
}
