//! Decisions on the documents of an account, and the application of their events.

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Oid, Snils};

use super::{
    Account, Accounts, Level,
    identity::{Answer, Claim, DocumentCheck, Identity, IdentityError, IdentityEvent},
};
use crate::{
    event::Event,
    portal::{
        Deadline, Portal, age,
        agencies::{Agency, Citizen},
        notices::NoticeEvent,
    },
};

impl Account {
    /// Checks whether the person may enter documents: the account is упрощённая, and no guardian created it.
    pub(crate) fn may_enter_documents(&self) -> bool {
        self.level == Level::Simplified && self.made_by.is_none()
    }

    /// Returns the person for whom the agencies search their records.
    fn citizen(&self, born: NaiveDate) -> Citizen {
        Citizen { name: self.name.clone(), born }
    }
}

impl Accounts {
    /// Returns the documents that a person has entered; `None` once the account is стандартная.
    pub(crate) fn claim(&self, oid: Oid) -> Option<&Claim> {
        self.claims.get(&oid)
    }

    /// Makes an account стандартная and copies the entered documents into it. Returns the day of birth.
    fn raise(&mut self, at: DateTime<Utc>, oid: Oid) -> Option<NaiveDate> {
        let Claim { identity, .. } = self.claims.remove(&oid)?;
        let account = self.by_oid.get_mut(&oid)?;
        account.gender = Some(identity.gender);
        account.born = Some(identity.born);
        account.snils = Some(identity.snils);
        account.passport = Some(identity.passport);
        account.level = Level::Standard;
        account.updated_at = at;
        self.by_snils.insert(identity.snils, oid);
        Some(identity.born)
    }
}

impl Portal {
    /// Submits a person's documents to МВД and СФР.
    ///
    /// # Errors
    /// Fails with an [`IdentityError`] if the documents are not accepted for checking.
    pub(crate) fn enter_identity(
        &self,
        oid: Oid,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, IdentityError> {
        let today = worlds::moscow::date(now);
        if !self.accounts.get(oid).is_some_and(Account::may_enter_documents) {
            return Err(IdentityError::AlreadyChecked);
        }
        if self.accounts.claim(oid).is_some_and(Claim::is_pending) {
            return Err(IdentityError::Checking);
        }
        if age(identity.born, today) < 14 {
            return Err(IdentityError::TooYoung);
        }
        if identity.passport.issued > today || age(identity.born, identity.passport.issued) < 14 {
            return Err(IdentityError::IssuedWhen);
        }
        if self.is_others(oid, &identity.snils) {
            return Err(IdentityError::SnilsTaken);
        }
        let passport_at = self.agencies.answer_at(Agency::Mvd, now);
        let snils_at = self.agencies.answer_at(Agency::Sfr, now);
        let identity = Box::new(identity.clone());
        Ok(vec![Event::Identity(IdentityEvent::Entered { oid, identity, passport_at, snils_at })])
    }

    fn is_others(&self, oid: Oid, snils: &Snils) -> bool {
        self.accounts.with_snils(snils).is_some_and(|owner| owner.oid != oid)
    }

    /// Returns the events of an agency's answer: the answer, the raised level, and the notification of the outcome.
    pub(crate) fn identity_answered(&self, oid: Oid, agency: Agency) -> Vec<Event> {
        let Some((account, claim)) = self.accounts.get(oid).zip(self.accounts.claim(oid)) else { return Vec::new() };
        let Identity { born, snils, passport, .. } = &claim.identity;
        let (citizen, records) = (account.citizen(*born), &self.agencies.records);
        let is_found = match agency {
            Agency::Mvd => records.check_passport(passport, &citizen),
            Agency::Sfr | Agency::Zags => records.check_snils(snils, &citizen),
        };
        // Another account may have got the СНИЛС during the check.
        let answer = match (is_found, self.is_others(oid, snils)) {
            (false, _) => Answer::NotFound,
            (true, true) => Answer::Taken,
            (true, false) => Answer::Confirmed,
        };
        let other = if agency == Agency::Mvd { claim.snils } else { claim.passport };
        let mut events = vec![Event::Identity(IdentityEvent::Answered { oid, agency, answer })];
        let text = if answer == Answer::Confirmed && other.is_confirmed() {
            events.push(Event::Identity(IdentityEvent::Raised { oid }));
            "Документы проверены: у вас стандартная учётная запись"
        } else if matches!(other, DocumentCheck::Asked { .. }) {
            return events;
        } else {
            "Документы не прошли проверку: исправьте данные в профиле"
        };
        let link = "/lk/profile/documents".to_owned();
        events.push(Event::Notice(NoticeEvent::Sent { to: oid, text: text.to_owned(), link }));
        events
    }

    pub(crate) fn apply_identity(&mut self, at: DateTime<Utc>, event: &IdentityEvent) {
        match event {
            IdentityEvent::Entered { oid, identity, passport_at, snils_at } => {
                let asked = |answer_at| DocumentCheck::Asked { answer_at };
                let (passport, snils) = (asked(*passport_at), asked(*snils_at));
                let claim = Claim { identity: (**identity).clone(), passport, snils };
                self.accounts.claims.insert(*oid, claim);
                self.await_answer(Agency::Mvd, *passport_at, Deadline::Identity(*oid, Agency::Mvd));
                self.await_answer(Agency::Sfr, *snils_at, Deadline::Identity(*oid, Agency::Sfr));
            }
            IdentityEvent::Answered { oid, agency, answer } => {
                if let Some(claim) = self.accounts.claims.get_mut(oid) {
                    *claim.check(*agency) = DocumentCheck::Answered(*answer);
                }
                self.stop_waiting(*agency, Deadline::Identity(*oid, *agency));
            }
            IdentityEvent::Raised { oid } => {
                if let Some(born) = self.accounts.raise(at, *oid) {
                    self.await_majority(*oid, born, at);
                }
            }
        }
    }

    /// Cancels the checks of a deleted account's documents.
    pub(crate) fn forget_identity(&mut self, oid: Oid) {
        self.accounts.claims.remove(&oid);
        for agency in [Agency::Mvd, Agency::Sfr] {
            self.stop_waiting(agency, Deadline::Identity(oid, agency));
        }
    }
}
