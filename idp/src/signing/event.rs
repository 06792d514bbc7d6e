//! Events of the keys of a world.

use chrono::{DateTime, Utc};
use esia::language::tr;
use serde::{Deserialize, Serialize};

use super::{key::KeyPair, step::Step};

/// What happens to the keys of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum KeyEvent {
    /// A key was made; nobody sees it yet.
    Made {
        /// Its number in this world.
        number: u64,
        /// The key with its certificate.
        #[serde(flatten)]
        pair: Box<KeyPair>,
    },
    /// Something was planned for a key.
    Planned {
        /// When it is to happen.
        at: DateTime<Utc>,
        /// Which key, and what.
        #[serde(flatten)]
        step: Step,
    },
    /// Something was done with a key: at once, or as it was planned.
    Done {
        /// Which key, and what.
        #[serde(flatten)]
        step: Step,
    },
}

impl KeyEvent {
    /// The timeline's sentence.
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
