//! Why no tokens are given for a code or a refresh token: `invalid_grant` of RFC 6749 §5.2.

use chrono::{DateTime, Utc};
use esia::Mnemonic;
use worlds::mistakes::{named, short};

/// Why a code or a refresh token gives no tokens. It displays as the verdict tells it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("этот мир такого не выдавал")]
    Unknown,
    #[error("уже использован {}{}", worlds::moscow::date_time(*.at), revoking(*.revokes))]
    Used {
        /// When it was used.
        at: DateTime<Utc>,
        /// Whether all that came from it is revoked for that.
        revokes: bool,
    },
    #[error("отозван")]
    Revoked,
    #[error("срок истёк {}", worlds::moscow::date_time(*.0))]
    Expired(DateTime<Utc>),
    #[error("выдан системе {0}")]
    OtherClient(Mnemonic),
    #[error("запрошен с redirect_uri {asked}, а прислан {given}")]
    OtherRedirect {
        /// `redirect_uri` of the authorization request.
        asked: String,
        /// `redirect_uri` of the token request.
        given: String,
    },
    #[error("code_verifier не передан, а запрос был с code_challenge {0}")]
    NoVerifier(String),
    #[error("code_verifier передан, а запрос был без code_challenge")]
    NoChallenge,
    #[error("SHA-256 от code_verifier — {got}, а code_challenge запроса — {expected}{}", of_another(.another.as_ref()))]
    OtherVerifier {
        /// The challenge of the authorization request.
        expected: String,
        /// The challenge that belongs to the verifier.
        got: String,
        /// The other sign-in that the verifier belongs to.
        another: Option<OtherSignIn>,
    },
    #[error("сеанс, в котором он выдан, завершён сменой пароля или давно истёк")]
    SessionGone,
    #[error("ни одно из согласий больше не действует")]
    NothingLeft,
    #[error("scope шире, чем при входе: {0}")]
    Wider(String),
}

/// Another sign-in to which a `code_verifier` belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherSignIn {
    pub(crate) client: Mnemonic,
    /// `state` of its authorization request.
    pub(crate) state: Option<String>,
}

fn revoking(revokes: bool) -> &'static str {
    if revokes { ": всё, что по нему выдано, отозвано" } else { "" }
}

fn of_another(another: Option<&OtherSignIn>) -> String {
    let Some(OtherSignIn { client, state }) = another else {
        return ", и другого такого входа нет".to_owned();
    };
    let state = state.as_deref().map_or_else(|| "без state".to_owned(), |state| format!("state запроса {state}"));
    format!("; этот verifier подходит к другому входу системы {client}, {state}")
}

impl GrantError {
    /// Identifier of the mistake in the catalogue, without what it is about.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "grant-unknown",
            Self::Used { .. } => "grant-used",
            Self::Revoked => "grant-revoked",
            Self::Expired(_) => "grant-expired",
            Self::OtherClient(_) => "grant-other-client",
            Self::OtherRedirect { .. } => "grant-other-redirect",
            Self::NoVerifier(_) => "pkce-missing",
            Self::NoChallenge => "pkce-unexpected",
            Self::OtherVerifier { another: Some(_), .. } => "pkce-other-code",
            Self::OtherVerifier { .. } => "pkce-mismatch",
            Self::SessionGone => "grant-session-gone",
            Self::NothingLeft => "grant-nothing-left",
            Self::Wider(_) => "grant-wider",
        }
    }

    /// The mistake with what it is about: `grant-expired=3m`.
    pub(crate) fn mistake(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::Expired(at) => named(self.code(), &short(now - *at)),
            Self::OtherClient(client) => named(self.code(), client.as_str()),
            Self::Wider(scope) => named(self.code(), scope),
            _ => self.code().to_owned(),
        }
    }
}
