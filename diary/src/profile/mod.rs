//! Profiles: how a region's diary differs from another's, as data. A profile is a file of `profiles/` or an object in a
//! seed; no region's name stands in the code.

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
