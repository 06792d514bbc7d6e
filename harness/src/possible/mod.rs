//! Which scenarios a foreign side can play, found before a run: each step knows what it needs, the side's description what there is.

mod data;
mod lack;
mod pages;
mod scenario;
#[cfg(test)]
mod tests;

pub use scenario::mark;
