//! Decisions on the steps of a self-registration (R000.4, R004.2).

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Email, Oid};
use worlds::{Decided, Term, WorldRng};

use super::{
    AccountEvent, Accounts, Applicant, Level, NewAccount, OneTimeCode, RegistrationError, RegistrationEvent,
    code::CodeError,
    entry_rules::Tried,
    registration::{Proof, Registration, UNDER_WAY},
};
use crate::{
    event::Event,
    portal::{
        Portal,
        outbox::{Channel, Message, OutboxEvent},
    },
};

/// Life of a registration.
const TERM: TimeDelta = TimeDelta::hours(1);

/// Maximum number of SMS, and of e-mails, for one registration.
const MAX_SENT: u32 = 5;

fn letter_to(email: &Email, registration: &str, letter: &str) -> Event {
    let message = Message {
        channel: Channel::Email,
        to: email.to_string(),
        subject: Some("Подтверждение электронной почты".to_owned()),
        text: "Чтобы продолжить регистрацию на Госуслугах, перейдите по ссылке. Она действует один час.".to_owned(),
        link: Some(format!("/registration/{registration}/email?letter={letter}")),
    };
    Event::Outbox(OutboxEvent::Sent { message })
}

impl Portal {
    /// Starts a registration and sends an SMS or an e-mail to each contact. Returns its secret identifier.
    ///
    /// # Errors
    /// Fails with a [`RegistrationError`] if the registration does not allow this step.
    pub(crate) fn start_registration(
        &self,
        applicant: &Applicant,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, String>, RegistrationError> {
        self.accounts.check_free(applicant)?;
        self.accounts.registrations.note_displaced("registration", &applicant.contact(), UNDER_WAY, now);
        let registration = rng.hex::<16>();
        let code = applicant.phone.map(|_| OneTimeCode::new(now, rng));
        let letter = applicant.email.as_ref().map(|_| rng.hex::<16>());
        let sms = applicant.phone.zip(code.as_ref()).map(|(phone, code)| Event::Outbox(code.sms(phone)));
        let mail = applicant.email.as_ref().zip(letter.as_ref());
        let mail = mail.map(|(email, letter)| letter_to(email, &registration, letter));
        let started = RegistrationEvent::Started {
            registration: registration.clone(),
            applicant: applicant.clone(),
            code,
            letter,
            expires_at: now + TERM,
        };
        Ok((std::iter::once(Event::Registration(started)).chain(sms).chain(mail).collect(), registration))
    }

    /// Checks the code of the SMS.
    pub(crate) fn prove_phone(&self, id: &str, typed: &str, now: DateTime<Utc>) -> Tried<(), RegistrationError> {
        let known = self.accounts.registration(id, now);
        let checked = known.and_then(|known| match &known.code.proof {
            Some(code) => Ok(code.check(typed, now)?),
            None => Err(CodeError::Lapsed.into()),
        });
        let registration = id.to_owned();
        let events = match &checked {
            Ok(()) => vec![Event::Registration(RegistrationEvent::PhoneProved { registration })],
            Err(RegistrationError::Code(CodeError::Wrong { .. })) => {
                vec![Event::Registration(RegistrationEvent::CodeMissed { registration })]
            }
            Err(_) => Vec::new(),
        };
        (events, checked)
    }

    /// Checks the secret of the e-mail's link; opening the link again changes nothing.
    ///
    /// # Errors
    /// Fails with a [`RegistrationError`] if the registration does not allow this step.
    pub(crate) fn prove_email(
        &self,
        id: &str,
        letter: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, RegistrationError> {
        let known = self.accounts.registration(id, now)?;
        match &known.letter.proof {
            None => Ok(Vec::new()),
            Some(wanted) if wanted == letter => {
                Ok(vec![Event::Registration(RegistrationEvent::EmailProved { registration: id.to_owned() })])
            }
            Some(_) => Err(RegistrationError::OtherLetter),
        }
    }

    /// Sends another SMS or e-mail, which replaces the earlier one.
    ///
    /// # Errors
    /// Fails with a [`RegistrationError`] if the registration does not allow this step.
    pub(crate) fn send_proof_again(
        &self,
        id: &str,
        channel: Channel,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Vec<Event>, RegistrationError> {
        let known = self.accounts.registration(id, now)?;
        let registration = id.to_owned();
        match channel {
            Channel::Sms => {
                let phone = known.phone_to_prove().filter(|_| known.code.sent < MAX_SENT);
                let code = OneTimeCode::new(now, rng);
                let sms = Event::Outbox(code.sms(phone.ok_or(RegistrationError::NoMore)?));
                Ok(vec![Event::Registration(RegistrationEvent::CodeSent { registration, code }), sms])
            }
            Channel::Email => {
                let email = known.email_to_prove().filter(|_| known.letter.sent < MAX_SENT);
                let letter = rng.hex::<16>();
                let mail = letter_to(email.ok_or(RegistrationError::NoMore)?, id, &letter);
                Ok(vec![Event::Registration(RegistrationEvent::LetterSent { registration, letter }), mail])
            }
        }
    }

    /// Completes a registration by a password: creates an account of the level упрощённая. Of two registrations with
    /// one contact the first one to complete gets it.
    ///
    /// # Errors
    /// Fails with a [`RegistrationError`] if the registration does not allow this step.
    pub(crate) fn complete_registration(
        &self,
        id: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Oid>, RegistrationError> {
        let known = self.accounts.registration(id, now)?;
        if known.phone_to_prove().is_some() || known.email_to_prove().is_some() {
            return Err(RegistrationError::NotProved);
        }
        self.accounts.check_free(known.applicant())?;
        let oid = self.accounts.next_oid();
        let Applicant { name, phone, email } = known.applicant().clone();
        let account = NewAccount {
            oid,
            name,
            gender: None,
            born: None,
            snils: None,
            birth_certificate: None,
            passport: None,
            email,
            phone,
            password: password.to_owned(),
            level: Level::Simplified,
            made_by: None,
            roles: Vec::new(),
        };
        let completed = RegistrationEvent::Completed { registration: id.to_owned(), oid };
        let created = AccountEvent::Created { account: Box::new(account) };
        Ok((vec![Event::Account(created), Event::Registration(completed)], oid))
    }
}

impl Accounts {
    /// Returns an unfinished registration.
    ///
    /// # Errors
    /// [`RegistrationError::Gone`] if it is unknown, completed or expired.
    pub(crate) fn registration(&self, id: &str, now: DateTime<Utc>) -> Result<&Registration, RegistrationError> {
        self.registrations.get(id, now).ok_or(RegistrationError::Gone)
    }

    pub(super) fn check_free(&self, applicant: &Applicant) -> Result<(), RegistrationError> {
        if applicant.phone.is_some_and(|phone| self.with_phone(&phone).is_some()) {
            return Err(RegistrationError::PhoneTaken);
        }
        if applicant.email.as_ref().is_some_and(|email| self.with_email(email).is_some()) {
            return Err(RegistrationError::EmailTaken);
        }
        Ok(())
    }

    pub(crate) fn apply_registration(&mut self, at: DateTime<Utc>, event: &RegistrationEvent) {
        let under_way = &mut self.registrations;
        match event {
            RegistrationEvent::Started { registration, applicant, code, letter, expires_at } => {
                let (code, letter) = (Proof::sent(code.clone()), Proof::sent(letter.clone()));
                let started = Registration { applicant: applicant.clone(), code, letter };
                let (owner, ends_at) = (applicant.contact(), *expires_at);
                under_way.insert_within(
                    (registration.clone(), started),
                    Term { owner: &owner, ends_at },
                    UNDER_WAY,
                    at,
                );
            }
            RegistrationEvent::Completed { registration, oid } => {
                under_way.remove(registration);
                self.registered.insert(registration.clone(), *oid);
            }
            RegistrationEvent::CodeSent { registration: id, .. }
            | RegistrationEvent::LetterSent { registration: id, .. }
            | RegistrationEvent::CodeMissed { registration: id }
            | RegistrationEvent::PhoneProved { registration: id }
            | RegistrationEvent::EmailProved { registration: id } => {
                if let Some(registration) = under_way.get_mut(id) {
                    registration.apply(event);
                }
            }
        }
    }

    /// Returns «Регистрация» with the person's name, for the timeline.
    pub(crate) fn registering(&self, id: &str) -> String {
        let under_way = self.registrations.remembered(id).map(|known| &known.applicant.name);
        let ended = || self.registered.get(id).and_then(|oid| self.get(*oid)).map(|account| &account.name);
        let name = under_way.or_else(ended);
        name.map_or_else(|| "Регистрация".to_owned(), |name| format!("Регистрация, {name}"))
    }
}
