//! `esia-stand explain`: what a rule, an error code, a section of the protocol or a mistake means.

use clap::Args;
use web::Unexplained;
use worlds::mistakes::Language;

use crate::exit::CliError;

/// `esia-stand explain`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(
    after_help = "Examples:\n  esia-stand explain R000.10             a documented rule\n  esia-stand explain ESIA-007053         an error code\n  esia-stand explain slip-missing=state  a mistake that a verdict names\n  esia-stand explain \"ESIA §3.2\"         a section of the protocol"
)]
pub struct Explain {
    /// A rule, an error code, a mistake or a section, as a verdict or a comment writes it
    #[arg(value_name = "ID")]
    pub id: String,
}

/// The passage that was asked for.
///
/// # Errors
/// An id that is not known, with the nearest that is.
pub(super) fn explained(options: &Explain, language: Language) -> Result<String, CliError> {
    let passage = web::explain(&options.id, language).map_err(|unknown| CliError::wrong(told(&unknown, language)))?;
    Ok(passage + "\n")
}

fn told(unknown: &Unexplained, language: Language) -> String {
    let Unexplained { id, nearest } = unknown;
    match (language, nearest) {
        (Language::Russian, None) => format!("об «{id}» ничего не известно"),
        (Language::Russian, Some(nearest)) => format!("об «{id}» ничего не известно; похоже на {nearest}"),
        (Language::English, None) => format!("nothing is known of \"{id}\""),
        (Language::English, Some(nearest)) => format!("nothing is known of \"{id}\"; did you mean {nearest}?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(id: &str, language: Language) -> Result<String, CliError> {
        explained(&Explain { id: id.to_owned() }, language)
    }

    #[test]
    fn a_passage_ends_its_line() {
        let told = explain("R000.3", Language::Russian).unwrap();
        assert!(told.starts_with("R000.3\n") && told.ends_with('\n'), "{told}");
    }

    #[test]
    fn an_unknown_id_is_told_in_one_language_with_the_nearest() {
        let told = |id, language| explain(id, language).unwrap_err().to_string();
        assert_eq!(
            told("ESIA-07053", Language::English),
            "nothing is known of \"ESIA-07053\"; did you mean ESIA-007053?"
        );
        assert_eq!(told("ESIA-07053", Language::Russian), "об «ESIA-07053» ничего не известно; похоже на ESIA-007053");
        assert_eq!(told("цук", Language::Russian), "об «цук» ничего не известно");
    }
}
