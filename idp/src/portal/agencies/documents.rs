//! Documents that ЗАГС issues.

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
    /// All of them, as a page offers them.
    pub const ALL: [Self; 4] = [Self::Russian, Self::Consular, Self::Ussr, Self::Foreign];

    /// Its name in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Russian => "russian",
            Self::Consular => "consular",
            Self::Ussr => "ussr",
            Self::Foreign => "foreign",
        }
    }

    /// For a reader.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Russian => "российское",
            Self::Consular => "выдано консульством России",
            Self::Ussr => "СССР",
            Self::Foreign => "иностранное",
        }
    }
}

/// A document about a birth.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BirthDocument {
    /// Of a Russian ЗАГС.
    Russian(BirthCertificate),
    /// Of a Russian consulate.
    Consular(BirthCertificate),
    /// Of the USSR.
    Ussr(BirthCertificate),
    /// Of another state, as it is written there.
    Foreign(String),
}

impl BirthDocument {
    /// A certificate of the form that ЗАГС issues; `None` when the kind is foreign.
    pub fn of(kind: BirthKind, certificate: BirthCertificate) -> Option<Self> {
        match kind {
            BirthKind::Russian => Some(Self::Russian(certificate)),
            BirthKind::Consular => Some(Self::Consular(certificate)),
            BirthKind::Ussr => Some(Self::Ussr(certificate)),
            BirthKind::Foreign => None,
        }
    }

    /// Who issued it.
    pub const fn kind(&self) -> BirthKind {
        match self {
            Self::Russian(_) => BirthKind::Russian,
            Self::Consular(_) => BirthKind::Consular,
            Self::Ussr(_) => BirthKind::Ussr,
            Self::Foreign(_) => BirthKind::Foreign,
        }
    }

    /// Its series and number, unless it is foreign.
    pub const fn certificate(&self) -> Option<&BirthCertificate> {
        match self {
            Self::Russian(certificate) | Self::Consular(certificate) | Self::Ussr(certificate) => Some(certificate),
            Self::Foreign(_) => None,
        }
    }

    /// The certificate as an account holds it: Russia's own, whether a ЗАГС or a consulate issued it.
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

/// A record of ЗАГС beside that of the birth. Its certificate has a series and a number of the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Свидетельство об установлении отцовства.
    Paternity,
    /// Свидетельство о перемене имени.
    NameChange,
}
