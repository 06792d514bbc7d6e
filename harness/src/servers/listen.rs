//! Addresses of the servers, and errors of binding them.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use crate::{
    control::{Health, Party},
    exit::CliError,
    language::tr,
    net,
    words::of_system,
};

/// Default port of the provider.
pub const IDP_PORT: u16 = 8081;
/// Default port of the diary.
pub const DIARY_PORT: u16 = 8082;

/// Returns a loopback address with a port.
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Returns the error for an address that cannot be bound, with advice; `flag` is the option that named the address.
pub(crate) async fn taken(listen: SocketAddr, flag: &str, error: &io::Error) -> CliError {
    let (ip, port) = (listen.ip(), listen.port());
    let told = match error.kind() {
        io::ErrorKind::AddrInUse => {
            let (other, who) = (SocketAddr::new(ip, 0), remark(listen).await);
            tr!(
                "адрес {listen} занят{who}: остановите того, кто его занял, или возьмите другой, {flag} {other} — любой \
                 свободный порт",
                "the address {listen} is in use{who}: stop whoever has it, or take another, {flag} {other} is any free port"
            )
        }
        io::ErrorKind::PermissionDenied => tr!(
            "порт {port} открывает только администратор: возьмите порт от 1024, {flag} АДРЕС:ПОРТ",
            "only an administrator opens port {port}: take one from 1024 on, {flag} ADDRESS:PORT"
        ),
        io::ErrorKind::AddrNotAvailable => tr!(
            "адреса {ip} у этой машины нет: {flag} 127.0.0.1:{port} — только для неё самой, 0.0.0.0:{port} — для всей сети",
            "this machine has no address {ip}: {flag} 127.0.0.1:{port} is this machine alone, 0.0.0.0:{port} the whole network"
        ),
        _ => {
            let why = of_system(error);
            tr!("адрес {listen} не открывается: {why}", "the address {listen} does not open: {why}")
        }
    };
    CliError::CouldNotRun(told)
}

/// Returns a remark about the server at a taken address, if it is one of ours.
async fn remark(listen: SocketAddr) -> String {
    let Some(party) = neighbour(listen).await else { return String::new() };
    let key = party.key();
    tr!(" (там уже работает esia-stand {key})", " (esia-stand {key} runs there already)")
}

/// Returns the kind of server at a taken address, if it is one of ours.
pub(crate) async fn neighbour(listen: SocketAddr) -> Option<Party> {
    let ip = if listen.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
    let url = format!("http://{}", SocketAddr::new(ip, listen.port())).parse().ok()?;
    let client = net::client(&url).build().ok()?;
    match tokio::time::timeout(Duration::from_secs(1), Health::ask(&client, &url)).await {
        Ok(Ok(Health::Well(party) | Health::Unwell(Some(party), _))) => Some(party),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_says_the_way_out() {
        let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = other.local_addr().unwrap();
        let error = tokio::net::TcpListener::bind(address).await.unwrap_err();
        let answers =
            axum::Router::new().route("/health", axum::routing::get(async || r#"{"status":"ok","server":"diary"}"#));
        tokio::spawn(async move { axum::serve(other, answers).await });
        let told = taken(address, "--listen", &error).await.to_string();
        let expected = format!(
            "адрес {address} занят (там уже работает esia-stand diary): остановите того, кто его занял, или возьмите другой, \
             --listen 127.0.0.1:0 — любой свободный порт"
        );
        assert_eq!(told, expected);
    }
}
