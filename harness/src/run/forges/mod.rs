//! What the forges read: annotations and a summary on GitHub, code quality at GitLab.

mod github;
mod gitlab;
#[cfg(test)]
mod tests;

pub use github::Github;
pub(super) use gitlab::code_quality;
