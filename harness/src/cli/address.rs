//! Addresses on the command line: where a server listens, and base URLs of servers.

use std::{borrow::Cow, fmt, net::SocketAddr, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::language::{pick, tr};

/// Where a server listens: address and port. `localhost` is 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Listen(pub SocketAddr);

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address =
            text.strip_prefix("localhost:").map_or(Cow::from(text), |port| Cow::from(format!("127.0.0.1:{port}")));
        if let Ok(address) = address.parse() {
            return Ok(Self(address));
        }
        let way_out = pick(
            "нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)",
            "an address and a port are needed, for example 127.0.0.1:8081 (port 0 is any free one)",
        );
        if text.parse::<std::net::IpAddr>().is_ok() || text == "localhost" {
            return Err(tr!("нет порта: {way_out}", "no port: {way_out}"));
        }
        if text.trim_start_matches(':').parse::<u16>().is_ok() {
            let port = text.trim_start_matches(':');
            return Err(tr!(
                "нет адреса: 127.0.0.1:{port} — только эта машина, 0.0.0.0:{port} — вся сеть",
                "no address: 127.0.0.1:{port} is this machine alone, 0.0.0.0:{port} the whole network"
            ));
        }
        if text.contains("://") {
            return Err(tr!("это адрес страницы, а {way_out}", "it is the address of a page, but {way_out}"));
        }
        Err(way_out.to_owned())
    }
}

impl TryFrom<String> for Listen {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| tr!("«{text}» — {why}", "\"{text}\": {why}"))
    }
}

impl From<Listen> for String {
    fn from(listen: Listen) -> Self {
        listen.0.to_string()
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Listen {
    fn schema_name() -> Cow<'static, str> {
        "Listen".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// Parses the base URL of a server.
///
/// # Errors
/// Fails for text that is not an http:// or https:// URL.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let way_out = pick(
        "нужен адрес сервера, например http://127.0.0.1:8081",
        "the address of a server is needed, for example http://127.0.0.1:8081",
    );
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ if !text.contains("://") && !text.trim().is_empty() => {
            Err(tr!("нет http:// в начале: {way_out}", "no http:// at the beginning: {way_out}"))
        }
        _ => Err(way_out.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_to_listen_on_says_how_it_is_written() {
        let told =
            ["127.0.0.1", "localhost", "8081", ":8081", "http://127.0.0.1:8081", "somewhere", "127.0.0.1:70000", ""]
                .map(|text| format!("{text:?}: {}", text.parse::<Listen>().unwrap_err()))
                .join("\n");
        insta::assert_snapshot!(told, @r#"
        "127.0.0.1": нет порта: нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "localhost": нет порта: нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "8081": нет адреса: 127.0.0.1:8081 — только эта машина, 0.0.0.0:8081 — вся сеть
        ":8081": нет адреса: 127.0.0.1:8081 — только эта машина, 0.0.0.0:8081 — вся сеть
        "http://127.0.0.1:8081": это адрес страницы, а нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "somewhere": нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "127.0.0.1:70000": нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "": нужны адрес и порт, например 127.0.0.1:8081 (порт 0 — любой свободный)
        "#);
        for (text, meant) in
            [("localhost:0", "127.0.0.1:0"), ("[::1]:80", "[::1]:80"), ("0.0.0.0:8081", "0.0.0.0:8081")]
        {
            assert_eq!(text.parse::<Listen>().unwrap().to_string(), meant);
        }
    }

    #[test]
    fn a_servers_address_has_a_scheme() {
        for wrong in ["127.0.0.1:8081", "localhost:8081", "ftp://host/", "http://", "", "mailto:a@b.example"] {
            assert!(base_url(wrong).unwrap_err().contains("http://127.0.0.1:8081"), "{wrong}");
        }
        assert_eq!(base_url("http://host/esia").unwrap().as_str(), "http://host/esia");
    }
}
