//! Where logs are kept.

mod contract;
mod error;
mod memory;
mod sqlite;

pub(crate) use contract::run_to_completion;
pub use contract::{Glance, Size, Store};
pub use error::{Failure, FailureKind, StoreError};
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;
