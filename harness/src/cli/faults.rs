//! `esia-stand faults`: faults that the provider can play, and what a correct client does then.

use std::fmt::Write as _;

use clap::Args;
use idp::{Fault, Right, faults};

use super::fault_page::page;
use crate::{
    exit::CliError,
    language::{self, pick, tr},
};

/// Options of `esia-stand faults`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Faults {
    /// Names of faults, or the beginnings of names, as claim [default: all]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Print JSON in both languages instead of text
    #[arg(long)]
    pub json: bool,
    /// Print the page of the documentation (Markdown) instead of text
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

/// Lists the requested faults as text or JSON.
///
/// # Errors
/// Fails for a name that is not in the catalogue, with the nearest known one.
pub(super) fn listed(options: &Faults) -> Result<String, CliError> {
    if let Some(unknown) = options.ids.iter().find(|id| !faults().any(|fault| is_meant(fault, id))) {
        let likeness = |fault: &&Fault| strsim::jaro_winkler(fault.id, unknown);
        let nearest = faults().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        let nearest = nearest.map_or("-", |fault| fault.id);
        return Err(CliError::wrong(tr!(
            "ошибки «{unknown}» в каталоге нет; похоже на {nearest}",
            "the catalogue has no fault \"{unknown}\"; did you mean {nearest}?"
        )));
    }
    let is_asked = |fault: &&Fault| options.ids.is_empty() || options.ids.iter().any(|id| is_meant(fault, id));
    let asked: Vec<_> = faults().filter(is_asked).collect();
    if options.json {
        return serde_json::to_string_pretty(&asked).map(|text| text + "\n").map_err(CliError::could_not_run);
    }
    if options.markdown {
        return Ok(page(&asked));
    }
    Ok(asked.into_iter().fold(String::new(), |mut text, fault| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}", told(fault));
        text
    }))
}

/// Checks whether a fault has this name or belongs to the family of this name.
fn is_meant(fault: &Fault, id: &str) -> bool {
    fault.id == id || fault.id.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))
}

fn told(fault: &Fault) -> String {
    let does = fault.does.told(language::spoken(), None);
    let right = match fault.right {
        Right::Refuse => pick("верная система отказывает", "a right client refuses"),
        Right::Accept => pick("верная система принимает", "a right client accepts"),
        Right::Degrade => pick("верная система объясняет это человеку", "a right client tells the person"),
    };
    let source = if fault.source.is_empty() { String::new() } else { format!("; {}", fault.source) };
    let parameter = |known: &idp::FaultParameter| format!("{}={}", known.name, known.default);
    let parameters: Vec<_> = fault.parameters.iter().map(parameter).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!(" [{}]", parameters.join(", ")) };
    let protocols = fault.protocols.join(", ");
    format!("{} ({protocols}){parameters}\n  {does}\n  {right}{source}\n", fault.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::in_english;

    fn told_of(ids: &[&str], json: bool) -> Result<String, String> {
        let ids = ids.iter().map(|&id| id.to_owned()).collect();
        listed(&Faults { ids, json, markdown: false }).map_err(|error| error.to_string())
    }

    #[test]
    fn a_fault_is_told_in_either_language() {
        insta::assert_snapshot!(told_of(&["claim.aud-other"], false).unwrap(), @r"
        claim.aud-other (esia, oidc) [token=id]
          Маркер выдан другой системе.
          верная система отказывает; OpenID Connect Core §3.1.3.7
        ");
        insta::assert_snapshot!(in_english(|| told_of(&["keys.huge"], false)).unwrap(), @r"
        keys.huge (oidc)
          The keys take 10 MiB.
          a right client tells the person
        ");
    }

    #[test]
    fn a_family_and_all_are_listed_and_a_misspelt_name_is_answered_with_the_nearest() {
        let json = |ids: &[&str]| serde_json::from_str::<serde_json::Value>(&told_of(ids, true).unwrap()).unwrap();
        assert!(json(&[]).as_array().unwrap().len() >= 155);
        assert_eq!(json(&["disc"]).as_array().unwrap().len(), 4);
        assert!(json(&["claim.aud-other"])[0]["does"]["en"].is_string());
        let error = told_of(&["claim.aud-othr"], false).unwrap_err();
        assert!(error.contains("claim.aud-other"), "{error}");
    }
}
