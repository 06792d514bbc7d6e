//! The timeline's sentences about accounts.

use super::{AccountEvent, FactorEvent, IdentityEvent, RegistrationEvent, SecondFactor, identity::Answer};
use crate::{portal::agencies::Agency, state::Gosuslugi};

impl AccountEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let owner = |session: &str| {
            let oid = state.portal.accounts.remembered_owner(session);
            oid.map_or_else(|| "Кто-то".to_owned(), |oid| state.portal.name_of(oid))
        };
        match self {
            Self::Created { account } => format!("Создана учётная запись {}: {}", account.oid, account.name),
            Self::SignedIn { oid, .. } => format!("{}: вход на Госуслуги", state.portal.name_of(*oid)),
            Self::LinkOpened { oid, .. } => {
                format!("{}: сеанс открыт в браузере по ссылке", state.portal.name_of(*oid))
            }
            Self::SignInFailed { oid } => format!("{}: неудачная попытка входа", state.portal.name_of(*oid)),
            Self::RoleChosen { session, organisation: None } => format!("{}: вход как частное лицо", owner(session)),
            Self::RoleChosen { session, organisation: Some(organisation) } => {
                format!("{}: вход от организации {organisation}", owner(session))
            }
            Self::WindowClosed { session } => format!("{}: окно для кода привязки закрыто", owner(session)),
            Self::SignedOut { oid, .. } => format!("{}: выход с Госуслуг", state.portal.name_of(*oid)),
            Self::RecoveryAsked { oid, .. } => {
                format!("{}: запрошено восстановление пароля по письму", state.portal.name_of(*oid))
            }
            Self::RecoveryCodeAsked { oid: Some(oid), .. } => {
                format!("{}: запрошено восстановление пароля по SMS", state.portal.name_of(*oid))
            }
            Self::RecoveryCodeAsked { oid: None, phone, .. } => {
                format!("Запрошено восстановление пароля по SMS на {phone}: такого телефона нет ни у кого")
            }
            Self::RecoveryCodeMissed { phone } => format!("Восстановление по SMS на {phone}: неверный код"),
            Self::RecoveryProved { oid, .. } => {
                format!("{}: код восстановления верен, можно задать новый пароль", state.portal.name_of(*oid))
            }
            Self::PasswordRestored { oid, .. } => {
                format!("{}: пароль восстановлен, сеансы завершены", state.portal.name_of(*oid))
            }
            Self::PasswordChanged { oid, .. } => {
                format!("{}: пароль изменён, остальные сеансы завершены", state.portal.name_of(*oid))
            }
            Self::OneTimePasswordGiven { oid, .. } => format!(
                "{}: МФЦ выдал одноразовый пароль, второй фактор отключён, сеансы завершены",
                state.portal.name_of(*oid)
            ),
            Self::Confirmed { oid, place } => {
                format!("{}: учётная запись подтверждена ({place})", state.portal.name_of(*oid))
            }
        }
    }
}

impl FactorEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let entering = |entry: &str| {
            let oid = state.portal.accounts.entering(entry);
            oid.map_or_else(|| "Вход".to_owned(), |oid| state.portal.name_of(oid))
        };
        match self {
            Self::Chosen { oid, factor } => {
                let what = match factor {
                    SecondFactor::None => "вход только по паролю",
                    SecondFactor::Sms => "вход с кодом из SMS",
                    SecondFactor::Totp { .. } => "вход с кодом из приложения",
                };
                format!("{}: выбран {what}", state.portal.name_of(*oid))
            }
            Self::TotpOffered { oid, .. } => format!("{}: выдан ключ для приложения", state.portal.name_of(*oid)),
            Self::EntryOpened { oid, .. } => {
                format!("{}: пароль верен, вход ещё не завершён", state.portal.name_of(*oid))
            }
            Self::CodeSent { entry, .. } => format!("{}: отправлен новый код для входа", entering(entry)),
            Self::CodeMissed { oid, .. } => format!("{}: неверный код второго фактора", state.portal.name_of(*oid)),
            Self::Passed { oid, .. } => format!("{}: код второго фактора верен", state.portal.name_of(*oid)),
            Self::EntryClosed { .. } => "Вход завершён".to_owned(),
        }
    }
}

impl RegistrationEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let who = |registration: &str| state.portal.accounts.registering(registration);
        match self {
            Self::Started { applicant, .. } => format!("Регистрация, {}: начата", applicant.name),
            Self::CodeSent { registration, .. } => format!("{}: отправлен новый код", who(registration)),
            Self::LetterSent { registration, .. } => format!("{}: отправлено новое письмо", who(registration)),
            Self::CodeMissed { registration } => format!("{}: неверный код из SMS", who(registration)),
            Self::PhoneProved { registration } => format!("{}: телефон подтверждён", who(registration)),
            Self::EmailProved { registration } => format!("{}: электронная почта подтверждена", who(registration)),
            Self::Completed { oid, .. } => format!("Регистрация, {}: завершена", state.portal.name_of(*oid)),
        }
    }
}

impl IdentityEvent {
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::Entered { oid, .. } => {
                format!("{}: паспорт и СНИЛС отправлены на проверку в МВД и СФР", state.portal.name_of(*oid))
            }
            Self::Answered { oid, agency, answer } => {
                let document = if *agency == Agency::Mvd { "паспорт" } else { "СНИЛС" };
                let found = match answer {
                    Answer::Confirmed => "подтверждён",
                    Answer::NotFound => "не найден",
                    Answer::Taken => "уже в другой учётной записи",
                };
                format!("{}: ответ {}, {document} {found}", state.portal.name_of(*oid), agency.title())
            }
            Self::Raised { oid } => format!("{}: учётная запись стала стандартной", state.portal.name_of(*oid)),
        }
    }
}
