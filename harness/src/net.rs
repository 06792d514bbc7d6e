//! HTTP over the network: proxies, trusted certificates, and reasons for missing answers.

use std::{
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use encoding_rs::{Encoding, UTF_8};
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Response, header};
use url::{Host, Url};
use web::{TlsError, TlsRefusal};

use crate::language::{pick, tr};

/// Time limit for an answer of any kind.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes at the beginning of a page in which its encoding is looked for.
const PRESCAN: usize = 1024;

/// Time between two requests to a server that may be starting.
const AGAIN: Duration = Duration::from_millis(250);
/// Total time for requests to a server that may be starting.
const SOON: Duration = Duration::from_secs(5);

/// Creates a client for a base URL. Proxies of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`)
/// apply, except for loopback.
pub(crate) fn client(base: &Url) -> ClientBuilder {
    let builder = web::http_client();
    if is_loopback(base) { builder.no_proxy() } else { builder }
}

/// Files given with `--ca`, in order.
static NAMED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Trusts the certificates in these files, here and in servers started later.
///
/// # Errors
/// Fails for a file that cannot be read or has no certificate.
pub(crate) fn trust(files: Vec<PathBuf>) -> Result<(), TlsError> {
    web::trust(files.iter().map(PathBuf::as_path))?;
    NAMED.lock().unwrap_or_else(PoisonError::into_inner).extend(files);
    Ok(())
}

/// Files whose certificates are trusted in addition to those of the machine.
pub(crate) fn trusted() -> Vec<PathBuf> {
    NAMED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The body of a response as text, in the encoding that a byte order mark, `Content-Type` or a `<meta charset>` at its
/// beginning names; UTF-8 where none does (Encoding Standard, *decode*; HTML, *Determining the character encoding*).
///
/// # Errors
/// A body that breaks off.
pub(crate) async fn text(response: Response) -> Result<String, reqwest::Error> {
    let declared = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(charset);
    let body = response.bytes().await?;
    let in_page = || charset(&String::from_utf8_lossy(&body[..body.len().min(PRESCAN)]));
    let encoding = declared.or_else(in_page).unwrap_or(UTF_8);
    Ok(encoding.decode(&body).0.into_owned())
}

/// The encoding that a text names after `charset=`.
fn charset(text: &str) -> Option<&'static Encoding> {
    let text = text.to_ascii_lowercase();
    let (_, label) = text.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(|sign: char| !(sign.is_ascii_alphanumeric() || "-_.:".contains(sign))).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// Checks that a server answers at a URL, whatever the answer is.
///
/// # Errors
/// Returns the URL and the reason why there is no answer.
pub(crate) async fn answers(url: &Url) -> Result<(), String> {
    let client = client(url).timeout(PATIENCE).build().map_err(|error| error.to_string())?;
    client.get(url.clone()).send().await.map(|_| ()).map_err(|error| reason(&error))
}

/// Checks that a server answers at a URL; asks repeatedly for some seconds, because it may be starting.
///
/// # Errors
/// Returns the URL and the reason of the last attempt.
pub(crate) async fn answers_soon(url: &Url) -> Result<(), String> {
    let (begun, mut again) = (tokio::time::Instant::now(), tokio::time::interval(AGAIN));
    loop {
        again.tick().await;
        let told = answers(url).await;
        if told.is_ok() || begun.elapsed() > SOON {
            return told;
        }
    }
}

/// Adds a slash to the end of a base URL, so that others can be joined to it.
pub(crate) fn folder(mut base: Url) -> Url {
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    base
}

/// Checks whether the host of a URL is loopback.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// URL and reason of a missing answer: `http://127.0.0.1:8081: никто не слушает этот адрес`.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let why = cause(error);
    let Some(url) = error.url() else { return why };
    let at = url.origin().ascii_serialization();
    match proxy_of(url, &Matcher::from_env()) {
        Some(proxy) => {
            tr!(
                "{at}: {why}; запрос шёл через прокси {proxy} из переменных среды, мимо него — NO_PROXY",
                "{at}: {why}; it was asked through the proxy {proxy} of the environment, NO_PROXY goes past it"
            )
        }
        None => format!("{at}: {why}"),
    }
}

/// Proxy for a URL, without its password.
fn proxy_of(url: &Url, environment: &Matcher) -> Option<String> {
    if is_loopback(url) {
        return None;
    }
    let proxy = environment.intercept(&url.as_str().parse().ok()?)?;
    Some(format!("{}://{}", proxy.uri().scheme_str().unwrap_or("http"), proxy.uri().authority()?))
}

