//! The electronic school diary: a relying party of ЕСИА that knows its provider over HTTP alone.
//!
//! A folder is a domain: the school's register, the sign-in, the pupil's pages, the school's own pages. Each holds its pure
//! rules and its HTTP handlers. All that changes goes through `state.rs`.

mod app;
mod console;
mod control;
mod expiring;
mod feedback;
mod pupil;
mod register;
mod routes;
mod school;
mod seed;
mod signin;
mod state;

pub use app::{Options, StartError, server};
pub use seed::{
    AttendanceSeed, AttendanceStatus, CertificateSeed, ClassSeed, MarkSeed, ParentSeed, PasswordLogin, ProviderSeed,
    PupilSeed, SchoolSeed, Seed, StaffSeed, Weekday,
};

#[cfg(test)]
mod tests;
