//! Registration of a client for ЕСИА's own protocol: signature algorithm of its tokens, strictness, and types of
//! consent that it may ask for (ESIA §3.5, §5.2, §9).

use std::collections::BTreeSet;

use esia::language::pick;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Strictness;
use worlds::SeedError;

/// `alg` of a system's tokens and codes, chosen on the technology portal (ESIA §3.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub enum TokenAlgorithm {
    /// RSA with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ГОСТ Р 34.10-2012 with 256 bits.
    #[serde(rename = "GOST3410_2012_256")]
    Gost,
}

/// `grant_type` (ESIA §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A code for tokens.
    AuthorizationCode,
    /// A refresh token for new tokens.
    RefreshToken,
    /// A token of the system's own.
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// Value of the parameter `grant_type`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// What ЕСИА's own protocol needs to know of a system. Everything may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EsiaSpec {
    /// How its tokens and codes are signed.
    pub token_algorithm: TokenAlgorithm,
    /// How strict the provider is with it; left out: as the world is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strictness: Option<Strictness>,
    /// Ways in which it may get tokens; another one is ESIA-007005.
    pub grants: BTreeSet<GrantType>,
    /// No `client_secret` is asked of it at the token endpoint: for clients that send none there (ESIA §9, row 6).
    pub no_secret_at_token: bool,
    /// The first version of the protocol is closed to it: its requests at `/aas/oauth2/ac` and `/aas/oauth2/te` are ESIA-007005.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub second_version_only: bool,
    /// Only people with a confirmed account may enter; others are ESIA-007055.
    pub confirmed_only: bool,
    /// Scopes for which a second factor is demanded; who has none is ESIA-007046.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub second_factor_scopes: BTreeSet<String>,
    /// Types of consent of the digital profile that it may ask for with `permissions`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consent_types: Vec<ConsentType>,
    /// The key with which it gets a token without `te`; its certificate signs it (МР Б.12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
}

impl Default for EsiaSpec {
    fn default() -> Self {
        Self {
            token_algorithm: TokenAlgorithm::default(),
            strictness: None,
            grants: GrantType::ALL.into(),
            no_secret_at_token: false,
            second_version_only: false,
            confirmed_only: false,
            second_factor_scopes: BTreeSet::new(),
            consent_types: Vec::new(),
            api_key: None,
        }
    }
}

/// A type of consent of the digital profile (ESIA §5.2). The real ones, some 150, are not public in detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConsentType {
    /// Мнемоника of the system, as at registration.
    #[schema(example = "CREDIT")]
    pub sysname: String,
    /// What it is called on the consent page; left out: its mnemonic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Scopes that must be named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub mandatory_scopes: BTreeSet<String>,
    /// Scopes that may be named besides; left out: every scope of the system.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scopes: BTreeSet<String>,
    /// Scopes that must not be named, whatever the system has.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub forbidden_scopes: BTreeSet<String>,
    /// Purposes that may be named; left out: its mnemonic.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<String>,
    /// Several purposes at once may be named.
    #[serde(default)]
    pub several_purposes: bool,
    /// Longest term, minutes; left out: five years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_expire_min: Option<u32>,
}

impl EsiaSpec {
    /// Validates the registration.
    ///
    /// # Errors
    /// Names the invalid field by its path within this registration.
    pub(super) fn check(&self) -> Result<(), SeedError> {
        let scope = |path: &str, text: &String| {
            text.parse::<esia::Scope>().map(|_| ()).map_err(|error| SeedError::at(path.to_owned(), &error))
        };
        for (index, text) in self.second_factor_scopes.iter().enumerate() {
            scope(&format!("second-factor-scopes[{index}]"), text)?;
        }
        let mut seen = BTreeSet::new();
        for (index, kind) in self.consent_types.iter().enumerate() {
            let at = |field: &str| format!("consent-types[{index}].{field}");
            if kind.sysname.is_empty() || !seen.insert(&kind.sysname) {
                return Err(SeedError::at(
                    at("sysname"),
                    &pick("нужна мнемоника, у каждого типа своя", "a mnemonic is needed, another one for each type"),
                ));
            }
            let named = [
                ("mandatory-scopes", &kind.mandatory_scopes),
                ("scopes", &kind.scopes),
                ("forbidden-scopes", &kind.forbidden_scopes),
            ];
            for (field, scopes) in named {
                scopes.iter().try_for_each(|text| scope(&at(field), text))?;
            }
        }
        let is_key = |key: &String| {
            (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if self.api_key.as_ref().is_some_and(|key| !is_key(key)) {
            return Err(SeedError::at(
                "api-key",
                &pick(
                    "нужно от 8 до 128 латинских букв, цифр и дефисов",
                    "8 to 128 Latin letters, digits and hyphens are needed",
                ),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_need_be_said() {
        let spec: EsiaSpec = serde_json::from_str("{}").unwrap();
        assert_eq!(spec, EsiaSpec::default());
        assert_eq!((spec.check(), spec.grants.len()), (Ok(()), 3));
        let gost: EsiaSpec = serde_json::from_str(r#"{"token-algorithm":"GOST3410_2012_256"}"#).unwrap();
        assert_eq!(gost.token_algorithm, TokenAlgorithm::Gost);
    }

    #[test]
    fn a_field_that_cannot_be_used_is_named() {
        let path = |json: &str| serde_json::from_str::<EsiaSpec>(json).unwrap().check().unwrap_err().path;
        assert_eq!(path(r#"{"second-factor-scopes":["full name"]}"#), "second-factor-scopes[0]");
        assert_eq!(path(r#"{"consent-types":[{"sysname":""}]}"#), "consent-types[0].sysname");
        assert_eq!(path(r#"{"consent-types":[{"sysname":"A"},{"sysname":"A"}]}"#), "consent-types[1].sysname");
        assert_eq!(path(r#"{"consent-types":[{"sysname":"A","scopes":["?"]}]}"#), "consent-types[0].scopes");
        assert_eq!(path(r#"{"api-key":"short"}"#), "api-key");
        assert_eq!(path(r#"{"api-key":"../../../etc"}"#), "api-key");
    }
}
