//! `esia-stand doctor`: problems of this machine, each with its remedy.

mod command;
mod finding;
mod machine;
mod software;

pub(super) use command::doctor;
