//! Endpoints of the protocols: they parse requests and write responses; decisions are made in `portal/` and `grants/`.

pub(crate) mod esia;
mod judge;
pub(crate) mod oidc;
pub(crate) mod rs;

pub(crate) use crate::refusal::Refusal;

pub(crate) use crate::params::{ParamError, Params};

/// Content type of every JSON answer of ЕСИА (ESIA §3.3).
pub(crate) const ESIA_JSON: &str = "application/json;charset=UTF-8";
