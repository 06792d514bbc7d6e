//! The provider's side of a run: our Gosuslugi with its control API, or a foreign provider described in a file (`run
//! --provider`): a shared stand with its own clock, which offers only its pages and its protocol.

mod check;
mod description;
mod foreign;
mod side;

pub use description::{Account, SignInPage, StandDescription};
pub use foreign::ForeignProvider;
pub use side::ProviderSide;
