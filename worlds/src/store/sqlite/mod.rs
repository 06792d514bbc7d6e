//! One SQLite file.

mod failure;
mod file;
mod schema;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use store::SqliteStore;
