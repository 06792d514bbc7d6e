//! Texts of a person's documents, addresses and vehicles for «Профиль».

use chrono::NaiveDate;
use esia::person::{AddressKind, DocumentKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::portal::accounts::{Account, OwnDocument, Passport};

/// A document, an address or a vehicle.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Possession {
    /// What it is.
    pub(super) kind: String,
    /// What it says.
    pub(super) text: String,
}

fn possession(kind: &str, text: String) -> Possession {
    Possession { kind: kind.to_owned(), text }
}

const fn document_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::RfPassport => "Паспорт РФ",
        DocumentKind::FidDoc => "Документ иностранного гражданина",
        DocumentKind::RfDrivingLicense => "Водительское удостоверение",
        DocumentKind::MltrId => "Военный билет",
        DocumentKind::FrgnPass => "Заграничный паспорт",
        DocumentKind::MdclPlcy => "Полис ОМС",
        DocumentKind::RfBrthCert => "Свидетельство о рождении",
        DocumentKind::OldBrthCert => "Свидетельство о рождении СССР",
        DocumentKind::FidBrthCert => "Свидетельство о рождении другого государства",
        DocumentKind::RsdncPermit => "Вид на жительство",
        DocumentKind::FatherhoodCert => "Свидетельство об установлении отцовства",
        DocumentKind::NameChangeCert => "Свидетельство о перемене имени",
    }
}

const fn address_name(kind: AddressKind) -> &'static str {
    match kind {
        AddressKind::Plv => "Место жительства",
        AddressKind::Prg => "Постоянная регистрация",
        AddressKind::Pta => "Временная регистрация",
        AddressKind::Ops => "Адрес организации",
        AddressKind::Olg => "Юридический адрес",
    }
}

fn day(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

fn issued(on: Option<NaiveDate>, by: Option<&str>) -> Option<String> {
    match (on.map(day), by) {
        (None, None) => None,
        (on, by) => {
            Some(["выдан".to_owned()].into_iter().chain(on).chain(by.map(str::to_owned)).collect::<Vec<_>>().join(" "))
        }
    }
}

fn passport(passport: &Passport) -> Possession {
    let issued = issued(Some(passport.issued), Some(&passport.issued_by)).unwrap_or_default();
    possession("Паспорт РФ", format!("{} {}, {issued}", passport.series, passport.number))
}

fn document(own: &OwnDocument) -> Possession {
    let number = own.series.iter().chain([&own.number]).map(String::as_str).collect::<Vec<_>>().join(" ");
    let latin = own.last_name.as_deref().zip(own.first_name.as_deref()).map(|(last, first)| format!("{last} {first}"));
    let expires = own.expires.map(|expires| format!("действует до {}", day(expires)));
    let unverified = own.unverified.then(|| "не проверен".to_owned());
    let parts = [latin, issued(own.issued, own.issued_by.as_deref()), own.medical_org.clone(), expires, unverified];
    let text = std::iter::once(number).chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(", ");
    possession(document_name(own.kind), text)
}

/// Returns the texts of the passport and the other documents.
pub(super) fn documents(account: &Account) -> Vec<Possession> {
    account.passport.iter().map(passport).chain(account.profile.documents.iter().map(document)).collect()
}

pub(super) fn addresses(account: &Account) -> Vec<Possession> {
    let line = |zip: &Option<String>, full| zip.iter().cloned().chain([full]).collect::<Vec<_>>().join(", ");
    let one =
        |own: &crate::portal::accounts::OwnAddress| possession(address_name(own.kind), line(&own.zip, own.full()));
    account.profile.addresses.iter().map(one).collect()
}

pub(super) fn vehicles(account: &Account) -> Vec<Possession> {
    let one = |own: &crate::portal::accounts::OwnVehicle| {
        possession(&own.name, format!("{}, СТС {} {}", own.plate, own.series, own.number))
    };
    account.profile.vehicles.iter().map(one).collect()
}
