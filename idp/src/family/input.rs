//! What people type in «Семья и дети», read field by field. A page and its JSON twin share these.

use esia::{BirthCertificate, Email, Phone};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CardData, CardError};
use crate::{
    accounts::check_password,
    input::{Faults, read_date, read_gender, read_name},
};

impl From<CardError> for Faults {
    fn from(error: CardError) -> Self {
        Self::one(error.field().unwrap_or("form"), error.to_string())
    }
}

/// A child's card as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct CardInput {
    /// Фамилия.
    #[serde(default)]
    pub last: String,
    /// Имя.
    #[serde(default)]
    pub first: String,
    /// Отчество; empty for none.
    #[serde(default)]
    pub middle: String,
    /// `M` or `F`.
    #[serde(default)]
    pub gender: String,
    /// Day of birth, `2012-05-17`.
    #[serde(default)]
    pub born: String,
    /// Series of the birth certificate, `I-МЮ`.
    #[serde(default)]
    pub series: String,
    /// Number of the birth certificate, six digits.
    #[serde(default)]
    pub number: String,
    /// СНИЛС; empty to have it searched for.
    #[serde(default)]
    pub snils: String,
}

impl CardInput {
    /// # Errors
    /// Every field at fault.
    pub fn read(&self) -> Result<CardData, Faults> {
        let mut faults = Faults::default();
        let name = read_name(&mut faults, &self.last, &self.first, &self.middle);
        let gender = faults.take("gender", read_gender(&self.gender));
        let born = faults.take("born", read_date(&self.born));
        let certificate = certificate(&mut faults, &self.series, &self.number);
        let snils = Some(self.snils.trim()).filter(|text| !text.is_empty());
        let snils = snils.map(|text| faults.take("snils", text.parse()));
        match (name, gender, born, certificate, snils.unwrap_or_default()) {
            (Some(name), Some(gender), Some(born), Some(certificate), snils) if faults.is_empty() => {
                Ok(CardData { name, gender, born, certificate: Some(certificate), snils })
            }
            _ => Err(faults),
        }
    }
}

fn certificate(faults: &mut Faults, series: &str, number: &str) -> Option<BirthCertificate> {
    let read = BirthCertificate::new(series.trim(), number.trim());
    let field = if matches!(read, Err(esia::ids::BirthCertificateError::Number)) { "number" } else { "series" };
    faults.take(field, read)
}

/// A birth certificate as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct CertificateInput {
    /// Series, `I-МЮ`.
    #[serde(default)]
    pub series: String,
    /// Number, six digits.
    #[serde(default)]
    pub number: String,
}

impl CertificateInput {
    /// # Errors
    /// The field at fault.
    pub fn read(&self) -> Result<BirthCertificate, Faults> {
        let mut faults = Faults::default();
        certificate(&mut faults, &self.series, &self.number).ok_or(faults)
    }
}

/// A child's account as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct AccountInput {
    /// The child's e-mail.
    #[serde(default)]
    pub email: String,
    /// The child's phone; may be empty.
    #[serde(default)]
    pub phone: String,
    /// A password of 8 to 100 characters.
    #[serde(default)]
    pub password: String,
    /// The same again.
    #[serde(default)]
    pub repeated: String,
}

impl AccountInput {
    /// # Errors
    /// Every field at fault.
    pub fn read(&self) -> Result<(Email, Option<Phone>, String), Faults> {
        let mut faults = Faults::default();
        let email = faults.take("email", self.email.trim().parse::<Email>());
        let phone =
            Some(self.phone.trim()).filter(|text| !text.is_empty()).map(|text| faults.take("phone", text.parse()));
        faults.take("password", check_password(&self.password, &self.repeated));
        match (email, phone.unwrap_or_default()) {
            (Some(email), phone) if faults.is_empty() => Ok((email, phone, self.password.clone())),
            _ => Err(faults),
        }
    }
}
