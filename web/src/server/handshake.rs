//! The beginning of a connection over TLS.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::transport::Transport;
use crate::{
    Tls,
    tls::{Handshake, offer},
};

/// The longest request that is read of whoever speaks plain HTTP, bytes.
const PLAIN_LIMIT: u64 = 64 * 1024;
/// What such a one is told.
const PLAIN: &str = "Здесь https, а запрос пришёл по http: начните адрес с https://\n\
                     This port speaks https, the request came over http: begin the address with https://\n";

/// The connection once both sides are agreed, within `patience`.
///
/// # Errors
/// A client that does not agree, speaks something else, or is silent for too long.
pub(super) async fn secured(stream: TcpStream, tls: &Tls, patience: Duration) -> io::Result<Transport> {
    timeout(patience, agreed(stream, tls)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn agreed(stream: TcpStream, tls: &Tls) -> io::Result<Transport> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first[0].is_ascii_alphabetic() {
        refuse_plain(stream).await?;
        return Err(io::Error::new(io::ErrorKind::InvalidData, "plain HTTP"));
    }
    let local = stream.local_addr()?.ip();
    match tls.handshake(local).map_err(io::Error::other)? {
        Handshake::Led(config) => {
            let agreed = TlsAcceptor::from(config).accept(stream).await;
            if let Err(error) = &agreed {
                tls.note(Some(error.to_string()));
            }
            agreed.map(|stream| Transport::Tls(Box::new(stream)))
        }
        Handshake::Old(certificate) => {
            let mut stream = stream;
            tls.note(offer(&mut stream, certificate).await?);
            Err(io::Error::new(io::ErrorKind::Unsupported, "TLS 1.1"))
        }
    }
}

/// Says it in plain HTTP, for the client reads nothing else. What it has sent is read first, or the answer would be lost
/// with the connection.
async fn refuse_plain(mut stream: TcpStream) -> io::Result<()> {
    let length = PLAIN.len();
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{PLAIN}").as_bytes()).await?;
    stream.shutdown().await?;
    let mut sent = stream.take(PLAIN_LIMIT);
    tokio::io::copy(&mut sent, &mut tokio::io::sink()).await.map(drop)
}
