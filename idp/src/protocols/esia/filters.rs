//! Who may enter: `person_filter`, `obj_type`, `roles`, and what a system is registered to demand (ESIA §1.2, §1.5, §6.1–§6.3).
//!
//! The values of `obj_type` and `roles` are not public (ESIA §10). Here `obj_type` takes the letters that `urn:esia:sbj:typ` is
//! known or likely to have, and `roles` the kinds of roles that `/rs` shows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{EsiaError, Oid, person::OrganisationKind, token};
use serde::{Deserialize, Serialize};

use super::{
    judge::Judge,
    model::Pending,
    verdict::{Found, Rule},
};
use crate::{
    clients::Client,
    portal::accounts::{Account, Session},
    slips::value::slip,
};

const PERSON: Rule = ("person-filter", "ESIA §1.2, §6.1, §6.2");
const KIND: Rule = ("subject-type", "ESIA §1.2, §6.3, §10");
const SOURCE: &str = "ESIA §1.2";

/// `person_filter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonFilter {
    /// Confirmed accounts only.
    ConfAcc,
    /// Child accounts only.
    AccKid,
    /// Everybody but children.
    AccNotKid,
}

/// As what somebody may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectType {
    /// Частное лицо.
    Private,
    /// ИП.
    Business,
    /// ЮЛ.
    Legal,
    /// ОГВ.
    Agency,
}

impl SubjectType {
    /// With its letter and its name.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Private, "P", "PRIVATE"),
        (Self::Business, "B", "BUSINESS"),
        (Self::Legal, "L", "LEGAL"),
        (Self::Agency, "A", "AGENCY"),
    ];

    fn of(account: &Account, organisation: Option<Oid>) -> Self {
        let role = account.roles.iter().find(|role| Some(role.oid) == organisation);
        match role.map(|role| role.kind) {
            None => Self::Private,
            Some(OrganisationKind::Business) => Self::Business,
            Some(OrganisationKind::Legal) => Self::Legal,
            Some(OrganisationKind::Agency) => Self::Agency,
        }
    }
}

/// What a request says of who may enter. Nothing said lets everybody in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Filters {
    /// `person_filter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonFilter>,
    /// `obj_type`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub types: BTreeSet<SubjectType>,
    /// `roles`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<SubjectType>,
}

impl Filters {
    /// Reads them from a request.
    pub(super) fn of(judge: &Judge<'_>) -> Result<Self, EsiaError> {
        let person = match judge.optional("person_filter", SOURCE)? {
            None => None,
            Some(text) => {
                let known = match text {
                    "conf_acc" => Some(PersonFilter::ConfAcc),
                    "acc_kid" => Some(PersonFilter::AccKid),
                    "acc_not_kid" => Some(PersonFilter::AccNotKid),
                    _ => None,
                };
                let expected = "conf_acc, acc_kid или acc_not_kid";
                let is_known = |text: &str| matches!(text, "conf_acc" | "acc_kid" | "acc_not_kid");
                let found = Found::new(PERSON, expected, (text, known.is_some()));
                judge.must_hold(found.mistakes(slip("person_filter", text, is_known)), EsiaError::InvalidRequest)?;
                known
            }
        };
        let types =
            subject_types(judge, "obj_type", |(_, letter, _), word| *letter == word, &EsiaError::BadObjectType)?;
        let roles = subject_types(judge, "roles", |(_, _, name), word| *name == word, &EsiaError::BadRoles)?;
        Ok(Self { person, types, roles })
    }
}

type Row = (SubjectType, &'static str, &'static str);

fn subject_types(
    judge: &Judge<'_>,
    name: &'static str,
    is_named: fn(&Row, &str) -> bool,
    error: &EsiaError,
) -> Result<BTreeSet<SubjectType>, EsiaError> {
    let Some(text) = judge.optional(name, SOURCE)? else { return Ok(BTreeSet::new()) };
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let found: Option<BTreeSet<_>> =
        words.map(|word| SubjectType::ALL.iter().find(|row| is_named(row, word)).map(|row| row.0)).collect();
    let known = found.filter(|types| !types.is_empty());
    let all = SubjectType::ALL.map(|(_, letter, word)| if name == "roles" { word } else { letter }).join(", ");
    let expected = format!("{name}: {all}, через пробел или запятую");
    let is_known = |text: &str| SubjectType::ALL.iter().any(|row| is_named(row, text));
    let found = Found::new(KIND, expected, (text, known.is_some())).mistakes(slip(name, text, is_known));
    judge.must_hold(found, error.clone())?;
    known.ok_or_else(|| error.clone())
}

