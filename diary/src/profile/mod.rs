//! Profiles: regional differences of diaries, as data. A profile is a file of `profiles/` or an object in a seed; the
//! code names no region.

mod load;
mod model;
mod schema;
mod seed;
#[cfg(test)]
mod tests;

pub use load::profile_names;
pub(crate) use load::whole;
pub use model::{
    Access, Account, Audience, Compared, Consent, Matching, Names, Passwords, Profile, Required, Service, SignIn,
    Strangers, Text,
};
pub use schema::profile_schema;
pub use seed::ProfileSeed;
