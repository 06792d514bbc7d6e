//! A server over TLS: as careful with connections as over TCP alone.

use std::{io::ErrorKind, net::SocketAddr, sync::Arc, time::Duration};

use axum::extract::Path;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;
use crate::{Bound, CertificateAuthority, FaultyPort, Names, Tls, TlsFault, TlsPorts, Wire};

/// Longer than any answer of these tests takes.
const PATIENCE: Duration = Duration::from_secs(20);

struct Secured {
    ca: Arc<CertificateAuthority>,
    bound: Bound,
}

impl Secured {
    async fn new(fault: Option<TlsFault>) -> Self {
        let bound = Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let names = Names { listen: bound.address(), public_url: Some("https://stand.example/x".parse().unwrap()) };
        let ca = Arc::new(CertificateAuthority::new().unwrap());
        let tls = match fault {
            None => Tls::of_ca(&ca, &names),
            Some(fault) => Tls::faulty(&ca, &names, fault),
        };
        Self { ca, bound: bound.over(Some(tls.unwrap())) }
    }
}

/// Connects as one who trusts a CA and asks for a host.
async fn connect(ca: &CertificateAuthority, address: SocketAddr, host: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
    connector.connect(ServerName::try_from(host.to_owned()).unwrap(), TcpStream::connect(address).await?).await
}

/// What comes of a request until the connection ends, and how it ends.
async fn asked(ca: &CertificateAuthority, address: SocketAddr, path: &str) -> (Vec<u8>, Option<ErrorKind>) {
    let mut stream = connect(ca, address, "localhost").await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut came = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut came)).await.unwrap();
    (came, ended.err().map(|error| error.kind()))
}

async fn plain_words(address: SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut came = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut came)).await.expect("the server does not close");
    String::from_utf8_lossy(&came).into_owned()
}

#[tokio::test]
async fn every_name_of_a_server_is_certified_and_no_other() {
    let Secured { ca, bound } = Secured::new(None).await;
    let address = bound.address();
    assert_eq!(bound.url(), format!("https://{address}"));
    let _running = bound.spawn(plain().await);
    for host in ["localhost", "127.0.0.1", "::1", "stand.example", "w.localhost", "W2.LOCALHOST"] {
        assert!(connect(&ca, address, host).await.is_ok(), "{host}");
    }
    for host in ["evil.example", "127.0.0.2", "localhost.example"] {
        let refused = connect(&ca, address, host).await.unwrap_err().to_string();
        assert!(refused.contains("not valid for name"), "{host}: {refused}");
    }
    let stranger = CertificateAuthority::new().unwrap();
    let refused = connect(&stranger, address, "localhost").await.unwrap_err().to_string();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    let (came, ended) = asked(&ca, address, "/health").await;
    assert!(String::from_utf8_lossy(&came).starts_with("HTTP/1.1 200 OK") && ended.is_none());
}

#[tokio::test]
async fn a_connection_breaks_as_it_is_told_inside_of_tls() {
    let wire = async |Path(how): Path<String>| {
        let wire = match how.as_str() {
            "reset" => Wire::Reset,
            "garbage" => Wire::Raw(Bytes::from_static(b"\xff\x00 no HTTP")),
            _ => Wire::Cut(4),
        };
        (axum::Extension(wire), "0123456789")
    };
    let Secured { ca, bound } = Secured::new(None).await;
    let address = bound.address();
    let _running = bound.spawn(Router::new().route("/{how}", get(wire)));
    assert_eq!(asked(&ca, address, "/reset").await, (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(asked(&ca, address, "/garbage").await, (b"\xff\x00 no HTTP".to_vec(), None));
    let (came, _) = asked(&ca, address, "/cut").await;
    assert!(came.ends_with(b"\r\n\r\n0123"), "{}", String::from_utf8_lossy(&came));
}

#[tokio::test]
async fn whoever_speaks_no_tls_is_told_or_sent_away() {
    let Secured { ca: _, bound } = Secured::new(None).await;
    let bound = bound.patient(Duration::from_millis(200), 100);
    let address = bound.address();
    let _running = bound.spawn(plain().await);
    let told = plain_words(address, b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(told.starts_with("HTTP/1.1 400 ") && told.contains("https://"), "{told}");
    // A silent one, and half of a ClientHello.
    for sent in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        assert!(!plain_words(address, sent).await.contains("HTTP"), "{sent:?}");
    }
    assert!(!plain_words(address, b"\x00\xff\x16\x03").await.contains("HTTP"));
}

#[tokio::test]
async fn handshakes_that_do_not_end_make_room_and_hold_up_no_stop() {
    let Secured { ca, bound } = Secured::new(None).await;
    let bound = bound.patient(Duration::from_mins(10), 4);
    let address = bound.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(bound.serve(plain().await, async {
        let _ = stopped.await;
    }));
    let mut silent = Vec::new();
    for _ in 0..10 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"\x16\x03\x01").await.unwrap();
        silent.push(stream);
    }
    let (came, _) = timeout(PATIENCE, asked(&ca, address, "/health")).await.expect("the silent keep others out");
    assert!(came.starts_with(b"HTTP/1.1 200 OK"));
    let another = TcpStream::connect(address).await.unwrap();
    drop(stop);
    timeout(Duration::from_secs(5), served).await.expect("a handshake holds up the stop").unwrap().unwrap();
    drop((silent, another));
}

