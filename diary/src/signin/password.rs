//! The diary's own sign-in, good until a date (R000.1).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Page, SetCookie, Trouble, see_other};
use worlds::{ActError, World};

use super::{Refusal, SESSION_COOKIE, admit, handlers::LoginPage};
use crate::{
    register::{PersonId, Who},
    state::{Diary, Way},
};

/// Login and password.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Credentials {
    /// «Имя пользователя».
    pub(super) login: String,
    /// «Пароль».
    pub(super) password: String,
}

/// Why a password is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PasswordError {
    /// The date has come.
    #[error("С {0} войти в дневник можно только через портал Госуслуг")]
    Over(String),
    /// Unknown login or another password.
    #[error("Неверное имя пользователя или пароль")]
    Wrong,
    /// R000.2 holds here as well.
    #[error("{}", .0.text())]
    Refused(Refusal),
}

impl From<PasswordError> for Trouble {
    fn from(error: PasswordError) -> Self {
        let message = error.to_string();
        match error {
            PasswordError::Over(_) => {
                Self::new(StatusCode::FORBIDDEN, "passwords-over", message).or("Нажмите «Войти через портал Госуслуг»")
            }
            PasswordError::Wrong => Self::new(StatusCode::UNAUTHORIZED, "wrong-password", message).of("password"),
            PasswordError::Refused(refusal) => {
                Self::new(StatusCode::FORBIDDEN, refusal.code(), message).or(refusal.next_step())
            }
        }
    }
}

/// Signs in; answers with the session and who it is.
pub(super) async fn enter(world: &World<Diary>, given: &Credentials) -> Result<(String, Who), ActError<PasswordError>> {
    world
        .act(|diary, now, rng| {
            let until = diary.settled.password_until;
            if web::date(now) >= until {
                return Err(PasswordError::Over(until.format("%d.%m.%Y").to_string()));
            }
            let id = diary.register.with_password(given.login.trim(), &given.password).ok_or(PasswordError::Wrong)?;
            let (PersonId::Pupil(key) | PersonId::Parent(key) | PersonId::Staff(key)) = id;
            let mut who = Who { name: diary.register.who(key).name, ..Who::default() };
            who.add(id);
            diary.register.admit_parent(&who, &mut Vec::new()).map_err(PasswordError::Refused)?;
            let (session, event) = admit(who.clone(), None, Way::Password, (now, rng));
            Ok((vec![event], (session, who)))
        })
        .await
}

/// `POST /login`
pub(crate) async fn with_password(
    InWorld { world, place }: InWorld<Diary>,
    frame: Frame,
    Form(given): Form<Credentials>,
) -> Result<Response, Trouble> {
    match enter(&world, &given).await {
        Ok((session, who)) => {
            Ok((SetCookie::new(&place, SESSION_COOKIE, &session), see_other(&place, who.home())).into_response())
        }
        Err(ActError::Refused(PasswordError::Wrong)) => {
            let school = world.read(|diary, _| diary.settled.school.name.clone()).await?;
            let error = Some("Неверное имя пользователя или пароль");
            let page = LoginPage { frame, school, passwords: true, login: given.login, error };
            Ok(Page(page).with(StatusCode::UNAUTHORIZED))
        }
        Err(error) => Err(error.into()),
    }
}
