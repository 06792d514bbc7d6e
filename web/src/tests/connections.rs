//! Connections of a real listener: time limits, a bound, small answers at once.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::*;
use crate::{Bound, Running};

/// Longer than any answer of these tests takes.
const PATIENCE: Duration = Duration::from_secs(20);

async fn serving(head: Duration, connections: usize) -> (Running, std::net::SocketAddr) {
    let bound = Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap().patient(head, connections);
    let address = bound.address();
    (bound.spawn(plain().await), address)
}

async fn connect(address: std::net::SocketAddr, sent: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    stream
}

/// Everything until the server closes; a reset counts as that.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server does not close");
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn whoever_sends_no_whole_head_is_sent_away() {
    let (_running, address) = serving(Duration::from_millis(200), 100).await;
    let idle = b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    for sent in [&b""[..], b"G", b"GET / HT", b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n", b"\r\n\r\n"] {
        assert!(!rest(connect(address, sent).await).await.contains("200 OK"), "{sent:?}");
    }
    let kept_alive = rest(connect(address, idle).await).await;
    assert!(kept_alive.starts_with("HTTP/1.1 200 OK"), "an idle connection is closed after its answer: {kept_alive}");
}

#[tokio::test]
async fn the_silent_make_room_for_those_who_ask() {
    let (_running, address) = serving(Duration::from_mins(10), 8).await;
    let mut silent = Vec::new();
    for number in 0..40 {
        let half = format!("GET /{number} HTTP/1.1\r\nhost:");
        silent.push(connect(address, half.as_bytes()).await);
    }
    let asked = connect(address, b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").await;
    assert!(rest(asked).await.starts_with("HTTP/1.1 200 OK"), "the server is deaf");
}

#[tokio::test]
async fn an_open_stream_is_not_pushed_out_by_the_silent() {
    let (_running, address) = serving(Duration::from_mins(10), 4).await;
    let mut stream = connect(address, b"GET /control/timeline/stream HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await;
    let mut head = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(connect(address, b"G").await);
    }
    let add = b"POST /api/add HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{\"by\":2}";
    assert!(rest(connect(address, add).await).await.starts_with("HTTP/1.1 200 OK"));
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("Прибавлено 2") {
        let mut part = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut part)).await.unwrap().unwrap();
        assert_ne!(read, 0, "the stream was cut");
        seen.extend_from_slice(&part[..read]);
    }
}

#[tokio::test]
async fn pipelined_requests_are_all_answered_in_order_and_at_once() {
    let (_running, address) = serving(PATIENCE, 10).await;
    let mut all = "GET /url HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".repeat(300);
    all.push_str("GET /url HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    let answers = rest(connect(address, all.as_bytes()).await).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 301);
}

#[tokio::test]
async fn answers_keep_their_length() {
    let (_running, address) = serving(PATIENCE, 10).await;
    let asked = b"GET /url HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    let answer = rest(connect(address, asked).await).await;
    assert!(answer.contains("content-length: 18\r\n") && !answer.contains("chunked"), "{answer}");
}

#[tokio::test]
async fn a_page_that_grows_by_its_verdict_says_its_whole_length() {
    async fn judged(checks: Checks) -> Response {
        checks.expect(("even", "RFC 9110 §7"), "even", "odd", false);
        (StatusCode::BAD_REQUEST, axum::response::Html("<html><main>нет</main></html>")).into_response()
    }
    let bound = Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = bound.address();
    let _running = bound.spawn(over(Router::new().route("/judged", get(judged)), |_| {}).await);
    let asked = b"GET /judged HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    let answer = rest(connect(address, asked).await).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    assert_eq!(length.parse(), Ok(body.len()), "{head}");
    assert!(body.ends_with("</html>") && body.contains("even"), "{body}");
}

#[tokio::test]
async fn a_connection_goes_on_after_a_refusal_that_needed_no_body() {
    let (_running, address) = serving(PATIENCE, 20).await;
    let last = "GET /url HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    for (target, headers, expected) in [
        ("/w/nosuch/prog/token", "host: 127.0.0.1\r\n", "404 Not Found"),
        ("/nosuch", "host: evil.example\r\n", "421 Misdirected Request"),
        ("/lk/api/act", "host: 127.0.0.1\r\norigin: http://evil.example\r\n", "403 Forbidden"),
        ("/health", "host: 127.0.0.1\r\n", "405 Method Not Allowed"),
    ] {
        let head = format!("POST {target} HTTP/1.1\r\n{headers}content-type: text/plain\r\ncontent-length: 5\r\n\r\n");
        let mut stream = connect(address, head.as_bytes()).await;
        // The body comes later than its head: a refusal that does not wait for it would end the connection.
        let early = timeout(Duration::from_millis(150), stream.read(&mut [0; 512])).await;
        assert!(early.is_err(), "{target}: answered before the body came: {early:?}");
        stream.write_all(format!("12345{last}").as_bytes()).await.unwrap();
        let answers = rest(stream).await;
        assert!(answers.starts_with(&format!("HTTP/1.1 {expected}")), "{target}: {answers}");
        assert!(answers.contains("HTTP/1.1 200 OK"), "{target}: {answers}");
    }
}

#[tokio::test]
async fn a_refusal_does_not_wait_for_a_body_that_never_comes() {
    let (_running, address) = serving(PATIENCE, 20).await;
    let head = "POST /w/nosuch/prog/token HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\n\r\n";
    let answer = timeout(PATIENCE / 2, rest(connect(address, head.as_bytes()).await)).await.expect("it is told");
    assert!(answer.starts_with("HTTP/1.1 404 Not Found"), "{answer}");
}
