//! Lifetimes of the codes and tokens of a world and of one client. Short ones let a client's author see within seconds
//! what happens when a token expires.

use std::ops::RangeInclusive;

use esia::language::tr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::SeedError;

/// Allowed lifetime of a code, an access token or an id token, seconds: up to a day.
const SHORT: RangeInclusive<u32> = 1..=86_400;
/// Allowed lifetime of refresh tokens, seconds: up to a year.
const LONG: RangeInclusive<u32> = 1..=31_536_000;

/// How long codes and tokens of a world work (ESIA §3.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TokenSettings {
    /// An authorization code, seconds.
    pub code_ttl_s: u32,
    /// An access token, seconds.
    pub access_ttl_s: u32,
    /// An id token, seconds.
    pub id_ttl_s: u32,
    /// How long after the sign-in the last of its refresh tokens ends, seconds. ЕСИА's own term is not public.
    pub refresh_ttl_s: u32,
    /// A refresh token works once, and a new one comes in its place. What ЕСИА does is not public.
    pub refresh_rotation: bool,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self { code_ttl_s: 240, access_ttl_s: 3600, id_ttl_s: 10_800, refresh_ttl_s: 86_400, refresh_rotation: true }
    }
}

/// How long codes and tokens of one system work, at both protocols. What is left out is as in the world (`settings.tokens`
/// of its seed, under the same names).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the names of the settings, which say the unit")]
pub struct TokenTerms {
    /// An authorization code, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    #[schema(minimum = 1, maximum = 86_400, example = 5)]
    pub code_ttl_s: Option<u32>,
    /// An access token, a system's own included, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    #[schema(minimum = 1, maximum = 86_400, example = 10)]
    pub access_ttl_s: Option<u32>,
    /// An id token, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    #[schema(minimum = 1, maximum = 86_400, example = 10)]
    pub id_ttl_s: Option<u32>,
    /// How long after the person has come back to the system the last of its refresh tokens ends, seconds. (A world's own
    /// term is counted from the sign-in at Gosuslugi.)
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31_536_000))]
    #[schema(minimum = 1, maximum = 31_536_000, example = 60)]
    pub refresh_ttl_s: Option<u32>,
}

impl TokenTerms {
    /// Whether no lifetime is set.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Validates the lifetimes.
    ///
    /// # Errors
    /// Names the invalid field.
    pub(super) fn check(&self) -> Result<(), SeedError> {
        let terms = [
            ("code-ttl-s", self.code_ttl_s, SHORT),
            ("access-ttl-s", self.access_ttl_s, SHORT),
            ("id-ttl-s", self.id_ttl_s, SHORT),
            ("refresh-ttl-s", self.refresh_ttl_s, LONG),
        ];
        for (name, term, range) in terms {
            if term.is_some_and(|term| !range.contains(&term)) {
                let why = tr!(
                    "нужно целое число секунд от {} до {}",
                    "a whole number of seconds from {} to {} is needed",
                    range.start(),
                    range.end()
                );
                return Err(SeedError::at(name, &why));
            }
        }
        Ok(())
    }

    /// Returns the client's lifetimes, with those of the world where the client has none.
    pub(crate) fn within(&self, world: &TokenSettings) -> TokenSettings {
        TokenSettings {
            code_ttl_s: self.code_ttl_s.unwrap_or(world.code_ttl_s),
            access_ttl_s: self.access_ttl_s.unwrap_or(world.access_ttl_s),
            id_ttl_s: self.id_ttl_s.unwrap_or(world.id_ttl_s),
            refresh_ttl_s: self.refresh_ttl_s.unwrap_or(world.refresh_ttl_s),
            refresh_rotation: world.refresh_rotation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_a_second_at_least_and_a_day_or_a_year_at_most() {
        let path = |json: &str| serde_json::from_str::<TokenTerms>(json).unwrap().check().map_err(|error| error.path);
        for good in ["{}", r#"{"code-ttl-s":1,"access-ttl-s":86400,"id-ttl-s":3,"refresh-ttl-s":31536000}"#] {
            assert_eq!(path(good), Ok(()), "{good}");
        }
        for name in ["code-ttl-s", "access-ttl-s", "id-ttl-s", "refresh-ttl-s"] {
            for term in [0_u32, 31_536_001] {
                assert_eq!(path(&format!(r#"{{"{name}":{term}}}"#)), Err(name.to_owned()), "{term}");
            }
        }
        assert_eq!(path(r#"{"code-ttl-s":86401}"#), Err("code-ttl-s".to_owned()));
    }

    #[test]
    fn what_is_left_out_is_as_in_the_world() {
        let world = TokenSettings { code_ttl_s: 240, refresh_rotation: false, ..TokenSettings::default() };
        let own = TokenTerms { access_ttl_s: Some(2), ..TokenTerms::default() };
        assert_eq!(own.within(&world), TokenSettings { access_ttl_s: 2, ..world });
    }
}
