//! A person's request, followed from redirect to redirect: each one is admitted, sent and kept by itself.

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

/// What a browser without a screen asks through.
#[derive(Debug, Clone)]
pub(crate) struct Walker {
    /// Follows no redirects and has the jar's cookies.
    pub(crate) client: Client,
    pub(crate) wire: Arc<Wire>,
    pub(crate) book: Arc<Book>,
    pub(crate) jar: Arc<Jar>,
    /// Maximum number of redirects in a row.
    pub(crate) redirects: usize,
    /// What each request waits for, in a race.
    pub(crate) turn: Option<Turn>,
}

/// The page at which a request has ended.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) source: String,
    /// What the answer says of the name of a file (RFC 6266).
    pub(crate) disposition: Option<String>,
}

/// Why it has ended nowhere.
#[derive(Debug)]
pub(crate) enum WalkError {
    /// It may not be sent.
    Refused(String),
    /// Nobody has answered.
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
    /// Sends a request, and those that redirects lead to.
    ///
    /// # Errors
    /// As [`WalkError`] says.
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

/// What an answer says of the name of its file.
pub(crate) fn disposition(headers: &header::HeaderMap) -> Option<String> {
    headers.get(header::CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The request to which a redirect leads (RFC 9110 §15.4): a form is sent again by 307 and 308 alone.
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
