//! People who act at the same time. Each side waits for its turn before every request; a reproducible source decides
//! whose turn it is.

mod draw;
mod order;
mod play;
mod raced;
#[cfg(test)]
mod tests;
mod turn;

pub use draw::{Draw, Misfit};
pub use order::{MOST, Order};
pub use play::{End, Racer, race};
pub use raced::{Raced, again, told};
pub use turn::Turn;
