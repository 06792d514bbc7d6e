//! `esia-stand doctor`: what on this machine would stand in the way, each with the way out.

mod command;
mod finding;
mod machine;
mod software;

pub(super) use command::doctor;
