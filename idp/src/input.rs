//! Parsing of form input field by field; errors name the field. Pages and JSON endpoints share these parsers.

use esia::{FullName, person::Gender};
use web::Problem;

/// Errors in the fields of a form: field name and message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// Returns the message for a field, or an empty string if the field is valid.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(at, _)| *at == field).map_or("", |(_, message)| message)
    }

    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        Self(vec![(field, message.into())])
    }

    /// Returns the parsed value, or records the error under the field and returns `None`.
    pub(crate) fn take<T, E: ToString>(&mut self, field: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.0.push((field, error.to_string()))).ok()
    }

    /// Parses an optional field: an empty text gives `None` without an error.
    pub(crate) fn take_any<T: std::str::FromStr<Err: ToString>>(
        &mut self,
        field: &'static str,
        text: &str,
    ) -> Option<T> {
        let text = Some(text.trim()).filter(|text| !text.is_empty())?;
        self.take(field, text.parse())
    }

    /// Whether no field has an error.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Faults> for Problem {
    fn from(faults: Faults) -> Self {
        let (field, message) = faults.0.into_iter().next().unwrap_or(("body", "Поля заполнены неверно".to_owned()));
        Self { code: "bad-field", ..Self::bad_request(field, message) }
    }
}

/// Reads a full name from the fields `last`, `first` and `middle`.
pub(crate) fn read_name(faults: &mut Faults, last: &str, first: &str, middle: &str) -> Option<FullName> {
    let read = FullName::new(last, first, Some(middle));
    // Each part is checked together with two valid parts, so that every invalid field is named at once.
    let parts = [
        ("last", "Укажите фамилию", FullName::new(last, "А", None), last),
        ("first", "Укажите имя", FullName::new("А", first, None), first),
        ("middle", "", FullName::new("А", "А", Some(middle)), middle),
    ];
    for (field, missing, part, typed) in parts {
        let told =
            |error: esia::ids::NameError| if typed.trim().is_empty() { missing.to_owned() } else { error.to_string() };
        faults.take(field, part.map_err(told));
    }
    read.ok()
}

/// Parses a gender: `M` or `F`.
pub(crate) fn read_gender(text: &str) -> Result<Gender, &'static str> {
    match text.trim() {
        "M" => Ok(Gender::M),
        "F" => Ok(Gender::F),
        _ => Err("Выберите пол"),
    }
}
