//! The provider's side of a run: our Gosuslugi with its control API, or somebody else's, as a file describes it
//! (`run --provider`): a stand that is shared, keeps its own time and tells nothing but its pages and its protocol.

mod check;
mod description;
mod foreign;
mod side;

pub use description::{Account, SignInPage, StandDescription};
pub use foreign::ForeignProvider;
pub use side::ProviderSide;
