//! PKCE (RFC 7636), whose existence follows from ESIA-007039 and ESIA-007040 (ESIA §1.2, §3.2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::EsiaError;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{
    judge::Judge,
    verdict::{Found, Rule},
};
use crate::{slips, state::Gosuslugi};

const RULE: Rule = ("pkce", "ESIA §1.2, §1.5; RFC 7636");

/// `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2).
pub(super) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

impl Judge<'_> {
    /// `code_challenge` and its method, if there are any.
    pub(super) fn challenge(&self, source: &'static str) -> Result<Option<String>, EsiaError> {
        let method = self.optional("code_challenge_method", source)?;
        let Some(challenge) = self.optional("code_challenge", source)? else {
            let Some(method) = method else { return Ok(None) };
            let got = (format!("code_challenge_method={method} без code_challenge"), false);
            let missing = EsiaError::MissingParameter("code_challenge".to_owned());
            let found = Found::new(RULE, "code_challenge и code_challenge_method вместе", got);
            return self.must_hold(found.mistakes(["pkce-no-challenge"]), missing).map(|()| None);
        };
        let got = method.unwrap_or("нет, то есть plain");
        let found = Found::new(RULE, "code_challenge_method: S256", (got, method == Some("S256")));
        self.must_hold(found.mistakes([slips::pkce::method(method)]), EsiaError::InvalidRequest)?;
        let is_hash = URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash.len() == 32);
        let found = Found::new(RULE, "SHA-256 в base64url, 43 знака", (challenge, is_hash));
        self.must_hold(found.mistakes([slips::pkce::challenge(challenge)]), EsiaError::InvalidRequest)?;
        Ok(Some(challenge.to_owned()))
    }

    /// `code_verifier` is the one of the code's challenge.
    pub(super) async fn verifier(&self, challenge: Option<&str>, source: &'static str) -> Result<(), EsiaError> {
        let verifier = self.optional("code_verifier", source)?;
        let (challenge, verifier) = match (challenge, verifier) {
            (None, None) => return Ok(()),
            (None, Some(_)) => {
                let got = ("code_verifier есть", false);
                let expected = "без code_verifier: в запросе авторизации не было code_challenge";
                let found = Found::new(RULE, expected, got).mistakes(["pkce-unexpected"]);
                return self.must_hold(found, EsiaError::VerifierWithoutChallenge);
            }
            (Some(_), None) => {
                let missing = EsiaError::MissingParameter("code_verifier".to_owned());
                let found = Found::new(RULE, "code_verifier", ("нет или пуст", false)).mistakes(["pkce-missing"]);
                return self.must_hold(found, missing);
            }
            (Some(challenge), Some(verifier)) => (challenge, verifier),
        };
        let computed = challenge_of(verifier);
        let is_right = bool::from(computed.as_bytes().ct_eq(challenge.as_bytes()));
        let got = format!("SHA-256 от code_verifier: {computed}");
        let expected = format!("code_challenge: {challenge}");
        if is_right {
            let form = (!slips::pkce::is_verifier(verifier)).then(|| "pkce-verifier-form".to_owned());
            self.tolerate(RULE, "code_verifier: от 43 до 128 знаков", verifier, form);
            return self.must(RULE, expected, (got, true), EsiaError::VerifierMismatch);
        }
        let (mistake, why) = self.whose(verifier, &computed, challenge).await;
        let found = Found::new(RULE, expected, (format!("{got}{why}"), false)).mistakes([mistake]);
        self.must_hold(found, EsiaError::VerifierMismatch)
    }

    /// What a wrong verifier is the right one for.
    async fn whose(&self, verifier: &str, computed: &str, challenge: &str) -> (String, String) {
        if let Some(slip) = slips::pkce::verifier(verifier, challenge) {
            let same = if verifier == challenge { "; прислан сам code_challenge" } else { "" };
            return (slip, same.to_owned());
        }
        let look = |state: &Gosuslugi, now| {
            let of_code = state
                .oauth
                .code_with_challenge(computed)
                .map(|code| (code.grant.client.clone(), code.grant.state.clone()));
            of_code.or_else(|| state.oauth.pending_with_challenge(computed, now))
        };
        match self.world.world.read(look).await.ok().flatten() {
            None => ("pkce-mismatch".to_owned(), String::new()),
            Some((client, state)) => {
                let told = format!("; подходит к другому входу системы {client}, state запроса {state}");
                ("pkce-other-code".to_owned(), told)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_of_the_rfc_holds() {
        let challenge = super::challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
