//! `--evidence`: a folder for each scenario that did not pass, with everything that explains the failure.

mod folder;
mod har;
#[cfg(test)]
mod tests;

pub use folder::EvidenceFolder;
pub(super) use har::archive_entry;
