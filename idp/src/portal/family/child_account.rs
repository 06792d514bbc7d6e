//! Decisions on the creation of a child's account by a guardian («Создать»), step by step (R002.5–7, R003.7, R003.10,
//! R004.6–8).
//!
//! The account exists only once its e-mail address, and its phone if one is given, are confirmed and it has a password.
//! Until then the card has a [`Draft`], which expires. Two drafts may name the same address or phone: the first one to
//! confirm it gets it. If somebody registers with it meanwhile, the first account to exist gets it.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Email, Oid, Phone};
use worlds::{Decided, WorldRng};

use super::{Card, CardId, ChildAccountError, ChildAccountEvent, Draft, DraftEnding, OwnCard, Proof, Reach};
use crate::{
    event::Event,
    portal::{
        Deadline, Portal,
        accounts::{AccountEvent, CodeError, Level, NewAccount, OneTimeCode},
        agencies::BirthDocument,
        binding::BindingEvent,
        outbox::{Channel, Message, OutboxEvent},
    },
};

/// Life of an unfinished child account.
const DRAFT_FOR: TimeDelta = TimeDelta::days(1);

fn letter(to: &Email, token: &str, card: &Card) -> Event {
    let message = Message {
        channel: Channel::Email,
        to: to.to_string(),
        subject: Some("Подтвердите электронную почту ребёнка".to_owned()),
        text: format!(
            "{}: создаётся учётная запись на Госуслугах. Чтобы подтвердить почту, перейдите по ссылке.",
            card.name
        ),
        link: Some(format!("/child-account/email?token={token}")),
    };
    Event::Outbox(OutboxEvent::Sent { message })
}

impl Portal {
    /// Returns the unfinished account of a card.
    pub(crate) fn draft(&self, card: CardId) -> Option<&Draft> {
        self.family.child_accounts.get(card)
    }

    fn own_draft(&self, card: CardId, guardian: Oid) -> Result<(&Card, &Draft), ChildAccountError> {
        let card = self.family.own(card, guardian)?;
        Ok((card, self.draft(card.id).ok_or(ChildAccountError::NotStarted)?))
    }

    fn email_is_free(&self, email: &Email, card: CardId) -> Result<(), ChildAccountError> {
        let reserved = self.family.child_accounts.emails.get(email).is_some_and(|other| *other != card);
        let taken = reserved || self.accounts.with_email(email).is_some();
        if taken { Err(ChildAccountError::EmailTaken) } else { Ok(()) }
    }

    fn phone_is_free(&self, phone: &Phone, card: CardId) -> Result<(), ChildAccountError> {
        let reserved = self.family.child_accounts.phones.get(phone).is_some_and(|other| *other != card);
        let taken = reserved || self.accounts.with_phone(phone).is_some();
        if taken { Err(ChildAccountError::PhoneTaken) } else { Ok(()) }
    }

