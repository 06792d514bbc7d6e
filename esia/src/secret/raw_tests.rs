use crate::{Certificate, SigningKey, keys, secret::verify_raw};

#[test]
fn a_bare_signature_is_checked_and_each_refusal_named() {
    for (key, certificate) in [
        (keys::DIARY_GOST_KEY_PEM, keys::DIARY_GOST_CERTIFICATE_PEM),
        (keys::DIARY_KEY_PEM, keys::DIARY_CERTIFICATE_PEM),
    ] {
        let (key, certificate) = (SigningKey::from_pem(key).unwrap(), Certificate::from_pem(certificate).unwrap());
        let signature = key.sign(b"message").unwrap();
        let check = |signature: &[u8]| verify_raw(&certificate, b"message", signature).map_err(|error| error.code());
        assert_eq!(check(&signature), Ok(()));
        assert_eq!(check(&[&signature[..], b"\x34"].concat()), Ok(()));
        assert_eq!(check(&[&signature[..], b"\0\0"].concat()), Err("raw-length"));
        assert_eq!(check(&signature[1..]), Err("raw-length"));
        assert_eq!(check(&[]), Err("raw-length"));
        assert_eq!(check(&signature.iter().rev().copied().collect::<Vec<_>>()), Err("raw-reversed"));
        assert_eq!(check(&vec![1; signature.len()]), Err("raw-mismatch"));
    }
}
