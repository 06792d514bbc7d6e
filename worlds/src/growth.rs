//! How far the log of an open world has grown since its last checkpoint.

use crate::{Checkpoint, Record};

/// How many times as much as the events since a checkpoint the next one may take.
const SHARE: usize = 4;

/// How many times a state is larger than it is packed, about.
const PACKED: usize = 6;

/// How far the log of an open world has grown since its last checkpoint.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    /// Number of the last event in the checkpoint.
    checkpoint: u64,
    /// Bytes of its state, unpacked.
    size: usize,
    /// Number of the last event.
    last: u64,
    /// Bytes of events since the checkpoint.
    bytes: usize,
    /// Whether the next checkpoint is being made.
    is_under_way: bool,
}

impl Growth {
    /// Of a world that was brought back from a checkpoint and the events after it.
    pub(crate) fn after(checkpoint: Option<&Checkpoint>, records: &[Record]) -> Self {
        let (seq, size) = checkpoint.map_or((0, 0), |checkpoint| (checkpoint.seq, PACKED * checkpoint.state.len()));
        let last = records.last().map_or(seq, |last| last.seq);
        Self { checkpoint: seq, size, last, bytes: weight(records), is_under_way: false }
    }

    /// That of a fork, whose log goes on from its parent's checkpoint.
    pub(crate) const fn of_fork(&self) -> Self {
        Self { is_under_way: false, ..*self }
    }

    /// Counts new events. Whether a checkpoint is to be made.
    pub(crate) fn grow(&mut self, records: &[Record], every: u64) -> bool {
        self.bytes += weight(records);
        self.last = records.last().map_or(self.last, |last| last.seq);
        let begins = !self.is_under_way && self.is_due(every);
        self.is_under_way |= begins;
        begins
    }

    /// After so many events, and when they take a quarter of what the last checkpoint does. So the cost of checkpoints grows
    /// with the log, however large the state is.
    const fn is_due(&self, every: u64) -> bool {
        self.last.saturating_sub(self.checkpoint) >= every && SHARE * self.bytes >= self.size
    }

    /// Bytes of events since the last checkpoint: those that the next one will hold.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A checkpoint was made, which holds so many `bytes` of the events counted here; others came while it was made.
    pub(crate) const fn begin_anew(&mut self, seq: u64, size: usize, bytes: usize) {
        (self.checkpoint, self.size, self.bytes) = (seq, size, self.bytes.saturating_sub(bytes));
    }

    /// A checkpoint was made. Whether the next one is to be made at once, as so much has come in the meantime.
    pub(crate) const fn go_on(&mut self, every: u64) -> bool {
        self.is_under_way = self.is_due(every);
        self.is_under_way
    }

    /// No checkpoint was made: the next event may try again.
    pub(crate) const fn end(&mut self) {
        self.is_under_way = false;
    }
}

fn weight(records: &[Record]) -> usize {
    records.iter().map(|record| record.event.get().len()).sum()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::value::RawValue;

    use super::*;

    fn event(seq: u64) -> Record {
        let event = RawValue::from_string(format!("{:?}", "x".repeat(98))).unwrap();
        Record { seq, at: DateTime::<Utc>::UNIX_EPOCH, rng: 0, event: event.into() }
    }

    #[test]
    fn events_that_come_while_a_checkpoint_is_made_count_towards_the_next() {
        let mut growth = Growth::default();
        assert!(!growth.grow(&[event(1)], 2));
        assert!(growth.grow(&[event(2)], 2));
        let bytes = growth.bytes();
        assert!(!growth.grow(&[event(3), event(4), event(5)], 2), "one is being made");
        growth.begin_anew(2, 1_200, bytes);
        assert!(growth.go_on(2), "three events of 100 bytes are a quarter of 1,200");
        assert_eq!(growth.bytes(), 300);
        growth.begin_anew(5, 1_200, growth.bytes());
        assert!(!growth.go_on(2), "nothing has come since");
        assert!(!growth.grow(&[event(6), event(7)], 2), "200 bytes are less than a quarter of 1,200");
        assert!(growth.grow(&[event(8)], 2));
        growth.end();
        assert!(growth.grow(&[event(9)], 2), "none was made: the next event tries again");
    }
}
