//! Reports for forges: annotations and a summary for GitHub, code quality for GitLab.

mod github;
mod gitlab;
#[cfg(test)]
mod tests;

pub use github::Github;
pub(super) use gitlab::code_quality;
