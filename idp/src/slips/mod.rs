//! What a wrong value was meant to be: pure rules that name the mistake of a request, for both protocols. Names stand in
//! [`worlds::mistakes`].

pub(crate) mod known;
pub(crate) mod pkce;
pub(crate) mod redirect;
pub(crate) mod scope;
pub(crate) mod time;
pub(crate) mod token;
pub(crate) mod unknown;
pub(crate) mod value;
