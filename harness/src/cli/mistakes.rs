//! `esia-stand mistakes`: mistakes that verdicts name, with cause and remedy.

use std::fmt::Write as _;

use worlds::mistakes::{Mistake, all, find, split};

use super::Mistakes;
use crate::{
    exit::CliError,
    language::{self, tr},
};

/// Lists the requested mistakes as text or JSON.
///
/// # Errors
/// Fails for a name that no verdict uses, with the nearest known one.
pub(super) fn listed(options: &Mistakes) -> Result<String, CliError> {
    let asked: Vec<(&Mistake, Option<String>)> = if options.ids.is_empty() {
        all().map(|mistake| (mistake, None)).collect()
    } else {
        options.ids.iter().map(|name| one(name)).collect::<Result<_, _>>()?
    };
    if options.json {
        let asked: Vec<_> = asked.into_iter().map(|(mistake, _)| mistake).collect();
        return serde_json::to_string_pretty(&asked).map(|text| text + "\n").map_err(CliError::could_not_run);
    }
    let language = language::spoken();
    let mut text = String::new();
    for (Mistake { id, cause, remedy }, value) in asked {
        let (cause, remedy) = (cause.told(language, value.as_deref()), remedy.told(language, value.as_deref()));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{id}\n  {cause}\n  {remedy}");
    }
    Ok(text)
}

fn one(name: &str) -> Result<(&'static Mistake, Option<String>), CliError> {
    let (id, value) = split(name);
    find(name).map(|found| (found, value)).ok_or_else(|| {
        let nearest = all()
            .map(|known| known.id)
            .max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id)));
        let nearest = nearest.unwrap_or("-");
        CliError::wrong(tr!(
            "ни один вердикт не называет «{name}»; похоже на {nearest}",
            "no verdict names \"{name}\"; did you mean {nearest}?"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::in_english;

    fn told(ids: &[&str], json: bool) -> Result<String, String> {
        let ids = ids.iter().map(|&id| id.to_owned()).collect();
        listed(&Mistakes { ids, json }).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mistake_is_told_with_its_value_in_either_language() {
        insta::assert_snapshot!(told(&["slip-missing=state"], false).unwrap(), @r"
        slip-missing
          В подписанной строке не хватает state.
          Добавьте state в подписываемую строку на его место.
        ");
        insta::assert_snapshot!(in_english(|| told(&["pkce-padded"], false)).unwrap(), @r"
        pkce-padded
          The base64url has its '=' left.
          Take the '=' off its end.
        ");
    }

    #[test]
    fn all_are_listed_and_a_misspelt_one_is_answered_with_the_nearest() {
        let json: serde_json::Value = serde_json::from_str(&told(&[], true).unwrap()).unwrap();
        assert_eq!(json.as_array().unwrap().len(), all().count());
        assert_eq!(json[0]["cause"]["ru"].as_str(), all().next().map(|first| first.cause.ru));
        let error = told(&["slip-mising"], false).unwrap_err();
        assert!(error.contains("slip-missing"), "{error}");
    }
}
