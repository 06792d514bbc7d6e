//! Profile of an account: further data about a person, which only the seed sets and `/rs` returns (ESIA §4.4, §4.5).

use chrono::NaiveDate;
use esia::{
    Email, Inn, Phone,
    person::{AddressKind, DocumentKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Further facts about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Profile {
    /// Место рождения, as the passport says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<String>,
    /// Citizenship, ISO 3166 alpha-3; `RUS` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<String>,
    /// ИНН of 12 digits that begins with 00: no real person has one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<Inn>,
    /// Since when the person pays налог на профессиональный доход.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub self_employed: Option<NaiveDate>,
    /// Phone at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_phone: Option<Phone>,
    /// E-mail at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_email: Option<Email>,
    /// Phone at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_phone: Option<Phone>,
    /// Documents beside passport and birth certificate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<OwnDocument>,
    /// Addresses that `/addrs` shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<OwnAddress>,
    /// Vehicles that `/vhls` shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<OwnVehicle>,
}

/// A document in a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnDocument {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: DocumentKind,
    /// Series, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Number of the document.
    pub number: String,
    /// The day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub issued: Option<NaiveDate>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_by: Option<String>,
    /// Code of who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub expires: Option<NaiveDate>,
    /// Latin surname in a passport for travelling abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Latin given name in a passport for travelling abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The insurer of a health insurance policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical_org: Option<String>,
    /// The state's registers have not confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

/// An address of a person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnAddress {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: AddressKind,
    /// Postal code that begins with 000: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Number of the street in ФИАС; begins with 00000000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fias: Option<String>,
    /// Region, as `Рязанская область`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// District of a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Town, as `Рязань`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// District of a town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// Village, where it is no town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// Street, as `улица Мира`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Number of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// Корпус of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// Строение of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Number of the flat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat: Option<String>,
}

/// A vehicle of a person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnVehicle {
    /// What its owner calls it.
    pub name: String,
    /// Number plate of region 00, as `А123АА00`: there is none.
    pub plate: String,
    /// Series of the certificate of registration; begins with 00.
    pub series: String,
    /// Number of that certificate.
    pub number: String,
}

impl Profile {
    /// Whether the profile has no data.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl OwnAddress {
    /// Returns the address in one line, without house and flat: `Рязанская обл, г Рязань, ул Первая`.
    pub fn line(&self) -> String {
        let parts = [&self.region, &self.area, &self.city, &self.district, &self.settlement, &self.street];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Returns the address in one line, with house and flat.
    pub fn full(&self) -> String {
        std::iter::once(self.line()).chain(self.numbers()).collect::<Vec<_>>().join(", ")
    }

    /// Returns only street, house and flat.
    pub fn street_and_house(&self) -> String {
        self.street.iter().cloned().chain(self.numbers()).collect::<Vec<_>>().join(", ")
    }

    fn numbers(&self) -> impl Iterator<Item = String> {
        let numbers = [("д.", &self.house), ("к.", &self.frame), ("стр.", &self.building), ("кв.", &self.flat)];
        numbers.into_iter().filter_map(|(word, part)| Some(format!("{word} {}", part.as_ref()?)))
    }
}
