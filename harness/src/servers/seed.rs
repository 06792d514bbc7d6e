//! The seed of a server's world `main`.

use std::path::Path;

use worlds::SeedDocument;

use crate::{
    exit::CliError,
    language::tr,
    suite::{File, documented_worlds, embedded, nearest, of_form, profile},
    words::{may_be, of_system},
};

/// Seed of `main` when none is named.
const DEMO: &str = "демо";

/// Reads the named seed: one of the documented suite, or a file.
pub(crate) fn seed(named: Option<&str>) -> Result<SeedDocument, CliError> {
    let name = named.unwrap_or(DEMO);
    let inside = format!("scenarios/worlds/{name}.yaml");
    let file = match embedded().into_iter().find(|file| file.name == inside) {
        Some(file) => file,
        None => std::fs::read_to_string(Path::new(name)).map(|text| File { name: name.to_owned(), text }).map_err(
            |error| {
                let why = of_system(&error);
                let near =
                    nearest(name, documented_worlds().iter().map(|(known, _)| known.as_str())).map(str::to_owned);
                let near = near.map(|near| format!("\n  {}{near}", may_be())).unwrap_or_default();
                CliError::wrong(tr!(
                    "мира «{name}» нет: ни в документированном наборе, ни в файле ({why}){near}",
                    "there is no world \"{name}\", neither in the documented suite nor as a file ({why}){near}"
                ))
            },
        )?,
    };
    let wrong = |error: String| CliError::wrong(format!("{name}: {error}"));
    let mut document = serde_saphyr::from_str(&file.text).map_err(|error| CliError::wrong(of_form(&file, &error)))?;
    profile::inline(&file.name, &mut document)?;
    serde_json::from_value(document).map_err(|error| wrong(error.to_string()))
}
