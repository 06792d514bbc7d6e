//! Races: several sides act at the same time. Each side is a state of its own, with the browsers of its people.

use std::sync::Arc;

use super::{Done, Record, ScenarioState, StepError, program::Program, tabs::is_tab};
use crate::race::{self, Draw, Order, Raced, Turn};

impl ScenarioState {
    /// Opens the tabs among these people, so that each has a browser for the race.
    ///
    /// # Errors
    /// Fails if a browser does not start.
    pub(crate) async fn open_tabs(&mut self, people: &[String]) -> Done {
        for who in people.iter().filter(|who| is_tab(who)) {
            self.browser(who).await?;
        }
        Ok(())
    }

    /// Creates a side of a race and moves the browsers of these people to it; each of their requests waits for its
    /// turn.
    ///
    /// # Errors
    /// Fails if a browser cannot send its requests one by one.
    pub(crate) fn side(&mut self, people: &[String], turn: &Turn) -> Result<Self, StepError> {
        let mut side = Self {
            test_bed: self.test_bed.clone(),
            feature: self.feature.clone(),
            title: self.title.clone(),
            slug: self.slug.clone(),
            number: self.number,
            leaves_the_diary_alone: self.leaves_the_diary_alone,
            book: Arc::clone(&self.book),
            record: Record { world: self.record.world.clone(), ..Record::default() },
            codes: self.codes.clone(),
            one_time_password: self.one_time_password.clone(),
            turn: Some(turn.clone()),
            program: Program { headers: self.program.headers.clone(), answer: None, kept: self.program.kept.clone() },
            ..Self::default()
        };
        for who in people {
            if let Some(mut browser) = self.browsers.remove(who) {
                browser.take_turns(turn.clone())?;
                side.browsers.insert(who.clone(), browser);
            }
            side.files.extend(self.files.remove_entry(who));
        }
        Ok(side)
    }

    /// Takes browsers, binding codes, files and kept values back from the sides of a race. The last page of side
    /// `looked_at` becomes the page used last.
    pub(crate) fn take_back(&mut self, mut sides: Vec<Self>, looked_at: usize) {
        self.last = sides.get_mut(looked_at).and_then(|side| side.last.take()).or(self.last.take());
        let (known, password) = (self.codes.len(), self.one_time_password.clone());
        for side in sides {
            self.codes.extend(side.codes.into_iter().skip(known));
            if side.one_time_password != password {
                self.one_time_password = side.one_time_password;
            }
            let Program { headers, answer, kept } = side.program;
            self.program.kept.extend(kept);
            if answer.is_some() {
                (self.program.headers, self.program.answer) = (headers, answer);
            }
            self.files.extend(side.files);
            for (who, said) in side.complaints {
                self.complaints.entry(who).or_default().extend(said);
            }
            for (who, mut browser) in side.browsers {
                browser.leave_turns();
                self.browsers.insert(who, browser);
            }
        }
    }

    /// Returns the source of the next race's order: the order in the step, else the order given to the run, else the
    /// random number of the world.
    pub(crate) fn draw(&self, said: Option<Order>) -> Draw {
        let index = self.record.raced.len();
        let given = self.test_bed.as_ref().and_then(|bed| bed.orders.get(index).cloned());
        let stream = (self.repeat.saturating_sub(1) as u64) << 16 | index as u64;
        Draw::of(self.random, stream, said.or(given).unwrap_or_default())
    }

    /// Adds a race that was played to the record, and remembers one person of each side.
    pub(crate) fn keep_race(&mut self, raced: Raced, people: Vec<String>) {
        self.record.raced.push(raced);
        self.racers = people;
    }

    /// Returns the people who acted in the last race, one of each side.
    pub(crate) fn racers(&self) -> &[String] {
        &self.racers
    }

    /// Describes the race of the current step; `None` if the step is no race.
    pub(crate) fn told_race(&self) -> Option<String> {
        race::told(&self.record.raced, self.step_index())
    }

    /// Returns the index of the current step in the record.
    pub(crate) fn step_index(&self) -> usize {
        self.record.steps.len()
    }
}
