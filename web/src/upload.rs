//! Forms that may carry a file.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use esia::language::tr;
use futures::stream;

use crate::{
    Problem,
    csrf::{Csrf, FIELD},
};

/// No form of this server has as many fields.
const FIELDS: usize = 16;

/// A form of one of this server's own pages, with the CSRF token: `multipart/form-data` (RFC 7578), as browsers send it
/// when there is a file, or `application/x-www-form-urlencoded`. A site names the paths that take large ones.
#[derive(Debug, Default)]
pub struct Upload(BTreeMap<String, Vec<u8>>);

impl Upload {
    /// What a field carries, a file or a text; empty when it was not sent.
    pub fn bytes(&self, field: &str) -> &[u8] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    async fn read(content_type: &str, body: Bytes) -> Result<Self, multer::Error> {
        let Ok(boundary) = multer::parse_boundary(content_type) else {
            let pairs = url::form_urlencoded::parse(&body).take(FIELDS);
            return Ok(Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into_bytes())).collect()));
        };
        let mut parts = multer::Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
        let mut fields = BTreeMap::new();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await?;
            if fields.len() < FIELDS {
                fields.insert(name, bytes.to_vec());
            }
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let csrf = request.extensions().get::<Csrf>().cloned().unwrap_or_default();
        let headers = request.headers().clone();
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|error| Problem::bad_request("body", error.body_text()))?;
        let upload = Self::read(content_type, body).await;
        let upload = upload.map_err(|error| {
            Problem::bad_request("body", tr!("Форма не читается: {error}", "The form cannot be read: {error}"))
        })?;
        csrf.check(std::str::from_utf8(upload.bytes(FIELD)).ok())?;
        Ok(upload)
    }
}
