//! Cards and child accounts: the pure rules (RULES.md R000.3–4, R000.7, R001.1, R003.6, R003.8, R003.10).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{BirthCertificate, Email, FullName, Oid, Phone, Snils, person::Gender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Trouble;
use worlds::Decided;

use super::Agencies;
use crate::{
    accounts::{AccountEvent, Level, NewAccount},
    binding::BindingEvent,
    outbox::{Channel, Message, OutboxEvent},
    state::{Deadline, Event, Gosuslugi, age},
};

/// Number of a card in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct CardId(pub u64);

/// How a document on a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// «Данные введены вручную».
    Entered,
    /// «Проверка данных».
    Checking,
    /// «Поиск данных».
    Searching,
    /// «Не найдено в загсе».
    NotInZags,
    /// «Не найден в СФР».
    NotInSfr,
    /// Confirmed.
    Confirmed,
}

impl CheckStatus {
    /// The words on the card, to the letter (R003.10).
    pub const fn text(self) -> &'static str {
        match self {
            Self::Entered => "Данные введены вручную",
            Self::Checking => "Проверка данных",
            Self::Searching => "Поиск данных",
            Self::NotInZags => "Не найдено в загсе",
            Self::NotInSfr => "Не найден в СФР",
            Self::Confirmed => "Проверено",
        }
    }

    /// Whether an agency has still to answer.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Checking | Self::Searching)
    }
}

/// A document of a card: what is known of it, and how its check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<T> {
    /// What was entered or found.
    pub value: Option<T>,
    /// How its check stands.
    pub status: CheckStatus,
}

impl<T> Checked<T> {
    const fn entered(value: Option<T>) -> Self {
        Self { value, status: CheckStatus::Entered }
    }

    /// Whether the document is there and confirmed.
    pub fn is_confirmed(&self) -> bool {
        self.value.is_some() && self.status == CheckStatus::Confirmed
    }
}

/// What a guardian enters about a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CardData {
    /// Surname, name, patronymic.
    pub name: FullName,
    /// Пол.
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    /// Birth certificate.
    pub certificate: Option<BirthCertificate>,
    /// СНИЛС; searched for when empty.
    pub snils: Option<Snils>,
}

/// A child's card in a guardian's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its number.
    pub id: CardId,
    /// Whose account it is in.
    pub guardian: Oid,
    /// Surname, name, patronymic of the child.
    pub name: FullName,
    /// Пол.
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    /// Birth certificate.
    pub certificate: Checked<BirthCertificate>,
    /// СНИЛС.
    pub snils: Checked<Snils>,
    /// When the agencies will answer, while they check.
    pub answer_at: Option<DateTime<Utc>>,
}

/// What happens in «Семья и дети».
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FamilyEvent {
    /// A guardian added a child.
    CardAdded {
        /// The card's number.
        card: CardId,
        /// Whose account it is in.
        guardian: Oid,
        /// What was entered.
        data: CardData,
    },
    /// A card was sent to be checked.
    CheckStarted {
        /// Which.
        card: CardId,
        /// When the agencies will answer.
        answer_at: DateTime<Utc>,
    },
    /// ЗАГС and СФР have answered.
    CheckAnswered {
        /// About which card.
        card: CardId,
        /// The certificate.
        certificate: CheckStatus,
        /// The СНИЛС.
        snils: CheckStatus,
        /// The СНИЛС that is on the card now.
        found: Option<Snils>,
    },
    /// The certificate's data were deleted from a card.
    CertificateDeleted {
        /// Which.
        card: CardId,
    },
    /// The certificate's data were entered again.
    CertificateEntered {
        /// Which card.
        card: CardId,
        /// What was entered.
        certificate: BirthCertificate,
    },
}

