//! Parameters and names that nobody knows but that look like known ones.

use worlds::mistakes::named;

/// How alike two names must be to be taken for one (Jaro–Winkler).
const ALIKE: f64 = 0.92;

/// The known word that an unknown one was meant to be.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let bare = |text: &str| text.to_lowercase().replace(['_', '-', '.', ' ', '"', '\''], "");
    let likeness = |known: &str| {
        if bare(word.trim()) == bare(known) {
            2.0
        } else {
            strsim::jaro_winkler(&word.to_lowercase(), &known.to_lowercase())
        }
    };
    let best = known.into_iter().map(|known| (likeness(known), known)).max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    let is_alike = best.0 >= ALIKE || strsim::damerau_levenshtein(word, best.1) <= usize::from(word.len() > 4);
    (is_alike && word != best.1).then_some(best.1)
}

/// Names of a request that are unknown but look like one that is missing: `parameter-misspelt=redirect_url->redirect_uri`.
pub(crate) fn misspelt<'p>(names: impl IntoIterator<Item = &'p str>, known: &[&str]) -> Vec<String> {
    let names: Vec<_> = names.into_iter().collect();
    let is_there = |name: &str| names.contains(&name);
    let mut found = Vec::new();
    for name in names.iter().copied().filter(|name| !known.contains(name)) {
        let missing = known.iter().copied().filter(|known| !is_there(known));
        if let Some(meant) = nearest(name, missing) {
            let mistake = named("parameter-misspelt", &format!("{name}->{meant}"));
            if !found.contains(&mistake) {
                found.push(mistake);
            }
        }
    }
    found
}

/// The name of what is wrong with a `client_id` that no system has.
pub(crate) fn unknown_client(id: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => named("client-near", near),
        None => super::value::slip("client_id", id, |_| false).unwrap_or_else(|| named("client-unknown", id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_told_from_those_that_are_merely_unknown() {
        let known = ["client_id", "redirect_uri", "scope", "state", "code_challenge", "nonce"];
        let check = |names: &[&str]| misspelt(names.iter().copied(), &known).join(" ");
        assert_eq!(check(&["client_id", "redirect_url", "scope"]), "parameter-misspelt=redirect_url->redirect_uri");
        assert_eq!(check(&["redirectUri"]), "parameter-misspelt=redirectUri->redirect_uri");
        assert_eq!(
            check(&["clientId", "Scope"]),
            "parameter-misspelt=clientId->client_id parameter-misspelt=Scope->scope"
        );
        assert_eq!(check(&["scopes"]), "parameter-misspelt=scopes->scope");
        assert_eq!(check(&["code-challenge"]), "parameter-misspelt=code-challenge->code_challenge");
        assert_eq!(check(&["client_id", "type", "x-client-sku", "data", "utm_source"]), "");
        assert_eq!(check(&["state", "stat"]), "", "the right one is there");
    }
}
