//! A `PostgreSQL` database that any number of replicas share.

mod changes;
mod failure;
mod requests;
mod schema;
mod store;
#[cfg(test)]
mod tests;

pub use store::PostgresStore;
