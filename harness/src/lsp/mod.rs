//! `esia-stand lsp`: language server for scenarios (Language Server Protocol 3.17).

mod completion;
mod definition;
mod diagnostics;
mod documents;
mod hover;
mod position;
mod server;
mod snippet;
#[cfg(test)]
mod tests;

pub(crate) use server::serve;
