//! Names of the files with a client's key and certificate.

/// Name of the file with a system's key.
pub(super) fn key_file(mnemonic: &str) -> String {
    format!("{mnemonic}.key.pem")
}

/// Name of the file with a system's certificate.
pub(super) fn certificate_file(mnemonic: &str) -> String {
    format!("{mnemonic}.cert.pem")
}
