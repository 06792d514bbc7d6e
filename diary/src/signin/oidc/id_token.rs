//! Verification of id tokens (OpenID Connect Core §3.1.3.7).

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use esia::language::{Told, Words, both, pick, tr};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, Nonce, OAuth2TokenResponse as _, SignatureVerificationError,
    TokenResponse as _,
    core::{CoreIdTokenVerifier, CoreJwsSigningAlgorithm},
};
use web::Checks;

use super::{
    client::{LEEWAY_S, OidcClient},
    types::{Rp, TokenReply},
};
use crate::signin::provider_error::ProviderError;

const ID_TOKEN: (&str, &str) = ("id_token", "OpenID Connect Core §3.1.3.7, §3.1.3.8");

impl OidcClient<'_> {
    /// Verifies an id token and returns its subject and session. Fetches the keys again once if its key is unknown.
    /// `nonce` is that of the sign-in; there is none at a renewal.
    pub(super) async fn identity(
        &self,
        answer: &TokenReply,
        nonce: Option<&Nonce>,
        checks: &Checks,
    ) -> Result<(Oid, Option<String>), ProviderError> {
        let known = self.metadata(false).await?;
        let believed = match self.verify_tokens(&self.client(&known)?, answer, nonce) {
            Err(IdTokenError::UnknownKey) => {
                let fresh = self.client(&*self.metadata(true).await?)?;
                self.verify_tokens(&fresh, answer, nonce)
            }
            other => other,
        };
        let got = match &believed {
            Ok(_) => both!("так и есть", "so it is"),
            Err(error) => Told::from_display(error),
        };
        checks.expect(
            ID_TOKEN,
            both!(
                "подписан Госуслугами, для этой системы и этого входа, действует",
                "signed by Gosuslugi, for this client and this sign-in, in force"
            ),
            got,
            believed.is_ok(),
        );
        believed.map_err(|error| {
            let told = both!("id_token: {error}", "id_token: {error}");
            if error.is_about_time() { ProviderError::Untimely(told) } else { ProviderError::Distrusted(told) }
        })
    }

    fn verify_tokens(
        &self,
        client: &Rp,
        answer: &TokenReply,
        nonce: Option<&Nonce>,
    ) -> Result<(Oid, Option<String>), IdTokenError> {
        let (leeway, now) = (TimeDelta::seconds(LEEWAY_S), self.now);
        let in_time = move |iat: DateTime<Utc>| {
            if iat <= now + leeway { Ok(()) } else { Err(format!("iat {iat}: {}", NOT_COME.russian)) }
        };
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256])
            .set_time_fn(move || now - leeway)
            .set_issue_time_verifier_fn(in_time);
        let token = answer.id_token().ok_or(IdTokenError::NoIdToken)?;
        let claims = match nonce {
            Some(nonce) => token.claims(&verifier, nonce)?,
            None => token.claims(&verifier, |_: Option<&Nonce>| Ok(()))?,
        };
        // The library does not check `nbf`.
        if claims.additional_claims().nbf.is_some_and(|nbf| nbf > (now + leeway).timestamp()) {
            return Err(IdTokenError::NotYet);
        }
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (token.signing_alg()?, token.signing_key(&verifier)?);
            let got = AccessTokenHash::from_token(answer.access_token(), alg, key);
            if got.ok().as_ref() != Some(expected) {
                return Err(IdTokenError::OtherAccessToken);
            }
        }
        let subject = claims.subject().as_str();
        let oid = subject.parse().map_err(|_| IdTokenError::Subject)?;
        Ok((oid, claims.additional_claims().sid.clone()))
    }
}

/// Words about a time in the future; verification replaces the Russian ones in errors of the library.
const NOT_COME: Words = Words { russian: "ещё не наступило", english: "it has not come yet" };

/// Reason why an id token fails verification.
#[derive(Debug, thiserror::Error)]
enum IdTokenError {
    #[error("{}", pick("в ответе его нет", "the answer has none"))]
    NoIdToken,
    #[error("{}", pick("подписан неизвестным ключом", "signed by an unknown key"))]
    UnknownKey,
    #[error("{}", pick("nbf ещё не наступило", "nbf has not come yet"))]
    NotYet,
    #[error("{}", pick("at_hash от другого маркера доступа", "at_hash is of another access token"))]
    OtherAccessToken,
    #[error("{}", pick("sub — не номер учётной записи", "sub is not the number of an account"))]
    Subject,
    // The library's error holds texts that the diary gave it in Russian, so they are translated here.
    #[error("{}", _0.to_string().replace(NOT_COME.russian, &NOT_COME.to_string()))]
    Claims(ClaimsVerificationError),
    #[error("{}", tr!("подпись: {_0}", "the signature: {_0}"))]
    Signature(SignatureVerificationError),
    #[error("{}", tr!("подпись: {_0}", "the signature: {_0}"))]
    Algorithm(#[from] openidconnect::SigningError),
}

impl IdTokenError {
    /// Checks whether the error concerns `exp`, `iat` or `nbf`.
    const fn is_about_time(&self) -> bool {
        matches!(self, Self::NotYet | Self::Claims(ClaimsVerificationError::Expired(_)))
    }
}

impl From<ClaimsVerificationError> for IdTokenError {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(error) => error.into(),
            error => Self::Claims(error),
        }
    }
}

impl From<SignatureVerificationError> for IdTokenError {
    fn from(error: SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoMatchingKey => Self::UnknownKey,
            error => Self::Signature(error),
        }
    }
}
