//! PKCE (RFC 7636). That ЕСИА supports it follows from ESIA-007039 and ESIA-007040 (ESIA §1.2, §3.2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::EsiaError;
use esia::language::{Told, both};
use worlds::Check;

use super::judge::{Judge, Rule};
use crate::{
    grants::{GrantError, OtherSignIn},
    slips,
};

const RULE: Rule = ("pkce", "ESIA §1.2, §1.5; RFC 7636");

impl Judge<'_> {
    /// Returns `code_challenge` if it is present; checks it and its method.
    pub(super) fn challenge(&self) -> Result<Option<String>, EsiaError> {
        let method = self.optional("code_challenge_method")?;
        let Some(challenge) = self.optional("code_challenge")? else {
            let Some(method) = method else { return Ok(None) };
            let got = both!(
                "code_challenge_method={method} без code_challenge",
                "code_challenge_method={method} without code_challenge"
            );
            let found = Check::failed(
                RULE,
                both!(
                    "code_challenge и code_challenge_method вместе",
                    "code_challenge and code_challenge_method together"
                ),
                got,
            );
            let missing = EsiaError::MissingParameter("code_challenge".to_owned());
            return Err(self.checks.refuse(found.mistakes(["pkce-no-challenge"]), missing));
        };
        let got = method.map_or_else(|| both!("нет, то есть plain", "none, which is plain"), Into::into);
        let found = Check::of(RULE, "code_challenge_method: S256", got, method == Some("S256"));
        self.require(found.mistakes([slips::pkce::method(method)]), EsiaError::InvalidRequest)?;
        let is_hash = URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash.len() == 32);
        let found = Check::of(
            RULE,
            both!("SHA-256 в base64url, 43 знака", "SHA-256 in base64url, 43 characters"),
            challenge,
            is_hash,
        );
        self.require(found.mistakes([slips::pkce::challenge(challenge)]), EsiaError::InvalidRequest)?;
        Ok(Some(challenge.to_owned()))
    }

    /// Records how `code_verifier` matches the code's `code_challenge`, if either is present.
    ///
    /// # Errors
    /// Fails with ЕСИА's error if they do not match.
    pub(super) fn note_verifier(&self, verifier: Option<&str>, compared: Compared<'_>) -> Result<(), EsiaError> {
        let fitting = match compared {
            Compared::Fits(challenge) => challenge,
            Compared::Fails(error) => return self.note_misfit(verifier.unwrap_or_default(), error),
        };
        let Some((challenge, verifier)) = fitting.zip(verifier) else { return Ok(()) };
        let form = (!slips::pkce::is_verifier(verifier)).then(|| "pkce-verifier-form".to_owned());
        self.tolerate(
            RULE,
            both!("code_verifier: от 43 до 128 знаков", "code_verifier: 43 to 128 characters"),
            verifier,
            form,
        );
        let got = both!("SHA-256 от code_verifier: {challenge}", "SHA-256 of code_verifier: {challenge}");
        self.checks.expect(RULE, format!("code_challenge: {challenge}"), got, true);
        Ok(())
    }

    fn note_misfit(&self, verifier: &str, error: &GrantError) -> Result<(), EsiaError> {
        let (found, answer) = match error {
            GrantError::NoChallenge => {
                let expected = both!(
                    "без code_verifier: в запросе авторизации не было code_challenge",
                    "no code_verifier: the authorization request had no code_challenge"
                );
                let found = Check::of(RULE, expected, both!("code_verifier есть", "there is a code_verifier"), false);
                (found.mistakes([error.code()]), EsiaError::VerifierWithoutChallenge)
            }
            GrantError::NoVerifier(_) => {
                let found = Check::of(RULE, "code_verifier", both!("нет или пуст", "missing or empty"), false);
                (found.mistakes([error.code()]), EsiaError::MissingParameter("code_verifier".to_owned()))
            }
            GrantError::OtherVerifier { expected, got, another } => {
                let slip = slips::pkce::verifier(verifier, expected);
                let why = match (&slip, another) {
                    (Some(_), _) if verifier == expected => {
                        both!("; прислан сам code_challenge", "; the code_challenge itself was sent")
                    }
                    (None, Some(OtherSignIn { client, state })) => {
                        let state = state.as_deref().unwrap_or_default();
                        both!(
                            "; подходит к другому входу системы {client}, state запроса {state}",
                            "; it fits another sign-in of client {client}, state of the request {state}"
                        )
                    }
                    _ => Told::from(""),
                };
                let got = both!("SHA-256 от code_verifier: {got}{why}", "SHA-256 of code_verifier: {got}{why}");
                let found = Check::failed(RULE, format!("code_challenge: {expected}"), got);
                (found.mistakes([slip.unwrap_or_else(|| error.code().to_owned())]), EsiaError::VerifierMismatch)
            }
            _ => return Ok(()),
        };
        self.require(found, answer)
    }
}

/// Result of comparing `code_verifier` with the `code_challenge` of its code.
#[derive(Clone, Copy)]
pub(super) enum Compared<'a> {
    /// The verifier matches the challenge, or the code has no challenge.
    Fits(Option<&'a str>),
    /// The verifier does not match, or the code is refused for another reason.
    Fails(&'a GrantError),
}
