//! People who do something at the same time: each waits for its turn before every request, and whose turn it is comes from a
//! draw that can be drawn again.

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
