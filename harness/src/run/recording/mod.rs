//! Recordings: the requests and responses of each scenario as an HAR archive.

mod folder;
mod token;

pub use folder::RecordingFolder;
