//! Authorization requests that have passed their checks (RFC 6749 §4.1.1).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid, Scopes};
use serde::{Deserialize, Serialize};

use super::{
    filters::Filters,
    oidc_scopes::{all_behind, behind_claim},
    permission::Permission,
    redirect_uri::RedirectUri,
};

/// The protocol that a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// ЕСИА's own OAuth 2.0.
    Esia,
    /// OpenID Connect Core 1.0.
    Oidc,
}

/// An authorization request that waits for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AuthorizationRequest {
    /// `client_id` of the request.
    pub client: Mnemonic,
    /// `redirect_uri` of the request.
    pub redirect_uri: RedirectUri,
    /// `scope`; in OpenID Connect without the values that the provider does not know.
    pub scopes: Scopes,
    /// `state`, which the answer repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// `code_challenge` by the method S256 (RFC 7636 §4.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// When the request came.
    pub asked_at: DateTime<Utc>,
    /// Until when the person may answer.
    pub expires_at: DateTime<Utc>,
    /// Parameters of one protocol only.
    pub details: RequestDetails,
}

/// Parameters of an authorization request that one protocol has and the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestDetails {
    /// Of ЕСИА's own protocol (ESIA §1.2).
    Esia(EsiaRequest),
    /// Of OpenID Connect (OpenID Connect Core §3.1.2.1).
    Oidc(OidcRequest),
}

/// Parameters of ЕСИА's own protocol (ESIA §1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EsiaRequest {
    /// The parameter `access_type`.
    pub access_type: AccessType,
    /// The parameter `scope_org`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_org: Option<Scopes>,
    /// `permissions`: consents of the digital profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// `person_filter`, `obj_type` and `roles`.
    #[serde(default)]
    pub filters: Filters,
}

/// `access_type`: whether a refresh token comes with the access token (ESIA §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessType {
    /// An access token without a refresh token.
    Online,
    /// An access token and a refresh token.
    Offline,
}

/// Parameters of OpenID Connect (OpenID Connect Core §3.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OidcRequest {
    /// The parameter `response_mode`.
    pub mode: ResponseMode,
    /// The issuer as the browser asked it, for the answer's `iss` (RFC 9207).
    pub iss: String,
    /// `claims`: those asked for by name.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// `nonce`, which the id token repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Which sign-in the request needs.
    pub sign_in: SignInDemands,
}

/// How the answer to an authorization request travels (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// Which sign-in an authorization request of OpenID Connect needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignInDemands {
    /// A sign-in after the request (`prompt=login`, `prompt=select_account`, `max_age=0`).
    pub fresh: bool,
    /// `urn:esia:sid` of the session that the browser had when the request came.
    pub stale: Option<String>,
    /// The parameter `max_age`, seconds.
    pub max_age: Option<i64>,
    /// The person that `id_token_hint` names.
    pub subject: Option<Oid>,
    /// `prompt=consent`: the consent page, whatever has been consented to already.
    pub consent: bool,
    /// `login_hint`, for the login page's first field.
    pub login_hint: Option<String>,
    /// The persons that `claims` names as `sub`; empty for anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Oid>,
    /// What an essential `acr` of `claims` may be; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<String>,
}

impl SignInDemands {
    /// Whether a person is one that the request names, if it names any.
    pub(super) fn is_for(&self, person: Oid) -> bool {
        self.subject.is_none_or(|named| named == person)
            && (self.subjects.is_empty() || self.subjects.contains(&person))
    }
}

/// Claims that an authorization request names one by one, as far as they are known and the client may have them (OpenID
/// Connect Core §5.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RequestedClaims {
    /// Claims for the userinfo endpoint.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// Claims for the id token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
}

impl RequestedClaims {
    /// Whether no claim is asked for by name.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// ЕСИА's scopes behind all of them: what a person consents to.
    fn behind(&self) -> BTreeSet<String> {
        self.userinfo.union(&self.id_token).flat_map(|claim| scopes_of(claim)).collect()
    }
}

/// ЕСИА's scopes behind a claim.
pub(crate) fn scopes_of(claim: &str) -> impl Iterator<Item = String> {
    behind_claim(claim).unwrap_or_default().iter().map(|&scope| scope.to_owned())
}

/// Bare names of scopes that need a consent.
pub(super) fn consentable(scopes: &Scopes) -> BTreeSet<String> {
    scopes.names().into_iter().filter(|name| *name != "openid").map(str::to_owned).collect()
}

impl AuthorizationRequest {
    /// The protocol that it came by.
    pub(crate) const fn protocol(&self) -> Protocol {
        match self.details {
            RequestDetails::Esia(_) => Protocol::Esia,
            RequestDetails::Oidc(_) => Protocol::Oidc,
        }
    }

    /// The consents of the digital profile that it asks for.
    pub(crate) fn permissions(&self) -> &[Permission] {
        match &self.details {
            RequestDetails::Esia(request) => &request.permissions,
            RequestDetails::Oidc(_) => &[],
        }
    }

    /// `scope` and `scope_org` together.
    pub(super) fn own_scopes(&self) -> Scopes {
        match &self.details {
            RequestDetails::Esia(EsiaRequest { scope_org: Some(others), .. }) => self.scopes.and(others),
            RequestDetails::Esia(_) | RequestDetails::Oidc(_) => self.scopes.clone(),
        }
    }

    /// The same with the scopes of `permissions`.
    pub(crate) fn all_scopes(&self) -> Scopes {
        let names: BTreeSet<_> = self.permissions().iter().flat_map(Permission::scope_names).collect();
        let permitted = names.into_iter().collect::<Vec<_>>().join(" ").parse::<Scopes>();
        permitted.map_or_else(|_| self.own_scopes(), |permitted| self.own_scopes().and(&permitted))
    }

    /// Bare names of ЕСИА's scopes that the person has to consent to.
    pub(super) fn consentable(&self) -> BTreeSet<String> {
        match &self.details {
            RequestDetails::Esia(_) => consentable(&self.all_scopes()),
            RequestDetails::Oidc(request) => {
                all_behind(&self.scopes).into_iter().chain(request.claims.behind()).collect()
            }
        }
    }
}
