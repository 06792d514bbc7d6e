//! Where logs are kept.

mod contract;
mod error;
mod memory;
mod postgres;
mod sqlite;

pub(crate) use contract::{FORKED, run_to_completion};
pub use contract::{Glance, Incarnation, NewLog, SharedRequest, Size, Store, StoreChange};
pub use error::{Failure, FailureKind, StoreError};
pub use memory::MemoryStore;
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;