/// Innermost cause of an error: «никто не слушает» rather than «error sending request».
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return pick("ответа слишком долго нет", "there is no answer for too long").to_owned();
    }
    if let Some(refusal) = TlsRefusal::of(error) {
        return of_tls(refusal);
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let text = inner.to_string();
    match inner.downcast_ref::<io::Error>() {
        _ if text.contains("failed to lookup address") => {
            pick("такого узла в сети нет", "there is no such host").to_owned()
        }
        Some(system) => crate::words::of_system(system),
        None if error.is_decode() => tr!("ответ не читается: {text}", "the answer cannot be read: {text}"),
        None if text.contains("connection closed") => {
            pick("соединение разорвано", "the connection was broken").to_owned()
        }
        None => text,
    }
}

fn of_tls(refusal: TlsRefusal) -> String {
    let told = match refusal {
        TlsRefusal::UnknownIssuer => pick(
            "сертификат сервера выпущен неизвестно кем; чтобы доверять ему: --ca ФАЙЛ (у стенда это ca.pem или \
             GET /control/ca.pem)",
            "nobody whom this program trusts has issued the server's certificate; to trust it: --ca FILE (of a stand, ca.pem \
             or GET /control/ca.pem)",
        ),
        TlsRefusal::NotInForce => pick(
            "срок действия сертификата сервера истёк или ещё не наступил",
            "the server's certificate is not valid any more, or not yet",
        ),
        TlsRefusal::OtherHost => pick(
            "сертификат сервера выдан другому узлу: назовите сервер так, как он назван в сертификате",
            "the server's certificate is of another host: name the server as its certificate does",
        ),
        TlsRefusal::NoTls => pick(
            "там говорят не по https: начните адрес с http://",
            "https is not spoken there: begin the address with http://",
        ),
        TlsRefusal::OldProtocol => {
            pick("сервер говорит только по устаревшему TLS", "the server speaks nothing but an old TLS")
        }
        TlsRefusal::Other(text) => return tr!("TLS не сложился: {text}", "no agreement over TLS: {text}"),
    };
    told.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_is_read_in_the_encoding_that_it_names() {
        let read = async |kind: &str, body: Vec<u8>| {
            let response = axum::http::Response::builder().header("content-type", kind).body(body).unwrap();
            text(Response::from(response)).await.unwrap()
        };
        let cyrillic = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        assert_eq!(read("text/html; charset=windows-1251", cyrillic("Старая")).await, "Старая");
        assert_eq!(read("text/csv;charset=\"CP1251\"", cyrillic("Имя;Класс")).await, "Имя;Класс");
        let page = "<meta charset='windows-1251'><h1>Старая</h1>";
        assert_eq!(read("text/html", cyrillic(page)).await, page);
        let by_pragma = "<meta http-equiv=content-type content=\"text/html; charset=koi8-r\"><h1>Старая</h1>";
        assert_eq!(read("text/html", encoding_rs::KOI8_R.encode(by_pragma).0.into_owned()).await, by_pragma);
        let utf16: Vec<u8> = "\u{feff}Сад".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read("text/html", utf16).await, "Сад");
        assert_eq!(read("application/json", "Сад".into()).await, "Сад");
    }

    #[test]
    fn loopback_has_many_names() {
        for own in [
            "http://127.0.0.1:1/",
            "http://127.8.8.8/",
            "http://[::1]:80/",
            "http://LOCALHOST/",
            "http://w.localhost:2/x",
        ] {
            assert!(is_loopback(&own.parse().unwrap()), "{own}");
        }
        for other in ["http://127.0.0.1.example/", "http://notlocalhost/", "http://10.0.0.1/", "http://[::2]/"] {
            assert!(!is_loopback(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn a_proxy_is_named_without_its_password_and_only_where_it_is_asked() {
        let environment = Matcher::builder().http("http://user:secret@proxy.example:3128").no("stand.example").build();
        let proxy = |url: &str| proxy_of(&url.parse().unwrap(), &environment);
        assert_eq!(proxy("http://far.example/health").as_deref(), Some("http://proxy.example:3128"));
        assert_eq!(proxy("http://stand.example/health"), None);
        assert_eq!(proxy("http://127.0.0.1:8081/health"), None);
        assert_eq!(proxy("http://w.localhost:8081/health"), None);
    }

    #[tokio::test]
    async fn the_innermost_cause_is_told() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let free = listener.local_addr().unwrap();
        drop(listener);
        let url: Url = format!("http://{free}/health?token=1").parse().unwrap();
        let error = client(&url).build().unwrap().get(url).send().await.unwrap_err();
        assert_eq!(reason(&error), format!("http://{free}: никто не слушает этот адрес"));
    }
}
