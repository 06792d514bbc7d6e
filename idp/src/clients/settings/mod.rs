//! Ready settings for the common client libraries. The names of options come from the libraries' own documentation and
//! sources; the settings of the libraries under `tests/clients` are run unchanged.

mod browser;
mod by_hand;
mod choice;
mod esia;
mod frameworks;
mod openid;
mod setting;
mod values;

pub(crate) use choice::settings;
pub(crate) use setting::Setting;