/// Why an action on a card was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// No such card, or somebody else's.
    #[error("Такой карточки у вас нет")]
    Unknown,
    /// R003.8: only a confirmed account may add a child.
    #[error("Добавить ребёнка может только владелец подтверждённой учётной записи")]
    NotConfirmed,
    /// R003.8: one card per child.
    #[error("Карточка этого ребёнка уже есть")]
    AlreadyThere,
    /// Born in the future, or of age.
    #[error("Карточка заводится на ребёнка до 18 лет")]
    NotAChild,
    /// Nothing to check: no certificate is entered, or all is confirmed.
    #[error("Проверять нечего: введите данные свидетельства о рождении")]
    NothingToCheck,
    /// The agencies have not answered yet.
    #[error("Данные уже проверяются, дождитесь ответа")]
    Checking,
    /// There is a certificate already.
    #[error("Данные свидетельства уже введены: сначала удалите их")]
    CertificateThere,
    /// There is none.
    #[error("Данных свидетельства в карточке нет")]
    NoCertificate,
    /// R003.6: a child account needs both documents confirmed.
    #[error("Создать учётную запись можно, когда проверены свидетельство о рождении и СНИЛС")]
    NotChecked,
    /// The child has an account already.
    #[error("У ребёнка уже есть учётная запись")]
    HasAccount,
    /// Older than the ruleset allows.
    #[error("Учётную запись создают ребёнку до {0} лет включительно")]
    TooOld(i32),
    /// Somebody has that e-mail.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Somebody has that phone.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
}

impl CardError {
    /// Stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "card-unknown",
            Self::NotConfirmed => "account-not-confirmed",
            Self::AlreadyThere => "card-already-there",
            Self::NotAChild => "not-a-child",
            Self::NothingToCheck => "nothing-to-check",
            Self::Checking => "checking",
            Self::CertificateThere => "certificate-there",
            Self::NoCertificate => "no-certificate",
            Self::NotChecked => "documents-not-confirmed",
            Self::HasAccount => "has-account",
            Self::TooOld(_) => "too-old",
            Self::EmailTaken => "email-taken",
            Self::PhoneTaken => "phone-taken",
        }
    }

    /// The field at fault, if one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::PhoneTaken => Some("phone"),
            Self::NotAChild | Self::TooOld(_) => Some("born"),
            Self::AlreadyThere => Some("name"),
            _ => None,
        }
    }
}

impl From<CardError> for Trouble {
    fn from(error: CardError) -> Self {
        let trouble = match error {
            CardError::Unknown => Self { code: error.code(), ..Self::not_found(error.to_string()) },
            _ => Self::conflict(error.code(), error.to_string()),
        };
        match error.field() {
            Some(field) => trouble.of(field),
            None => trouble,
        }
    }
}

/// All cards of a world.
#[derive(Debug, Clone, Default)]
pub struct Family {
    cards: BTreeMap<CardId, Card>,
    by_guardian: BTreeSet<(Oid, CardId)>,
    last: u64,
}

impl Family {
    /// A card by its number.
    pub fn get(&self, card: CardId) -> Option<&Card> {
        self.cards.get(&card)
    }

    /// A guardian's cards, oldest first.
    pub fn of(&self, guardian: Oid) -> impl Iterator<Item = &Card> {
        let range = (guardian, CardId(0))..=(guardian, CardId(u64::MAX));
        self.by_guardian.range(range).filter_map(|(_, id)| self.cards.get(id))
    }

    /// A guardian's own card.
    ///
    /// # Errors
    /// When there is none, or it is somebody else's.
    pub fn own(&self, card: CardId, guardian: Oid) -> Result<&Card, CardError> {
        self.get(card).filter(|card| card.guardian == guardian).ok_or(CardError::Unknown)
    }

    pub(crate) fn insert(&mut self, card: Card) {
        self.last = self.last.max(card.id.0);
        self.by_guardian.insert((card.guardian, card.id));
        self.cards.insert(card.id, card);
    }

    pub(crate) fn next_id(&self) -> CardId {
        CardId(self.last + 1)
    }

