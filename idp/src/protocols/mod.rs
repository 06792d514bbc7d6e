//! The wire: each protocol reads requests and writes answers; what it decides on is in `portal/` and `grants/`.

pub(crate) mod esia;
pub(crate) mod oidc;
mod params;
pub(crate) mod rs;

pub(crate) use params::{ParamError, Params};
