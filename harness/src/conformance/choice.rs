//! Choice of the faults that a run plays.

use std::fmt::Write as _;

use idp::{Fault, Right, faults};

use crate::{
    cli::Protocol,
    exit::CliError,
    language::{pick, tr},
    suite::nearest,
    words::may_be,
};

/// Names of faults, families (`sig`) and classes (`refuse`, `accept`, `degrade`); empty for all faults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice(Vec<String>);

impl Choice {
    /// Parses a choice from words.
    ///
    /// # Errors
    /// Fails for a word that names no fault, family or class, with the nearest known word.
    pub fn of(words: &[String]) -> Result<Self, CliError> {
        for word in words {
            if !faults().any(|fault| fits(fault, word)) {
                let near = nearest(word, faults().map(|fault| fault.id));
                let near = near.map(|near| format!("\n  {}{near}", may_be())).unwrap_or_default();
                return Err(CliError::wrong(tr!(
                    "ошибки «{word}» в каталоге нет{near}\n  все: esia-stand conformance --list",
                    "there is no fault \"{word}\" in the catalogue{near}\n  all of them: esia-stand conformance --list"
                )));
            }
        }
        Ok(Self(words.to_vec()))
    }

    /// Checks whether a fault is chosen.
    pub fn has(&self, fault: &Fault) -> bool {
        self.0.is_empty() || self.0.iter().any(|word| fits(fault, word))
    }
}

fn fits(fault: &Fault, word: &str) -> bool {
    let word = word.trim_end_matches(".*");
    fault.id == word || family(fault) == word || class(fault.right) == word
}

/// Family of a fault: the part of its name before the full stop.
pub(super) fn family(fault: &Fault) -> &'static str {
    fault.id.split('.').next().unwrap_or_default()
}

/// Name of a class.
pub(super) const fn class(right: Right) -> &'static str {
    match right {
        Right::Refuse => "refuse",
        Right::Accept => "accept",
        Right::Degrade => "degrade",
    }
}

/// Description of the provider's behaviour, in the language of the run.
pub(super) fn does(fault: &Fault) -> &'static str {
    pick(fault.does.ru, fault.does.en)
}

/// Returns the chosen faults that exist in a protocol.
pub fn applicable(choice: &Choice, protocol: Protocol) -> impl Iterator<Item = &'static Fault> {
    faults().filter(move |fault| choice.has(fault) && fault.protocols.contains(&protocol.name()))
}

/// Lists the chosen faults for people: name, protocols, class, and the provider's behaviour.
pub fn listed(choice: &Choice) -> String {
    let mut text = String::new();
    for fault in faults().filter(|fault| choice.has(fault)) {
        let (class, protocols) = (class(fault.right), fault.protocols.join(", "));
        let _ = writeln!(text, "{:<28} {class:<8} {protocols:<11} {}", fault.id, does(fault));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(words: &[&str]) -> Result<usize, String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let choice = Choice::of(&words).map_err(|error| error.to_string())?;
        Ok(faults().filter(|fault| choice.has(fault)).count())
    }

    #[test]
    fn faults_are_chosen_by_name_family_and_class() {
        let all = faults().count();
        assert_eq!(chosen(&[]), Ok(all));
        assert_eq!(chosen(&["sig.stranger"]), Ok(1));
        assert_eq!(chosen(&["sig"]), chosen(&["sig.*"]));
        assert!(chosen(&["sig"]).unwrap() > 1 && chosen(&["sig"]).unwrap() < all);
        assert_eq!(["refuse", "accept", "degrade"].map(|class| chosen(&[class]).unwrap()).iter().sum::<usize>(), all);
        let told = chosen(&["sig.strangr"]).unwrap_err();
        assert!(told.contains("может быть: sig.stranger"), "{told}");
    }
}
