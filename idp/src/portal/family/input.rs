//! Form input of «Семья и дети», shared by pages and JSON endpoints.

use std::collections::BTreeSet;

use esia::{BirthCertificate, Email, Phone};
use serde::Deserialize;
use utoipa::ToSchema;
use web::Problem;

use super::{CHILDRENS_MAIL, CardData, CardError, CardId, ChildAccountError, Paper, Reach};
use crate::{
    input::{Faults, read_gender, read_name},
    portal::agencies::{BirthDocument, BirthKind},
};

impl From<CardError> for Faults {
    fn from(error: CardError) -> Self {
        Self::one(error.field().unwrap_or("form"), error.to_string())
    }
}

impl From<ChildAccountError> for Faults {
    fn from(error: ChildAccountError) -> Self {
        Self::one(error.field().unwrap_or("form"), error.to_string())
    }
}

/// Returns the document that the path of a URL names.
pub(super) fn paper(code: &str) -> Result<Paper, Problem> {
    let known = Paper::ALL.into_iter().find(|paper| paper.code() == code);
    known.ok_or_else(|| Problem::not_found("Такого документа в карточках не бывает"))
}

/// A child's card as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CardInput {
    /// Фамилия of the child.
    pub last: String,
    /// Имя of the child.
    pub first: String,
    /// Отчество; empty for none.
    pub middle: String,
    /// `M` or `F`.
    pub gender: String,
    /// Day of birth, `2012-05-17`.
    pub born: String,
    /// Who issued the birth certificate: `russian` (also when empty), `consular`, `ussr` or `foreign`.
    pub kind: String,
    /// Series of the birth certificate, `I-МЮ`; empty for a foreign document.
    pub series: String,
    /// Number of the birth certificate, six digits; of a foreign document, all that is written there.
    pub number: String,
    /// СНИЛС; empty to have it searched for.
    pub snils: String,
}

impl CardInput {
    /// # Errors
    /// All form fields that cannot be read, each with its message.
    pub(crate) fn read(&self) -> Result<CardData, Faults> {
        let mut faults = Faults::default();
        let name = read_name(&mut faults, &self.last, &self.first, &self.middle);
        let gender = faults.take("gender", read_gender(&self.gender));
        let born = faults.take("born", worlds::read_day(&self.born));
        let certificate = document(&mut faults, &self.kind, &self.series, &self.number);
        let snils = faults.take_any("snils", &self.snils);
        match (name, gender, born, certificate) {
            (Some(name), Some(gender), Some(born), Some(certificate)) if faults.is_empty() => {
                Ok(CardData { name, gender, born, certificate: Some(certificate), snils })
            }
            _ => Err(faults),
        }
    }

    /// Whether the form has this kind selected, for the template.
    pub(crate) fn is_of(&self, kind: BirthKind) -> bool {
        self.kind == kind.code()
    }
}

fn document(faults: &mut Faults, kind: &str, series: &str, number: &str) -> Option<BirthDocument> {
    let kind = match kind.trim() {
        "" => Ok(BirthKind::Russian),
        code => BirthKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or("Выберите, какое это свидетельство"),
    };
    let kind = faults.take("kind", kind)?;
    if kind == BirthKind::Foreign {
        let text: Vec<_> = series.split_whitespace().chain(number.split_whitespace()).collect();
        let text = Some(text.join(" ")).filter(|text| (1..=100).contains(&text.chars().count()));
        let text = text.ok_or("Реквизиты иностранного документа: от 1 до 100 знаков");
        return faults.take("number", text).map(BirthDocument::Foreign);
    }
    let read = BirthCertificate::new(series.trim(), number.trim());
    let field = if matches!(read, Err(esia::ids::BirthCertificateError::Number)) { "number" } else { "series" };
    faults.take(field, read).and_then(|certificate| BirthDocument::of(kind, certificate))
}

/// A birth certificate as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CertificateInput {
    /// Who issued it: `russian` (also when empty), `consular`, `ussr` or `foreign`.
    pub kind: String,
    /// Series of the certificate, as `I-МЮ`.
    pub series: String,
    /// Number, six digits.
    pub number: String,
}

impl CertificateInput {
    /// # Errors
    /// The form field that cannot be read, with its message.
    pub(crate) fn read(&self) -> Result<BirthDocument, Faults> {
        let mut faults = Faults::default();
        document(&mut faults, &self.kind, &self.series, &self.number).ok_or(faults)
    }

    /// Whether the form has this kind selected, for the template.
    pub(crate) fn is_of(&self, kind: BirthKind) -> bool {
        self.kind == kind.code()
    }
}

/// A document's number as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct PaperInput {
    /// Number of the document; empty where there is none.
    pub(crate) value: String,
}

/// Cards that are marked.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Marked {
    /// Numbers of the cards.
    pub(crate) card: Vec<u64>,
}

impl Marked {
    pub(crate) fn cards(&self) -> BTreeSet<CardId> {
        self.card.iter().copied().map(CardId).collect()
    }
}

/// Where a child can be reached, as it is typed: an e-mail or a «Детская почта», and a phone if there is one.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct ReachInput {
    /// The child's e-mail.
    pub email: String,
    /// Instead of it: the name of a «Детская почта» to register, without the domain.
    pub childrens_mail: String,
    /// The child's phone; may be empty.
    pub phone: String,
}

impl ReachInput {
    /// # Errors
    /// All form fields that cannot be read, each with its message.
    pub(crate) fn read(&self) -> Result<Reach, Faults> {
        let mut faults = Faults::default();
        let (own, childrens) = (self.email.trim(), self.childrens_mail.trim());
        let email = match (own.is_empty(), childrens.is_empty()) {
            (false, true) => faults.take("email", own.parse::<Email>()),
            (true, false) => faults.take("childrens_mail", childrens_mail(childrens)),
            (true, true) => faults
                .take("email", Err::<Email, _>("Укажите электронную почту ребёнка или зарегистрируйте Детскую почту")),
            (false, false) => {
                faults.take("childrens_mail", Err::<Email, _>("Укажите что-то одно: свою почту или Детскую"))
            }
        };
        let phone: Option<Phone> = faults.take_any("phone", &self.phone);
        match email {
            Some(email) if faults.is_empty() => Ok(Reach { email, childrens_mail: own.is_empty(), phone }),
            _ => Err(faults),
        }
    }
}

/// Returns the address of a «Детская почта» by its mailbox name, with or without the domain.
fn childrens_mail(name: &str) -> Result<Email, String> {
    let name = name.strip_suffix(CHILDRENS_MAIL).and_then(|name| name.strip_suffix('@')).unwrap_or(name);
    if name.contains('@') {
        return Err(format!("Детская почта бывает только на {CHILDRENS_MAIL}"));
    }
    format!("{name}@{CHILDRENS_MAIL}").parse().map_err(|error: esia::ids::EmailError| error.to_string())
}
