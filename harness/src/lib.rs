//! Library of the program `esia-stand`: its commands, which start both servers and play scenarios through them.

pub mod browser;
pub mod cli;
pub mod conformance;
pub mod control;
pub mod diff;
pub mod exit;
pub mod language;
mod lsp;
mod net;
mod paint;
pub mod possible;
pub mod provider;
pub mod race;
pub mod relying_party;
pub mod run;
pub mod scenario;
pub mod servers;
pub mod steps;
pub mod suite;
pub mod watch;
pub mod wire;
pub mod words;
