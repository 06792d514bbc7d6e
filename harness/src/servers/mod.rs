//! The two servers: as this process, and as its children.

mod alone;
mod pair;

use std::{
    io::{self, IsTerminal as _},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};
use worlds::SeedDocument;

pub(crate) use alone::refused;
pub use alone::{diary, idp};
pub use pair::{Pair, Server, Wanted};

use crate::{
    control::{Health, Party, Person},
    exit::CliError,
    language::{pick, tr},
    net,
    suite::{File, embedded, of_form, profile},
    words::of_system,
};

/// Where the provider listens by default.
pub const IDP_PORT: u16 = 8081;
/// Where the diary listens by default.
pub const DIARY_PORT: u16 = 8082;

/// The seed of `main` when none is named.
const DEMO: &str = "демо";

/// An address of this machine alone.
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// The seed that is named: a file, or a seed of the documented suite.
pub(crate) fn seed(named: Option<&str>) -> Result<SeedDocument, CliError> {
    let name = named.unwrap_or(DEMO);
    let inside = format!("scenarios/worlds/{name}.yaml");
    let file = match embedded().into_iter().find(|file| file.name == inside) {
        Some(file) => file,
        None => std::fs::read_to_string(Path::new(name)).map(|text| File { name: name.to_owned(), text }).map_err(
            |error| {
                let why = of_system(&error);
                CliError::wrong(tr!(
                    "мира «{name}» нет: ни в документированном наборе, ни в файле ({why})",
                    "there is no world \"{name}\", neither in the documented suite nor as a file ({why})"
                ))
            },
        )?,
    };
    let wrong = |error: String| CliError::wrong(format!("{name}: {error}"));
    let mut document = serde_saphyr::from_str(&file.text).map_err(|error| CliError::wrong(of_form(&file, &error)))?;
    profile::inline(&file.name, &mut document).map_err(|diagnostics| {
        CliError::wrong(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    serde_json::from_value(document).map_err(|error| wrong(error.to_string()))
}

/// One line of JSON for whoever started the program: what is ready (`idp`, `diary`, `serve`), where each server is, and as
/// `url` the one that a client is pointed at.
pub(crate) fn ready_line(what: &str, servers: &[(Party, &str)]) -> Value {
    let mut line = json!({ "ready": what });
    for (party, url) in servers.iter().rev() {
        let url = url.trim_end_matches('/');
        line[party.key()] = url.into();
        line["url"] = url.into();
    }
    line
}

/// Why an address cannot be listened on, and what to do: `flag` says where it came from.
pub(crate) async fn taken(listen: SocketAddr, flag: &str, error: &io::Error) -> CliError {
    let (ip, port) = (listen.ip(), listen.port());
    let told = match error.kind() {
        io::ErrorKind::AddrInUse => {
            let (other, who) = (SocketAddr::new(ip, 0), neighbour(listen).await);
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

/// Who has taken an address, if it is one of ours.
async fn neighbour(listen: SocketAddr) -> String {
    let ip = if listen.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
    let Ok(url) = format!("http://{}", SocketAddr::new(ip, listen.port())).parse() else { return String::new() };
    let Ok(client) = net::client(&url).build() else { return String::new() };
    match tokio::time::timeout(Duration::from_secs(1), Health::ask(&client, &url)).await {
        Ok(Ok(Health::Well(party) | Health::Unwell(Some(party), _))) => {
            let key = party.key();
            tr!(" (там уже работает esia-stand {key})", " (esia-stand {key} runs there already)")
        }
        _ => String::new(),
    }
}

/// Whom to sign in as, for people.
pub fn table(people: &[Person]) -> String {
    let header =
        [pick("человек", "person"), pick("логин", "login"), pick("пароль", "password"), pick("кто это", "who it is")];
    let mut table = fitted(&header);
    for person in people {
        let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        table.add_row([person.name.clone(), told(&person.login), told(&person.password), person.about.clone()]);
    }
    table.to_string()
}

/// A table as wide as the terminal; as wide as it likes where there is none.
pub(crate) fn fitted(header: &[&str]) -> Table {
    let width = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal()).map(|(width, _)| width.0);
    table_of(header, width)
}

fn table_of(header: &[&str], width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY).set_header(header);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_its_terminal() {
        let about = "мать Вани и Маши, привязала обоих, дала согласие дневнику, отозвала его и снова дала";
        let row = ["Петрова Анна Сергеевна", "anna@example.test", "anna-2024", about];
        for width in [60, 80, 120] {
            let mut table = table_of(["человек", "логин", "пароль", "кто это"].as_slice(), Some(width));
            table.add_row(row);
            let widest = table.to_string().lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} of {width}:\n{table}");
        }
        let mut table = table_of(["человек", "логин", "пароль", "кто это"].as_slice(), None);
        table.add_row(row);
        assert!(table.to_string().contains(about), "{table}");
    }

    #[test]
    fn every_ready_line_says_what_is_ready_and_where() {
        let (idp, diary) = ((Party::Idp, "http://127.0.0.1:1/"), (Party::Diary, "http://127.0.0.1:2"));
        assert_eq!(
            ready_line("serve", &[idp, diary]),
            json!({ "ready": "serve", "url": "http://127.0.0.1:1", "idp": "http://127.0.0.1:1", "diary": "http://127.0.0.1:2" })
        );
        assert_eq!(
            ready_line("diary", &[diary]),
            json!({ "ready": "diary", "url": "http://127.0.0.1:2", "diary": "http://127.0.0.1:2" })
        );
    }

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
