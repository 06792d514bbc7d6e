//! The two servers: one in this process, or each as a child process.

mod alone;
mod catalogue;
mod listen;
mod own_diary;
mod pair;
mod prepared;
mod ready;
mod seed;
mod stop;
mod table;
mod tls;
mod unopened;

pub(crate) use alone::refused;
pub use alone::{diary, idp};
pub(crate) use listen::neighbour;
pub use listen::{DIARY_PORT, IDP_PORT, loopback};
pub use own_diary::{DiaryWanted, OwnDiary};
pub use pair::{Pair, Provider, Server, Wanted};
pub(crate) use prepared::{Defaults, named_after, prepared};
pub(crate) use ready::ready_line;
pub(crate) use seed::seed;
pub(crate) use stop::stop;
pub use table::table;
pub(crate) use table::{fitted, keep_whole};
pub(crate) use tls::told as unsecured;
pub use tls::{TlsChoice, TlsOptions};
