//! End-to-end tests: the built program as its users meet it.
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "what is not there ends the test")]

mod allure;
mod at_once;
mod bad_input;
mod book;
mod browser;
mod checkpoints;
mod clients;
mod commands;
mod composed;
mod conformance;
mod console;
mod control_contract;
mod docker;
mod evidence;
mod foreign_diary;
mod foreign_provider;
mod gherkin;
mod hostile;
mod hostile_store;
mod kill;
mod language;
mod lsp;
mod openapi;
mod own_site;
mod pause;
mod race;
mod replicas;
mod reports;
mod running;
mod sources;
mod start;
mod stop;
mod suite;
mod tidy;
mod tls;
