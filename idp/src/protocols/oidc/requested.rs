//! Parameter `claims` (OpenID Connect Core §5.5): single claims requested for userinfo and for the id token.

use std::collections::{BTreeMap, BTreeSet};

use esia::Oid;
use esia::language::{Told, both};
use serde::Deserialize;
use serde_json::{Map, Value};
use worlds::{Check, Outcome};

use super::{
    error::OidcError,
    judge::{Judge, Registered, Rule},
};
use crate::grants::{RequestedClaims, behind_claim, is_of_id_token, scopes_of};

const RULE: Rule = ("claims", "OpenID Connect Core §5.5");
/// Maximum length of `claims`, characters.
const MAX_CLAIMS: usize = 8192;

/// Parsed parameter, with the values that restrict the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) claims: RequestedClaims,
    /// Persons that `sub` allows; any person if empty.
    pub(super) subjects: Vec<Oid>,
    /// Values of an essential `acr`; any level if empty (OpenID Connect Core §5.5.1.1).
    pub(super) acr: Vec<String>,
}

/// Request for a single claim (OpenID Connect Core §5.5.1).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Individual {
    essential: bool,
    value: Option<Value>,
    values: Option<Vec<Value>>,
}

impl Individual {
    /// Returns every acceptable value.
    fn texts(&self) -> Vec<&str> {
        let all = self.value.iter().chain(self.values.iter().flatten());
        all.map(|value| value.as_str().unwrap_or_default()).collect()
    }
}

/// Members that the provider supports; others are ignored.
#[derive(Debug, Default)]
struct Members {
    userinfo: Member,
    id_token: Member,
}

/// Requested claims by name; the inner `None` stands for `null`, a request without options.
type Member = Option<BTreeMap<String, Option<Individual>>>;

/// Parses the parameter of a request.
///
/// # Errors
/// Fails if it does not have the form that OpenID Connect Core §5.5 describes.
pub(super) fn asked(judge: &Judge<'_>, client: &Registered) -> Result<Asked, OidcError> {
    let Some(text) = judge.optional("claims")? else { return Ok(Asked::default()) };
    let read = read(text);
    let got = read.as_ref().err().map_or_else(|| both!("читается", "it can be read"), Clone::clone);
    let expected = r#"{"userinfo":{"имя":null},"id_token":{"имя":{"essential":true}}}"#;
    let error = OidcError::invalid_request("claims must be a JSON object as OpenID Connect Core section 5.5 describes");
    judge.require(Check::of(RULE, expected, got, read.is_ok()), error)?;
    let members = read.unwrap_or_default();
    let mut asked = values(judge, &members)?;
    let named = |member: &Member| -> BTreeSet<String> { member.iter().flat_map(BTreeMap::keys).cloned().collect() };
    let all = RequestedClaims { userinfo: named(&members.userinfo), id_token: named(&members.id_token) };
    let may = |claim: &String| scopes_of(claim).all(|scope| client.client.spec.scopes.contains(&scope));
    let is_known = |claim: &String| behind_claim(claim).is_some();
    let left_out: Vec<_> = all
        .userinfo
        .union(&all.id_token)
        .filter(|claim| !(is_of_id_token(claim) || (is_known(claim) && may(claim))))
        .map(String::as_str)
        .collect();
    let (got, outcome) = match &left_out[..] {
        [] => (both!("все", "all"), Outcome::Passed),
        some => (both!("не учтены: {}", "not heeded: {}", some.join(" ")), Outcome::Tolerated),
    };
    let expected = both!(
        "claims_supported, за которыми области, разрешённые системе",
        "claims_supported, behind which stand scopes that the client may have"
    );
    judge.checks.record(Check::new(RULE, expected, got, outcome));
    let kept = |claims: BTreeSet<String>| claims.into_iter().filter(|claim| is_known(claim) && may(claim)).collect();
    asked.claims = RequestedClaims { userinfo: kept(all.userinfo), id_token: kept(all.id_token) };
    Ok(asked)
}

fn read(text: &str) -> Result<Members, Told> {
    if text.chars().count() > MAX_CLAIMS {
        return Err(both!("длиннее {MAX_CLAIMS} знаков", "longer than {MAX_CLAIMS} characters"));
    }
    let not_json = |error: serde_json::Error| {
        both!("не тот JSON, знак {}: {error}", "not the right JSON, character {}: {error}", error.column())
    };
    let whole: Map<String, Value> = serde_json::from_str(text).map_err(not_json)?;
    let member = |name: &str| match whole.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(claims)) => claims.iter().map(|(claim, how)| individual(name, claim, how)).collect(),
        Some(_) => Err(both!("{name}: нужен объект", "{name}: an object is needed")),
    };
    Ok(Members { userinfo: member("userinfo")?, id_token: member("id_token")? })
}

/// Parses the request for one claim: `null`, or an object.
fn individual(member: &str, claim: &str, how: &Value) -> Result<Option<(String, Option<Individual>)>, Told> {
    let read = match how {
        Value::Null => Some(None),
        Value::Object(_) => Individual::deserialize(how).ok().map(Some),
        _ => None,
    };
    let wrong = || {
        both!(
            "{member}.{claim}: нужен null или объект с essential, value, values",
            "{member}.{claim}: null is needed, or an object with essential, value, values"
        )
    };
    read.map(|read| Some((claim.to_owned(), read))).ok_or_else(wrong)
}

/// Reads the values that restrict the sign-in: those of `sub` and of an essential `acr`. Other values are ignored.
fn values(judge: &Judge<'_>, members: &Members) -> Result<Asked, OidcError> {
    let of = |claim: &str| {
        let both = [&members.userinfo, &members.id_token].into_iter().flatten();
        both.filter_map(|member| member.get(claim)?.clone()).collect::<Vec<_>>()
    };
    let mut subjects = Vec::new();
    for text in of("sub").iter().flat_map(Individual::texts) {
        let subject = text.parse::<Oid>();
        let error = OidcError::invalid_request("claims: the value of sub is not a subject of this issuer");
        if subject.is_err() {
            judge.require(
                Check::of(RULE, both!("sub: номер учётной записи", "sub: the number of an account"), text, false),
                error,
            )?;
        }
        subjects.extend(subject);
    }
    let essential = of("acr").into_iter().filter(|acr| acr.essential);
    let acr = essential.flat_map(|acr| acr.texts().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    Ok(Asked { subjects, acr, ..Asked::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_null_or_objects_and_others_are_passed_over() {
        for good in [
            "{}",
            r#"{"userinfo":null}"#,
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"value":"x","new":1}}}"#,
            r#"{"id_token":{"auth_time":{"essential":true},"acr":{"values":["a","b"]}},"elsewhere":{"x":1}}"#,
        ] {
            assert!(read(good).is_ok(), "{good}: {:?}", read(good).err());
        }
        for wrong in [
            "",
            "[]",
            "userinfo",
            r#"{"userinfo":["email"]}"#,
            r#"{"userinfo":{"email":true}}"#,
            r#"{"userinfo":[]}"#,
            r#"{"id_token":{"sub":[]}}"#,
            r#"{"userinfo":{"email":{"essential":"yes"}}}"#,
            r#"{"id_token":{"acr":{"values":"a"}}}"#,
            &format!(r#"{{"userinfo":{{"{}":null}}}}"#, "x".repeat(MAX_CLAIMS)),
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