/// A demand on who enters: what was found, and the answer if it is not met.
pub(super) type Demand = (Found, EsiaError);

/// What must hold of the person who has signed in for a request, in order.
pub(super) fn demands(
    pending: &Pending,
    (account, session): (&Account, &Session),
    client: &Client,
    now: DateTime<Utc>,
) -> Vec<(bool, Demand)> {
    let mut demands = Vec::new();
    let mut demand = |rule, expected: &str, (got, is_met): (&str, bool), error| {
        demands.push((is_met, (Found::new(rule, expected, (got, is_met)), error)));
    };
    let level = account.wire_level(worlds::moscow::date(now));
    let (is_confirmed, is_child) = (level == token::Level::Pr, level == token::Level::Kd);
    let got = if is_child { "детская учётная запись" } else { account.level.text() };
    let filters = &pending.extras.filters;
    if client.spec.esia.confirmed_only || filters.person == Some(PersonFilter::ConfAcc) {
        demand(PERSON, "подтверждённая учётная запись", (got, is_confirmed), EsiaError::AccountNotConfirmed);
    }
    match filters.person {
        Some(PersonFilter::AccKid) => {
            demand(PERSON, "детская учётная запись", (got, is_child), EsiaError::BadSubjectType);
        }
        Some(PersonFilter::AccNotKid) => {
            demand(PERSON, "не детская учётная запись", (got, !is_child), EsiaError::BadSubjectType);
        }
        Some(PersonFilter::ConfAcc) | None => {}
    }
    let secured = &client.spec.esia.second_factor_scopes;
    if pending.scopes.names().iter().any(|name| secured.contains(*name)) {
        let has = *account.factor() != crate::portal::accounts::SecondFactor::None;
        let got = if has { "второй фактор включён" } else { "второго фактора нет" };
        let rule = ("second-factor", "ESIA §1.5");
        demand(rule, "область доступа требует второго фактора", (got, has), EsiaError::SecondFactorImpossible);
    }
    let kind = SubjectType::of(account, session.organisation);
    for allowed in [&filters.types, &filters.roles] {
        let is_met = allowed.is_empty() || allowed.contains(&kind);
        if !allowed.is_empty() {
            let expected = format!("входят как {allowed:?}");
            demand(KIND, &expected, (&format!("{kind:?}"), is_met), EsiaError::BadSubjectType);
        }
    }
    let (got, is_met) = match organisation(pending, account, session) {
        Ok(None) => return demands,
        Ok(Some(organisation)) => (format!("сотрудник организации {organisation}"), true),
        Err(got) => (got, false),
    };
    let rule = ("organisation", "ESIA §1.5, §6.3");
    demand(rule, "входят как сотрудник той же организации", (&got, is_met), EsiaError::NotEmployed);
    demands
}

/// The organisation whose data a request asks for: the one that its scopes name, else the one that the person has
/// entered for. `None` when it asks for none.
pub(super) fn organisation(pending: &Pending, account: &Account, session: &Session) -> Result<Option<Oid>, String> {
    let asked = pending.all_scopes();
    let named: BTreeSet<Option<Oid>> =
        asked.iter().filter(|scope| scope.is_of_organisation()).map(|scope| scope.org_oid).collect();
    let Some(first) = named.first() else { return Ok(None) };
    if named.len() > 1 {
        return Err("области называют разные организации".to_owned());
    }
    let organisation = first.or(session.organisation).ok_or("человек вошёл как частное лицо")?;
    let is_employed = account.roles.iter().any(|role| role.oid == organisation);
    if is_employed {
        Ok(Some(organisation))
    } else {
        Err(format!("организация {organisation}: не сотрудник"))
    }
}
