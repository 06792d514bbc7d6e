//! Finds the first requirement of a scenario that a foreign diary does not meet.

use serde_json::Value;

use super::{
    data::is_data,
    lack::Lack,
    pages::{Pages, Where},
    steps::{Said, Seeds, each_scenario},
};
use crate::{
    relying_party::{Client, Documented},
    steps::{Leads, Needs, StepDefinition, people_of, words_of},
    suite::{NotPossible, Suite, Wording},
};

/// Marks the scenarios that a foreign relying party cannot play. `wording` is the origin of the words with which they
/// quote pages.
pub fn mark(suite: &mut Suite, client: &Client, wording: Wording) {
    let documented = Documented::of(&client.profiles);
    let found = each_scenario(suite, |said, seed| {
        let judged = Judged { client, documented: &documented, wording, seed: &Value::Null, pages: Pages::default() };
        judged.lacks(said, seed)
    });
    suite.not_possible.extend(found);
}

struct Judged<'j> {
    client: &'j Client,
    documented: &'j Documented,
    wording: Wording,
    seed: &'j Value,
    pages: Pages,
}

impl<'j> Judged<'j> {
    fn lacks(mut self, said: &[Said<'_>], seed: &Seeds<'j>) -> Option<NotPossible> {
        // A scenario that stays at Gosuslugi needs nothing of the diary.
        if !said.iter().any(|said| said.known.meets_the_diary()) {
            return None;
        }
        said.iter().find_map(|said| {
            if said.known.begins_a_world() {
                self.seed = said.values.first().and_then(|name| seed(name)).unwrap_or(&Value::Null);
            }
            let lack = self.lack(said)?;
            Some(NotPossible { lacks: lack.told(), step: said.step.value.clone() })
        })
    }

    /// Returns what the diary lacks for this step, and records the page to which the step leads.
    fn lack(&mut self, said: &Said<'_>) -> Option<Lack> {
        let Said { known, values, step } = said;
        let who = people_of(known, values).into_iter().next().unwrap_or_default();
        let lack = match known.needs {
            Needs::World => self.of_world(values),
            Needs::Clock => self.client.clock.is_none().then_some(Lack::Clock),
            Needs::Correction => self.client.register.correct.is_none().then_some(Lack::Correction),
            Needs::Staff => self.client.staff.is_none().then_some(Lack::Staff),
            Needs::Heading => self.refusal(&self.documented.headed(last(values)), last(values)),
            Needs::Refusal => self.refusal(&self.documented.saying(last(values)), last(values)),
            Needs::Words | Needs::Text => {
                let labels = step.table.iter().flat_map(|table| &table.rows).filter_map(|row| row.first().cloned());
                let at = self.pages.of(&who);
                let is_strange = |text: String| {
                    let is_described = known.needs == Needs::Text && self.is_described(&text);
                    at.may_be_of_the_diary(&text) && !is_described && !self.has_words_for(known, &text)
                };
                words_of(known, values).chain(labels).any(is_strange).then_some(Lack::Words)
            }
            Needs::Nothing | Needs::Site => None,
        };
        self.pages.lead(&who, known.leads);
        if self.pages.of(&who) == Where::Diary && self.leaves_by(known, values) {
            self.pages.lead(&who, Leads::ThroughSignIn);
        }
        lack
    }

    /// Checks whether a pressed text is the button that begins a sign-in.
    fn leaves_by(&self, known: &StepDefinition, values: &[String]) -> bool {
        let begins = |text: String| {
            let own = self.client.words.get(&text).unwrap_or(&text);
            self.client.sign_in.press.as_ref() == Some(own)
        };
        known.needs == Needs::Words && words_of(known, values).any(begins)
    }

    fn of_world(&self, values: &[String]) -> Option<Lack> {
        let diary = &self.seed["diary"];
        let profile = match &diary["profile"] {
            Value::Null => "ryazan".to_owned(),
            Value::String(name) => name.clone(),
            own => own["like"].as_str().unwrap_or("own").to_owned(),
        };
        if !self.client.profiles.contains(&profile) {
            return Some(Lack::Profile(profile));
        }
        if diary["provider"]["protocol"].as_str().is_some_and(|protocol| protocol != self.client.protocol.name()) {
            return Some(Lack::Protocol);
        }
        let is_set = values.len() > 1 || !self.seed["clock"].is_null();
        (is_set && self.client.clock.is_none()).then_some(Lack::Clock)
    }

    /// Returns the lack of a refusal that the description neither describes nor translates.
    fn refusal(&self, names: &[&str], text: &str) -> Option<Lack> {
        let is_described = names.iter().any(|name| self.client.refusals.contains_key(*name));
        let has_words = self.wording == Wording::TheirOwn || self.client.words.contains_key(text);
        (!is_described && !has_words).then_some(Lack::Refusal)
    }

    /// Checks whether the diary has words for a text, or shows it unchanged as data of the world.
    fn has_words_for(&self, known: &StepDefinition, text: &str) -> bool {
        let client = self.client;
        self.wording == Wording::TheirOwn
            || client.words.contains_key(text)
            || !known.only_looks_for_a_control() && client.sections.contains_key(text)
            || is_data(self.seed, text)
    }

    /// Checks whether a text stands for a refusal or an icon that is described.
    fn is_described(&self, text: &str) -> bool {
        let client = self.client;
        let is_refusal = self.documented.saying(text).iter().any(|name| client.refusals.contains_key(*name));
        is_refusal || client.no_icon.is_some() && self.documented.is_icon(text)
    }
}

fn last(values: &[String]) -> &str {
    values.last().map_or("", String::as_str)
}
