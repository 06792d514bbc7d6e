//! The electronic school diary: a relying party of ЕСИА that knows its provider over HTTP alone.
//!
//! A folder is a domain: the school's register, the sign-in, access to a diary, the pupil's pages, messages, the school's own
//! pages. Each holds its pure rules and its HTTP handlers. All that changes is an event of
//! `event.rs`, applied by `state.rs`.

mod access;
mod config;
mod console;
mod control;
mod error;
mod event;
mod feedback;
mod lessons;
mod messages;
mod profile;
mod pupil;
mod register;
mod school;
mod seed;
mod server;
mod signin;
mod state;
mod teacher;
mod tell;

pub use profile::{
    Access, Account, Audience, Compared, Consent, Matching, Names, Passwords, Profile, ProfileSeed, Required, Service,
    SignIn, Strangers, Text, profile_names, profile_schema,
};
pub use register::{Relation, Role};
pub use seed::{
    AttendanceSeed, AttendanceStatus, CertificateSeed, ClassSeed, GenerateSeed, HomeworkSeed, MarkSeed,
    OtherSchoolSeed, ParentSeed, PasswordLogin, ProviderSeed, PupilSeed, SchoolSeed, Seed, StaffSeed, TeachesSeed,
    TermSeed, Weekday,
};
pub use server::{Options, StartError, server};
pub use signin::Protocol;

#[cfg(test)]
mod tests;
