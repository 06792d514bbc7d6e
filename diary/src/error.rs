//! Conversion of the diary's errors to HTTP problems: status, code, field and the next step for the person.

use axum::http::StatusCode;
use web::Problem;

use crate::{
    access::{ApplicationError, ConsentError},
    messages::MessageError,
    pupil::DiaryError,
    register::RegisterError,
    school::Faults,
    signin::{PasswordError, ProviderError},
    teacher::LessonError,
};

impl From<ApplicationError> for Problem {
    fn from(error: ApplicationError) -> Self {
        let problem = Self::new(error.status(), error.code(), error.to_string()).or(error.way_out());
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        let message = error.to_string();
        let problem = match &error {
            ConsentError::NotHere => Self::conflict("no-consents-at-school", message),
            ConsentError::NoPupil | ConsentError::Unknown => Self::not_found(message),
            ConsentError::Pupils | ConsentError::TooEarly => Self::bad_request("body", message),
            ConsentError::SnilsTaken(_) => Self::conflict("snils-taken", message),
            ConsentError::InForce => Self::conflict("consent-in-force", message),
            ConsentError::Withdrawn => Self::conflict("already-withdrawn", message),
        };
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        let problem = Self::new(error.status(), error.code(), error.to_string()).or(error.way_out());
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<DiaryError> for Problem {
    fn from(error: DiaryError) -> Self {
        let message = error.to_string();
        match error {
            DiaryError::Refused(words) => Self::new(StatusCode::FORBIDDEN, words.code, message).or(words.next_step),
            DiaryError::None => Self::new(StatusCode::FORBIDDEN, "no-diary", message)
                .or("Работникам школы открыта страница «Журнал школы»"),
            DiaryError::Unknown => Self::not_found(message),
            DiaryError::Week(_) => Self::bad_request("week", message),
            DiaryError::Term => Self::bad_request("term", message),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let message = error.to_string();
        match error {
            RegisterError::NoPupil | RegisterError::NoParent | RegisterError::NotOfSchool => Self::not_found(message),
            RegisterError::NotYourClass => Self::new(StatusCode::FORBIDDEN, "not-your-class", message).of("class"),
            RegisterError::SnilsTaken(_) => Self::conflict("snils-taken", message).of("snils"),
            RegisterError::NotYours => Self::new(StatusCode::FORBIDDEN, "not-yours", message),
            RegisterError::OnCard => Self::conflict("on-card", message).of("snils"),
        }
    }
}

impl From<LessonError> for Problem {
    fn from(error: LessonError) -> Self {
        let text = error.to_string();
        match error {
            LessonError::NotYours { .. } => {
                Self::new(StatusCode::FORBIDDEN, "not-your-lesson", text).or("Ваши уроки — на странице «Уроки»")
            }
            LessonError::NoLesson { .. } => Self::new(StatusCode::NOT_FOUND, "no-such-lesson", text)
                .of("date")
                .or("Ваши уроки — на странице «Уроки»"),
            LessonError::Wrong(faults) => match faults.into_iter().next() {
                Some((field, fault)) => Self::bad_request(field, fault).or("Ничего не записано: исправьте и повторите"),
                None => Self::bad_request("body", text),
            },
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        let message = error.to_string();
        match error {
            PasswordError::Over(_) | PasswordError::None => {
                Self::new(StatusCode::FORBIDDEN, "passwords-over", message).or("Нажмите «Войти через портал Госуслуг»")
            }
            PasswordError::Locked(_) => {
                Self::new(StatusCode::FORBIDDEN, "locked", message).or("Или нажмите «Забыли пароль?»")
            }
            PasswordError::Wrong => Self::new(StatusCode::UNAUTHORIZED, "wrong-password", message).of("password"),
            PasswordError::Refused(words) => Self::new(StatusCode::FORBIDDEN, words.code, message).or(words.next_step),
        }
    }
}

/// 424 (RFC 4918 §11.4) for errors of the provider: the diary itself works, and its page says what to do.
impl From<&ProviderError> for Problem {
    fn from(error: &ProviderError) -> Self {
        let (status, code, text) = match error {
            ProviderError::NoAddress => {
                let message = "Дневник не знает адреса Госуслуг";
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, "provider-unknown", message)
                    .or("Запустите дневник с --idp URL или укажите diary.provider.url в документе мира");
            }
            ProviderError::Signing(error) => return Self::internal(error),
            ProviderError::Silent(_) => {
                (StatusCode::FAILED_DEPENDENCY, "provider-silent", "Госуслуги не отвечают. Вход не состоялся")
            }
            ProviderError::Unreachable { .. } => {
                (StatusCode::FAILED_DEPENDENCY, "provider-unreachable", "Госуслуги не отвечают. Вход не состоялся")
            }
            ProviderError::Refused { .. } => {
                (StatusCode::FAILED_DEPENDENCY, "provider-refused", "Госуслуги ответили ошибкой. Вход не состоялся")
            }
            ProviderError::Junk { .. } => (
                StatusCode::FAILED_DEPENDENCY,
                "provider-junk",
                "Ответ Госуслуг не удалось прочитать. Вход не состоялся",
            ),
            ProviderError::OtherProtocol => {
                return Self::bad_request("state", "Этот вход начат до перезапуска дневника")
                    .or("Откройте страницу входа и войдите ещё раз");
            }
            ProviderError::Tokens(_)
            | ProviderError::Distrusted(_)
            | ProviderError::Untimely(_)
            | ProviderError::OtherPerson => (
                StatusCode::FAILED_DEPENDENCY,
                "provider-not-believed",
                "Ответ Госуслуг не прошёл проверку. Вход не состоялся",
            ),
        };
        let way_out = if error.is_about_clocks() {
            "Тестировщику: часы этого мира у дневника и у Госуслуг расходятся. Переведите и те и другие на одно время"
        } else {
            "Подождите немного и войдите ещё раз"
        };
        Self::new(status, code, text).or(way_out)
    }
}

/// Returns a problem with status 400 for the first faulty field.
pub(crate) fn first(faults: Faults) -> Problem {
    match faults.into_iter().next() {
        Some((field, message)) => Problem::bad_request(field, message),
        None => Problem::bad_request("body", "Запрос не читается"),
    }
}
