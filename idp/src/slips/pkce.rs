//! Mistakes in `code_verifier` and `code_challenge` (RFC 7636 §4).

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use sha2::{Digest as _, Sha256};
use worlds::mistakes::named;

/// Computes `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2).
pub(crate) fn challenge_of(verifier: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Names the mistake of a challenge that is not a SHA-256 hash in base64url.
pub(crate) fn challenge(text: &str) -> String {
    if super::value::is_placeholder(text) {
        return named("parameter-placeholder", "code_challenge");
    }

    let is_hex = |length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = match text.len() {
        64 if is_hex(64) => "pkce-hex",
        86 if URL_SAFE_NO_PAD.decode(text).is_ok_and(|inner| inner.iter().all(u8::is_ascii_hexdigit)) => "pkce-of-hex",
        _ if text.trim_end_matches('=') != text => "pkce-padded",
        43 if text.contains(['+', '/']) => "pkce-base64",
        _ => "pkce-challenge-form",
    };
    id.to_owned()
}

/// Names the mistake of a `code_challenge_method` other than S256.
pub(crate) fn method(text: Option<&str>) -> String {
    match text {
        None => "pkce-no-method".to_owned(),
        Some(text) if text.trim().eq_ignore_ascii_case("S256") => named("parameter-case", "code_challenge_method"),
        Some(text) => named("pkce-method", text),
    }
}

/// Checks whether a verifier has the form that RFC 7636 §4.1 demands.
pub(crate) fn is_verifier(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// Names the mistake of a verifier that does not match its request's challenge, if these two values show it.
pub(crate) fn verifier(verifier: &str, challenge: &str) -> Option<String> {
    let is_challenge = |bytes: Vec<u8>| URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash == bytes);
    if verifier == challenge || hex::decode(verifier).is_ok_and(is_challenge) {
        return Some("pkce-challenge-sent".to_owned());
    }
    let fits = |bytes: &[u8]| challenge_of(bytes) == challenge;
    let bare = verifier.trim_end_matches('=');
    if bare != verifier && fits(bare.as_bytes()) || bare == verifier && padded_fits(verifier, challenge) {
        return Some("pkce-padded".to_owned());
    }
    if let Some(slip) = super::value::slip("code_verifier", verifier, |inner| fits(inner.as_bytes())) {
        return Some(slip);
    }
    let is_of_bytes = |bytes: Vec<u8>| fits(&bytes) || fits(URL_SAFE_NO_PAD.encode(bytes).as_bytes());
    if hex::decode(verifier).is_ok_and(is_of_bytes) || fits(hex::encode(verifier).as_bytes()) {
        return Some("pkce-verifier-hex".to_owned());
    }
    let decoded = URL_SAFE_NO_PAD.decode(bare).or_else(|_| STANDARD.decode(verifier));
    if decoded.is_ok_and(|bytes| fits(&bytes)) || fits(URL_SAFE_NO_PAD.encode(verifier).as_bytes()) {
        return Some("pkce-verifier-base64".to_owned());
    }
    None
}

/// Checks whether the challenge was computed from the verifier with `=` padding that is now missing.
fn padded_fits(verifier: &str, challenge: &str) -> bool {
    ["=", "=="].iter().any(|pad| challenge_of(format!("{verifier}{pad}").as_bytes()) == challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_the_rfc_holds() {
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn challenges_in_other_forms_are_told_apart() {
        let hash = Sha256::digest(VERIFIER.as_bytes());
        assert_eq!(challenge(&hex::encode(hash)), "pkce-hex");
        assert_eq!(challenge(&URL_SAFE_NO_PAD.encode(hex::encode(hash))), "pkce-of-hex");
        assert_eq!(challenge(&(challenge_of(VERIFIER.as_bytes()) + "=")), "pkce-padded");
        assert_eq!(challenge("++++++++++++++++++++++++++++++++++++++++++/"), "pkce-base64");
        assert_eq!(challenge("short"), "pkce-challenge-form");
        assert_eq!(challenge("null"), "parameter-placeholder=code_challenge");
        assert_eq!(method(Some("s256")), "parameter-case=code_challenge_method");
        assert_eq!(method(Some("plain")), "pkce-method=plain");
    }

    #[test]
    fn verifiers_that_were_changed_on_the_way_are_recognised() {
        let right = challenge_of(VERIFIER.as_bytes());
        let found = |text: &str, challenge: &str| verifier(text, challenge);
        assert_eq!(found(VERIFIER, &right), None);
        assert_eq!(found(&right, &right).as_deref(), Some("pkce-challenge-sent"));
        assert_eq!(found(&format!("{VERIFIER}="), &right).as_deref(), Some("pkce-padded"));
        assert_eq!(found(VERIFIER, &challenge_of(format!("{VERIFIER}=").as_bytes())).as_deref(), Some("pkce-padded"));
        assert_eq!(found(&format!("{VERIFIER}\n"), &right).as_deref(), Some("parameter-blanks=code_verifier"));
        assert_eq!(found(&format!("\"{VERIFIER}\""), &right).as_deref(), Some("parameter-quoted=code_verifier"));
        assert_eq!(found(&hex::encode(VERIFIER), &right).as_deref(), Some("pkce-verifier-hex"));
        let bytes = URL_SAFE_NO_PAD.decode(VERIFIER).unwrap();
        assert_eq!(found(VERIFIER, &challenge_of(&bytes)).as_deref(), Some("pkce-verifier-base64"));
        let bytes = URL_SAFE_NO_PAD.decode(VERIFIER).unwrap();
        assert_eq!(found(&hex::encode(bytes), &right).as_deref(), Some("pkce-verifier-hex"));
        let hash = Sha256::digest(VERIFIER.as_bytes());
        assert_eq!(found(&hex::encode(hash), &right).as_deref(), Some("pkce-challenge-sent"));
        assert_eq!(found("another", &right), None);
    }
}
