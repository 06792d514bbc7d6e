//! What is asked of the search, and what it answers.

use std::fmt;

use super::{
    super::{Field, Order, Request},
    slip::Slip,
};
use crate::certificate::Certificate;
use crate::language::{Told, tr};

/// `client_secret` as it came, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret<'a> {
    /// CMS of the first version.
    Cms(&'a [u8]),
    /// The bare signature of the second and third.
    Raw(&'a [u8]),
}

/// A signature that was refused, with what a client may have mistaken.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// The signature as it came.
    pub secret: Secret<'a>,
    /// What should have been signed.
    pub order: Order,
    /// The parameters as they came.
    pub request: Request<'a>,
    /// Certificates of the client whose keys may have signed.
    pub certificates: &'a [Certificate],
    /// Certificates of the same client that are no more in force: expired, replaced.
    pub stale: &'a [Certificate],
    /// Certificates of other clients, with their mnemonics.
    pub others: &'a [(String, Certificate)],
    /// `client_certificate_hash`, where there is one.
    pub certificate_hash: Option<&'a str>,
    /// Requests that the same client made before, the latest first.
    pub earlier: &'a [Earlier<'a>],
    /// Other values that are registered: which parameter, the value, and whose it is in words.
    pub registered: &'a [(Field, String, Told)],
    /// All parameters in the order of arrival.
    pub sent: &'a [(String, String)],
}

/// A request that a client made before.
#[derive(Clone, Debug)]
pub struct Earlier<'a> {
    /// Name of the request in messages: `№ 17, GET /aas/oauth2/ac`.
    pub which: String,
    /// What it should have signed.
    pub order: Order,
    /// Parameters of that request.
    pub request: Request<'a>,
}

/// Which known mistakes explain a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// All of them together.
    pub slips: Vec<Slip>,
    /// The string that the signature is good for, where it is known.
    pub signed: Option<String>,
    /// The certificate that it is good with, where it is known.
    pub certificate: Option<Certificate>,
}

/// «порядок другого запроса: … подписана строка «…»»
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told: Vec<_> = self.slips.iter().map(ToString::to_string).collect();
        told.extend(
            self.signed.iter().map(|signed| tr!("подписана строка «{signed}»", "the string «{signed}» is signed")),
        );
        f.write_str(&told.join("; "))
    }
}

/// Result of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What explains the signature; none when nothing known does, or when nothing is wrong.
    pub mistake: Option<Mistake>,
    /// How many strings were tried.
    pub tried: usize,
    /// How many of these against a ГОСТ signature, counting keys and forms.
    pub checked: usize,
    /// The certificate whose key has surely made the signature, though not of the right string.
    pub signer: Option<Certificate>,
}
