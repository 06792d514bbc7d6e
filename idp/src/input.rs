//! Reading what people type, field by field, with refusals that name the field. A page and its JSON twin share these.

use esia::{FullName, person::Gender};
use web::Problem;

/// What is wrong with the fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// What is wrong with a field; empty when nothing is.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(at, _)| *at == field).map_or("", |(_, message)| message)
    }

    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        Self(vec![(field, message.into())])
    }

    /// What was read of a field; otherwise what is wrong is kept.
    pub(crate) fn take<T, E: ToString>(&mut self, field: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.0.push((field, error.to_string()))).ok()
    }

    /// The same for a field that may be left empty.
    pub(crate) fn take_any<T: std::str::FromStr<Err: ToString>>(
        &mut self,
        field: &'static str,
        text: &str,
    ) -> Option<T> {
        let text = Some(text.trim()).filter(|text| !text.is_empty())?;
        self.take(field, text.parse())
    }

    /// Whether nothing is wrong.
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

/// `last`, `first`, `middle`.
pub(crate) fn read_name(faults: &mut Faults, last: &str, first: &str, middle: &str) -> Option<FullName> {
    let read = FullName::new(last, first, Some(middle));
    // Each part beside two good ones, so that every field at fault is named at once.
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

/// `M` or `F`.
pub(crate) fn read_gender(text: &str) -> Result<Gender, &'static str> {
    match text.trim() {
        "M" => Ok(Gender::M),
        "F" => Ok(Gender::F),
        _ => Err("Выберите пол"),
    }
}
