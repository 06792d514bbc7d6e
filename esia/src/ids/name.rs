use std::{borrow::Cow, fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::language::{pick, tr};
use crate::text::{composed, shown};

/// Surname, name and patronymic. Some people have no patronymic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullName {
    last: String,
    first: String,
    middle: Option<String>,
}

impl FullName {
    /// From the fields of a form. Runs of spaces count as one, letters are composed (NFC); an empty patronymic is none.
    ///
    /// # Errors
    /// Names the first part that breaks a rule.
    pub fn new(last: &str, first: &str, middle: Option<&str>) -> Result<Self, NameError> {
        let middle = middle.filter(|middle| !middle.trim().is_empty());
        Ok(Self {
            last: part(NamePart::Last, last)?,
            first: part(NamePart::First, first)?,
            middle: middle.map(|middle| part(NamePart::Middle, middle)).transpose()?,
        })
    }

    /// Surname, «фамилия», as it was given.
    pub fn last(&self) -> &str {
        &self.last
    }

    /// First name, «имя», as it was given.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Patronymic, «отчество», if there is one.
    pub fn middle(&self) -> Option<&str> {
        self.middle.as_deref()
    }
}

fn part(part: NamePart, text: &str) -> Result<String, NameError> {
    let text = composed(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(initial) = text.chars().next() else { return Err(NameError::Empty(part)) };
    if text.chars().count() > 100 {
        return Err(NameError::TooLong(part));
    }
    let stranger = text.chars().find(|&sign| !is_letter(sign) && !matches!(sign, '-' | ' ' | '\'' | '’'));
    match stranger.or(Some(initial).filter(|&initial| !is_letter(initial))) {
        Some(sign) => Err(NameError::Character(part, sign)),
        None => Ok(text),
    }
}

fn is_letter(sign: char) -> bool {
    sign.is_alphabetic() && matches!(sign, '\0'..='\u{24f}' | '\u{400}'..='\u{52f}')
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.last, self.first)?;
        self.middle.iter().try_for_each(|middle| write!(f, " {middle}"))
    }
}

/// A part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// Surname, «фамилия», required.
    Last,
    /// First name, «имя», required.
    First,
    /// Patronymic, «отчество», optional.
    Middle,
}

impl fmt::Display for NamePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Last => pick("фамилия", "last name"),
            Self::First => pick("имя", "first name"),
            Self::Middle => pick("отчество", "middle name"),
        })
    }
}

/// Why a text is not a [`FullName`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A required part is empty.
    #[error("{}", tr!("{_0}: нужно заполнить", "{_0}: it is needed"))]
    Empty(NamePart),
    /// More than 100 characters.
    #[error("{}", tr!("{_0}: не больше 100 знаков", "{_0}: at most 100 characters"))]
    TooLong(NamePart),
    /// A sign that names do not have, or one that is not a letter at the start.
    #[error(
        "{}",
        tr!(
            "{_0}: допустимы русские и латинские буквы, дефис, пробел и апостроф, первой стоит буква; получено {}",
            "{_0}: Russian and Latin letters, hyphens, blanks and apostrophes may be in it, a letter first; got {}",
            shown(*_1)
        )
    )]
    Character(NamePart, char),
}

impl NameError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty(_) => "name-empty",
            Self::TooLong(_) => "name-too-long",
            Self::Character(..) => "name-character",
        }
    }

    /// Which field is to blame.
    pub const fn part(&self) -> NamePart {
        match self {
            Self::Empty(part) | Self::TooLong(part) | Self::Character(part, _) => *part,
        }
    }
}

/// «Фамилия Имя Отчество»: the first two words are surname and name, all that follows is the patronymic
/// («Мамедов Али Гасан оглы»).
impl FromStr for FullName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let (last, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim_start();
        let (first, middle) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        Self::new(last, first, Some(middle))
    }
}

/// A string is enough for most people; a surname or name with a space in it («Де Ла Крус») needs its fields.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "a schema is made of it, and nothing else")]
enum Written {
    Line(String),
    Fields(Fields),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fields {
    last: String,
    first: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle: Option<String>,
}

impl Serialize for FullName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = self.to_string();
        if line.parse::<Self>().as_ref() == Ok(self) {
            return serializer.serialize_str(&line);
        }
        let (last, first, middle) = (self.last.clone(), self.first.clone(), self.middle.clone());
        Fields { last, first, middle }.serialize(serializer)
    }
}

struct NameVisitor;

impl<'de> de::Visitor<'de> for NameVisitor {
    type Value = FullName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("«Фамилия Имя Отчество» или last, first и middle")
    }

    fn visit_str<E: de::Error>(self, line: &str) -> Result<FullName, E> {
        line.parse().map_err(E::custom)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<FullName, A::Error> {
        let Fields { last, first, middle } = Fields::deserialize(de::value::MapAccessDeserializer::new(fields))?;
        FullName::new(&last, &first, middle.as_deref()).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for FullName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

impl JsonSchema for FullName {
    fn schema_name() -> Cow<'static, str> {
        "FullName".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
