//! Reasons to refuse a code or a refresh token: `invalid_grant` of RFC 6749 §5.2.

use chrono::{DateTime, Utc};
use esia::Mnemonic;
use esia::language::{pick, tr};
use worlds::mistakes::{named, short};

/// Reason why a code or a refresh token is refused. `Display` gives the text of the verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("{}", pick("этот мир такого не выдавал", "this world has not issued it"))]
    Unknown,
    #[error(
        "{}",
        tr!("уже использован {}{}", "already used at {}{}", worlds::moscow::date_time(*at), revoking(*revokes))
    )]
    Used {
        /// Time of the first use.
        at: DateTime<Utc>,
        /// Whether the second use revokes all tokens issued for the code.
        revokes: bool,
    },
    #[error("{}", pick("отозван", "revoked"))]
    Revoked,
    #[error("{}", tr!("срок истёк {}", "it expired at {}", worlds::moscow::date_time(*_0)))]
    Expired(DateTime<Utc>),
    #[error("{}", tr!("выдан системе {_0}", "issued to client {_0}"))]
    OtherClient(Mnemonic),
    #[error(
        "{}",
        tr!(
            "запрошен с redirect_uri {asked}, а прислан {given}",
            "asked for with redirect_uri {asked}, and {given} was sent"
        )
    )]
    OtherRedirect {
        /// `redirect_uri` of the authorization request.
        asked: String,
        /// `redirect_uri` of the token request.
        given: String,
    },
    #[error(
        "{}",
        tr!(
            "code_verifier не передан, а запрос был с code_challenge {_0}",
            "no code_verifier was sent, and the request had code_challenge {_0}"
        )
    )]
    NoVerifier(String),
    #[error(
        "{}",
        pick(
            "code_verifier передан, а запрос был без code_challenge",
            "a code_verifier was sent, and the request had no code_challenge"
        )
    )]
    NoChallenge,
    #[error(
        "{}",
        tr!(
            "SHA-256 от code_verifier — {got}, а code_challenge запроса — {expected}{}",
            "SHA-256 of code_verifier is {got}, and code_challenge of the request is {expected}{}",
            of_another(another.as_ref())
        )
    )]
    OtherVerifier {
        /// `code_challenge` of the authorization request.
        expected: String,
        /// S256 challenge of the `code_verifier` that was sent.
        got: String,
        /// Another sign-in whose `code_challenge` fits the verifier.
        another: Option<OtherSignIn>,
    },
    #[error(
        "{}",
        pick(
            "сеанс, в котором он выдан, завершён сменой пароля или давно истёк",
            "the session in which it was issued was ended by a change of the password, or has long expired"
        )
    )]
    SessionGone,
    #[error("{}", pick("ни одно из согласий больше не действует", "none of the consents is in force any more"))]
    NothingLeft,
    #[error("{}", tr!("scope шире, чем при входе: {_0}", "the scope is wider than at the sign-in: {_0}"))]
    Wider(String),
}

/// Another sign-in whose `code_challenge` fits a `code_verifier`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherSignIn {
    pub(crate) client: Mnemonic,
    /// `state` of its authorization request.
    pub(crate) state: Option<String>,
}

fn revoking(revokes: bool) -> &'static str {
    if revokes {
        pick(": всё, что по нему выдано, отозвано", ": all that was issued for it is revoked")
    } else {
        ""
    }
}

fn of_another(another: Option<&OtherSignIn>) -> String {
    let Some(OtherSignIn { client, state }) = another else {
        return pick(", и другого такого входа нет", ", and there is no other such sign-in").to_owned();
    };
    let state = state.as_deref().map_or_else(
        || pick("без state", "no state").to_owned(),
        |state| tr!("state запроса {state}", "state of the request {state}"),
    );
    tr!(
        "; этот verifier подходит к другому входу системы {client}, {state}",
        "; this verifier fits another sign-in of client {client}, {state}"
    )
}

impl GrantError {
    /// Returns the identifier of the mistake in the catalogue, without its value.
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

    /// Returns the mistake with its value: `grant-expired=3m`.
    pub(crate) fn mistake(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::Expired(at) => named(self.code(), &short(now - *at)),
            Self::OtherClient(client) => named(self.code(), client.as_str()),
            Self::Wider(scope) => named(self.code(), scope),
            _ => self.code().to_owned(),
        }
    }
}
