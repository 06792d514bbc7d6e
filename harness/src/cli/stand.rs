//! Foreign provider of a run: its description completed by the environment, and the wire to it.

use std::{env, sync::Arc, time::Duration};

use super::Run;
use crate::{
    exit::CliError,
    net,
    provider::ForeignProvider,
    servers, suite,
    wire::{NamedBy, Pace, Wire},
    words::of_system,
};

/// Returns the provider that `--provider` describes; `None` if the provider is ours.
///
/// # Errors
/// Fails for a wrong description, a variable that is not set, or a file that cannot be read.
pub(super) fn provider(options: &Run) -> Result<Option<ForeignProvider>, CliError> {
    let Some(file) = &options.provider else { return Ok(None) };
    let description = suite::provider::read(file)?;
    if let Some(ca) = &description.ca {
        net::trust(vec![ca.clone()]).map_err(|error| servers::unsecured(&error))?;
    }
    let certificate = description.token_certificate.as_ref().map(|path| {
        std::fs::read_to_string(path)
            .map_err(|error| CliError::wrong(format!("{}: {}", path.display(), of_system(&error))))
    });
    let made = ForeignProvider::new(description, certificate.transpose()?, &|name| env::var_os(name));
    made.map(Some).map_err(|told| CliError::wrong(format!("{}: {told}", file.display())))
}

/// Returns the wire of a run if its requests are limited or recorded.
pub(super) fn wire(options: &Run, provider: Option<&ForeignProvider>) -> Option<Arc<Wire>> {
    let Some(provider) = provider else {
        if options.site.is_empty() {
            return options.record.as_ref().map(|_| Arc::default());
        }
        let wire = Wire::limited([], None).named_by(NamedBy::Site);
        for site in &options.site {
            wire.allow(site);
        }
        return Some(Arc::new(wire));
    };
    let (stand, home) = (&provider.description, provider.description.home());
    let pace = Pace::of(&home, Duration::from_millis(stand.pace_ms.into()));
    let wire = Wire::limited(stand.hosts.clone(), pace);
    for site in std::iter::once(&home).chain(&options.site) {
        wire.allow(site);
    }
    Some(Arc::new(wire))
}