    /// What the agencies answer about a card whose time has come.
    pub(crate) fn checked(&self, id: CardId, agencies: &Agencies) -> Option<FamilyEvent> {
        let card = self.get(id)?;
        let data = card.data();
        let certificate = agencies.check_birth(&data);
        let (snils, found) = agencies.check_snils(&data);
        Some(FamilyEvent::CheckAnswered { card: id, certificate, snils, found })
    }
}

impl Card {
    /// A card as it is when entered.
    pub(crate) fn entered(id: CardId, guardian: Oid, data: CardData) -> Self {
        let CardData { name, gender, born, certificate, snils } = data;
        let (certificate, snils) = (Checked::entered(certificate), Checked::entered(snils));
        Self { id, guardian, name, gender, born, certificate, snils, answer_at: None }
    }

    fn data(&self) -> CardData {
        CardData {
            name: self.name.clone(),
            gender: self.gender,
            born: self.born,
            certificate: self.certificate.value.clone(),
            snils: self.snils.value,
        }
    }

    /// Whether «Отправить» is on the card.
    pub fn may_be_checked(&self) -> bool {
        let done = self.certificate.is_confirmed() && self.snils.is_confirmed();
        self.certificate.value.is_some() && self.answer_at.is_none() && !done
    }

    /// Whether the certificate's data may be deleted (R000.7).
    pub fn may_lose_certificate(&self) -> bool {
        self.certificate.value.is_some() && self.answer_at.is_none() && !self.certificate.is_confirmed()
    }
}

impl Gosuslugi {
    /// A guardian adds a child.
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn add_card(
        &self,
        guardian: Oid,
        data: CardData,
        today: NaiveDate,
    ) -> Result<Decided<Event, CardId>, CardError> {
        let confirmed = self.accounts.get(guardian).is_some_and(|account| account.level == Level::Confirmed);
        if !confirmed {
            return Err(CardError::NotConfirmed);
        }
        if !(0..18).contains(&age(data.born, today)) {
            return Err(CardError::NotAChild);
        }
        let same = |card: &Card| {
            let documents = card.certificate.value.is_some() && card.certificate.value == data.certificate
                || card.snils.value.is_some() && card.snils.value == data.snils;
            documents || card.name == data.name && card.born == data.born
        };
        if self.family.of(guardian).any(same) {
            return Err(CardError::AlreadyThere);
        }
        let card = self.family.next_id();
        Ok((vec![Event::Family(FamilyEvent::CardAdded { card, guardian, data })], card))
    }

