//! JSON that came in, read strictly: an object where an object belongs, and what is wrong told with its place.
//!
//! `serde_json` reads a struct from an array as well, and speaks English. Here each value is looked at before it is read;
//! the reading itself stays `serde_json`'s.

use std::fmt::{self, Display};

use esia::language::{Language, pick, spoken, tr};
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::{Number, value::RawValue};

use crate::Problem;

/// `serde_json`'s own sign for a value that is kept as text.
const RAW: &str = "$serde_json::private::RawValue";

/// Reads JSON as a value of a type.
///
/// # Errors
/// 400 with the place: what is no JSON, or not the JSON that is expected.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| {
        Problem::bad_request("body", pick("Тело запроса не в UTF-8", "The body of the request is not UTF-8"))
    })?;
    let whole = serde_json::from_str::<&RawValue>(text.trim_start_matches('\u{feff}'));
    let whole = whole.map_err(|error| {
        let what = if error.is_eof() {
            pick("обрывается", "breaks off")
        } else {
            pick("не читается", "cannot be read")
        };
        let place = tr!("строка {}, столбец {}", "line {}, column {}", error.line(), error.column());
        Problem::bad_request(
            "body",
            tr!("JSON в теле запроса {what}: {place}", "The JSON in the body of the request {what}: {place}"),
        )
    })?;
    T::deserialize(Node(whole.get())).map_err(Wrong::problem)
}

/// What is wrong, and where.
#[derive(Debug)]
struct Wrong {
    /// Names and numbers, the innermost first.
    path: Vec<String>,
    text: String,
}

impl Wrong {
    fn new(text: impl Into<String>) -> Self {
        Self { path: Vec::new(), text: text.into() }
    }

    fn at(mut self, name: impl Into<String>) -> Self {
        self.path.push(name.into());
        self
    }

    fn problem(mut self) -> Problem {
        self.path.reverse();
        let joined = |whole: String, part: &String| {
            let dot = if part.starts_with('[') || whole.is_empty() { "" } else { "." };
            whole + dot + part
        };
        let field = self.path.iter().fold(String::new(), joined);
        if field.is_empty() {
            return Problem::bad_request(
                "body",
                tr!("Запрос не читается: {}", "The request cannot be read: {}", self.text),
            );
        }
        Problem::bad_request(field.clone(), tr!("Поле «{field}»: {}", "Field «{field}»: {}", self.text))
    }
}

/// The words of whoever knows the value. A library speaks English, which says nothing to whoever reads Russian.
pub(crate) fn understood(text: String) -> String {
    let is_russian = text.chars().any(|sign| matches!(sign, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    if is_russian || spoken() == Language::English {
        text
    } else {
        pick("значение не подходит", "the value does not fit").to_owned()
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(understood(message.to_string()))
    }

    fn invalid_type(given: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::new(tr!("{} здесь не подходит", "{} does not fit here", shown(given)))
    }

    fn invalid_value(given: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::new(tr!("{} здесь не подходит", "{} does not fit here", shown(given)))
    }

    fn invalid_length(length: usize, _: &dyn de::Expected) -> Self {
        Self::new(tr!(
            "элементов {length}, а нужно другое число",
            "{length} elements are not the number that is needed"
        ))
    }

    fn unknown_variant(given: &str, known: &'static [&'static str]) -> Self {
        Self::new(tr!(
            "«{given}» здесь не бывает; бывает: {}",
            "«{given}» is not known here; known: {}",
            known.join(", ")
        ))
    }

    fn unknown_field(given: &str, known: &'static [&'static str]) -> Self {
        let known = if known.is_empty() { pick("никаких", "none").to_owned() } else { known.join(", ") };
        Self::new(tr!("такого здесь нет; есть: {known}", "there is no such field here; there are: {known}")).at(given)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(pick("его нет, а оно нужно", "it is missing and needed")).at(name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new(pick("повторяется", "it is there more than once")).at(name)
    }
}

fn shown(given: Unexpected<'_>) -> String {
    match given {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(number) => tr!("число {number}", "number {number}"),
        Unexpected::Signed(number) => tr!("число {number}", "number {number}"),
        Unexpected::Float(number) => tr!("число {number}", "number {number}"),
        Unexpected::Char(sign) => format!("«{sign}»"),
        Unexpected::Str(text) => format!("«{text}»"),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => pick("список", "a list").to_owned(),
        Unexpected::Map => pick("объект", "an object").to_owned(),
        _ => pick("такое значение", "such a value").to_owned(),
    }
}

/// One value, as its text.
#[derive(Debug, Clone, Copy)]
struct Node<'de>(&'de str);

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    List,
    Text,
    Number,
    Bool,
    Null,
}

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => pick("объект", "an object"),
            Self::List => pick("список", "a list"),
            Self::Text => pick("строка", "a string"),
            Self::Number => pick("число", "a number"),
            Self::Bool => pick("true или false", "true or false"),
            Self::Null => "null",
        })
    }
}

