//! Sign-in with the diary's own password, while the profile allows it (R000.1, R002.1, R003.1).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Page, Problem, SetCookie, see_other};
use worlds::{ActError, World, WorldRng};

use super::{cookies::SESSION_COOKIE, pages::LoginPage, refusal::Words, session::NewSession};
use crate::{
    event::{DiaryEvent, Way},
    profile::Passwords,
    register::Who,
    state::Diary,
};

/// Login and password.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Credentials {
    /// «Имя пользователя» on the page.
    pub(super) login: String,
    /// «Пароль» on the page.
    pub(super) password: String,
}

/// Reason why a sign-in by password is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordError {
    /// Passwords no longer work; the text is the first day without them.
    #[error("С {0} войти в дневник можно только через портал Госуслуг")]
    Over(String),
    /// The login is unknown, or the password is wrong.
    #[error("Неверное имя пользователя или пароль")]
    Wrong,
    /// Too many wrong passwords in a row; locked until this time.
    #[error("Вход временно заблокирован: слишком много неверных паролей. Повторите после {}", worlds::moscow::date_time(*.0))]
    Locked(DateTime<Utc>),
    /// The profile has no passwords.
    #[error("Войти в дневник можно только через портал Госуслуг")]
    None,
    /// The parent may not enter (R000.2), as at a sign-in through Gosuslugi.
    #[error("{}", .0.text)]
    Refused(Box<Words>),
}

/// Signs in and returns the session and the person.
pub(super) async fn enter(world: &World<Diary>, given: &Credentials) -> Result<(String, Who), ActError<PasswordError>> {
    let tried = world.act(|diary, now, rng| match diary.enter_by_password(given, now, rng) {
        Ok((event, entered)) => Ok((vec![event], Ok(entered))),
        // A wrong password is an event, because attempts are counted.
        Err((PasswordError::Wrong, Some(key))) => {
            Ok((vec![DiaryEvent::PasswordMissed { key }], Err(PasswordError::Wrong)))
        }
        Err((refusal, _)) => Err(refusal),
    });
    tried.await?.map_err(ActError::Refused)
}

/// Reason of the refusal, and the key of the person whose password was mistyped.
type Missed = (PasswordError, Option<String>);

impl Diary {
    /// Decides a sign-in by password. Whether passwords work on this day is checked before the password.
    fn enter_by_password(
        &self,
        given: &Credentials,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<(DiaryEvent, (String, Who)), Missed> {
        let (today, sign_in) = (worlds::moscow::date(now), &self.config.profile.sign_in);
        let refuse = |error| Err((error, None));
        let allowed = [sign_in.families.passwords, sign_in.staff.passwords];
        if !allowed.iter().any(|passwords| passwords.work_on(today)) {
            return refuse(over(allowed[0]));
        }
        let login = given.login.trim();
        let Some(id) = self.register.person_of(login) else { return refuse(PasswordError::Wrong) };
        if let Some(until) = self.brake.locked_until(id.key(), now) {
            return refuse(PasswordError::Locked(until));
        }
        if self.register.with_password(login, &given.password).is_none() {
            return Err((PasswordError::Wrong, Some(id.key().to_owned())));
        }
        let passwords = sign_in.of(id).passwords;
        if !passwords.work_on(today) {
            return refuse(over(passwords));
        }
        let mut who = Who { name: self.register.who(id.key()).name, ..Who::default() };
        who.add(id);
        if let Err(refusal) = self.register.admit_parent(&who, &mut Vec::new()) {
            return refuse(PasswordError::Refused(Box::new(refusal.words(&self.config.profile))));
        }
        let (session, event) = NewSession::of(who.clone(), Way::Password).open(self, now, rng);
        Ok((event, (session, who)))
    }
}

fn over(passwords: Passwords) -> PasswordError {
    match passwords {
        Passwords::Until(day) => PasswordError::Over(day.format("%d.%m.%Y").to_string()),
        Passwords::Always | Passwords::Never => PasswordError::None,
    }
}

/// `POST /login`: signs in with a password of the diary.
pub(crate) async fn with_password(
    InWorld { world, world_url }: InWorld<Diary>,
    frame: Frame,
    Form(given): Form<Credentials>,
) -> Result<Response, Problem> {
    match enter(&world, &given).await {
        Ok((session, who)) => {
            Ok((SetCookie::new(&world_url, SESSION_COOKIE, &session), see_other(&world_url, who.home()))
                .into_response())
        }
        Err(ActError::Refused(error @ (PasswordError::Wrong | PasswordError::Locked(_)))) => {
            let status = if error == PasswordError::Wrong { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
            let error = Some(error.to_string());
            let page = LoginPage { login: given.login, error, ..LoginPage::new(&world, frame).await? };
            Ok(Page(page).with(status))
        }
        Err(error) => Err(error.into()),
    }
}

/// Buttons «Показать» and «Скрыть» for browsers without scripts. Nothing is stored.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    /// Set by the button «Показать».
    show: Option<String>,
}

/// `POST /login/show`: shows the form again, with the password visible or hidden.
pub(crate) async fn show(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Form(Shown { login, password, show }): Form<Shown>,
) -> Result<Page<LoginPage>, Problem> {
    let password = show.map(|_| password);
    Ok(Page(LoginPage { login, password, ..LoginPage::new(&world, frame).await? }))
}
