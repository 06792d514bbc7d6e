//! Sentences of the timeline for events of accounts.

use esia::language::{pick, tr};

use super::{AccountEvent, FactorEvent, IdentityEvent, RegistrationEvent, SecondFactor, identity::Answer};
use crate::{portal::agencies::Agency, state::Gosuslugi};

impl AccountEvent {
    #[expect(clippy::too_many_lines, reason = "a sentence for each event, in both languages")]
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let owner = |session: &str| {
            let oid = state.portal.accounts.remembered_owner(session);
            oid.map_or_else(|| pick("Кто-то", "Somebody").to_owned(), |oid| state.portal.name_of(oid))
        };
        match self {
            Self::Created { account } => {
                tr!("Создана учётная запись {}: {}", "Account {} was created: {}", account.oid, account.name)
            }
            Self::SignedIn { oid, .. } => {
                tr!("{}: вход на Госуслуги", "{}: signed in to Gosuslugi", state.portal.name_of(*oid))
            }
            Self::LinkOpened { oid, .. } => {
                tr!(
                    "{}: сеанс открыт в браузере по ссылке",
                    "{}: a session was opened in a browser by a link",
                    state.portal.name_of(*oid)
                )
            }
            Self::SignInFailed { oid } => {
                tr!("{}: неудачная попытка входа", "{}: a sign-in failed", state.portal.name_of(*oid))
            }
            Self::RoleChosen { session, organisation: None } => {
                tr!("{}: вход как частное лицо", "{}: entered as a private person", owner(session))
            }
            Self::RoleChosen { session, organisation: Some(organisation) } => {
                tr!(
                    "{}: вход от организации {organisation}",
                    "{}: entered for organisation {organisation}",
                    owner(session)
                )
            }
            Self::WindowClosed { session } => tr!(
                "{}: окно для кода привязки закрыто",
                "{}: the window for the binding code was closed",
                owner(session)
            ),
            Self::SignedOut { oid, .. } => {
                tr!("{}: выход с Госуслуг", "{}: signed out of Gosuslugi", state.portal.name_of(*oid))
            }
            Self::RecoveryAsked { oid, .. } => {
                tr!(
                    "{}: запрошено восстановление пароля по письму",
                    "{}: a new password was asked for by letter",
                    state.portal.name_of(*oid)
                )
            }
            Self::RecoveryCodeAsked { oid: Some(oid), .. } => {
                tr!(
                    "{}: запрошено восстановление пароля по SMS",
                    "{}: a new password was asked for by SMS",
                    state.portal.name_of(*oid)
                )
            }
            Self::RecoveryCodeAsked { oid: None, phone, .. } => {
                tr!(
                    "Запрошено восстановление пароля по SMS на {phone}: такого телефона нет ни у кого",
                    "A new password was asked for by SMS to {phone}: nobody has this phone"
                )
            }
            Self::RecoveryCodeMissed { phone } => tr!(
                "Восстановление по SMS на {phone}: неверный код",
                "A new password by SMS to {phone}: the code is wrong"
            ),
            Self::RecoveryProved { oid, .. } => {
                tr!(
                    "{}: код восстановления верен, можно задать новый пароль",
                    "{}: the recovery code is right, a new password can be set",
                    state.portal.name_of(*oid)
                )
            }
            Self::PasswordRestored { oid, .. } => {
                tr!(
                    "{}: пароль восстановлен, сеансы завершены",
                    "{}: a new password was set, the sessions are ended",
                    state.portal.name_of(*oid)
                )
            }
            Self::PasswordChanged { oid, .. } => {
                tr!(
                    "{}: пароль изменён, остальные сеансы завершены",
                    "{}: the password was changed, the other sessions are ended",
                    state.portal.name_of(*oid)
                )
            }
            Self::OneTimePasswordGiven { oid, .. } => tr!(
                "{}: МФЦ выдал одноразовый пароль, второй фактор отключён, сеансы завершены",
                "{}: a service centre gave a one-time password, the second factor is off, the sessions are ended",
                state.portal.name_of(*oid)
            ),
            Self::Confirmed { oid, place } => {
                tr!(
                    "{}: учётная запись подтверждена ({place})",
                    "{}: the account was confirmed («{place}»)",
                    state.portal.name_of(*oid)
                )
            }
        }
    }
}

