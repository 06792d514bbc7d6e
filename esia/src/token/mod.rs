//! Tokens: their claims as recorded (ESIA §3.3 to §3.8), signing and checking with RS256 and
//! `GOST3410_2012_256`.
//!
//! `jsonwebtoken` always writes `typ` and `alg` first, which is not ЕСИА's header, so header and claims are assembled
//! here and signed directly.

mod audience;
mod claims;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use audience::Audience;
pub use claims::{
    AccessClaims, AuthMethod, Claims, CodeClaims, DEFAULT_ISSUER, Header, IdClaims, Level, Subject, SystemClaims,
    TokenError, TokenKind, TokenResponse,
};
pub use sign::Signer;
pub use verify::{TokenVerifyError, decode_unverified, verify};
