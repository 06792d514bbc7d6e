//! HTTP clients of this program.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use reqwest::{Client, ClientBuilder};
use rustls::{ClientConfig, crypto::aws_lc_rs};

use super::{
    TlsError, files,
    verifier::{self, Verifier},
};

/// Trusts servers whose certificates are in these files (PEM), or issued by those that are, besides whomever the machine
/// trusts. For the whole program, before its first request over TLS.
///
/// # Errors
/// A file that cannot be read or holds no certificate.
pub fn trust<'p>(files: impl IntoIterator<Item = &'p Path>) -> Result<(), TlsError> {
    let read = files.into_iter().map(files::certificates).collect::<Result<Vec<_>, _>>()?;
    verifier::name(read.concat());
    Ok(())
}

/// An HTTP client that trusts whom this program trusts; all else is still to be said.
pub fn http_client() -> ClientBuilder {
    static CONFIG: OnceLock<Option<ClientConfig>> = OnceLock::new();
    match CONFIG.get_or_init(config) {
        Some(config) => Client::builder().tls_backend_preconfigured(config.clone()),
        None => Client::builder(),
    }
}

fn config() -> Option<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new(Arc::clone(&provider));
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.inspect_err(|error| tracing::warn!(%error, "no TLS")).ok()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Some(builder.with_no_client_auth())
}
