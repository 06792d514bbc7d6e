//! Parameters `person_filter`, `obj_type` and `roles` of an authorization request (ESIA §1.2, §6.1–§6.3).

use std::collections::BTreeSet;

use esia::EsiaError;
use esia::language::both;
use worlds::Check;

use super::judge::{Judge, Rule};
use crate::{
    grants::{Filters, PersonFilter, SubjectType},
    slips::value::slip,
};

const PERSON: Rule = ("person-filter", "ESIA §1.2, §6.1, §6.2");
const KIND: Rule = ("subject-type", "ESIA §1.2, §6.3, §10");

/// Parses the restrictions on the persons and roles that may sign in.
pub(super) fn filters(judge: &Judge<'_>) -> Result<Filters, EsiaError> {
    let person = match judge.optional("person_filter")? {
        None => None,
        Some(text) => {
            let known = match text {
                "conf_acc" => Some(PersonFilter::ConfAcc),
                "acc_kid" => Some(PersonFilter::AccKid),
                "acc_not_kid" => Some(PersonFilter::AccNotKid),
                _ => None,
            };
            let expected = both!("conf_acc, acc_kid или acc_not_kid", "conf_acc, acc_kid or acc_not_kid");
            let is_known = |text: &str| matches!(text, "conf_acc" | "acc_kid" | "acc_not_kid");
            let found = Check::of(PERSON, expected, text, known.is_some());
            judge.require(found.mistakes(slip("person_filter", text, is_known)), EsiaError::InvalidRequest)?;
            known
        }
    };
    let types = subject_types(judge, "obj_type", |(_, letter, _), word| *letter == word, &EsiaError::BadObjectType)?;
    let roles = subject_types(judge, "roles", |(_, _, name), word| *name == word, &EsiaError::BadRoles)?;
    Ok(Filters { person, types, roles })
}

type Row = (SubjectType, &'static str, &'static str);

fn subject_types(
    judge: &Judge<'_>,
    name: &'static str,
    is_named: fn(&Row, &str) -> bool,
    error: &EsiaError,
) -> Result<BTreeSet<SubjectType>, EsiaError> {
    let Some(text) = judge.optional(name)? else { return Ok(BTreeSet::new()) };
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let found: Option<BTreeSet<_>> =
        words.map(|word| SubjectType::ALL.iter().find(|row| is_named(row, word)).map(|row| row.0)).collect();
    let known = found.filter(|types| !types.is_empty());
    let all = SubjectType::ALL.map(|(_, letter, word)| if name == "roles" { word } else { letter }).join(", ");
    let expected =
        both!("{name}: {all}, через пробел или запятую", "{name}: {all}, with blanks or commas between them");
    let is_known = |text: &str| SubjectType::ALL.iter().any(|row| is_named(row, text));
    let found = Check::of(KIND, expected, text, known.is_some()).mistakes(slip(name, text, is_known));
    judge.require(found, error.clone())?;
    known.ok_or_else(|| error.clone())
}
