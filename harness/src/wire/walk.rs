//! Request of a person's browser with its redirects: each request is admitted, sent and recorded.

use std::sync::Arc;

use reqwest::{
    Client, Method, Request, Response, StatusCode,
    cookie::{CookieStore as _, Jar},
    header,
};
use url::Url;

use super::{
    book::{Asked, Asker, Book},
    limits::Wire,
};
use crate::{net, race::Turn};

/// Sender of requests for a browser without a screen.
#[derive(Debug, Clone)]
pub(crate) struct Walker {
    /// HTTP client with the jar's cookies, which follows no redirects.
    pub(crate) client: Client,
    pub(crate) wire: Arc<Wire>,
    pub(crate) book: Arc<Book>,
    pub(crate) jar: Arc<Jar>,
    /// Maximum number of redirects in a row.
    pub(crate) redirects: usize,
    /// Turn that each request awaits in a race.
    pub(crate) turn: Option<Turn>,
}

/// Page at the end of the redirects.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) source: String,
    /// `Content-Disposition` of the response (RFC 6266).
    pub(crate) disposition: Option<String>,
}

/// Reason why no page was reached.
#[derive(Debug)]
pub(crate) enum WalkError {
    /// The request is not allowed.
    Refused(String),
    /// No server has answered.
    Failed(reqwest::Error),
    /// There are too many redirects.
    Endless,
}

impl From<reqwest::Error> for WalkError {
    fn from(error: reqwest::Error) -> Self {
        Self::Failed(error)
    }
}

impl Walker {
    /// Sends a request and follows its redirects.
    ///
    /// # Errors
    /// Fails as described at [`WalkError`].
    pub(crate) async fn walk(&self, mut request: Request) -> Result<Walked, WalkError> {
        for _ in 0..=self.redirects {
            if let Some(turn) = &self.turn {
                turn.come().await;
            }
            self.wire.admit(request.url()).await.map_err(WalkError::Refused)?;
            let cookies = self.jar.cookies(request.url());
            let cookies = cookies.and_then(|cookies| cookies.to_str().map(str::to_owned).ok());
            let asked = Asked::of(&request, Asker::Person, cookies);
            let again = request.try_clone();
            let response = self.client.execute(request).await?;
            let next = again.and_then(|request| redirected(request, &response));
            let (url, status, headers) =
                (response.url().clone(), response.status().as_u16(), response.headers().clone());
            let source = net::text(response).await?;
            self.book.keep(asked.answered(status, &headers, &source));
            let Some(next) = next else {
                return Ok(Walked { url, status, source, disposition: disposition(&headers) });
            };
            request = next;
        }
        Err(WalkError::Endless)
    }
}

/// Returns the `Content-Disposition` of a response.
pub(crate) fn disposition(headers: &header::HeaderMap) -> Option<String> {
    headers.get(header::CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Returns the request to which a redirect leads (RFC 9110 §15.4): only 307 and 308 keep method and body.
fn redirected(mut request: Request, response: &Response) -> Option<Request> {
    let keeps = match response.status() {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => false,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        _ => return None,
    };
    let to = response.headers().get(header::LOCATION)?.to_str().ok()?;
    *request.url_mut() = response.url().join(to).ok()?;
    if !keeps {
        *request.method_mut() = Method::GET;
        *request.body_mut() = None;
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            request.headers_mut().remove(name);
        }
    }
    Some(request)
}
