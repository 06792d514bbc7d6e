//! Documents about births and other acts of ЗАГС.

use std::fmt;

use esia::BirthCertificate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who issued a birth certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BirthKind {
    /// ЗАГС in Russia.
    #[default]
    Russian,
    /// A Russian consulate.
    Consular,
    /// ЗАГС in the USSR.
    Ussr,
    /// Another state (R004.7): only a service centre enters such a document.
    Foreign,
}

impl BirthKind {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Russian, Self::Consular, Self::Ussr, Self::Foreign];

    /// Returns the value in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Russian => "russian",
            Self::Consular => "consular",
            Self::Ussr => "ussr",
            Self::Foreign => "foreign",
        }
    }

    /// Returns the Russian text for pages.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Russian => "российское",
            Self::Consular => "выдано консульством России",
            Self::Ussr => "СССР",
            Self::Foreign => "иностранное",
        }
    }
}

/// Document about a birth, by its issuer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BirthDocument {
    /// Certificate issued by a Russian ЗАГС.
    Russian(BirthCertificate),
    /// Certificate issued by a Russian consulate.
    Consular(BirthCertificate),
    /// Certificate issued in the USSR.
    Ussr(BirthCertificate),
    /// Document of another state, its details as free text.
    Foreign(String),
}

impl BirthDocument {
    /// Creates a document from a certificate with series and number; `None` for the kind `Foreign`.
    pub fn of(kind: BirthKind, certificate: BirthCertificate) -> Option<Self> {
        match kind {
            BirthKind::Russian => Some(Self::Russian(certificate)),
            BirthKind::Consular => Some(Self::Consular(certificate)),
            BirthKind::Ussr => Some(Self::Ussr(certificate)),
            BirthKind::Foreign => None,
        }
    }

    /// Returns the kind of issuer.
    pub const fn kind(&self) -> BirthKind {
        match self {
            Self::Russian(_) => BirthKind::Russian,
            Self::Consular(_) => BirthKind::Consular,
            Self::Ussr(_) => BirthKind::Ussr,
            Self::Foreign(_) => BirthKind::Foreign,
        }
    }

    /// Returns series and number; `None` for a foreign document.
    pub const fn certificate(&self) -> Option<&BirthCertificate> {
        match self {
            Self::Russian(certificate) | Self::Consular(certificate) | Self::Ussr(certificate) => Some(certificate),
            Self::Foreign(_) => None,
        }
    }

    /// Returns the certificate if an account can hold it: one that a Russian ЗАГС or consulate issued.
    pub fn russian(&self) -> Option<&BirthCertificate> {
        self.certificate().filter(|_| self.kind() != BirthKind::Ussr)
    }
}

impl From<BirthCertificate> for BirthDocument {
    fn from(certificate: BirthCertificate) -> Self {
        Self::Russian(certificate)
    }
}

impl fmt::Display for BirthDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Russian(certificate) => write!(f, "{certificate}"),
            Self::Consular(certificate) | Self::Ussr(certificate) => {
                write!(f, "{certificate} ({})", self.kind().text())
            }
            Self::Foreign(text) => write!(f, "{text} ({})", self.kind().text()),
        }
    }
}

/// Act of ЗАГС other than a birth. Its certificate has a series and a number of the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Свидетельство об установлении отцовства.
    Paternity,
    /// Свидетельство о перемене имени.
    NameChange,
}
