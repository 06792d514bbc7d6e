//! HTTP for the library.

use std::{pin::Pin, time::Duration};

use crate::signin::{
    http::{Outgoing, send},
    provider_error::ProviderError,
};
use esia::language::Words;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

/// Carries requests of one kind.
pub(super) struct ProviderHttp {
    pub(super) http: Outgoing,
    /// What they are, for errors.
    pub(super) what: Words,
    pub(super) timeout: Duration,
}

impl ProviderHttp {
    /// An answer that is not of the protocol is an error here already: a failure of the server, a redirect, a refusal that
    /// is not JSON.
    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        let what = self.what;
        let answer = send(&self.http, what, reqwest::Request::try_from(request), self.timeout).await?;
        let is_of_protocol = answer.status.is_success() || (answer.status.is_client_error() && answer.is_json());
        if !is_of_protocol {
            return answer.success(what).map(HttpResponse::new);
        }
        let response = http::Response::builder().status(answer.status);
        let response = response.header(http::header::CONTENT_TYPE, answer.content_type).body(answer.body);
        response.map_err(|error| ProviderError::Junk { what, reason: error.to_string().into() })
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderHttp {
    type Error = ProviderError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ProviderError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
