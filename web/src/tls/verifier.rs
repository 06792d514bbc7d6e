//! Whom requests of this program trust: those whom the machine trusts, and those that were named.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

/// Certificates that this program was told to trust.
static NAMED: Mutex<Vec<CertificateDer<'static>>> = Mutex::new(Vec::new());

/// Trusts these certificates from now on.
pub(super) fn name(certificates: Vec<CertificateDer<'static>>) {
    NAMED.lock().extend(certificates);
}

/// Checks certificates of servers. The machine's own list is read when the first one is checked, for most stands never
/// leave plain HTTP.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    roots: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
}

impl Verifier {
    /// Trusts whomever the machine trusts, and those that were named before the first certificate is checked.
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self { provider, roots: OnceLock::new() }
    }

    fn roots(&self) -> Result<&WebPkiServerVerifier, Error> {
        let read = || {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots.add_parsable_certificates(NAMED.lock().iter().cloned());
            verifier_of(roots, &self.provider).ok()
        };
        // There is none where nobody is trusted.
        self.roots.get_or_init(read).as_deref().ok_or(CertificateError::UnknownIssuer.into())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let checked = self.roots()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match checked {
            Err(Error::InvalidCertificate(CertificateError::Other(_))) if is_named(end_entity, server_name) => {
                Ok(ServerCertVerified::assertion())
            }
            checked => checked,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that was named is trusted even if it says that it is a CA, as those that `openssl req -x509` makes do;
/// its names hold.
fn is_named(certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> bool {
    let parsed = ParsedCertificate::try_from(certificate);
    NAMED.lock().contains(certificate) && parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok())
}

fn verifier_of(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, rustls::client::VerifierBuilderError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build()
}

/// Whether one who trusts a CA finds a certificate for `localhost` right now.
///
/// # Errors
/// When not.
pub(super) fn vouches(ca: &CertificateDer<'static>, leaf: &CertificateDer<'_>) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone())?;
    let verifier = verifier_of(roots, &Arc::new(aws_lc_rs::default_provider()));
    let verifier = verifier.map_err(|error| Error::General(error.to_string()))?;
    let name = ServerName::try_from("localhost").map_err(|error| Error::General(error.to_string()))?;
    verifier.verify_server_cert(leaf, &[], &name, &[], UnixTime::now()).map(drop)
}
