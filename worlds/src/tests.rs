//! What a world promises, shown on a toy: a ledger with deposits, codes and timers.

mod cancelled;
mod checkpoints;
mod clock;
mod concurrent;
mod day;
mod due;
mod expiring;
mod histories;
mod idle;
mod isolated;
mod journal;
mod kept;
pub(crate) mod ledger;
mod name;
mod quotas;
mod random;
