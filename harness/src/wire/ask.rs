//! A request of a program: admitted, sent and kept by itself, without cookies and without following redirects.

use reqwest::{Client, Request};

use crate::net;

use super::{
    book::{Asked, Asker, Book},
    limits::Wire,
    walk::WalkError,
};

/// Answer to a program's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Status of HTTP.
    pub(crate) status: u16,
    /// Header fields in their order, names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    /// The whole body, as text.
    pub(crate) body: String,
}

/// Sends a request, over a wire where there is one.
///
/// # Errors
/// When it may not be sent, or nobody answers.
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
