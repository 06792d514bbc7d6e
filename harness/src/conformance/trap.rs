//! Foreign host to which a fault sends a client (letter H), and the requests that come there.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp::Fault;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Duration, timeout},
};

/// Longest request that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// Time limit for one request.
const PATIENCE: Duration = Duration::from_secs(5);
const ANSWER: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Host that answers 404 and records the requests.
#[derive(Debug)]
pub(super) struct Trap {
    /// Base URL without a slash at the end.
    pub(super) url: String,
    caught: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Trap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Trap {
    /// Starts a host for a fault that has a foreign address; returns `None` for other faults, and if no port is free.
    pub(super) async fn of(fault: &Fault) -> Option<Self> {
        foreign(fault)?;
        let listener = TcpListener::bind("127.0.0.1:0").await.ok()?;
        let url = format!("http://{}", listener.local_addr().ok()?);
        let caught = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&caught);
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let request = timeout(PATIENCE, read(connection)).await.unwrap_or_default();
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            }
        });
        Some(Self { url, caught, task })
    }

    /// Address for the fault's parameter in place of its default.
    pub(super) fn address(&self, fault: &Fault) -> String {
        let path = foreign(fault).and_then(|to| url::Url::parse(to).ok());
        format!("{}{}", self.url, path.as_ref().map_or("", |url| url.path()).trim_end_matches('/'))
    }

    /// Returns the first lines of requests that should not have come. A request whose client assertion is for `issuer`
    /// alone reveals nothing and is left out.
    pub(super) fn caught(&self, issuer: &str) -> Vec<String> {
        let caught = self.caught.lock().unwrap_or_else(PoisonError::into_inner);
        let first = |request: &String| request.lines().next().unwrap_or_default().trim().to_owned();
        caught.iter().filter(|request| !is_for(request, issuer)).map(first).collect()
    }
}

/// Default of the foreign address in a fault's parameters.
fn foreign(fault: &Fault) -> Option<&'static str> {
    fault.parameters.iter().find(|parameter| parameter.name == "to").map(|parameter| parameter.default)
}

/// Reads one request, up to its end or the limit.
async fn read(mut connection: TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while bytes.len() < LONGEST && !is_whole(&bytes) {
        match connection.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
    }
    // The request counts even if the client has closed the connection.
    let _ = connection.write_all(ANSWER).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or_default()
}

/// Checks whether a request has a client assertion whose only audience is `issuer`.
fn is_for(request: &str, issuer: &str) -> bool {
    let body = request.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let assertion = url::form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "client_assertion");
    let claims = assertion.and_then(|(_, jwt)| URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1)?).ok());
    let claims: Option<Value> = claims.and_then(|claims| serde_json::from_slice(&claims).ok());
    claims.is_some_and(|claims| claims["aud"] == issuer || claims["aud"] == serde_json::json!([issuer]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_is_remembered_but_an_assertion_for_the_issuer_alone() {
        let fault = idp::faults().find(|fault| fault.id == "disc.token-endpoint-foreign").unwrap();
        assert!(Trap::of(idp::faults().find(|fault| fault.id == "te.500").unwrap()).await.is_none());
        let trap = Trap::of(fault).await.unwrap();
        assert_eq!(trap.address(fault), format!("{}/token", trap.url));
        let issuer = "http://127.0.0.1:1";
        assert!(trap.caught(issuer).is_empty());
        let assertion = |aud: &str| format!("h.{}.s", URL_SAFE_NO_PAD.encode(format!(r#"{{"aud":"{aud}"}}"#)));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for (path, aud) in [("/one", issuer), ("/other", "http://127.0.0.1:2")] {
            let form = [("client_assertion", assertion(aud))];
            let answer = client.post(format!("{}{path}", trap.url)).form(&form).send().await.unwrap();
            assert_eq!(answer.status(), 404);
        }
        assert_eq!(trap.caught(issuer), ["POST /other HTTP/1.1"]);
    }
}
