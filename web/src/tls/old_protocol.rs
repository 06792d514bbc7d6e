//! A server that speaks TLS 1.1 alone (RFC 4346), up to the point at which a client shows whether it minds: what follows
//! then is no protocol that anybody should speak (RFC 8996).

use std::io;

use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// TLS 1.1, as records and messages write it.
const VERSION: [u8; 2] = [3, 2];
/// Suites with RSA key exchange, the best first: `TLS_RSA_WITH_AES_256_CBC_SHA`, with 128, with 3DES.
const SUITES: [[u8; 2]; 3] = [[0, 0x35], [0, 0x2F], [0, 0x0A]];
/// Says in place of a suite that a client renegotiates safely (RFC 5746 §3.3).
const SAFE: [u8; 2] = [0, 0xFF];
/// Number of the extension that says the same (RFC 5746 §3.2).
const SAFE_EXTENSION: [u8; 2] = [0xFF, 0x01];
/// The longest record, bytes (RFC 4346 §6.2.3).
const LONGEST: usize = 16_384 + 2_048;

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// Answers a client as a server would that speaks nothing newer. `None` when the client goes on all the same, else how it
/// refused.
///
/// # Errors
/// A client that does not begin a handshake.
pub(crate) async fn offer<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    certificate: &CertificateDer<'_>,
) -> io::Result<Option<String>> {
    let (kind, hello) = record(stream).await?;
    let hello = Some(hello).filter(|_| kind == HANDSHAKE).and_then(|hello| Hello::read(&hello));
    let hello = hello.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no ClientHello"))?;
    let length = certificate.len() + 3;
    let chain = [&length.to_be_bytes()[5..], &certificate.len().to_be_bytes()[5..], certificate.as_ref()].concat();
    let mut random = [0; 32];
    rand::fill(&mut random);
    let safe: &[u8] = if hello.is_safe { &[0, 5, SAFE_EXTENSION[0], SAFE_EXTENSION[1], 0, 1, 0] } else { &[] };
    let server_hello = [&VERSION[..], &random, &[0], &hello.suite, &[0], safe].concat();
    let flight = [message(2, &server_hello), message(11, &chain), message(14, &[])].concat();
    for part in flight.chunks(LONGEST - 2_048) {
        stream.write_all(&framed(HANDSHAKE, part)).await?;
    }
    stream.flush().await?;
    let told = match record(stream).await {
        Ok((HANDSHAKE, _)) => None,
        Ok((ALERT, alert)) => Some(format!("received fatal alert: {}", alert_name(alert.get(1).copied()))),
        Ok((kind, _)) => Some(format!("received a record of type {kind}")),
        Err(error) => Some(error.to_string()),
    };
    // `handshake_failure`: there is nothing behind.
    let _ = stream.write_all(&framed(ALERT, &[2, 40])).await;
    Ok(told)
}

/// What matters here of a `ClientHello` (RFC 4346 §7.4.1.2).
struct Hello {
    /// The suite to answer with; one that the client does not know, if it knows none of ours.
    suite: [u8; 2],
    /// Whether the client wants to hear that renegotiation is safe.
    is_safe: bool,
}

impl Hello {
    fn read(message: &[u8]) -> Option<Self> {
        // Type, length, version and random values; then the session.
        let rest = message.strip_prefix(&[1])?.get(3 + 2 + 32..)?;
        let (session, rest) = rest.split_first()?;
        let rest = rest.get(usize::from(*session)..)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (suites, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let has = |suite: [u8; 2]| suites.chunks(2).any(|known| known == suite);
        let suite = SUITES.into_iter().find(|suite| has(*suite)).unwrap_or(SUITES[0]);
        let (methods, rest) = rest.split_first()?;
        let extensions = rest.get(usize::from(*methods)..)?.get(2..).unwrap_or_default();
        Some(Self { suite, is_safe: has(SAFE) || has_extension(extensions, SAFE_EXTENSION) })
    }
}

fn has_extension(mut extensions: &[u8], wanted: [u8; 2]) -> bool {
    while let Some((head, rest)) = extensions.split_first_chunk::<4>() {
        if head[..2] == wanted {
            return true;
        }
        extensions = rest.get(usize::from(u16::from_be_bytes([head[2], head[3]]))..).unwrap_or_default();
    }
    false
}

async fn record<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
    if head[1] != 3 || length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no TLS"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((head[0], body))
}

/// A message of the handshake (RFC 4346 §7.4).
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &body.len().to_be_bytes()[5..], body].concat()
}

/// A record (RFC 4346 §6.2.1).
fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &VERSION, &body.len().to_be_bytes()[6..], body].concat()
}

/// Names of alerts (RFC 8446 §6) that clients send here.
fn alert_name(number: Option<u8>) -> String {
    match number {
        Some(40) => "HandshakeFailure".to_owned(),
        Some(47) => "IllegalParameter".to_owned(),
        Some(70) => "ProtocolVersion".to_owned(),
        Some(number) => number.to_string(),
        None => "none".to_owned(),
    }
}
