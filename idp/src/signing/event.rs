//! Events of a world's signing keys.

use chrono::{DateTime, Utc};
use esia::language::tr;
use serde::{Deserialize, Serialize};

use super::{key::KeyPair, step::Step};

/// Event of a world's signing keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum KeyEvent {
    /// A key was generated; it is not published yet.
    Made {
        /// Number of the key in this world.
        number: u64,
        /// Private key and certificate.
        #[serde(flatten)]
        pair: Box<KeyPair>,
    },
    /// A change of a key was planned.
    Planned {
        /// When the change is due, by the world's clock.
        at: DateTime<Utc>,
        /// Number of the key, and the change.
        #[serde(flatten)]
        step: Step,
    },
    /// A key was changed, at once or as planned.
    Done {
        /// Number of the key, and the change.
        #[serde(flatten)]
        step: Step,
    },
}

impl KeyEvent {
    /// Returns the timeline sentence of the event.
    pub(crate) fn tell(&self) -> String {
        match self {
            Self::Made { number, .. } => {
                tr!("Создан ключ Госуслуг № {number}", "Key number {number} of Gosuslugi was made")
            }
            Self::Planned { at, step } => {
                tr!("Назначено на {}: {}", "Planned for {}: {}", worlds::moscow::date_time(*at), step.told())
            }
            Self::Done { step } => step.told(),
        }
    }
}
