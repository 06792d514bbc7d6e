//! Diagnostics of the content of a YAML document, each at its place.

use worlds::SeedError;

use super::{Diagnostic, File, places::Places, yaml};

/// Diagnostic of an error in the content of a document, at the place of the error's path in the file.
pub(super) fn of_content(file: &File, places: &Places, error: &SeedError) -> Diagnostic {
    if error.message.starts_with("unknown ") {
        let told = yaml::in_words(file, places.find(&error.path), &error.message);
        return Diagnostic { message: format!("{}: {}", error.path, told.message), ..told };
    }
    Diagnostic::at(&file.name, places.find(&error.path), format!("{}: {}", error.path, error.message))
}
