//! Request of a program: admitted, sent and recorded, without cookies and redirects.

use reqwest::{Client, Request};

use crate::net;

use super::{
    book::{Asked, Asker, Book},
    limits::Wire,
    walk::WalkError,
};

/// Response to a program's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// HTTP status of the response.
    pub(crate) status: u16,
    /// Header fields in order, with lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    /// Whole body as text.
    pub(crate) body: String,
}

/// Sends a request, over the wire if there is one, and records it in the book.
///
/// # Errors
/// Fails if the request is not admitted, or if no server answers.
pub(crate) async fn ask(
    wire: Option<&Wire>,
    book: &Book,
    client: &Client,
    request: Request,
) -> Result<Reply, WalkError> {
    if let Some(wire) = wire {
        wire.admit(request.url()).await.map_err(WalkError::Refused)?;
    }
    let asked = Asked::of(&request, Asker::Program, None);
    let response = client.execute(request).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = net::text(response).await?;
    let exchange = asked.answered(status, &headers, &body);
    let answer = Reply { status, headers: exchange.entry.response.headers.clone(), body };
    book.keep(exchange);
    Ok(answer)
}
