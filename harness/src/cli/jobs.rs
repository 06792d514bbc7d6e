//! `--jobs`: how many scenarios play at once.

use crate::language::tr;

/// A number from 1 to 65535.
///
/// # Errors
/// A text that is no such number, told in the language of the run.
pub(super) fn jobs(text: &str) -> Result<u16, String> {
    let most = u16::MAX;
    let number = text.parse().ok().filter(|jobs| *jobs > 0);
    number.ok_or_else(|| tr!("нужно целое число, 1 … {most}", "a whole number is needed, 1 … {most}"))
}
