//! Connections that break on purpose, as a plain TCP client sees them.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use axum::{Extension, Router, body::Bytes, extract::Path, routing::get};

use crate::{Bound, Wire};

/// A server whose answers are carried as their path says.
async fn server() -> crate::Running {
    let wire = async |Path(how): Path<String>| {
        let wire = match how.as_str() {
            "reset" => Wire::Reset,
            "empty" => Wire::Raw(Bytes::new()),
            "garbage" => Wire::Raw(Bytes::from_static(b"\xff\x00 no HTTP")),
            "drip" => Wire::Drip(Duration::from_millis(20)),
            "cut" => Wire::Cut(4),
            _ => Wire::Late(Duration::from_millis(150)),
        };
        (Extension(wire), "0123456789")
    };
    let router = Router::new().route("/plain", get(async || "0123456789")).route("/{how}", get(wire));
    Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap().spawn(router)
}

/// What comes of a request until the connection ends, how it ends, and after how long.
async fn asked(url: &str, path: &str) -> (Vec<u8>, Option<ErrorKind>, Duration) {
    let (address, path) = (url.trim_start_matches("http://").to_owned(), path.to_owned());
    let ask = move || {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").unwrap();
        let mut came = Vec::new();
        let ended = stream.read_to_end(&mut came).err().map(|error| error.kind());
        (came, ended, started.elapsed())
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

#[tokio::test]
async fn a_connection_breaks_as_it_is_told() {
    let server = server().await;
    let url = server.url();
    let (plain, ended, _) = asked(&url, "/plain").await;
    assert!(plain.ends_with(b"\r\n\r\n0123456789") && ended.is_none());
    let (came, ended, _) = asked(&url, "/reset").await;
    assert_eq!((came.as_slice(), ended), (b"".as_slice(), Some(ErrorKind::ConnectionReset)));
    let (came, ended, _) = asked(&url, "/empty").await;
    assert_eq!((came.as_slice(), ended), (b"".as_slice(), None));
    let (came, ended, _) = asked(&url, "/garbage").await;
    assert_eq!((came.as_slice(), ended), (b"\xff\x00 no HTTP".as_slice(), None));
    let (came, ended, _) = asked(&url, "/cut").await;
    let text = String::from_utf8_lossy(&came).to_lowercase();
    assert!(text.contains("content-length: 10") && text.ends_with("\r\n\r\n0123"), "{text}");
    assert_eq!(ended, None);
    let (came, _, took) = asked(&url, "/drip").await;
    assert!(came.ends_with(b"0123456789") && took >= Duration::from_millis(9 * 20), "{took:?}");
    let (came, _, took) = asked(&url, "/late").await;
    assert!(came.ends_with(b"0123456789") && took >= Duration::from_millis(150), "{took:?}");
    let (again, ended, _) = asked(&url, "/plain").await;
    assert!(again.ends_with(b"0123456789") && ended.is_none(), "another connection is as it should be");
}
