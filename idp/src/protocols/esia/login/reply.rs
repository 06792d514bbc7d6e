//! Responses of the login API. The status is always 200; `action` is the next step, or `failed` the reason for refusal.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use esia::person::OrganisationKind;
use serde::Serialize;
use utoipa::ToSchema;
use web::Problem;

use crate::{
    grants::Asking,
    portal::accounts::{Account, Asked, CodeError, EntryError, SignInError},
    protocols::ESIA_JSON,
    state::Gosuslugi,
};

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Action {
    /// Nothing: go to `redirect_url`.
    Done,
    /// Enter the code of the second factor.
    EnterMfa,
    /// Choose a password in place of the one-time one.
    ChangePassword,
    /// Choose whom to act for. What real ЕСИА answers here is not public; `next-step` goes on as a private person.
    SelectRole,
    /// Consent to the system's request.
    GrantScopeAccess,
}

/// Why it does not go on. The last three names are ours: those of real ЕСИА are not public. `ACCOUNT_NOT_FOUND` is never
/// said: a stranger must not hear whose account is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Failed {
    /// Neither a phone nor an e-mail nor a СНИЛС.
    InvalidLogin,
    /// Not this login with this password.
    InvalidPassword,
    /// Too many wrong passwords or codes.
    AccountLocked,
    /// Not the code.
    InvalidOtp,
    /// The code works no longer.
    OtpExpired,
    /// No sign-in is under way, or it took too long.
    SessionExpired,
}

/// The second factor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct MfaDetails {
    /// `SMS`, or `TTP` for a code of an application.
    r#type: &'static str,
    otp_details: OtpDetails,
}

/// The code that was sent: how long it is, and how long and how often it may be tried.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct OtpDetails {
    /// Where it went, all but the last digits hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    code_length: u32,
    verify_timeout_secs: i64,
    verify_attempts_left: u32,
}

/// Whom one may act for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct RoleChoice {
    /// The organisation; none for oneself.
    oid: Option<u64>,
    name: String,
    /// `PRIVATE`, `LEGAL`, `BUSINESS` or `AGENCY`.
    r#type: &'static str,
}

/// An answer of the login API: what comes next.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct Reply {
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Failed>,
    /// Where to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_details: Option<MfaDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<RoleChoice>>,
    /// Who asks for a consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Names of the scopes that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    /// Consents of the digital profile that are asked for besides, each in a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    consents: Vec<String>,
}

impl From<Action> for Reply {
    fn from(action: Action) -> Self {
        Self { action: Some(action), ..Self::default() }
    }
}

impl From<Failed> for Reply {
    fn from(failed: Failed) -> Self {
        Self { failed: Some(failed), ..Self::default() }
    }
}

impl Reply {
    /// Creates the reply that sends the person to an address.
    pub(super) fn done(redirect_url: String) -> Self {
        Self { redirect_url: Some(redirect_url), ..Action::Done.into() }
    }

    /// Creates the reply that asks for the next input of a sign-in; `None` if none is pending.
    pub(super) fn asks(state: &Gosuslugi, entry: &str, now: DateTime<Utc>) -> Option<Self> {
        let (kind, phone) = match state.portal.accounts.asked(entry, now).ok().flatten()? {
            Asked::Sms(phone) => ("SMS", Some(phone.bare())),
            Asked::Totp => ("TTP", None),
            Asked::Password => return Some(Action::ChangePassword.into()),
        };
        let (expires_at, verify_attempts_left) = state.portal.accounts.term_of_code(entry, now)?;
        let ending = phone.and_then(|phone| phone.get(phone.len().checked_sub(4)?..).map(str::to_owned));
        let otp_details = OtpDetails {
            phone: ending.map(|ending| format!("+7 *** *** {ending}")),
            code_length: 6,
            verify_timeout_secs: (expires_at - now).num_seconds().max(0),
            verify_attempts_left,
        };
        Some(Self { mfa_details: Some(MfaDetails { r#type: kind, otp_details }), ..Action::EnterMfa.into() })
    }

    /// Creates the reply that asks for a role.
    pub(super) fn roles(account: &Account) -> Self {
        let private = RoleChoice { oid: None, name: account.name.to_string(), r#type: "PRIVATE" };
        let role = |role: &crate::portal::accounts::Role| RoleChoice {
            oid: Some(role.oid.get()),
            name: role.organisation.clone(),
            r#type: match role.kind {
                OrganisationKind::Legal => "LEGAL",
                OrganisationKind::Business => "BUSINESS",
                OrganisationKind::Agency => "AGENCY",
            },
        };
        let roles = std::iter::once(private).chain(account.roles.iter().map(role)).collect();
        Self { roles: Some(roles), ..Action::SelectRole.into() }
    }

    /// Creates the reply that asks for consent.
    pub(super) fn consent(asking: Asking) -> Self {
        let Asking { title, items, consents, .. } = asking;
        Self { system: Some(title), scopes: Some(items), consents, ..Action::GrantScopeAccess.into() }
    }

    /// Creates the reply to a wrong login or password.
    pub(super) fn refused(login: &str, error: &SignInError) -> Self {
        match error {
            SignInError::Wrong if crate::portal::accounts::Login::candidates(login).is_empty() => {
                Failed::InvalidLogin.into()
            }
            SignInError::Wrong => Failed::InvalidPassword.into(),
            SignInError::Locked { .. } => Failed::AccountLocked.into(),
        }
    }

    /// Creates the reply to a wrong code, with the number of attempts left.
    pub(super) fn missed(
        state: &Gosuslugi,
        entry: &str,
        error: EntryError,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let details = || Self::asks(state, entry, now)?.mfa_details;
        Ok(match error {
            EntryError::Gone => Failed::SessionExpired.into(),
            EntryError::Locked(error) => return Ok(Self::refused("", &error)),
            EntryError::Code(CodeError::Lapsed) => Failed::OtpExpired.into(),
            EntryError::Code(CodeError::NotACode | CodeError::Wrong { .. }) => {
                Self { mfa_details: details(), ..Failed::InvalidOtp.into() }
            }
            other => return Err(other.into()),
        })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, ESIA_JSON), (header::CACHE_CONTROL, "no-store")];
        match serde_json::to_vec(&self) {
            Ok(body) => (headers, body).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}
