//! Parsing of clients' certificates. Only what was parsed is kept, written again as PEM.

use esia::{Certificate, KeyError};
use serde_json::Value;

/// Parses every certificate of a text and checks that its key can verify signatures.
///
/// # Errors
/// Fails if any certificate cannot be parsed or has an unsupported key.
pub(super) fn usable(text: &str) -> Result<Vec<Certificate>, KeyError> {
    let certificates = Certificate::all_of(text)?;
    certificates.iter().try_for_each(|certificate| certificate.public_key().map(|_| ()))?;
    Ok(certificates)
}

/// Converts the certificates of a file, PEM or DER, to PEM without anything else.
///
/// # Errors
/// Says in Russian why the file has no certificate.
pub fn certificates_of_file(bytes: &[u8]) -> Result<String, String> {
    let read = Certificate::all_of_file(bytes).map_err(|error| error.to_string())?;
    Ok(read.iter().map(Certificate::pem).collect())
}

/// Removes private keys from the clients' certificates in a `gosuslugi` section before the section is kept, because the
/// export of a world contains its seed unchanged. A text that cannot be parsed stays, so that it is rejected later with
/// its path.
pub(crate) fn without_private_keys(section: &mut Value) {
    for list in ["clients", "clients-of-settings"] {
        let clients = section.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        let certificates = clients.filter_map(|client| client.get_mut("certificates")?.as_array_mut()).flatten();
        for certificate in certificates {
            let read = certificate.as_str().filter(|text| text.contains("PRIVATE KEY")).map(Certificate::all_of);
            if let Some(Ok(read)) = read {
                *certificate = read.iter().map(Certificate::pem).collect::<String>().into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde_json::json;

    use super::*;
    use crate::{
        protocols::esia::testing::{Rp, section},
        testing::Rig,
    };

    const SECRET: &str = "PRIVATE KEY";

    fn spec(certificates: &Value) -> Value {
        json!({ "mnemonic": "SITE", "title": "Сайт", "organisation": "Школа", "scopes": ["openid", "fullname", "snils"],
            "certificates": certificates })
    }

    #[tokio::test]
    async fn a_private_key_beside_a_certificate_is_kept_nowhere() {
        let whole = format!("{}{}", esia::keys::DIARY_KEY_PEM, esia::keys::DIARY_CERTIFICATE_PEM);
        let mut section = section();
        let mut seeded = spec(&json!([whole]));
        seeded["mnemonic"] = json!("SEEDED");
        section["clients"].as_array_mut().unwrap().push(seeded);
        without_private_keys(&mut section);
        let rig = Rig::new(section).await;
        let answer = rig.control().put("/control/clients/SITE", &spec(&json!([whole]))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        for path in [
            "/control/clients",
            "/control/clients/SITE",
            "/control/clients/SEEDED",
            "/control/clients/SITE/settings",
            "/control/worlds/main/export",
            "/control/requests",
            "/control/console/clients",
        ] {
            let shown = rig.control().get(path).await;
            assert_eq!(shown.status, 200, "{path}");
            let key: String = esia::keys::DIARY_KEY_PEM.lines().nth(3).unwrap().to_owned();
            assert!(!shown.body.contains(SECRET) || path.ends_with("settings"), "{path}");
            assert!(!shown.body.contains(&key), "{path}");
        }
        let rp = Rp { client_id: "SITE", ..Rp::default() };
        assert_eq!(rig.anyone().ac(&rp.ac()).await.status, 302, "the certificate works");
    }

    #[tokio::test]
    async fn a_chain_gives_all_or_nothing_and_der_is_read() {
        let rig = Rig::new(section()).await;
        let (one, other) = (esia::keys::DIARY_CERTIFICATE_PEM, esia::keys::STRANGER_GOST_CERTIFICATE_PEM);
        let put = async |certificates: Value| rig.control().put("/control/clients/SITE", &spec(&certificates)).await;
        let chain = put(json!([format!("{one}{other}")])).await.json(201);
        assert_eq!(chain["certificates"], json!([one, other]));
        assert_eq!(chain["about"]["certificates"].as_array().unwrap().len(), 2);
        let broken = put(json!([format!("{one}{}", other.replace("MII", "MIJ"))])).await;
        assert_eq!(broken.outcome(), "400 bad-request certificates[0]");
        let der = Certificate::from_pem(one).unwrap();
        assert_eq!(put(json!([STANDARD.encode(der.der())])).await.ok()["certificates"], json!([one]));
        assert_eq!(put(json!([one, one])).await.ok()["certificates"], json!([one]), "one that is named twice is one");
        assert_eq!(certificates_of_file(der.der()).as_deref(), Ok(one));
        assert!(certificates_of_file(&der.der()[..300]).unwrap_err().contains("обрезан"));
    }

    #[tokio::test]
    async fn a_certificate_of_no_use_is_refused_with_its_kind() {
        // P-256, made with OpenSSL for this test; good until 2036.
        const EC: &str = include_str!("ec.crt.pem");
        let rig = Rig::new(section()).await;
        let answer = rig.control().put("/control/clients/SITE", &spec(&json!([EC]))).await;
        assert_eq!(answer.outcome(), "400 bad-request certificates[0]");
        assert!(answer.body.contains("EC (ECDSA)"), "{}", answer.body);
    }
}
