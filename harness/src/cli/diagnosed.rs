//! Diagnostics of files on standard error.

use std::io::{self, Write as _};

use crate::{
    exit::{CliError, Exit},
    suite::Diagnostic,
};

/// Writes diagnostics to standard error and returns [`Exit::Wrong`].
pub(super) fn told(wrong: &[Diagnostic]) -> Result<Exit, CliError> {
    let mut err = io::stderr().lock();
    wrong.iter().try_for_each(|wrong| writeln!(err, "{wrong}")).map_err(CliError::could_not_run)?;
    Ok(Exit::Wrong)
}