impl FactorEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let entering = |entry: &str| {
            let oid = state.portal.accounts.entering(entry);
            oid.map_or_else(|| pick("Вход", "Sign-in").to_owned(), |oid| state.portal.name_of(oid))
        };
        match self {
            Self::Chosen { oid, factor } => {
                let what = match factor {
                    SecondFactor::None => pick("вход только по паролю", "a sign-in by password alone"),
                    SecondFactor::Sms => pick("вход с кодом из SMS", "a sign-in with a code of an SMS"),
                    SecondFactor::Totp { .. } => {
                        pick("вход с кодом из приложения", "a sign-in with a code of an application")
                    }
                };
                tr!("{}: выбран {what}", "{}: has chosen {what}", state.portal.name_of(*oid))
            }
            Self::TotpOffered { oid, .. } => tr!(
                "{}: выдан ключ для приложения",
                "{}: a key for the application was given",
                state.portal.name_of(*oid)
            ),
            Self::EntryOpened { oid, .. } => {
                tr!(
                    "{}: пароль верен, вход ещё не завершён",
                    "{}: the password is right, the sign-in goes on",
                    state.portal.name_of(*oid)
                )
            }
            Self::CodeSent { entry, .. } => {
                tr!("{}: отправлен новый код для входа", "{}: a new code for the sign-in was sent", entering(entry))
            }
            Self::CodeMissed { oid, .. } => tr!(
                "{}: неверный код второго фактора",
                "{}: the code of the second factor is wrong",
                state.portal.name_of(*oid)
            ),
            Self::Passed { oid, .. } => tr!(
                "{}: код второго фактора верен",
                "{}: the code of the second factor is right",
                state.portal.name_of(*oid)
            ),
            Self::EntryClosed { .. } => pick("Вход завершён", "The sign-in is done").to_owned(),
        }
    }
}

impl RegistrationEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let who = |registration: &str| state.portal.accounts.registering(registration);
        match self {
            Self::Started { applicant, .. } => {
                tr!("Регистрация, {}: начата", "Registration, {}: begun", applicant.name)
            }
            Self::CodeSent { registration, .. } => {
                tr!("{}: отправлен новый код", "{}: a new code was sent", who(registration))
            }
            Self::LetterSent { registration, .. } => {
                tr!("{}: отправлено новое письмо", "{}: a new letter was sent", who(registration))
            }
            Self::CodeMissed { registration } => {
                tr!("{}: неверный код из SMS", "{}: the code of the SMS is wrong", who(registration))
            }
            Self::PhoneProved { registration } => {
                tr!("{}: телефон подтверждён", "{}: the phone was confirmed", who(registration))
            }
            Self::EmailProved { registration } => {
                tr!("{}: электронная почта подтверждена", "{}: the e-mail address was confirmed", who(registration))
            }
            Self::Completed { oid, .. } => {
                tr!("Регистрация, {}: завершена", "Registration, {}: done", state.portal.name_of(*oid))
            }
        }
    }
}

impl IdentityEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::Entered { oid, .. } => {
                tr!(
                    "{}: паспорт и СНИЛС отправлены на проверку в МВД и СФР",
                    "{}: passport and SNILS were sent to MVD and SFR to be checked",
                    state.portal.name_of(*oid)
                )
            }
            Self::Answered { oid, agency, answer } => {
                let document = if *agency == Agency::Mvd {
                    pick("паспорт", "passport")
                } else {
                    pick("СНИЛС", "SNILS")
                };
                let found = match answer {
                    Answer::Confirmed => pick("подтверждён", "is confirmed"),
                    Answer::NotFound => pick("не найден", "was not found"),
                    Answer::Taken => pick("уже в другой учётной записи", "is in another account already"),
                };
                tr!(
                    "{}: ответ {}, {document} {found}",
                    "{}: answer of {}, {document} {found}",
                    state.portal.name_of(*oid),
                    pick(agency.title(), if *agency == Agency::Mvd { "MVD" } else { "SFR" })
                )
            }
            Self::Raised { oid } => tr!(
                "{}: учётная запись стала стандартной",
                "{}: the account became a standard one",
                state.portal.name_of(*oid)
            ),
        }
    }
}
