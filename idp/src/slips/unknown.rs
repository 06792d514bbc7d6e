//! Mistakes in names: unknown ones that resemble a known one.

use worlds::mistakes::named;

/// Minimum similarity of two names that are taken for the same one (Jaro–Winkler).
const ALIKE: f64 = 0.92;

/// Returns the known word that an unknown word most resembles.
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

/// Names unknown parameters of a request that resemble a missing one: `parameter-misspelt=redirect_url->redirect_uri`.
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

/// Names the mistake of a `client_id` that no client has; `near` is a similar one.
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
