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
    /// Bytes of events since.
    bytes: usize,
    /// Whether the next checkpoint is being made.
    is_under_way: bool,
}

impl Growth {
    /// Of a world that was brought back from a checkpoint and the events after it.
    pub(crate) fn after(checkpoint: Option<&Checkpoint>, records: &[Record]) -> Self {
        let (seq, size) = checkpoint.map_or((0, 0), |checkpoint| (checkpoint.seq, PACKED * checkpoint.state.len()));
        Self { checkpoint: seq, size, bytes: weight(records), is_under_way: false }
    }

    /// That of a fork, whose log goes on from its parent's checkpoint.
    pub(crate) const fn of_fork(&self) -> Self {
        Self { is_under_way: false, ..*self }
    }

    /// Counts new events. Whether a checkpoint is to be made: after so many events, and when they take a quarter of what the
    /// last checkpoint does. So the cost of checkpoints grows with the log, however large the state is.
    pub(crate) fn grow(&mut self, records: &[Record], every: u64) -> bool {
        self.bytes += weight(records);
        let events = records.last().map_or(0, |last| last.seq.saturating_sub(self.checkpoint));
        let is_due = !self.is_under_way && events >= every && SHARE * self.bytes >= self.size;
        self.is_under_way |= is_due;
        is_due
    }

    /// A checkpoint was made.
    pub(crate) const fn begin_anew(&mut self, seq: u64, size: usize) {
        (self.checkpoint, self.size, self.bytes) = (seq, size, 0);
    }

    /// The next checkpoint may be made, whether this one was or not.
    pub(crate) const fn end(&mut self) {
        self.is_under_way = false;
    }
}

fn weight(records: &[Record]) -> usize {
    records.iter().map(|record| record.event.get().len()).sum()
}
