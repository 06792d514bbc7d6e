//! Why a store did not do what it was asked: told apart, so that a caller knows whether to wait, to make room or to call
//! somebody.

use std::{fmt, path::PathBuf};

use esia::language::tr;

use crate::WorldName;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A world of that name is there already.
    #[error("{}", tr!("мир «{_0}» уже есть", "world «{_0}» is there already"))]
    Exists(WorldName),
    /// No world of that name.
    #[error("{}", tr!("мира «{_0}» нет", "there is no world «{_0}»"))]
    Gone(WorldName),
    /// Somebody else appended first; catch up and decide again.
    #[error("the log has moved on")]
    Raced,
    /// The medium failed, or holds what cannot be read.
    #[error(transparent)]
    Medium(#[from] Box<Failure>),
    /// An unexpected failure.
    #[error("store: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What kind of problem a medium has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// No room is left. A write succeeds again when there is some.
    Full,
    /// Another program holds the file longer than is waited for. It is over by itself.
    Busy,
    /// The file was deleted, or another one put in its place: what would be written now is lost.
    Lost,
    /// Another process of this program keeps its worlds in the file.
    Taken,
    /// The file is not one of this program, or of a newer version of it.
    Foreign,
    /// The file is ours and cannot be read.
    Damaged,
    /// The file may not be written.
    ReadOnly,
    /// The database does not answer. It is over by itself, or once somebody has started it.
    Unreachable,
    /// The medium failed otherwise.
    Other,
}

impl FailureKind {
    /// A stable name, for programs and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "store-full",
            Self::Busy => "store-busy",
            Self::Lost => "store-lost",
            Self::Taken => "store-taken",
            Self::Foreign => "store-foreign",
            Self::Damaged => "store-damaged",
            Self::ReadOnly => "store-read-only",
            Self::Unreachable => "store-unreachable",
            Self::Other => "store-failed",
        }
    }
}

/// What a medium did not do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of problem it is.
    pub kind: FailureKind,
    /// The file, where there is one.
    pub file: Option<PathBuf>,
    /// The world that was read or written.
    pub world: Option<WorldName>,
    /// The number of the event.
    pub event: Option<u64>,
    /// What happened, in English.
    pub reason: String,
}

impl Failure {
    /// A failure of a kind, without file, world and event.
    pub(crate) fn new(kind: FailureKind, reason: impl fmt::Display) -> Self {
        Self { kind, file: None, world: None, event: None, reason: reason.to_string() }
    }

    /// In a world.
    pub(crate) fn of(mut self, world: &WorldName) -> Self {
        self.world = Some(world.clone());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("store")?;
        if let Some(file) = &self.file {
            write!(f, " {}", file.display())?;
        }
        if let Some(world) = &self.world {
            write!(f, ": world «{world}»")?;
        }
        if let Some(event) = self.event {
            write!(f, ": event {event}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Medium(Box::new(failure))
    }
}
