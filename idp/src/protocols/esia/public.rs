//! Public key files, `/public/…`: the provider's certificates and keys in every format that clients need (ESIA §3.9).

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use web::{InWorld, Problem};

use crate::state::Gosuslugi;

/// Answers `GET` and `HEAD /public/{name}`.
async fn show(InWorld { world, .. }: InWorld<Gosuslugi>, Path(name): Path<String>) -> Result<Response, Problem> {
    let published = world.read(|state, _| state.keys.published()).await?;
    if name == "esia.zip" {
        return Ok(([(header::CONTENT_TYPE, "application/zip")], published.archive.clone()).into_response());
    }
    let file = published.file(&name).ok_or_else(|| {
        Problem::not_found("Такого файла здесь нет").or("Все ключи и сертификаты — в архиве /public/esia.zip")
    })?;
    Ok(([(header::CONTENT_TYPE, file.content_type)], file.content.clone()).into_response())
}

/// Returns the routes of `/public/…`.
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

    use crate::{
        protocols::esia::testing::{escaped, rig},
        signing::KeyRing,
    };

    #[tokio::test]
    async fn each_file_has_its_content_type_for_get_and_head() {
        let rig = rig().await;
        let mut seen = Vec::new();
        for file in &KeyRing::built_in().unwrap().published().files {
            let names = [Some(file.name.as_str()), file.alias];
            for name in names.into_iter().flatten() {
                let path = format!("/public/{}", escaped(name).replace('+', "%20"));
                let got = rig.anyone().get(&path).await;
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
        let pem = rig.anyone().get("/public/GOST_TESIA_2012.pem").await.body;
        assert_eq!(Certificate::from_pem(&pem).unwrap(), known);
        let published = KeyRing::built_in().unwrap().published();
        let der = published.file("GOST_TESIA_2012.cer").unwrap();
        assert_eq!(Certificate::from_der(&der.content).unwrap(), known);
    }

    #[tokio::test]
    async fn the_archive_holds_every_file_and_is_the_same_every_time() {
        let rig = rig().await;
        let answer = rig.anyone().get("/public/esia.zip").await;
        assert_eq!(answer.headers["content-type"], "application/zip");
        let published = KeyRing::built_in().unwrap().published();
        assert_eq!(answer.headers["content-length"], published.archive.len().to_string().as_str());
        let mut zip = zip::ZipArchive::new(Cursor::new(&published.archive)).unwrap();
        for (at, file) in published.files.iter().enumerate() {
            let mut member = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            assert_eq!((&*member.name().unwrap(), &content), (file.name.as_str(), &file.content));
            assert_eq!(member.last_modified().unwrap().year(), 1980);
        }
        assert_eq!(zip.len(), published.files.len());
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_a_page_that_says_so() {
        let rig = rig().await;
        for name in ["RSA_PROD.cer", "..%2Fesia.zip", "%D0"] {
            assert_eq!(rig.anyone().page(&format!("/public/{name}")).await.status.as_u16() / 100, 4, "{name}");
        }
    }
}
