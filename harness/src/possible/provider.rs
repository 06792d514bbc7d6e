//! Finds the scenarios that a foreign provider can play: for each of them the first requirement that the provider does
//! not meet.

use serde_json::Value;

use super::{
    data::is_data,
    lack::Lack,
    pages::{Pages, Where},
    steps::{Said, each_scenario},
};
use crate::{
    provider::StandDescription,
    scenario::person_of,
    steps::{Asks, Leads, Needs, people_of, words_of},
    suite::{NotPossible, Suite},
};

/// Marks the scenarios that a foreign provider cannot play. Those that another side cannot play keep their reason.
pub fn mark_at_provider(suite: &mut Suite, stand: &StandDescription) {
    let found = each_scenario(suite, |said, seed| {
        let mut judged = Judged { stand, seed: &Value::Null, pages: Pages::default() };
        said.iter().find_map(|said| {
            if said.known.begins_a_world() {
                judged.seed = said.values.first().and_then(|name| seed(name)).unwrap_or(&Value::Null);
            }
            let lack = judged.lack(said)?;
            Some(NotPossible { lacks: lack.told(), step: said.step.value.clone() })
        })
    });
    for (place, why) in found {
        suite.not_possible.entry(place).or_insert(why);
    }
}

struct Judged<'j> {
    stand: &'j StandDescription,
    seed: &'j Value,
    pages: Pages,
}

impl Judged<'_> {
    /// Returns what the provider lacks for this step, and records the page to which the step leads.
    fn lack(&mut self, said: &Said<'_>) -> Option<Lack> {
        let Said { known, values, step } = said;
        let who = people_of(known, values).into_iter().next().unwrap_or_default();
        let person = person_of(&who);
        let asked = match known.asks {
            Asks::Nothing => None,
            Asks::Account => self.of_account(person),
            Asks::Home => self.stand.signed_in.is_none().then_some(Lack::Home).or_else(|| self.of_account(person)),
            Asks::Consent => self.stand.consent.is_none().then_some(Lack::Question),
            Asks::Control => Some(Lack::Control),
            Asks::Letters => Some(Lack::Letters),
            Asks::OwnWorld => Some(Lack::OwnWorld),
            Asks::OurPages => Some(Lack::OurPages),
        };
        let needed = match known.needs {
            Needs::World => self.of_world(values),
            Needs::Clock => Some(Lack::ProvidersClock),
            Needs::Words | Needs::Text => {
                let labels = step.table.iter().flat_map(|table| &table.rows).filter_map(|row| row.first().cloned());
                let at = self.pages.of(&who);
                words_of(known, values)
                    .chain(labels)
                    .any(|text| self.is_strange(at, &text))
                    .then_some(Lack::ProvidersWords)
            }
            _ => None,
        };
        // A sign-out of the diary leads through the provider.
        let leads = if known.leads == Leads::Nowhere && known.signs_out() { Leads::ThroughSignIn } else { known.leads };
        self.pages.lead(&who, leads);
        asked.or(needed)
    }

    /// Checks whether a text is on a page of the provider and has no translation.
    fn is_strange(&self, at: Where, text: &str) -> bool {
        at != Where::Site
            && !at.may_be_of_the_diary(text)
            && !self.stand.words.contains_key(text)
            && !is_data(self.seed, text)
    }

    fn of_account(&self, who: &str) -> Option<Lack> {
        self.stand.account(who).is_none().then(|| Lack::Account(who.to_owned()))
    }

    fn of_world(&self, values: &[String]) -> Option<Lack> {
        let name = values.first().map_or("", String::as_str);
        if !self.stand.worlds.iter().any(|known| known == name) {
            return Some(Lack::World(name.to_owned()));
        }
        let protocol = &self.seed["diary"]["provider"]["protocol"];
        if protocol.as_str().is_some_and(|protocol| protocol != self.stand.protocol.name()) {
            return Some(Lack::ProvidersProtocol);
        }
        // The step names a day, or the year of the rules.
        (values.len() > 1).then_some(Lack::ProvidersClock)
    }
}