#[tokio::test]
async fn each_fault_is_met_for_its_own_reason_and_counted() {
    let reasons = [
        (TlsFault::Expired, "expired", "CertificateExpired"),
        (TlsFault::WrongHost, "not valid for name", "BadCertificate"),
        (TlsFault::UnknownCa, "UnknownIssuer", "UnknownCA"),
        (TlsFault::OldProtocol, "ServerDoesNotSupportTls12Or13", "ProtocolVersion"),
    ];
    for (fault, reason, alert) in reasons {
        let Secured { ca, bound } = Secured::new(Some(fault)).await;
        let (address, tls) = (bound.address(), bound.tls().cloned().unwrap());
        let _running = bound.spawn(plain().await);
        let refused = connect(&ca, address, "localhost").await.unwrap_err().to_string();
        assert!(refused.contains(reason), "{fault:?}: {refused}");
        let (found, met) = (tls.met().unwrap().0, met(&tls).await);
        assert_eq!((found, met.refused, met.accepted), (fault, 1, 0));
        assert!(met.last.as_ref().is_some_and(|last| last.contains(alert)), "{met:?}");
    }
}

/// What a port has counted once it has counted anything.
async fn met(tls: &Tls) -> crate::Met {
    let counted = async {
        loop {
            let (_, met) = tls.met().unwrap();
            if met.refused + met.accepted > 0 {
                return met;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, counted).await.expect("nobody counted")
}

#[tokio::test]
async fn a_client_that_goes_on_is_counted_and_its_requests_say_the_fault() {
    let Secured { ca, bound } = Secured::new(Some(TlsFault::WrongHost)).await;
    let (address, tls) = (bound.address(), bound.tls().cloned().unwrap());
    let _running = bound.spawn(plain().await);
    // As curl does: the name is looked at after the handshake.
    drop(connect(&ca, address, "another-host.invalid").await.unwrap());
    assert_eq!((met(&tls).await.refused, met(&tls).await.accepted), (1, 0));

    let Secured { ca, bound } = Secured::new(Some(TlsFault::WrongHost)).await;
    let (address, tls) = (bound.address(), bound.tls().cloned().unwrap());
    let _running = bound.spawn(plain().await);
    let mut stream = connect(&ca, address, "another-host.invalid").await.unwrap();
    stream.write_all(b"GET /url HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut came = String::new();
    stream.read_to_string(&mut came).await.unwrap();
    assert!(came.to_lowercase().contains("x-esia-stand-fault: net.tls-wrong-host"), "{came}");
    drop(stream);
    assert_eq!((met(&tls).await.refused, met(&tls).await.accepted), (0, 1));
}

#[tokio::test]
async fn a_client_that_takes_an_old_protocol_gives_itself_away() {
    let Secured { ca: _, bound } = Secured::new(Some(TlsFault::OldProtocol)).await;
    let (address, tls) = (bound.address(), bound.tls().cloned().unwrap());
    let _running = bound.spawn(plain().await);
    let record =
        |kind: u8, body: &[u8]| [&[kind, 3, 1][..], &u16::try_from(body.len()).unwrap().to_be_bytes(), body].concat();
    // TLS 1.1, random values, no session, two suites with one that says that renegotiation is safe, no compression.
    let hello = [&[1, 0, 0, 43, 3, 2][..], &[7; 32], &[0, 0, 4, 0, 0x2F, 0, 0xFF, 1, 0]].concat();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&record(22, &hello)).await.unwrap();
    let mut head = [0; 5 + 4 + 2];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!((head[0], head[5], &head[9..]), (22, 2, &[3, 2][..]), "a ServerHello of TLS 1.1");
    stream.write_all(&record(22, &[16, 0, 0, 0])).await.unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(
        rest.windows(7).any(|window| window == [0x2F, 0, 0, 5, 0xFF, 1, 0]),
        "the suite that it knows, and RFC 5746"
    );
    assert!(rest.ends_with(&[21, 3, 2, 0, 2, 2, 40]), "no connection comes of it");
    assert_eq!((met(&tls).await.refused, met(&tls).await.accepted), (0, 1));
}

/// A server that knows of its TLS, asked without any.
async fn knowing(tls: Option<Tls>, faulty: TlsPorts, token: Option<ControlToken>) -> Router {
    server(|settings| (settings.tls, settings.tls_faults, settings.control_token) = (tls, faulty, token)).await
}

#[tokio::test]
async fn the_ca_is_told_to_everybody_and_every_address_is_https() {
    let names = Names { listen: "127.0.0.1:0".parse().unwrap(), public_url: None };
    let ca = Arc::new(CertificateAuthority::new().unwrap());
    let tls = Tls::of_ca(&ca, &names).unwrap();
    let wrong = Tls::faulty(&ca, &names, TlsFault::WrongHost).unwrap();
    let port = FaultyPort { url: "https://127.0.0.1:4".to_owned(), tls: wrong };
    let server = knowing(Some(tls.clone()), TlsPorts::from_iter([port]), None).await;
    make(&server, "w", 0).await;
    let told = ask(&server, "/control/ca.pem").await;
    assert_eq!((told.status, told.body.as_str()), (StatusCode::OK, ca.pem()));
    assert_eq!(
        ask(&server, "/w/w/control/tls").await.json(),
        json!({
            "tls": true, "ca": "https://127.0.0.1:80/w/w/control/ca.pem",
            "faults": [{ "fault": "net.tls-wrong-host", "url": "https://127.0.0.1:4/w/w", "refused": 0, "accepted": 0, "last": null }]
        })
    );
    assert_eq!(ask(&server, "/url").await.body, "https://127.0.0.1:80/x");
    let page = ask(&server, "/control/console/worlds").await;
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
    let guarded = knowing(Some(tls), TlsPorts::default(), ControlToken::new("a-token-that-is-long-enough")).await;
    assert_eq!(ask(&guarded, "/control/ca.pem").await.status, StatusCode::OK);
    assert_eq!(ask(&guarded, "/control/tls").await.status, StatusCode::UNAUTHORIZED);
    let plain = knowing(None, TlsPorts::default(), None).await;
    assert!(ask(&plain, "/control/ca.pem").await.problem().starts_with("404 not-found"));
    assert_eq!(ask(&plain, "/control/tls").await.json(), json!({ "tls": false, "ca": null, "faults": [] }));
}

#[tokio::test]
async fn a_certificate_that_is_brought_is_trusted_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    // As `openssl req -x509` makes it.
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = file("certificate.pem", &params.self_signed(&key).unwrap().pem());
    let key = file("key.pem", &key.serialize_pem());
    let tls = Tls::of_files(&certificate, &key).unwrap();
    assert!(tls.ca_pem().is_none());
    crate::trust([certificate.as_path()]).unwrap();
    let bound = Bound::to("127.0.0.1:0".parse().unwrap()).await.unwrap().over(Some(tls));
    let port = bound.address().port();
    let _running = bound.spawn(plain().await);
    let asked = async |host: &str| {
        let client = crate::http_client().no_proxy().build().unwrap();
        client.get(format!("https://{host}:{port}/health")).send().await.map(|answer| answer.status())
    };
    assert_eq!(asked("localhost").await.unwrap(), StatusCode::OK);
    let refused = format!("{:?}", asked("127.0.0.1").await.unwrap_err());
    assert!(refused.contains("InvalidCertificate"), "{refused}");

    params.is_ca = rcgen::IsCa::NoCa;
    let other = rcgen::KeyPair::generate().unwrap();
    let others = file("other.pem", &params.self_signed(&other).unwrap().pem());
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let expired = file("expired.pem", &params.self_signed(&other).unwrap().pem());
    params.not_before = rcgen::date_time_ymd(4000, 1, 1);
    params.not_after = rcgen::date_time_ymd(4001, 1, 1);
    let early = file("early.pem", &params.self_signed(&other).unwrap().pem());
    let other = file("other-key.pem", &other.serialize_pem());
    let locked =
        file("locked.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let refused = |certificate: &std::path::Path, key: &std::path::Path| {
        let whole = Tls::of_files(certificate, key).unwrap_err().to_string();
        whole.replace(&format!("{}/", folder.path().display()), "")
    };
    assert_snapshot!(refused(&others, &key), @"the key key.pem is of another certificate than other.pem");
    assert_snapshot!(refused(&expired, &other), @"expired.pem: the certificate was valid until 2001-01-01 00:00:00 UTC");
    assert_snapshot!(refused(&early, &other), @"early.pem: the certificate is valid from 4000-01-01 00:00:00 UTC");
    assert_snapshot!(refused(&key, &key), @"key.pem: no certificate in PEM");
    assert_snapshot!(refused(&certificate, &certificate), @"certificate.pem: no private key in PEM");
    assert_snapshot!(refused(&certificate, &locked), @"locked.pem: the private key is encrypted");
    assert_snapshot!(refused(&folder.path().join("none.pem"), &key), @"none.pem: No such file or directory (os error 2)");
}
