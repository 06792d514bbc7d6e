//! Conversion of the portal's errors into [`Problem`]: status, code, field and way out (RFC 9457).

use axum::http::StatusCode;
use esia::language::pick;
use web::Problem;

use crate::{
    grants::RequestGone,
    portal::{
        accounts::{
            CodeError, EntryError, IdentityError, RecoveryError, RegistrationError, SecurityError, SignInError,
        },
        binding::{BindingError, ManageError, RedeemError},
        consents::ConsentError,
        family::{CardError, ChildAccountError},
    },
};

impl From<RequestGone> for Problem {
    fn from(error: RequestGone) -> Self {
        Self::bad_request("request", error.to_string()).or(pick(
            "Вернитесь на сайт, в который вы входили, и начните вход заново",
            "Go back to the site that you were signing in to, and begin anew",
        ))
    }
}

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        let problem = Self::conflict(error.code(), error.to_string());
        match error {
            ManageError::Card(error) => error.into(),
            ManageError::NotBound => problem.or("Привяжите учётную запись в карточке ребёнка, если ему нет 18 лет"),
            ManageError::NoFactor => problem,
            ManageError::EmailTaken => problem.of("email"),
            ManageError::PhoneTaken => problem.of("phone"),
        }
    }
}

impl From<BindingError> for Problem {
    fn from(error: BindingError) -> Self {
        let way_out = match &error {
            BindingError::CertificateNotConfirmed => {
                "Удалите данные свидетельства, введите их заново и отправьте на проверку"
            }
            BindingError::NotIdentified => {
                "Пусть ребёнок укажет паспорт и СНИЛС в профиле («Документы и данные») и дождётся проверки"
            }
            BindingError::NobodyHasEmail | BindingError::Adult | BindingError::OtherChild => {
                "Проверьте адрес: он указан в профиле ребёнка на Госуслугах"
            }
            BindingError::AlreadyBound | BindingError::ComeOfAge => "Ничего делать не нужно",
        };
        let problem = Self::conflict(error.code(), error.to_string()).or(way_out);
        if matches!(error, BindingError::CertificateNotConfirmed) { problem } else { problem.of("email") }
    }
}

impl From<RedeemError> for Problem {
    fn from(error: RedeemError) -> Self {
        let problem = match error {
            RedeemError::NotACode => Self::bad_request("code", error.to_string()),
            _ => Self::conflict(error.code(), error.to_string()).of("code"),
        };
        Self {
            code: error.code(), ..problem.or("Попросите родителя получить новый код в карточке ребёнка")
        }
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Unknown | ConsentError::NoSubject => {
                Self { code: error.code(), ..Self::not_found(error.to_string()) }
            }
            ConsentError::Days => Self { code: error.code(), ..Self::bad_request("days", error.to_string()) },
            _ => Self::conflict(error.code(), error.to_string()),
        }
    }
}

impl From<ChildAccountError> for Problem {
    fn from(error: ChildAccountError) -> Self {
        let (code, text, field) = (error.code(), error.to_string(), error.field());
        let problem = match error {
            ChildAccountError::Card(error) => return error.into(),
            ChildAccountError::Code(error) => return error.into(),
            ChildAccountError::EmailTaken | ChildAccountError::PhoneTaken => {
                Self::conflict(code, text).or("Укажите другие данные ребёнка")
            }
            ChildAccountError::LinkLapsed => {
                Self::conflict(code, text).or("Родитель может отправить новое письмо из карточки ребёнка")
            }
            _ => Self::conflict(code, text),
        };
        match field {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<CardError> for Problem {
    fn from(error: CardError) -> Self {
        let problem = match error {
            CardError::Unknown => Self { code: error.code(), ..Self::not_found(error.to_string()) },
            _ => Self::conflict(error.code(), error.to_string()),
        };
        let problem = match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        };
        match error.way_out() {
            Some(way_out) => problem.or(way_out),
            None => problem,
        }
    }
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        let way_out = match &error {
            RegistrationError::Code(error) => return error.clone().into(),
            RegistrationError::Gone | RegistrationError::NoMore => "Начните регистрацию заново",
            RegistrationError::EmailTaken | RegistrationError::PhoneTaken => {
                "Войдите в эту учётную запись или восстановите к ней доступ"
            }
            _ => "Вернитесь на страницу регистрации",
        };
        let problem = Self::conflict(error.code(), error.to_string()).or(way_out);
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<SecurityError> for Problem {
    fn from(error: SecurityError) -> Self {
        Self::conflict(error.code(), error.to_string()).of(error.field())
    }
}

impl From<EntryError> for Problem {
    fn from(error: EntryError) -> Self {
        let again = "Войдите ещё раз: введите логин и пароль";
        match error {
            EntryError::Gone => Self::conflict("entry-gone", error.to_string()).or(again),
            EntryError::Code(error) => error.into(),
            EntryError::Locked(error) => error.into(),
            EntryError::NoMoreCodes => Self::conflict("no-more-codes", error.to_string()).or(again),
            EntryError::SamePassword => {
                Self { code: "same-password", ..Self::bad_request("password", error.to_string()) }
            }
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let problem = Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string());
        match error {
            SignInError::Wrong => problem.of("password").or("Проверьте логин и пароль или нажмите «Восстановить»"),
            SignInError::Locked { .. } => problem,
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        let problem = Self::conflict(error.code(), error.to_string());
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl From<RecoveryError> for Problem {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::Lapsed => {
                Self::conflict("recovery-lapsed", error.to_string()).or("Нажмите «Восстановить» ещё раз")
            }
            RecoveryError::TooManyCodes => Self::conflict("too-many-codes", error.to_string()).of("login"),
            RecoveryError::Code(error) => error.into(),
        }
    }
}

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::NotACode => Self { code: error.code(), ..Self::bad_request("code", error.to_string()) },
            _ => Self::conflict(error.code(), error.to_string()).of("code"),
        }
    }
}