    /// «Отправить»: ЗАГС and СФР look at the card.
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn send_to_check(&self, card: CardId, guardian: Oid, now: DateTime<Utc>) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        if card.answer_at.is_some() {
            return Err(CardError::Checking);
        }
        if !card.may_be_checked() {
            return Err(CardError::NothingToCheck);
        }
        let answer_at = now + TimeDelta::minutes(i64::from(self.settings.check_minutes));
        Ok(vec![Event::Family(FamilyEvent::CheckStarted { card: card.id, answer_at })])
    }

    /// The way out of R000.7, first half: the certificate's data are deleted.
    ///
    /// # Errors
    /// As [`CardError`] says; a confirmed certificate stays.
    pub fn delete_certificate(&self, card: CardId, guardian: Oid) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        if card.answer_at.is_some() {
            return Err(CardError::Checking);
        }
        if !card.may_lose_certificate() {
            return Err(CardError::NoCertificate);
        }
        Ok(vec![Event::Family(FamilyEvent::CertificateDeleted { card: card.id })])
    }

    /// The second half: they are entered again.
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn enter_certificate(
        &self,
        card: CardId,
        guardian: Oid,
        certificate: BirthCertificate,
    ) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        if card.certificate.value.is_some() {
            return Err(CardError::CertificateThere);
        }
        Ok(vec![Event::Family(FamilyEvent::CertificateEntered { card: card.id, certificate })])
    }

    /// Whether «Создать» is on a card, and if not, why.
    ///
    /// # Errors
    /// The reason, as [`CardError`] says it.
    pub fn offers_account(&self, card: &Card, today: NaiveDate) -> Result<(), CardError> {
        let oldest = self.settings.oldest_child;
        if !card.certificate.is_confirmed() || !card.snils.is_confirmed() {
            return Err(CardError::NotChecked);
        }
        if card.snils.value.as_ref().is_some_and(|snils| self.accounts.with_snils(snils).is_some()) {
            return Err(CardError::HasAccount);
        }
        if age(card.born, today) > oldest { Err(CardError::TooOld(oldest)) } else { Ok(()) }
    }

    /// «Создать»: a guardian makes the child's account, which is bound to the guardian by itself (R000.3).
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn create_child_account(
        &self,
        card: &Card,
        (email, phone, password): (Email, Option<Phone>, String),
        today: NaiveDate,
    ) -> Result<Decided<Event, Oid>, CardError> {
        self.offers_account(card, today)?;
        if self.accounts.with_email(&email).is_some() {
            return Err(CardError::EmailTaken);
        }
        if phone.as_ref().is_some_and(|phone| self.accounts.with_phone(phone).is_some()) {
            return Err(CardError::PhoneTaken);
        }
        let oid = self.accounts.next_oid();
        let letter = Message {
            channel: Channel::Email,
            to: email.to_string(),
            subject: Some("Создана учётная запись ребёнка".to_owned()),
            text: format!("Для {} создана учётная запись на Госуслугах. Логин: {email}", card.name),
            link: Some("/login".to_owned()),
        };
        let account = NewAccount {
            oid,
            name: card.name.clone(),
            gender: Some(card.gender),
            born: Some(card.born),
            snils: card.snils.value,
            birth_certificate: card.certificate.value.clone(),
            passport: None,
            email: Some(email),
            phone,
            password,
            level: Level::Standard,
            made_by: Some(card.guardian),
            roles: Vec::new(),
        };
        let bound = BindingEvent::Bound { guardian: card.guardian, child: oid, card: None };
        let events = vec![
            Event::Account(AccountEvent::Created { account: Box::new(account) }),
            Event::Binding(bound),
            Event::Outbox(OutboxEvent::Sent { message: letter }),
        ];
        Ok((events, oid))
    }

    /// The account of the child on a card that is bound to the card's owner.
    pub fn bound_account(&self, card: &Card) -> Option<Oid> {
        self.bound_child(card).map(|account| account.oid)
    }

    pub(crate) fn apply_family(&mut self, event: &FamilyEvent) {
        if let FamilyEvent::CardAdded { card, guardian, data } = event {
            self.family.insert(Card::entered(*card, *guardian, data.clone()));
            return;
        }
        let (FamilyEvent::CheckStarted { card: id, .. }
        | FamilyEvent::CheckAnswered { card: id, .. }
        | FamilyEvent::CertificateDeleted { card: id }
        | FamilyEvent::CertificateEntered { card: id, .. }
        | FamilyEvent::CardAdded { card: id, .. }) = event;
        let Some(card) = self.family.cards.get_mut(id) else { return };
        match event {
            FamilyEvent::CardAdded { .. } => {}
            FamilyEvent::CheckStarted { answer_at, .. } => {
                card.certificate.status = CheckStatus::Checking;
                card.snils.status = CheckStatus::Searching;
                card.answer_at = Some(*answer_at);
                self.agenda.insert((*answer_at, Deadline::CardCheck(*id)));
            }
            FamilyEvent::CheckAnswered { certificate, snils, found, .. } => {
                card.certificate.status = *certificate;
                card.snils = Checked { value: *found, status: *snils };
                if let Some(at) = card.answer_at.take() {
                    self.agenda.remove(&(at, Deadline::CardCheck(*id)));
                }
            }
            FamilyEvent::CertificateDeleted { .. } => card.certificate = Checked::entered(None),
            FamilyEvent::CertificateEntered { certificate, .. } => {
                card.certificate = Checked::entered(Some(certificate.clone()));
            }
        }
    }
}
