//! Authorization server for both protocols (RFC 6749): authorization requests, consent to them, codes, tokens. The
//! protocols parse requests and write responses; the decisions are made here.

mod asking;
mod authorize;
mod backchannel;
mod decision;
mod elsewhere;
mod entry;
mod error;
mod event;
mod filters;
mod form_post;
mod grant;
mod in_force;
mod oidc_scopes;
mod permission;
mod redirect_uri;
mod request;
mod sign_out;
mod store;
#[cfg(test)]
mod store_tests;
mod tell;
mod tokens;

pub(crate) use asking::{Asking, ConsentAnswer, ConsentForm, ConsentPage, PendingRequest, RequestGone};
pub(crate) use authorize::{Continuation, IssuedCode, NextStep, fingerprint, keep, proceed, proceed_silently};
pub(crate) use decision::{Decision, act, act_always};
pub(crate) use elsewhere::grant_of_other_world;
pub(crate) use entry::{ACR, Denial, accepts, acr};
pub(crate) use error::{GrantError, OtherSignIn};
pub(crate) use event::{ClientTokenPurpose, GrantEvent, TokenName};
pub(crate) use filters::{Filters, PersonFilter, SubjectType};
pub(crate) use form_post::FormPost;
pub(crate) use grant::{Grant, OidcGrant};
pub(crate) use in_force::{
    in_force, knows_sid, oidc_in_force, organisation_of, permissions_in_force, seconds, strictness, subject_of, terms,
};
pub(crate) use oidc_scopes::{
    CONSENT_REQUEST, all_behind, behind, behind_claim, claims_supported, is_of_id_token, supported, words,
};
pub(crate) use permission::{Named, Permission, permission_subject};
pub(crate) use redirect_uri::{RedirectUri, in_world, is_registered};
pub(crate) use request::{
    AccessType, AuthorizationRequest, EsiaRequest, OidcRequest, Protocol, RequestDetails, RequestedClaims,
    ResponseMode, SignInDemands, scopes_of,
};
pub(crate) use sign_out::{api as sign_out_api, end, pages as sign_out_pages};
pub(crate) use store::Grants;
pub(crate) use tell::sentence;
pub(crate) use tokens::{PresentedCode, PresentedRefresh, TokenRequest, Tokens, redeem, refresh};
