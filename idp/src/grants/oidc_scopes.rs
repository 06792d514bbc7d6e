//! Scopes and claims of OpenID Connect, each with the ЕСИА scopes that it requires. Consents are given to ЕСИА's
//! scopes, so a consent holds in both protocols.

use std::collections::BTreeSet;

use esia::{Scopes, scope::KNOWN};

/// Scope with a standard name (OpenID Connect Core §5.4, §11) or one that joins several ЕСИА scopes.
struct Standard {
    name: &'static str,
    esia: &'static [&'static str],
}

/// Scopes with names other than ЕСИА's. `children` is our own: all data of the children in a guardian's «Семья и дети».
const STANDARD: &[Standard] = &[
    Standard { name: "openid", esia: &[] },
    Standard { name: "offline_access", esia: &[] },
    Standard { name: "profile", esia: &["fullname", "birthdate", "gender"] },
    Standard { name: "email", esia: &["email"] },
    Standard { name: "phone", esia: &["mobile"] },
    Standard { name: "address", esia: &["addresses"] },
    Standard {
        name: "children",
        esia: &["kid_fullname", "kid_birthdate", "kid_gender", "kid_snils", "kid_birth_cert_doc"],
    },
];

/// ЕСИА scopes that OpenID Connect clients may request by ЕСИА's names.
const ESIA: &[&str] = &[
    "fullname",
    "birthdate",
    "gender",
    "snils",
    "birth_cert_doc",
    "id_doc",
    "mobile",
    "addresses",
    "kid_fullname",
    "kid_birthdate",
    "kid_gender",
    "kid_snils",
    "kid_birth_cert_doc",
];

/// Scope of a `client_credentials` token by which a client requests a person's consent.
pub(crate) const CONSENT_REQUEST: &str = "consent_request";

/// Claims about a person that userinfo may return, each with the ЕСИА scopes that it requires.
const CLAIMS: &[(&str, &[&str])] = &[
    ("sub", &[]),
    ("name", &["fullname"]),
    ("family_name", &["fullname"]),
    ("given_name", &["fullname"]),
    ("middle_name", &["fullname"]),
    ("birthdate", &["birthdate"]),
    ("gender", &["gender"]),
    ("updated_at", &["fullname"]),
    ("email", &["email"]),
    ("email_verified", &["email"]),
    ("phone_number", &["mobile"]),
    ("phone_number_verified", &["mobile"]),
    ("address", &["addresses"]),
    ("snils", &["snils"]),
    ("birth_certificate", &["birth_cert_doc"]),
    ("id_document", &["id_doc"]),
    ("trusted", &[]),
    ("account_level", &[]),
    ("child_account", &[]),
    ("children", &["kid_fullname", "kid_birthdate", "kid_gender", "kid_snils", "kid_birth_cert_doc"]),
];
/// Claims that only the id token has.
const ID_CLAIMS: &[&str] = &["iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];

/// Returns `scopes_supported` of the provider metadata.
pub(crate) fn supported() -> Vec<&'static str> {
    let standard = STANDARD.iter().map(|scope| scope.name);
    standard.chain(ESIA.iter().copied()).chain([CONSENT_REQUEST]).collect()
}

/// Returns `claims_supported` of the provider metadata.
pub(crate) fn claims_supported() -> Vec<&'static str> {
    CLAIMS.iter().map(|(name, _)| *name).chain(ID_CLAIMS.iter().copied()).collect()
}

/// Returns the ЕСИА scopes that a claim requires; `None` for a claim that userinfo never returns.
pub(crate) fn behind_claim(claim: &str) -> Option<&'static [&'static str]> {
    CLAIMS.iter().find(|(name, _)| *name == claim).map(|(_, scopes)| *scopes)
}

/// Checks whether a claim is one that the id token contains without being asked for.
pub(crate) fn is_of_id_token(claim: &str) -> bool {
    ID_CLAIMS.contains(&claim)
}

/// Returns the ЕСИА scopes that an OpenID Connect scope stands for; `None` for an unknown scope.
pub(crate) fn behind(scope: &str) -> Option<Vec<&'static str>> {
    if let Some(standard) = STANDARD.iter().find(|standard| standard.name == scope) {
        return Some(standard.esia.to_vec());
    }
    KNOWN.iter().map(|known| known.name).find(|name| *name == scope && ESIA.contains(name)).map(|name| vec![name])
}

/// Returns the ЕСИА scopes that these OpenID Connect scopes stand for, which the person has to consent to.
pub(crate) fn all_behind(scopes: &Scopes) -> BTreeSet<String> {
    scopes.iter().filter_map(|scope| behind(&scope.name)).flatten().map(str::to_owned).collect()
}

/// Splits the parameter `scope` (RFC 6749 §3.3) into its values, in order, without repetitions.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    text.split(' ').filter(|word| !word.is_empty() && seen.insert(*word)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_that_is_advertised_is_understood_once() {
        let supported = supported();
        assert_eq!(supported.iter().collect::<BTreeSet<_>>().len(), supported.len());
        let unknown: Vec<_> = supported.iter().filter(|scope| behind(scope).is_none()).collect();
        assert_eq!(unknown, [&CONSENT_REQUEST]);
        let esia = STANDARD.iter().flat_map(|scope| scope.esia).chain(ESIA);
        for name in esia {
            assert!(KNOWN.iter().any(|known| known.name == *name), "{name} has no words on the consent page");
        }
    }

    #[test]
    fn scopes_are_split_at_spaces_and_kept_in_order() {
        assert_eq!(words(" openid  snils openid profile"), ["openid", "snils", "profile"]);
        assert_eq!(behind("postal"), None);
        assert_eq!(behind("address"), Some(vec!["addresses"]));
        assert_eq!(
            all_behind(&"openid profile snils offline_access".parse().unwrap()).into_iter().collect::<Vec<_>>(),
            ["birthdate", "fullname", "gender", "snils"]
        );
    }
}
