//! The two servers: as this process, and as its children.

mod alone;
mod pair;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use worlds::SeedDocument;

pub use alone::{diary, idp};
pub use pair::{Pair, Server, Wanted};

use crate::{
    control::Person,
    exit::Trouble,
    suite::{File, embedded, profile},
};

/// The seed of `main` when none is named.
const DEMO: &str = "демо";

/// An address of this machine alone.
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// The seed that is named: a file, or a seed of the documented suite.
pub(crate) fn seed(named: Option<&str>) -> Result<SeedDocument, Trouble> {
    let name = named.unwrap_or(DEMO);
    let inside = format!("scenarios/worlds/{name}.yaml");
    let file = match embedded().into_iter().find(|file| file.name == inside) {
        Some(file) => file,
        None => std::fs::read_to_string(Path::new(name)).map(|text| File { name: name.to_owned(), text }).map_err(
            |error| Trouble::wrong(format!("--seed {name}: no such seed in the documented suite, and {error}")),
        )?,
    };
    let wrong = |error: String| Trouble::wrong(format!("{name}: {error}"));
    let mut document = serde_saphyr::from_str(&file.text).map_err(|error| wrong(error.to_string()))?;
    profile::inline(&file.name, &mut document).map_err(|diagnostics| {
        Trouble::wrong(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    serde_json::from_value(document).map_err(|error| wrong(error.to_string()))
}

/// Whom to sign in as, for people.
pub fn table(people: &[Person]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["человек", "логин", "пароль", "кто это"]);
    for person in people {
        let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        table.add_row([person.name.clone(), told(&person.login), told(&person.password), person.about.clone()]);
    }
    table.to_string()
}
