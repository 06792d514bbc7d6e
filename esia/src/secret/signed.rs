//! The string that a `client_secret` signs, for each version of each endpoint (ESIA §2.1).

/// `/aas/oauth2/ac` and `/aas/oauth2/te`, every grant: `scope + timestamp + client_id + state`.
pub fn v1(scope: &str, timestamp: &str, client_id: &str, state: &str) -> String {
    [scope, timestamp, client_id, state].concat()
}

/// The parameters that the second and third versions sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The parameter `client_id`.
    pub client_id: &'a str,
    /// The parameter `scope`.
    pub scope: &'a str,
    /// `scope_org`; empty adds nothing.
    pub scope_org: &'a str,
    /// The parameter `timestamp`.
    pub timestamp: &'a str,
    /// The parameter `state`.
    pub state: &'a str,
    /// The parameter `redirect_uri`.
    pub redirect_uri: &'a str,
}

/// `/aas/oauth2/v2/ac`: `client_id + scope + [scope_org] + timestamp + state + redirect_uri`.
pub fn v2_authorize(signed: &Signed<'_>) -> String {
    let Signed { client_id, scope, scope_org, timestamp, state, redirect_uri } = signed;
    [*client_id, scope, scope_org, timestamp, state, redirect_uri].concat()
}

/// `/aas/oauth2/v3/te` with `authorization_code`: the order of [`v2_authorize`] `+ code`.
pub fn v3_token(signed: &Signed<'_>, code: &str) -> String {
    v2_authorize(signed) + code
}

/// `/aas/oauth2/v3/te` with `refresh_token`, with a redirect (a): the order of [`v2_authorize`].
pub fn v3_refresh(signed: &Signed<'_>) -> String {
    v2_authorize(signed)
}

/// `/aas/oauth2/v3/te` with `refresh_token`, without a redirect (b): `client_id + scope + timestamp + state +
/// refresh_token`.
pub fn v3_refresh_token(signed: &Signed<'_>, refresh_token: &str) -> String {
    [signed.client_id, signed.scope, signed.timestamp, signed.state, refresh_token].concat()
}

/// `/aas/oauth2/v3/te` with `client_credentials`: `client_id + scope + timestamp + state + redirect_uri`.
pub fn v3_client_credentials(signed: &Signed<'_>) -> String {
    v2_authorize(&Signed { scope_org: "", ..*signed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_orders_are_those_of_the_protocol() {
        let signed = Signed {
            client_id: "<client>",
            scope: "<scope>",
            scope_org: "<org>",
            timestamp: "<time>",
            state: "<state>",
            redirect_uri: "<redirect>",
        };
        insta::assert_snapshot!(v1("<scope>", "<time>", "<client>", "<state>"), @"<scope><time><client><state>");
        insta::assert_snapshot!(v2_authorize(&signed), @"<client><scope><org><time><state><redirect>");
        insta::assert_snapshot!(v2_authorize(&Signed { scope_org: "", ..signed }), @"<client><scope><time><state><redirect>");
        insta::assert_snapshot!(v3_token(&signed, "<code>"), @"<client><scope><org><time><state><redirect><code>");
    }
}
