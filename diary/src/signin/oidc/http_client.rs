//! HTTP client for the crate `openidconnect`.

use std::{pin::Pin, time::Duration};

use crate::signin::{
    http::{Outgoing, send},
    provider_error::ProviderError,
};
use esia::language::Words;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

/// Sends requests of one purpose.
pub(super) struct ProviderHttp {
    pub(super) http: Outgoing,
    /// Purpose of the requests, for errors.
    pub(super) what: Words,
    pub(super) timeout: Duration,
}

impl ProviderHttp {
    /// Sends a request. Responses outside of the protocol are errors here already: server errors, redirects, and
    /// refusals that are not JSON.
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
