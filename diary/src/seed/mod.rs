//! Section `diary` of a seed document. Values are texts here and are parsed by [`Seed::check`], so that an error names
//! its place: `diary.pupils.ваня.snils`.

mod document;
mod lessons;
mod people;
mod read;
mod school;

pub use document::{GenerateSeed, ProviderSeed, Seed};
pub use lessons::{AttendanceSeed, AttendanceStatus, HomeworkSeed, MarkSeed};
pub use people::{CertificateSeed, ParentSeed, PasswordLogin, PupilSeed, StaffSeed, TeachesSeed};
pub use school::{ClassSeed, OtherSchoolSeed, SchoolSeed, TermSeed, Weekday};
