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

/// Pending authorization request: it waits for the person to sign in or to consent.
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
    /// Time at which the request was received.
    pub asked_at: DateTime<Utc>,
    /// End of the request's life: from this instant it is treated as unknown.
    pub expires_at: DateTime<Utc>,
    /// Parameters of one protocol only.
    pub details: RequestDetails,
}

/// Parameters of an authorization request that only one of the two protocols has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestDetails {
    /// Parameters of ЕСИА's own protocol (ESIA §1.2).
    Esia(EsiaRequest),
    /// Parameters of OpenID Connect (OpenID Connect Core §3.1.2.1).
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
    /// Issuer URL under which the browser sent the request; the `iss` of the authorization response (RFC 9207).
    pub iss: String,
    /// Claims that the parameter `claims` requests by name.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// `nonce`, which the id token repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Requirements for the person's sign-in.
    pub sign_in: SignInDemands,
}

/// How the authorization response is returned (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query component of the redirect URI.
    #[default]
    Query,
    /// In an HTML form that the browser posts.
    FormPost,
}

/// Requirements of an OpenID Connect authorization request for the person's sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignInDemands {
    /// Whether the person must sign in after the request (`prompt=login`, `prompt=select_account`, `max_age=0`).
    pub fresh: bool,
    /// `urn:esia:sid` of the session that the browser already had when the request was received.
    pub stale: Option<String>,
    /// The parameter `max_age`, seconds.
    pub max_age: Option<i64>,
    /// Subject of `id_token_hint`.
    pub subject: Option<Oid>,
    /// Whether the consent page is shown even if all scopes are consented to already (`prompt=consent`).
    pub consent: bool,
    /// The parameter `login_hint`, which prefills the first field of the login page.
    pub login_hint: Option<String>,
    /// Values of `sub` that the parameter `claims` accepts; empty if it accepts any person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Oid>,
    /// Values of an essential `acr` that the parameter `claims` accepts; empty if it accepts any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<String>,
}

impl SignInDemands {
    /// Checks whether the request accepts this person, by `id_token_hint` and by `sub` in `claims`.
    pub(super) fn is_for(&self, person: Oid) -> bool {
        self.subject.is_none_or(|named| named == person)
            && (self.subjects.is_empty() || self.subjects.contains(&person))
    }
}

/// Claims that an authorization request asks for by name, without unknown ones and those that the client may not have
/// (OpenID Connect Core §5.5).
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
    /// Whether the request asks for no claim by name.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns ЕСИА's scopes that open these claims: the person consents to scopes, not to claims.
    fn behind(&self) -> BTreeSet<String> {
        self.userinfo.union(&self.id_token).flat_map(|claim| scopes_of(claim)).collect()
    }
}

/// Returns ЕСИА's scopes that open a claim; none for an unknown claim.
pub(crate) fn scopes_of(claim: &str) -> impl Iterator<Item = String> {
    behind_claim(claim).unwrap_or_default().iter().map(|&scope| scope.to_owned())
}

/// Returns the bare names of the scopes that need a consent: all but `openid`.
pub(super) fn consentable(scopes: &Scopes) -> BTreeSet<String> {
    scopes.names().into_iter().filter(|name| *name != "openid").map(str::to_owned).collect()
}

impl AuthorizationRequest {
    /// Returns the protocol of the request.
    pub(crate) const fn protocol(&self) -> Protocol {
        match self.details {
            RequestDetails::Esia(_) => Protocol::Esia,
            RequestDetails::Oidc(_) => Protocol::Oidc,
        }
    }

    /// Returns the requested consents of the digital profile; OpenID Connect has none.
    pub(crate) fn permissions(&self) -> &[Permission] {
        match &self.details {
            RequestDetails::Esia(request) => &request.permissions,
            RequestDetails::Oidc(_) => &[],
        }
    }

    /// Returns the scopes of `scope` and `scope_org`.
    pub(super) fn own_scopes(&self) -> Scopes {
        match &self.details {
            RequestDetails::Esia(EsiaRequest { scope_org: Some(others), .. }) => self.scopes.and(others),
            RequestDetails::Esia(_) | RequestDetails::Oidc(_) => self.scopes.clone(),
        }
    }

    /// Returns the scopes of `scope`, `scope_org` and `permissions`.
    pub(crate) fn all_scopes(&self) -> Scopes {
        let names: BTreeSet<_> = self.permissions().iter().flat_map(Permission::scope_names).collect();
        let permitted = names.into_iter().collect::<Vec<_>>().join(" ").parse::<Scopes>();
        permitted.map_or_else(|_| self.own_scopes(), |permitted| self.own_scopes().and(&permitted))
    }

    /// Returns the bare names of ЕСИА's scopes that need the person's consent.
    pub(super) fn consentable(&self) -> BTreeSet<String> {
        match &self.details {
            RequestDetails::Esia(_) => consentable(&self.all_scopes()),
            RequestDetails::Oidc(request) => {
                all_behind(&self.scopes).into_iter().chain(request.claims.behind()).collect()
            }
        }
    }
}
