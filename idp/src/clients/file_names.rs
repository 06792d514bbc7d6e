//! Names of the files with a client's key and certificate.

/// Name of the file with a client's private key.
pub(super) fn key_file(mnemonic: &str) -> String {
    format!("{mnemonic}.key.pem")
}

/// Name of the file with a client's certificate.
pub(super) fn certificate_file(mnemonic: &str) -> String {
    format!("{mnemonic}.cert.pem")
}
