//! What `/rs` answers (ESIA §4.3 to §4.7). A field whose scope was not granted is left out.

mod collection;
mod date;
mod document;
mod gender;
mod kid;
mod natural;
mod organisation;
mod parts;
mod state_facts;
mod tagged;
#[cfg(test)]
mod tests;

pub use collection::{Collection, Elements};
pub use date::{WireDate, WireDateError};
pub use document::{Document, DocumentKind};
pub use gender::Gender;
pub use kid::Kid;
pub use natural::{Person, PersonStatus, RegContext, SelfEmployed, SubjectInfo};
pub use organisation::{Employee, Group, Organisation, OrganisationKind, Role};
pub use parts::{Address, AddressKind, Contact, ContactKind, RegCertificate, Vehicle, Verification};
pub use state_facts::{EntityRoot, HasSize, Identifiable};
pub use tagged::Tagged;
