//! Consent commands of a random history.

use esia::Oid;

use super::story::{Command, Story};
use crate::{
    Gosuslugi,
    portal::consents::{Beforehand, ConsentId, RequestId, Wanted},
};

impl Story {
    pub(super) fn consent(&mut self, command: &Command) -> Option<()> {
        let (now, client) = (self.now, "DIARY".parse().unwrap());
        let newest = |state: &Gosuslugi, person: Oid, back: usize| {
            state.portal.consents.requests_to(person).nth(back).map_or(RequestId(1), |(id, _)| id)
        };
        match *command {
            Command::Ask { about, more } => {
                let scopes = if more { vec!["fullname", "snils"] } else { vec!["fullname"] };
                let scopes = scopes.into_iter().map(str::to_owned).collect();
                let system = self.state.clients.get(&client)?.clone();
                let asked =
                    self.state.portal.ask_consent(&system, self.oid(about)?, Wanted { scopes, purpose: "вход" }, now);
                self.decided(asked)?;
            }
            Command::Grant { by, back } => {
                let by = self.oid(by)?;
                let granted = self.state.portal.grant_request(newest(&self.state, by, back), by, now);
                self.only(granted);
            }
            Command::Refuse { by, back } => {
                let by = self.oid(by)?;
                let refused = self.state.portal.refuse_request(newest(&self.state, by, back), by);
                self.only(refused);
            }
            Command::Beforehand { by, about, days } => {
                let (by, about) = (self.oid(by)?, self.oid(about)?);
                let offer = Beforehand { guardian: by, child: about, client: &client, days: Some(days) };
                let granted = self.state.portal.grant_beforehand(&self.state.clients, &offer, now);
                self.only(granted);
            }
            Command::Revoke { by, back } => {
                let revoked = self.state.portal.revoke_consent(ConsentId(back as u64 + 1), self.oid(by)?);
                self.only(revoked);
            }
            Command::GrantOwn { about } => {
                let account = self.state.portal.accounts.get(self.oid(about)?)?;
                if !account.is_minor(worlds::moscow::date(now)) {
                    let system = self.state.clients.get(&client)?.clone();
                    let events = self.state.portal.grant_own(account.oid, &system, ["fullname".to_owned()].into(), now);
                    self.take(now, &events);
                }
            }
            _ => {}
        }
        Some(())
    }
}
