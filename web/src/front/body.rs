//! Reading the body of a request: one limit, one deadline.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use esia::language::{pick, tr};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::Problem;

/// How long is waited for the body of a request that is refused without it.
const DISCARD_PATIENCE: Duration = Duration::from_secs(2);
/// How much of a body that is too large is read and thrown away, so that whoever sends it comes to read the refusal, bytes.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

/// The whole body.
///
/// # Errors
/// 413 past `limit` bytes, 408 past `patience`, 400 for a body that breaks off.
pub(super) async fn read(mut body: Body, limit: usize, patience: Duration) -> Result<Bytes, Problem> {
    let read = async {
        match Limited::new(&mut body, limit).collect().await {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                throw_away(&mut body).await;
                Err(too_large(limit))
            }
            Err(_) => {
                Err(Problem::bad_request("body", pick("Тело запроса оборвалось", "The body of the request broke off")))
            }
        }
    };
    timeout(patience, read).await.unwrap_or_else(|_| Err(too_late(patience)))
}

/// Reads a body that nobody wants to its end, so that the connection goes on with the next request; gives up after a while, and
/// the connection is closed then.
pub(super) async fn discard(mut body: Body) {
    drop(timeout(DISCARD_PATIENCE, throw_away(&mut body)).await);
}

async fn throw_away(body: &mut Body) {
    let mut seen = 0;
    while let Some(Ok(frame)) = body.frame().await {
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > THROWN_AWAY {
            return;
        }
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        tr!("Тело запроса больше {limit} байт", "The body of the request has more than {limit} bytes"),
    )
}

fn too_late(patience: Duration) -> Problem {
    let message = tr!(
        "Тело запроса не пришло целиком за {} с",
        "The body of the request did not come as a whole within {} s",
        patience.as_secs()
    );
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too-late", message)
}
