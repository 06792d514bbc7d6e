//! Choice of the ready settings for a client.

use ::esia::Algorithm;
use web::WorldUrl;

use super::{
    by_hand, esia, openid,
    setting::{Protocol, Setting},
    values::values,
};
use crate::clients::Client;

/// Returns the settings for a registered client: only libraries that can use its kind of key, and those of OpenID
/// Connect only if the client is registered for it.
pub(crate) fn settings(client: &Client, world_url: &WorldUrl, iss: &str) -> Vec<Setting> {
    let is_gost = client.certificates.first().and_then(|first| first.public_key().ok());
    let is_gost = is_gost.is_some_and(|key| key.algorithm() != Algorithm::Rsa);
    let oidc = client.oidc();
    let of = |protocol: Protocol| values(client, world_url, iss, protocol, &oidc);
    let values = of(Protocol::Esia);
    let esia = if is_gost { esia::gost(&values) } else { esia::rsa(&values) };
    let openid = client.spec.oidc.is_some().then(|| openid::all(&of(Protocol::OpenidConnect), is_gost));
    esia.into_iter().chain([by_hand::esia(&values, is_gost)]).chain(openid.into_iter().flatten()).collect()
}
