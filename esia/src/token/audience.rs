use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// `aud` of a JWT (RFC 7519 §4.1.3): one name, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// All of them.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether it is this name alone.
    pub fn is(&self, name: &str) -> bool {
        matches!(&*self.0, [one] if one == name)
    }
}

struct Names;

impl<'de> de::Visitor<'de> for Names {
    type Value = Audience;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a list of names")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Audience, E> {
        Ok(Audience(vec![name.to_owned()]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, names: A) -> Result<Audience, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(names)).map(Audience)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_one_name_or_several_and_nothing_else() {
        let read = |text: &str| serde_json::from_str::<Audience>(text).map(|read| read.0);
        assert_eq!(read(r#""one""#).unwrap(), ["one"]);
        assert_eq!(read(r#"["one","other"]"#).unwrap(), ["one", "other"]);
        assert!(read("[]").unwrap().is_empty());
        assert!(read(r#""one""#).is_ok_and(|names| Audience(names).is("one")));
        assert!(!Audience(read(r#"["one","other"]"#).unwrap()).is("one"));
        let told = ["1", "null", r#"{"a":1}"#, r#"["a",1]"#].map(|text| read(text).unwrap_err().to_string());
        insta::assert_snapshot!(told.join("\n"), @r#"
    invalid type: integer `1`, expected a name or a list of names at line 1 column 1
    invalid type: null, expected a name or a list of names at line 1 column 4
    invalid type: map, expected a name or a list of names at line 1 column 1
    invalid type: integer `1`, expected a string at line 1 column 6
    "#);
    }
}
