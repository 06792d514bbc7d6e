//! `/public/…`: the provider's certificates and keys in every form that clients want (ESIA §3.9).

use std::{
    io::{Cursor, Write as _},
    sync::OnceLock,
};

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use web::Problem;
use zip::{DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use crate::keys::keys;

/// A file under `/public/`.
struct File {
    name: &'static str,
    /// Another name that is easier to type into an address.
    alias: Option<&'static str>,
    content_type: &'static str,
    content: Vec<u8>,
}

const CER: &str = "application/pkix-cert";
const PEM: &str = "application/x-pem-file";

/// All of them; the names are those of the real archive's members of the test stand (ESIA §3.9).
fn files() -> Result<&'static [File], Problem> {
    static MADE: OnceLock<Vec<File>> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made);
    }
    let keys = keys()?;
    let [rsa, gost] = keys.certificates();
    let jwk = serde_json::json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "n": keys.public.jwk_n(), "e": keys.public.jwk_e(),
    });
    let file = |name, content_type, content| File { name, alias: None, content_type, content };
    let made = vec![
        file("RSA_TESIA.cer", CER, rsa.der().to_owned()),
        file("RSA_TESIA.pem", PEM, rsa.pem().into_bytes()),
        file("RSA_TESIA_PUBLIC.pem", PEM, rsa.public_key_pem().into_bytes()),
        file("RSA_TESIA_JWK.jwk", "application/jwk+json", jwk.to_string().into_bytes()),
        File { alias: Some("GOST_TESIA_2012.cer"), ..file("ГОСТ ТЕСИА 2012.cer", CER, gost.der().to_owned()) },
        file("GOST_TESIA_2012.pem", PEM, gost.pem().into_bytes()),
        file("GOST_TESIA_2012_PUBLIC.pem", PEM, gost.public_key_pem().into_bytes()),
    ];
    Ok(MADE.get_or_init(|| made))
}

/// `esia.zip`, packed once per process: the same bytes every time.
fn archive() -> Result<&'static [u8], Problem> {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(packed) = PACKED.get() {
        return Ok(packed);
    }
    let packed = pack(files()?).map_err(Problem::internal)?;
    Ok(PACKED.get_or_init(|| packed))
}

fn pack(files: &[File]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    for File { name, content, .. } in files {
        zip.start_file(*name, options)?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// `GET` and `HEAD /public/{name}`
async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    if name == "esia.zip" {
        return Ok(([(header::CONTENT_TYPE, "application/zip")], archive()?).into_response());
    }
    let found = files()?.iter().find(|file| file.name == name || file.alias == Some(&name));
    let file = found.ok_or_else(|| {
        Problem::not_found("Такого файла здесь нет").or("Все ключи и сертификаты — в архиве /public/esia.zip")
    })?;
    Ok(([(header::CONTENT_TYPE, file.content_type)], file.content.as_slice()).into_response())
}

/// Routes of `/public/…`.
pub(super) fn routes() -> Router {
    Router::new().route("/public/{name}", get(show))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use axum::{
        body::Body,
        http::{Method, Request},
    };
    use esia::{Certificate, keys::PROVIDER_GOST_CERTIFICATE_PEM};
    use insta::assert_snapshot;

    use super::*;
    use crate::protocols::esia::testing::{escaped, rig};

    #[tokio::test]
    async fn each_file_has_its_content_type_for_get_and_head() {
        let rig = rig().await;
        let mut seen = Vec::new();
        for file in files().unwrap() {
            let names = [Some(file.name), file.alias];
            for name in names.into_iter().flatten() {
                let path = format!("/public/{}", escaped(name).replace('+', "%20"));
                let got = rig.get(&path, None).await;
                let head = Request::builder().method(Method::HEAD).uri(&path).body(Body::empty()).unwrap();
                let head = rig.send(head).await;
                assert_eq!((got.status, head.status, head.body.as_str()), (200.try_into().unwrap(), got.status, ""));
                assert_eq!(got.headers["content-type"], head.headers["content-type"]);
                assert_eq!(head.headers["content-length"], file.content.len().to_string().as_str());
                seen.push(format!("{name}: {}", got.headers["content-type"].to_str().unwrap()));
            }
        }
        assert_snapshot!(seen.join("\n"), @r"
        RSA_TESIA.cer: application/pkix-cert
        RSA_TESIA.pem: application/x-pem-file
        RSA_TESIA_PUBLIC.pem: application/x-pem-file
        RSA_TESIA_JWK.jwk: application/jwk+json
        ГОСТ ТЕСИА 2012.cer: application/pkix-cert
        GOST_TESIA_2012.cer: application/pkix-cert
        GOST_TESIA_2012.pem: application/x-pem-file
        GOST_TESIA_2012_PUBLIC.pem: application/x-pem-file
        ");
    }

    #[tokio::test]
    async fn the_gost_certificate_is_there_as_der_and_pem() {
        let rig = rig().await;
        let known = Certificate::from_pem(PROVIDER_GOST_CERTIFICATE_PEM).unwrap();
        let pem = rig.get("/public/GOST_TESIA_2012.pem", None).await.body;
        assert_eq!(Certificate::from_pem(&pem).unwrap(), known);
        let der = files().unwrap().iter().find(|file| file.alias == Some("GOST_TESIA_2012.cer")).unwrap();
        assert_eq!(Certificate::from_der(&der.content).unwrap(), known);
    }

    #[tokio::test]
    async fn the_archive_holds_every_file_and_is_the_same_every_time() {
        let rig = rig().await;
        let answer = rig.get("/public/esia.zip", None).await;
        assert_eq!(answer.headers["content-type"], "application/zip");
        assert_eq!(answer.headers["content-length"], archive().unwrap().len().to_string().as_str());
        assert_eq!(pack(files().unwrap()).unwrap(), archive().unwrap());
        let mut zip = zip::ZipArchive::new(Cursor::new(archive().unwrap())).unwrap();
        for (at, file) in files().unwrap().iter().enumerate() {
            let mut member = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            assert_eq!((&*member.name().unwrap(), &content), (file.name, &file.content));
            assert_eq!(member.last_modified().unwrap().year(), 1980);
        }
        assert_eq!(zip.len(), files().unwrap().len());
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_a_page_that_says_so() {
        let rig = rig().await;
        for name in ["RSA_PROD.cer", "..%2Fesia.zip", "%D0"] {
            assert_eq!(rig.get(&format!("/public/{name}"), None).await.status.as_u16() / 100, 4, "{name}");
        }
    }
}
