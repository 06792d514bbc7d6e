//! Ready settings for the common client libraries. The names of options are those of the libraries' own documents and
//! sources; those of the libraries under `tests/clients` are run as they stand here.

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
