//! Checks of ports, clock and folders.

use std::{env, net::TcpListener, path::Path};

use chrono::{DateTime, TimeDelta, Utc};

use super::finding::Finding;
use crate::{
    language::{pick, tr},
    servers::{loopback, neighbour},
    words::{moscow, of_system},
};

/// Checks whether a server can listen on a port.
pub(super) async fn port_is_free(port: u16, flag: &str) -> Finding {
    let address = loopback(port);
    let Err(error) = TcpListener::bind(address) else {
        return Finding::good("port", tr!("порт {port} свободен", "port {port} is free"));
    };
    if let Some(party) = neighbour(address).await {
        let key = party.key();
        return Finding::doubt(
            "port",
            tr!("на порту {port} уже работает esia-stand {key}", "esia-stand {key} runs on port {port} already"),
            tr!(
                "второй запускают на других портах: esia-stand serve {flag} 127.0.0.1:0",
                "a second one is started on other ports: esia-stand serve {flag} 127.0.0.1:0"
            ),
        );
    }
    let why = of_system(&error);
    Finding::bad(
        "port",
        tr!("порт {port} не открывается: {why}", "port {port} does not open: {why}"),
        tr!(
            "кто его занял: ss -ltnp 'sport = :{port}'; взять другой: esia-stand serve {flag} 127.0.0.1:0",
            "who has it: ss -ltnp 'sport = :{port}'; to take another: esia-stand serve {flag} 127.0.0.1:0"
        ),
    )
}

/// Time at which the program's file was written.
pub(super) fn built_at() -> Option<DateTime<Utc>> {
    let file = env::current_exe().ok()?;
    Some(file.metadata().ok()?.modified().ok()?.into())
}

/// Checks whether the machine's clock is plausible: tokens and certificates depend on it in worlds with a real clock.
pub(super) fn clock(now: DateTime<Utc>, built: Option<DateTime<Utc>>) -> Finding {
    let shown = moscow(now);
    let wrong = |why: String| {
        Finding::bad(
            "clock",
            tr!(
                "часы машины неверны: {shown} по Москве, {why}",
                "the machine's clock is wrong: {shown} in Moscow, {why}"
            ),
            pick(
                "timedatectl set-ntp true; время контейнера — это время машины",
                "timedatectl set-ntp true; a container has \
             the time of its machine",
            )
            .to_owned(),
        )
    };
    if let Some(built) = built.filter(|built| now < *built - TimeDelta::days(1)) {
        let built = moscow(built);
        return wrong(tr!("а программа собрана {built}", "and the program was built at {built}"));
    }
    if now.timestamp() > 4_102_444_800 {
        return wrong(tr!("а до 2100 года далеко", "and the year 2100 is far"));
    }
    Finding::good("clock", tr!("часы: {shown} по Москве", "clock: {shown} in Moscow"))
}

/// Checks whether a folder is writable.
pub(super) fn folder(check: &'static str, folder: &Path) -> Finding {
    let shown = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let shown = shown.display();
    match tempfile::tempfile_in(folder) {
        Ok(_) => Finding::good(check, tr!("в папку {shown} можно писать", "the folder {shown} can be written to")),
        Err(error) => {
            let why = of_system(&error);
            Finding::bad(
                check,
                tr!("в папку {shown} не записать: {why}", "the folder {shown} cannot be written to: {why}"),
                tr!(
                    "перейдите в свою папку; для временных файлов: export TMPDIR=ПАПКА",
                    "go to a folder of yours; for temporary files: export TMPDIR=FOLDER"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::finding::{State, line},
        *,
    };

    #[test]
    fn a_clock_before_the_program_was_built_is_wrong() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let built = Some(at("2026-11-29T12:00:00Z"));
        assert_eq!(clock(at("2026-11-29T11:00:00Z"), built).state, State::Good);
        assert_eq!(clock(at("2024-01-01T00:00:00Z"), built).state, State::Bad);
        assert_eq!(clock(at("2101-01-01T00:00:00Z"), built).state, State::Bad);
        assert_eq!(clock(at("2026-12-01T00:00:00Z"), None).state, State::Good);
    }

    #[tokio::test]
    async fn a_taken_port_and_a_folder_that_is_none_are_told_with_the_way_out() {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = other.local_addr().unwrap().port();
        let found = port_is_free(port, "--idp-listen").await;
        assert_eq!(found.state, State::Bad);
        assert!(line(found).contains(&format!("ss -ltnp 'sport = :{port}'")));
        drop(other);
        assert_eq!(port_is_free(port, "--idp-listen").await.state, State::Good);
        assert_eq!(folder("folder", Path::new("/proc/no-such-folder")).state, State::Bad);
        assert_eq!(folder("folder", &env::temp_dir()).state, State::Good);
    }
}
