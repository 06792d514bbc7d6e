//! What went over the wire, kept for each scenario as an HAR archive.

mod folder;
mod token;

pub use folder::RecordingFolder;