impl<'de> Node<'de> {
    fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    fn must_be(self, wanted: Kind) -> Result<(), Wrong> {
        let given = self.kind();
        if given == wanted {
            Ok(())
        } else {
            Err(Wrong::new(tr!("нужно: {wanted}, а пришло: {given}", "{wanted} is needed, and {given} came")))
        }
    }

    /// Reads what has been looked at.
    fn take<T: Deserialize<'de>>(self) -> Result<T, Wrong> {
        serde_json::from_str(self.0).map_err(de::Error::custom)
    }

    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::Number)?;
        let number: Number = self.take()?;
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), _, _) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::Text)?;
        visitor.visit_string(self.take()?)
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::List)?;
        let elements: Vec<&'de RawValue> = self.take()?;
        let count = elements.len();
        let mut elements = Elements { rest: elements.into_iter(), taken: 0 };
        let value = visitor.visit_seq(&mut elements)?;
        if elements.rest.len() > 0 {
            return Err(Wrong::new(tr!(
                "элементов {count}, а нужно меньше",
                "{count} elements are more than are needed"
            )));
        }
        Ok(value)
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::Object)?;
        let Members(members) = self.take()?;
        visitor.visit_map(Pairs { rest: members.into_iter(), value: None })
    }
}

/// The members of an object in order, one that repeats included.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

struct Pairs<'de> {
    rest: std::vec::IntoIter<(String, &'de RawValue)>,
    value: Option<(String, Node<'de>)>,
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some((name.clone(), Node(value.get())));
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.value.take().ok_or_else(|| Wrong::new(pick("значения нет", "there is no value")))?;
        seed.deserialize(value).map_err(|wrong| wrong.at(name))
    }
}

struct Elements<'de> {
    rest: std::vec::IntoIter<&'de RawValue>,
    taken: usize,
}

