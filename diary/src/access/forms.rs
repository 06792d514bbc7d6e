//! Forms of parents, administrators and secretaries, and their parsing.

use chrono::NaiveDate;
use esia::{FullName, Phone, Snils};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::read_past_day;

use super::{data::Paper, data::Request, model::REASON_LIMIT};
use crate::{
    register::Relation,
    school::{Faults, keep},
};

/// An application as it is typed. Name, birthday and СНИЛС of the applicant are the account's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ApplicationForm {
    /// «Кем вы приходитесь ребёнку»: `mother`, `father` or `representative`.
    #[serde(default)]
    pub(super) relation: String,
    /// «Телефон для связи»; may be empty.
    #[serde(default)]
    pub(super) phone: String,
    /// «Фамилия Имя Отчество ребёнка».
    #[serde(default)]
    pub(super) child: String,
    /// «Дата рождения ребёнка», `ГГГГ-ММ-ДД` or `ДД.ММ.ГГГГ`.
    #[serde(default)]
    pub(super) born: String,
    /// «СНИЛС ребёнка»; may be empty unless several children are of that name and birthday.
    #[serde(default)]
    pub(super) child_snils: String,
}

impl ApplicationForm {
    /// Parses every field.
    ///
    /// # Errors
    /// Returns all faulty fields.
    pub(super) fn read(&self, today: NaiveDate) -> Result<Request, Faults> {
        let mut faults = Faults::new();
        let relation = keep(&mut faults, "relation", read_relation(&self.relation));
        let phone = optional::<Phone>(&mut faults, "phone", &self.phone);
        let child = keep(&mut faults, "child", self.child.parse::<FullName>());
        let born = keep(&mut faults, "born", read_past_day(&self.born, today));
        let child_snils = optional::<Snils>(&mut faults, "child_snils", &self.child_snils);
        match (relation, child, born) {
            (Some(relation), Some(child), Some(born)) if faults.is_empty() => {
                Ok(Request { relation, phone, child, born, child_snils })
            }
            _ => Err(faults),
        }
    }
}

fn read_relation(text: &str) -> Result<Relation, &'static str> {
    Relation::REPRESENTATIVES
        .into_iter()
        .find(|relation| relation.code() == text)
        .ok_or("выберите, кем вы приходитесь ребёнку: мать, отец или законный представитель")
}

/// Parses a field that may be empty.
fn optional<T: std::str::FromStr<Err: std::fmt::Display>>(
    faults: &mut Faults,
    field: &'static str,
    text: &str,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() { None } else { keep(faults, field, text.parse()) }
}

/// Why the school says no.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeclineForm {
    /// «Почему»: what the parent will read.
    #[serde(default)]
    pub(super) reason: String,
}

impl DeclineForm {
    /// Returns the trimmed reason.
    ///
    /// # Errors
    /// Fails if the reason is empty or too long.
    pub(super) fn read(&self) -> Result<&str, Faults> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(vec![("reason", "Напишите, почему заявление отклонено".to_owned())]);
        }
        if reason.chars().count() > REASON_LIMIT {
            return Err(vec![("reason", format!("Не больше {REASON_LIMIT} знаков"))]);
        }
        Ok(reason)
    }
}

/// «Согласие на обработку персональных данных» as the secretary types it from the paper (R004.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ConsentForm {
    /// «Фамилия Имя Отчество представителя».
    #[serde(default)]
    pub(super) name: String,
    /// «СНИЛС представителя»: eleven digits, dashes and spaces as in [`esia::Snils`].
    #[serde(default)]
    pub(super) snils: String,
    /// «Кем приходится ученику»: `mother`, `father` or `representative`.
    #[serde(default)]
    pub(super) relation: String,
    /// «Дата подписания», `ГГГГ-ММ-ДД` or `ДД.ММ.ГГГГ`.
    #[serde(default)]
    pub(super) signed_on: String,
}

impl ConsentForm {
    /// Parses every field.
    ///
    /// # Errors
    /// Returns all faulty fields.
    pub(super) fn read(&self, today: NaiveDate) -> Result<Paper, Faults> {
        let mut faults = Faults::new();
        let name = keep(&mut faults, "name", self.name.parse::<FullName>());
        let snils = keep(&mut faults, "snils", self.snils.trim().parse::<Snils>());
        let relation = Relation::REPRESENTATIVES.into_iter().find(|relation| relation.code() == self.relation);
        let relation = relation.ok_or("выберите, кем приходится ученику: мать, отец или законный представитель");
        let relation = keep(&mut faults, "relation", relation);
        let signed_on = keep(&mut faults, "signed_on", read_past_day(&self.signed_on, today));
        match (name, snils, relation, signed_on) {
            (Some(name), Some(snils), Some(relation), Some(signed_on)) => {
                Ok(Paper { name, snils, relation, signed_on })
            }
            _ => Err(faults),
        }
    }
}

/// The phone of a child account, as the parents gave it (R004.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct PhoneForm {
    /// «Телефон детской учётной записи»; empty when there is none.
    #[serde(default)]
    pub(super) phone: String,
}

impl PhoneForm {
    /// Parses the phone; `None` if the field is empty.
    ///
    /// # Errors
    /// Fails if the text is not a phone number.
    pub(super) fn read(&self) -> Result<Option<Phone>, Faults> {
        let mut faults = Faults::new();
        let phone = optional(&mut faults, "phone", &self.phone);
        if faults.is_empty() { Ok(phone) } else { Err(faults) }
    }
}
