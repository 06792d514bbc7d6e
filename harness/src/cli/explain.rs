//! `esia-stand explain`: explains a rule, an error code, a section of the protocol or a mistake.

use clap::Args;
use web::Unexplained;

use crate::{
    exit::CliError,
    language::{self, tr},
};

/// What `esia-stand explain` is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Explain {
    /// A rule, an error code, a mistake or a section, as a verdict or a comment writes it
    #[arg(value_name = "ID")]
    pub id: String,
}

/// Returns the passage about an id.
///
/// # Errors
/// Fails for an unknown id, with the nearest known one.
pub(super) fn explained(options: &Explain) -> Result<String, CliError> {
    let passage = web::explain(&options.id, language::spoken());
    let passage = passage.map_err(|unknown| CliError::wrong(told(&unknown)))?;
    Ok(passage + "\n")
}

fn told(unknown: &Unexplained) -> String {
    let Unexplained { id, nearest } = unknown;
    match nearest {
        None => tr!("об «{id}» ничего не известно", "nothing is known of \"{id}\""),
        Some(nearest) => tr!(
            "об «{id}» ничего не известно; похоже на {nearest}",
            "nothing is known of \"{id}\"; did you mean {nearest}?"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::in_english;

    fn explain(id: &str) -> Result<String, CliError> {
        explained(&Explain { id: id.to_owned() })
    }

    #[test]
    fn a_passage_ends_its_line() {
        let told = explain("R000.3").unwrap();
        assert!(told.starts_with("R000.3\n") && told.ends_with('\n'), "{told}");
    }

    #[test]
    fn an_unknown_id_is_told_in_one_language_with_the_nearest() {
        let told = |id| explain(id).unwrap_err().to_string();
        assert_eq!(in_english(|| told("ESIA-07053")), "nothing is known of \"ESIA-07053\"; did you mean ESIA-007053?");
        assert_eq!(told("ESIA-07053"), "об «ESIA-07053» ничего не известно; похоже на ESIA-007053");
        assert_eq!(told("цук"), "об «цук» ничего не известно");
    }
}