impl<'de> SeqAccess<'de> for &mut Elements<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some(element) = self.rest.next() else { return Ok(None) };
        let number = self.taken;
        self.taken += 1;
        seed.deserialize(Node(element.get())).map(Some).map_err(|wrong| wrong.at(format!("[{number}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// A variant with its content.
struct Variant<'de> {
    name: String,
    content: Node<'de>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let chosen = seed.deserialize(self.name.clone().into_deserializer())?;
        Ok((chosen, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        self.content.must_be(Kind::Null).map_err(|wrong| wrong.at(self.name))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.content).map_err(|wrong| wrong.at(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.content.list(visitor).map_err(|wrong| wrong.at(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.content.object(visitor).map_err(|wrong| wrong.at(self.name))
    }
}

macro_rules! as_one {
    ($how:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> { self.$how(visitor) })*
    };
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Wrong;

    as_one!(number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64);
    as_one!(text: deserialize_char deserialize_str deserialize_string deserialize_identifier deserialize_bytes
        deserialize_byte_buf);
    as_one!(list: deserialize_seq);
    as_one!(object: deserialize_map);

    /// Whatever comes: `serde_json` itself reads it.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let mut json = serde_json::Deserializer::from_str(self.0);
        json.deserialize_any(visitor).map_err(de::Error::custom)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::Bool)?;
        visitor.visit_bool(self.take()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.kind() == Kind::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.must_be(Kind::Null)?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        if name == RAW {
            let mut json = serde_json::Deserializer::from_str(self.0);
            return json.deserialize_newtype_struct(name, visitor).map_err(de::Error::custom);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.list(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.kind() {
            Kind::Text => visitor.visit_enum(self.take::<String>()?.into_deserializer()),
            Kind::Object => {
                let Members(members) = self.take()?;
                let one: Result<[_; 1], _> = members.try_into();
                let [(name, content)] = one.map_err(|_| Wrong::new(pick("нужно одно поле", "one field is needed")))?;
                visitor.visit_enum(Variant { name, content: Node(content.get()) })
            }
            given => Err(Wrong::new(tr!("нужно: строка, а пришло: {given}", "a string is needed, and {given} came"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by `Debug`")]
    struct Outer {
        name: String,
        #[serde(default)]
        age: Option<u8>,
        #[serde(default)]
        inner: Inner,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        kind: Kind,
        #[serde(default)]
        by_name: BTreeMap<String, Inner>,
        #[serde(default)]
        any: Value,
        #[serde(default)]
        raw: Option<Box<RawValue>>,
        #[serde(default)]
        at: Option<chrono::NaiveDate>,
        #[serde(default)]
        pair: Option<(u8, bool)>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Inner {
        #[serde(default)]
        on: bool,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        #[default]
        Plain,
        With(u8),
        Named {
            on: bool,
        },
    }

    #[expect(clippy::needless_pass_by_value, reason = "written down in place")]
    fn told(body: Value) -> String {
        let problem = read_json::<Outer>(body.to_string().as_bytes()).unwrap_err();
        format!("{}: {}", problem.field.unwrap(), problem.message)
    }

    #[test]
    fn what_fits_is_read_as_serde_json_reads_it() {
        for body in [
            json!({ "name": "a" }),
            json!({ "name": "ы\n\"", "age": 7, "inner": { "on": true, "more": [] }, "list": [{}, { "on": true }] }),
            json!({ "name": "a", "age": null, "kind": "plain", "by_name": { "x": { "on": true } } }),
            json!({ "name": "a", "kind": { "with": 3 }, "any": [1, { "a": [null, -1.5] }] }),
            json!({ "name": "a", "kind": { "named": { "on": true } }, "at": "2024-09-02", "pair": [1, false] }),
        ] {
            let text = body.to_string();
            assert_eq!(
                format!("{:?}", read_json::<Outer>(text.as_bytes()).unwrap()),
                format!("{:?}", serde_json::from_str::<Outer>(&text).unwrap())
            );
        }
        let raw = read_json::<Outer>(br#"{"name": "a", "raw": {"a" : [1,  2]}}"#).unwrap().raw.unwrap();
        assert_eq!(raw.get(), r#"{"a" : [1,  2]}"#, "to the letter");
        assert!(read_json::<Outer>("\u{feff}{\"name\": \"a\"}".as_bytes()).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_told_in_russian_with_its_place() {
        insta::assert_snapshot!([
            json!([]),
            json!("text"),
            json!(null),
            json!({}),
            json!({ "name": 5 }),
            json!({ "name": "a", "age": 300 }),
            json!({ "name": "a", "age": -1 }),
            json!({ "name": "a", "age": "7" }),
            json!({ "name": "a", "inner": [] }),
            json!({ "name": "a", "inner": null }),
            json!({ "name": "a", "list": {} }),
            json!({ "name": "a", "list": [{}, []] }),
            json!({ "name": "a", "list": [{}, { "on": 1 }] }),
            json!({ "name": "a", "by_name": { "x": [true] } }),
            json!({ "name": "a", "kind": "other" }),
            json!({ "name": "a", "kind": { "with": 1, "plain": null } }),
            json!({ "name": "a", "kind": { "named": [true] } }),
            json!({ "name": "a", "kind": 1 }),
            json!({ "name": "a", "at": "вчера" }),
            json!({ "name": "a", "pair": [1, true, 2] }),
            json!({ "name": "a", "nmae": "b" }),
        ].map(told).join("\n"), @r"
        body: Запрос не читается: нужно: объект, а пришло: список
        body: Запрос не читается: нужно: объект, а пришло: строка
        body: Запрос не читается: нужно: объект, а пришло: null
        name: Поле «name»: его нет, а оно нужно
        name: Поле «name»: нужно: строка, а пришло: число
        age: Поле «age»: число 300 здесь не подходит
        age: Поле «age»: число -1 здесь не подходит
        age: Поле «age»: нужно: число, а пришло: строка
        inner: Поле «inner»: нужно: объект, а пришло: список
        inner: Поле «inner»: нужно: объект, а пришло: null
        list: Поле «list»: нужно: список, а пришло: объект
        list[1]: Поле «list[1]»: нужно: объект, а пришло: список
        list[1].on: Поле «list[1].on»: нужно: true или false, а пришло: число
        by_name.x: Поле «by_name.x»: нужно: объект, а пришло: список
        kind: Поле «kind»: «other» здесь не бывает; бывает: plain, with, named
        kind: Поле «kind»: нужно одно поле
        kind.named: Поле «kind.named»: нужно: объект, а пришло: список
        kind: Поле «kind»: нужно: строка, а пришло: число
        at: Поле «at»: значение не подходит
        pair: Поле «pair»: элементов 3, а нужно меньше
        nmae: Поле «nmae»: такого здесь нет; есть: name, age, inner, list, kind, by_name, any, raw, at, pair
        ");
    }

    #[test]
    fn what_is_no_json_is_told_with_line_and_column() {
        let told = |body: &[u8]| read_json::<Outer>(body).unwrap_err().message;
        insta::assert_snapshot!(
            [told(b""), told(b"{"), told(b"{\"name\":\n oops}"), told(b"{}{}"), told(b"\xff"), told(&b"[".repeat(100_000))].join("\n"),
            @r"
        JSON в теле запроса обрывается: строка 1, столбец 0
        JSON в теле запроса обрывается: строка 1, столбец 1
        JSON в теле запроса не читается: строка 2, столбец 2
        JSON в теле запроса не читается: строка 1, столбец 3
        Тело запроса не в UTF-8
        JSON в теле запроса обрывается: строка 1, столбец 100000
        "
        );
        assert!(
            read_json::<Value>(&[&b"["[..], &b"]"[..]].map(|sign| sign.repeat(100_000)).concat()).is_err(),
            "no overflow"
        );
        assert!(read_json::<Outer>(br#"{"name": "a", "name": "b"}"#).unwrap_err().message.contains("повторяется"));
    }
}
