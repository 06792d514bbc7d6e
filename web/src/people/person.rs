use esia::language::pick;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;

/// Somebody of a world, with what is needed to sign in as them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Key of the seed, or of whoever has come into the world since.
    pub key: String,
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// What the person is in the story, in Russian.
    pub about: String,
    /// Number of the account at Gosuslugi, where this server knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<u64>,
    /// E-mail addresses and phones to which this server sends letters and SMS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// What is typed as the login, while passwords work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The password that works now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Path of the person's first page.
    pub home: &'static str,
}

/// 404 for a key that is nobody's; `message` is a Russian sentence.
pub fn no_person(message: impl Into<String>) -> Problem {
    Problem::not_found(message)
        .of("key")
        .or(pick("Кто в нём есть: GET /control/people", "Who is in it: GET /control/people"))
}
