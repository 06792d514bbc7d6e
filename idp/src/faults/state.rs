//! Faults that are set in a world.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use esia::Mnemonic;
use serde::{Deserialize, Serialize};

use super::{event::FaultEvent, fault::Fault, occasion::Occasion};

/// Fault that is set in a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Active {
    /// Number of the fault: 1, 2, 3, … in this world.
    pub(crate) number: u64,
    pub(crate) fault: Fault,
    pub(crate) set_at: DateTime<Utc>,
    /// Number of responses that the fault still changes, if it has a count.
    pub(crate) left: Option<u32>,
}

/// All faults of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    last: u64,
    active: BTreeMap<u64, Active>,
    /// End times of the faults that have one, with their numbers.
    ends: BTreeSet<(DateTime<Utc>, u64)>,
}

impl Faults {
    /// Whether no fault is set. This is the only check in a world without faults.
    pub(crate) fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// All faults, in the order in which they were set.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Active> {
        self.active.values()
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Active> {
        self.active.get(&number)
    }

    /// Number that the next fault gets.
    pub(crate) const fn next_number(&self) -> u64 {
        self.last + 1
    }

    /// Faults that apply to a response, in the order in which they were set.
    pub(crate) fn met_at<'f>(&'f self, occasion: &'f Occasion) -> impl Iterator<Item = &'f Active> {
        self.active.values().filter(|active| occasion.meets(&active.fault))
    }

    /// Total offset of the provider's clock for a client.
    pub(crate) fn clock_offset(&self, client: Option<&Mnemonic>, now: DateTime<Utc>) -> TimeDelta {
        let is_met = |fault: &&Fault| {
            let is_own = fault.client.is_none() || fault.client.as_ref() == client;
            is_own && fault.person.is_none() && fault.state.is_none() && fault.until.is_none_or(|until| now < until)
        };
        let met = self.active.values().map(|active| &active.fault).filter(is_met);
        met.filter_map(Fault::clock_offset).sum()
    }

    /// Earliest end of a fault, with the fault's number.
    pub(crate) fn next_end(&self) -> Option<(DateTime<Utc>, u64)> {
        self.ends.first().copied()
    }

    /// Adds a fault, from a seed or an event.
    pub(crate) fn insert(&mut self, number: u64, fault: Fault, set_at: DateTime<Utc>) {
        self.last = self.last.max(number);
        self.ends.extend(fault.until.map(|until| (until, number)));
        let left = fault.requests;
        self.active.insert(number, Active { number, fault, set_at, left });
    }

    fn remove(&mut self, number: u64) {
        if let Some(until) = self.active.remove(&number).and_then(|active| active.fault.until) {
            self.ends.remove(&(until, number));
        }
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &FaultEvent) {
        match event {
            FaultEvent::Set { number, fault } => self.insert(*number, (**fault).clone(), at),
            FaultEvent::Lifted { number } => self.remove(*number),
            FaultEvent::Used { number, left, .. } => self.use_up(*number, *left),
        }
    }

    fn use_up(&mut self, number: u64, left: Option<u32>) {
        if left == Some(0) {
            self.remove(number);
        } else if let Some(active) = self.active.get_mut(&number) {
            active.left = left;
        }
    }
}
