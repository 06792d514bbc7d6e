//! Faults of the response to an authorization request, which is a redirect or a form that the browser posts.

use askama::Template as _;
use esia::EsiaError;
use url::Url;

use super::{act::AuthorizationFault, answer::Answer, fault::Fault, jwt::Jwt, occasion::Occasion};
use crate::grants::{FormPost, Protocol};

/// `state` that no browser has sent.
pub(super) const OTHER_STATE: &str = "00000000-0000-4000-8000-000000000000";

/// Carrier of the response parameters.
enum Carrier {
    Address(Url),
    Form(Box<FormPost>),
}

/// Response to the client, with its parameters in order.
pub(super) struct Redirect {
    carrier: Carrier,
    parameters: Vec<(String, String)>,
}

impl Redirect {
    /// Reads the redirect address of a response, or its form; `None` for an address of this server.
    pub(super) fn parse(answer: &Answer, at: &Occasion) -> Option<Self> {
        if let Some(form) = answer.extensions.get::<FormPost>() {
            return Some(Self { carrier: Carrier::Form(Box::new(form.clone())), parameters: form.fields.clone() });
        }
        let location = answer.headers.get("location")?.to_str().ok()?;
        let address = Url::parse(location).ok().filter(|_| !location.starts_with(&at.origin))?;
        let parameters = address.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Some(Self { carrier: Carrier::Address(address), parameters })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Removes a parameter; `None` if it is missing.
    pub(super) fn remove(&mut self, name: &str) -> Option<()> {
        let before = self.parameters.len();
        self.parameters.retain(|(key, _)| key != name);
        (self.parameters.len() < before).then_some(())
    }

    /// Replaces a parameter; `None` if it is missing.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) -> Option<()> {
        let (_, known) = self.parameters.iter_mut().find(|(key, _)| key == name)?;
        *known = value.into();
        Some(())
    }

    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.parameters.push((name.to_owned(), value.into()));
    }

    /// Replaces the code with an error.
    fn refuse(&mut self, error: &str, description: &str) -> Option<()> {
        let at = self.parameters.iter().position(|(key, _)| key == "code")?;
        let told = [("error", error), ("error_description", description)];
        self.parameters.splice(at..=at, told.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Some(())
    }

    /// Writes the parameters into the response.
    pub(super) fn answered(self, answer: &Answer) -> Option<Answer> {
        let (answer, parameters) = (answer.clone(), self.parameters);
        match self.carrier {
            Carrier::Address(mut address) => {
                if parameters.is_empty() {
                    address.set_query(None);
                } else {
                    address.query_pairs_mut().clear().extend_pairs(&parameters);
                }
                Some(answer.with_header(axum::http::header::LOCATION, address.as_str()))
            }
            Carrier::Form(form) => {
                let form = FormPost { fields: parameters, ..*form };
                let mut answer = answer.with_body(form.render().ok()?);
                // Another fault may change the form further.
                answer.extensions.insert(form);
                Some(answer)
            }
        }
    }
}

/// Returns the response as the fault changes it.
pub(super) fn authorization(act: AuthorizationFault, fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    let mut redirect = Redirect::parse(answer, at)?;
    // Only a response to the client has one of these parameters.
    redirect.get("code").or(redirect.get("error"))?;
    match act {
        AuthorizationFault::StateMissing => redirect.remove("state")?,
        AuthorizationFault::StateOther => redirect.set("state", OTHER_STATE)?,
        AuthorizationFault::BackButton => redirect.set("state", at.spent_state.as_deref()?)?,
        AuthorizationFault::IssWrong => redirect.set("iss", "https://issuer.example")?,
        AuthorizationFault::IssDropped => redirect.remove("iss")?,
        AuthorizationFault::ErrorAndCode => {
            redirect.get("code")?;
            redirect.add("error", "access_denied");
            redirect.add("error_description", "the person has refused");
        }
        AuthorizationFault::DescriptionHostile => {
            redirect.refuse("access_denied", &hostile(fault.parameter("text")))?;
        }
        AuthorizationFault::CodeLong => {
            let mut code = Jwt::parse(redirect.get("code")?)?;
            code.set_header("padding", "x".repeat(2600));
            redirect.set("code", code.signed(&at.keys)?)?;
        }
        AuthorizationFault::ExtraParameters => {
            redirect.add("session_state", "8d2f5c.1");
            redirect.add("x_unknown", "да");
        }
        AuthorizationFault::CodeOfAnother => redirect.set("code", at.other_code.as_deref()?)?,
        _ => {
            let (error, description) = refusal(act, fault, at.spot.protocol)?;
            redirect.refuse(&error, &description)?;
        }
    }
    redirect.answered(answer)
}

fn hostile(kind: &str) -> String {
    match kind {
        "crlf" => "denied\r\nSet-Cookie: session=stolen\r\n\r\n<html>".to_owned(),
        "long" => "x".repeat(8 * 1024),
        _ => "<script>document.title='stolen'</script>".to_owned(),
    }
}

/// Returns `error` and `error_description` in the words of the protocol.
fn refusal(act: AuthorizationFault, fault: &Fault, protocol: Protocol) -> Option<(String, String)> {
    let esia = |error: &EsiaError| Some((error.oauth_error().to_owned(), error.description()));
    let oidc = |error: &str, description: &str| Some((error.to_owned(), description.to_owned()));
    match (protocol, act) {
        (_, AuthorizationFault::UnknownError) if protocol == Protocol::Oidc => oidc("x_unknown", "nobody knows"),
        (_, AuthorizationFault::UnknownError) => oidc("x_unknown", "ESIA-099999: OAuthErrorEnum.unknown"),
        (Protocol::Esia, AuthorizationFault::Denied) => esia(&EsiaError::AccessDenied),
        (Protocol::Esia, AuthorizationFault::NotConfirmed) => esia(&EsiaError::AccountNotConfirmed),
        (Protocol::Esia, AuthorizationFault::Overloaded) => esia(&EsiaError::TemporarilyUnavailable),
        (Protocol::Esia, AuthorizationFault::NoFactor) => esia(&EsiaError::SecondFactorImpossible),
        (Protocol::Esia, AuthorizationFault::OurOwnFault) => esia(&match fault.parameter("code") {
            "007005" => EsiaError::UnauthorizedClient,
            "007002" => EsiaError::CertificateNotOfClient,
            "007019" => EsiaError::NoGrants,
            _ => EsiaError::ClientSecretWrong,
        }),
        (Protocol::Oidc, AuthorizationFault::Denied) => oidc("access_denied", "the person has refused"),
        (Protocol::Oidc, AuthorizationFault::Overloaded) => oidc("temporarily_unavailable", "come again later"),
        (Protocol::Oidc, AuthorizationFault::UserLocked) => oidc("access_denied", "the account is locked"),
        (Protocol::Oidc, AuthorizationFault::UserTimeout) => {
            oidc("login_required", "the person did not sign in in time")
        }
        (Protocol::Oidc, AuthorizationFault::NoFactor) => {
            oidc("interaction_required", "the person has no second factor")
        }
        (Protocol::Oidc, AuthorizationFault::WeakFactor) => {
            oidc("interaction_required", "the person has signed in by weaker means than was asked for")
        }
        _ => None,
    }
}
