//! What a world promises, shown on a toy: a ledger with deposits, codes and timers.

mod cancelled;
mod clock;
mod concurrent;
mod day;
mod due;
mod expiring;
mod histories;
mod journal;
mod kept;
mod ledger;
mod name;
mod random;
