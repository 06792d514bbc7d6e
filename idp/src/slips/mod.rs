//! Rules that name the mistake behind a wrong value, for both protocols. They are pure functions; the catalogue of
//! names is in [`worlds::mistakes`].

pub(crate) mod known;
pub(crate) mod pkce;
pub(crate) mod redirect;
pub(crate) mod scope;
pub(crate) mod time;
pub(crate) mod token;
pub(crate) mod unknown;
pub(crate) mod value;
