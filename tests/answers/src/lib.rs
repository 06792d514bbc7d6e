//! What tests read of an answer. Status, media type and form are asserted before anything in a body is looked at, so that a
//! test never passes on an answer of another kind.
#![expect(clippy::panic, reason = "an answer that is not what it should be ends the test")]

use http::{Extensions, HeaderMap, StatusCode};
use serde_json::Value;

/// The media type of problem details (RFC 9457 §3).
const PROBLEM: &str = "application/problem+json";
/// How much of a body a failed assertion shows, characters.
const SHOWN: usize = 300;

/// An answer with its body read.
#[derive(Debug, Clone)]
pub struct ReadAnswer {
    /// Its status; compares with a number.
    pub status: StatusCode,
    /// Header fields as they came.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    /// What a server has noted beside the answer for whoever carries it; nothing where it came over a network.
    pub extensions: Extensions,
}

/// The media type that header fields name, without its parameters; empty where there is none.
pub fn media_type(headers: &HeaderMap) -> &str {
    let given = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim()
}

impl ReadAnswer {
    /// The JSON of an answer `200 OK`.
    ///
    /// # Panics
    /// For any other answer.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.json(200)
    }

    /// The JSON of an answer with this status.
    ///
    /// # Panics
    /// For any other answer.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        self.read(status, "application/json")
    }

    /// A problem document with this status (RFC 9457).
    ///
    /// # Panics
    /// For any other answer, and for a document that lacks a member which every one has.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        let problem = self.read(status, PROBLEM);
        let is_whole = problem["status"] == status && problem["title"].is_string() && problem["code"].is_string();
        assert!(is_whole, "no problem document: {problem}");
        problem
    }

    /// A refusal of an OAuth endpoint with this status (RFC 6749 §5.2).
    ///
    /// # Panics
    /// For any other answer.
    #[track_caller]
    pub fn oauth_error(&self, status: u16) -> Value {
        let refusal = self.json(status);
        assert!(refusal["error"].is_string(), "no error of OAuth: {refusal}");
        refusal
    }

    /// JSON of this status and media type.
    ///
    /// # Panics
    /// For any other answer.
    #[track_caller]
    pub fn read(&self, status: u16, media_type: &str) -> Value {
        let came = (self.status.as_u16(), self.media_type());
        match serde_json::from_str(&self.body) {
            Ok(body) if came == (status, media_type) => body,
            _ => panic!("{:?} was expected, came {came:?}: {:.SHOWN$}", (status, media_type), self.body),
        }
    }

    /// The media type without its parameters; empty where there is none.
    pub fn media_type(&self) -> &str {
        media_type(&self.headers)
    }

    /// A header field as text; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The verdict on the request in one line; empty when nothing was looked at.
    pub fn verdict_line(&self) -> &str {
        self.header("x-esia-stand-verdict")
    }

    /// Status, and the JSON of a success or the problem document of a refusal to the letter.
    ///
    /// # Panics
    /// For a refusal that is no problem document, and a success that is neither empty nor JSON.
    #[track_caller]
    pub fn told(&self) -> String {
        let status = self.status.as_u16();
        if !self.status.is_success() {
            self.problem(status);
        } else if !self.body.is_empty() {
            self.json(status);
        }
        format!("{status} {}", self.body).trim_end().to_owned()
    }

    /// Status, and of a problem its code and field, where it names one.
    ///
    /// # Panics
    /// For a refusal that is no problem document.
    #[track_caller]
    pub fn outcome(&self) -> String {
        let status = self.status.as_u16();
        if self.status.is_success() {
            return status.to_string();
        }
        let problem = self.problem(status);
        let part = |name: &str| problem[name].as_str().unwrap_or_default();
        format!("{status} {} {}", part("code"), part("field")).trim_end().to_owned()
    }
}

/// Russian letters of an English text, besides those of quoted values, which stay as they came, and of other `values`. A test
/// that finds none has found English.
pub fn russian_in(text: &str, values: &[&str]) -> String {
    let told = values.iter().fold(text.to_owned(), |told, value| told.replace(value, ""));
    let outside = told.split('«').enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('»').map_or("", |(_, rest)| rest),
    });
    outside.flat_map(str::chars).filter(|letter| is_russian(*letter)).collect()
}

/// Whether it is a letter of the Russian alphabet.
pub const fn is_russian(letter: char) -> bool {
    matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &'static str, body: &str) -> ReadAnswer {
        let headers = [(http::header::CONTENT_TYPE, http::HeaderValue::from_static(media_type))];
        let status = StatusCode::from_u16(status).unwrap();
        ReadAnswer {
            status,
            headers: headers.into_iter().collect(),
            body: body.to_owned(),
            extensions: Extensions::new(),
        }
    }

    #[test]
    fn an_answer_of_the_expected_kind_is_read() {
        assert_eq!(answer(200, "application/json; charset=utf-8", "[1]").ok(), serde_json::json!([1]));
        let problem = r#"{"status":404,"title":"t","code":"not-found"}"#;
        assert_eq!(answer(404, PROBLEM, problem).outcome(), "404 not-found");
        assert_eq!(answer(404, PROBLEM, problem).told(), format!("404 {problem}"));
        assert_eq!(answer(204, "", "").told(), "204");
    }

    #[test]
    #[should_panic(expected = "(200, \"application/json\") was expected, came (400, \"application/json\"): {}")]
    fn another_status_ends_the_test() {
        answer(400, "application/json", "{}").ok();
    }

    #[test]
    #[should_panic(expected = "came (200, \"text/html\")")]
    fn another_media_type_ends_the_test() {
        answer(200, "text/html", "{}").ok();
    }

    #[test]
    #[should_panic(expected = "no problem document")]
    fn a_problem_of_another_status_ends_the_test() {
        answer(404, PROBLEM, r#"{"status":400,"title":"t","code":"c"}"#).problem(404);
    }

    #[test]
    #[should_panic(expected = "no error of OAuth")]
    fn a_refusal_without_an_error_ends_the_test() {
        answer(400, "application/json", r#"{"message":"no"}"#).oauth_error(400);
    }

    #[test]
    fn russian_letters_are_found_outside_of_quotes_and_values() {
        let told = "Вход of Анна: «не найден» was seen, ошибка";
        assert_eq!(russian_in(told, &["Анна"]), "Входошибка");
        assert_eq!(russian_in("signed in: «Иван", &[]), "", "a quotation that does not end");
    }
}
