//! `--allure`: results in Allure's format, one file for each attempt of a scenario.

mod attempt;
mod folder;
mod identity;
#[cfg(test)]
mod tests;

pub(super) use folder::write;