    /// Starts the creation with the contacts of the child: sends an e-mail and an SMS. «Детская почта» needs no e-mail.
    ///
    /// # Errors
    /// Fails with a [`ChildAccountError`] if the card or the state of the creation forbids this step.
    pub(crate) fn start_child_account(
        &self,
        OwnCard { card, guardian }: OwnCard,
        reach: &Reach,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Vec<Event>, ChildAccountError> {
        let card = self.family.own(card, guardian)?;
        self.offers_account(card, worlds::moscow::date(now))?;
        if self.draft(card.id).is_some() {
            return Err(ChildAccountError::AlreadyStarted);
        }
        self.email_is_free(&reach.email, card.id)?;
        if let Some(phone) = &reach.phone {
            self.phone_is_free(phone, card.id)?;
        }
        let token = (!reach.childrens_mail).then(|| rng.hex::<16>());
        let code = reach.phone.is_some().then(|| OneTimeCode::new(now, rng));
        let letter = token.as_ref().map(|token| letter(&reach.email, token, card));
        let sms = reach.phone.zip(code.as_ref()).map(|(phone, code)| Event::Outbox(code.sms(phone)));
        let started = ChildAccountEvent::Started {
            card: card.id,
            email: reach.email.clone(),
            token,
            phone: reach.phone,
            code,
            expires_at: now + DRAFT_FOR,
        };
        Ok([Some(Event::ChildAccount(started)), letter, sms].into_iter().flatten().collect())
    }

    /// Sends another e-mail with a new link.
    ///
    /// # Errors
    /// Fails if nothing was started, or there is nothing to confirm.
    pub(crate) fn resend_letter(
        &self,
        card: CardId,
        guardian: Oid,
        rng: &mut WorldRng,
    ) -> Result<Vec<Event>, ChildAccountError> {
        let (card, draft) = self.own_draft(card, guardian)?;
        if draft.email_proof.is_given() {
            return Err(ChildAccountError::NothingToConfirm);
        }
        let token = rng.hex::<16>();
        let letter = letter(&draft.email, &token, card);
        Ok(vec![Event::ChildAccount(ChildAccountEvent::LetterSent { card: card.id, token }), letter])
    }

    /// Confirms the e-mail address by the secret of the link. Anybody who can read the mailbox may open it. Returns the
    /// address.
    ///
    /// # Errors
    /// Fails if the link is not valid, or another account has got the address meanwhile.
    pub(crate) fn confirm_child_email(&self, token: &str) -> Result<Decided<Event, Email>, ChildAccountError> {
        let card = self.family.child_accounts.by_token.get(token).copied().ok_or(ChildAccountError::LinkLapsed)?;
        let draft = self.draft(card).ok_or(ChildAccountError::LinkLapsed)?;
        self.email_is_free(&draft.email, card)?;
        Ok((vec![Event::ChildAccount(ChildAccountEvent::EmailConfirmed { card })], draft.email.clone()))
    }

    /// Sends another SMS with a new code.
    ///
    /// # Errors
    /// Fails if nothing was started, or there is nothing to confirm.
    pub(crate) fn resend_code(
        &self,
        OwnCard { card, guardian }: OwnCard,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Vec<Event>, ChildAccountError> {
        let (card, draft) = self.own_draft(card, guardian)?;
        let Some((phone, Proof::Awaited(_))) = &draft.phone else {
            return Err(ChildAccountError::NothingToConfirm);
        };
        let code = OneTimeCode::new(now, rng);
        let sms = Event::Outbox(code.sms(*phone));
        Ok(vec![Event::ChildAccount(ChildAccountEvent::CodeSent { card: card.id, code }), sms])
    }

    /// Confirms the phone by the code of the SMS. A wrong code fails and yet records an event, because attempts are
    /// counted.
    ///
    /// # Errors
    /// Fails if no code is awaited, the code has expired, or another account has got the phone meanwhile.
    pub(crate) fn confirm_child_phone(
        &self,
        OwnCard { card, guardian }: OwnCard,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Result<(), CodeError>>, ChildAccountError> {
        let (card, draft) = self.own_draft(card, guardian)?;
        let card = card.id;
        let Some((phone, Proof::Awaited(code))) = &draft.phone else {
            return Err(ChildAccountError::NothingToConfirm);
        };
        self.phone_is_free(phone, card)?;
        match code.check(typed, now) {
            Ok(()) => Ok((vec![Event::ChildAccount(ChildAccountEvent::PhoneConfirmed { card })], Ok(()))),
            Err(wrong @ CodeError::Wrong { .. }) => {
                Ok((vec![Event::ChildAccount(ChildAccountEvent::CodeMissed { card })], Err(wrong)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Cancels the creation; the guardian may start again with other contacts.
    ///
    /// # Errors
    /// Fails if nothing was started.
    pub(crate) fn cancel_child_account(&self, card: CardId, guardian: Oid) -> Result<Vec<Event>, ChildAccountError> {
        let (card, _) = self.own_draft(card, guardian)?;
        Ok(vec![Event::ChildAccount(ChildAccountEvent::Ended { card: card.id, how: DraftEnding::Cancelled })])
    }

    /// Completes the creation by a password: creates the account and binds it to the guardian (R000.3, R003.12).
    ///
    /// # Errors
    /// Fails with a [`ChildAccountError`] if the card or the state of the creation forbids this step.
    pub(crate) fn finish_child_account(
        &self,
        OwnCard { card, guardian }: OwnCard,
        password: String,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Oid>, ChildAccountError> {
        let card = self.family.own(card, guardian)?;
        self.offers_account(card, worlds::moscow::date(now))?;
        let (_, draft) = self.own_draft(card.id, guardian)?;
        if !draft.email_proof.is_given() {
            return Err(ChildAccountError::EmailNotConfirmed);
        }
        if !draft.is_confirmed() {
            return Err(ChildAccountError::PhoneNotConfirmed);
        }
        self.email_is_free(&draft.email, card.id)?;
        if let Some((phone, _)) = &draft.phone {
            self.phone_is_free(phone, card.id)?;
        }
        let oid = self.accounts.next_oid();
        let account = new_account(oid, card, draft, password);
        let events = vec![
            Event::Account(AccountEvent::Created { account: Box::new(account) }),
            Event::Binding(BindingEvent::Bound { guardian: card.guardian, child: oid, card: None }),
            Event::ChildAccount(ChildAccountEvent::Ended { card: card.id, how: DraftEnding::Made }),
            Event::Outbox(OutboxEvent::Sent { message: welcome(card, &draft.email) }),
        ];
        Ok((events, oid))
    }

    pub(crate) fn apply_child_account(&mut self, event: &ChildAccountEvent) {
        let all = &mut self.family.child_accounts;
        match event {
            ChildAccountEvent::Started { card, email, token, phone, code, expires_at } => {
                let phone = phone.zip(code.clone()).map(|(phone, code)| (phone, Proof::Awaited(code)));
                let email_proof = token.clone().map_or(Proof::Given, Proof::Awaited);
                let draft = Draft { email: email.clone(), email_proof, phone, expires_at: *expires_at };
                all.drafts.insert(*card, draft);
                match token {
                    Some(token) => drop(all.by_token.insert(token.clone(), *card)),
                    None => all.confirm_email(*card),
                }
                self.agenda.insert((*expires_at, Deadline::ChildAccount(*card)));
            }
            ChildAccountEvent::LetterSent { card, token } => {
                all.forget_token(*card);
                all.by_token.insert(token.clone(), *card);
                if let Some(draft) = all.drafts.get_mut(card) {
                    draft.email_proof = Proof::Awaited(token.clone());
                }
            }
            ChildAccountEvent::EmailConfirmed { card } => all.confirm_email(*card),
            ChildAccountEvent::CodeSent { card, code } => {
                if let Some((_, proof)) = all.drafts.get_mut(card).and_then(|draft| draft.phone.as_mut()) {
                    *proof = Proof::Awaited(code.clone());
                }
            }
            ChildAccountEvent::CodeMissed { card } => {
                let phone = all.drafts.get_mut(card).and_then(|draft| draft.phone.as_mut());
                if let Some((_, Proof::Awaited(code))) = phone {
                    code.miss();
                }
            }
            ChildAccountEvent::PhoneConfirmed { card } => all.confirm_phone(*card),
            ChildAccountEvent::Ended { card, .. } => {
                if let Some(draft) = all.remove(*card) {
                    self.agenda.remove(&(draft.expires_at, Deadline::ChildAccount(*card)));
                }
            }
        }
    }
}

/// Returns the data of the new account from the card and the entered contacts. A foreign birth document is not copied:
/// an account holds only Russian certificates.
fn new_account(oid: Oid, card: &Card, draft: &Draft, password: String) -> NewAccount {
    NewAccount {
        oid,
        name: card.name.clone(),
        gender: Some(card.gender),
        born: Some(card.born),
        snils: card.snils.value,
        birth_certificate: card.certificate.value.as_ref().and_then(BirthDocument::russian).cloned(),
        passport: None,
        email: Some(draft.email.clone()),
        phone: draft.phone.as_ref().map(|(phone, _)| *phone),
        password,
        level: Level::Standard,
        made_by: Some(card.guardian),
        roles: Vec::new(),
    }
}

fn welcome(card: &Card, email: &Email) -> Message {
    Message {
        channel: Channel::Email,
        to: email.to_string(),
        subject: Some("Создана учётная запись ребёнка".to_owned()),
        text: format!("Для {} создана учётная запись на Госуслугах. Логин: {email}", card.name),
        link: Some("/login".to_owned()),
    }
}
