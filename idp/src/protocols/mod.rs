//! The wire: each protocol reads requests and writes answers; what it decides on is in `portal/` and `grants/`.

pub(crate) mod esia;
pub(crate) mod login;
pub(crate) mod oidc;
pub(crate) mod rs;
