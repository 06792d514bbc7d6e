//! A server that speaks TLS 1.1 alone (RFC 4346), up to the point at which a client shows whether it minds: what follows
//! then is no protocol that anybody should speak (RFC 8996).

use std::io;

use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// TLS 1.1.
const VERSION: [u8; 2] = [3, 2];
/// `TLS_RSA_WITH_AES_128_CBC_SHA`, which RFC 4346 has every server know (with 3DES beside it).
const SUITE: [u8; 2] = [0, 0x2F];
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
    if kind != HANDSHAKE || hello.first() != Some(&1) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no ClientHello"));
    }
    let length = certificate.len() + 3;
    let chain = [&length.to_be_bytes()[5..], &certificate.len().to_be_bytes()[5..], certificate.as_ref()].concat();
    let mut random = [0; 32];
    rand::fill(&mut random);
    let server_hello = [&VERSION[..], &random, &[0], &SUITE, &[0]].concat();
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
