//! Requests that a program sends to the team's own site, without the cookies of a person.

use std::time::Duration;

use reqwest::{
    Method,
    header::{self, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde_json::Value;

use super::{Args, Done, NoAnswer, ScenarioState, StepError};
use crate::{
    language::tr,
    net,
    wire::{Reply, WalkError, ask},
};

/// Time limit of an answer.
const PATIENCE: Duration = Duration::from_secs(15);

impl ScenarioState {
    /// Sets a header field for the further requests of the program.
    ///
    /// # Errors
    /// Fails if name or value is not valid in HTTP.
    pub(crate) fn set_header(&mut self, name: &str, value: &str) -> Done {
        let wrong = || {
            StepError::Unmet(tr!(
                "заголовка «{name}: {value}» в HTTP не бывает",
                "HTTP has no header field «{name}: {value}»"
            ))
        };
        let name = HeaderName::try_from(name).map_err(|_| wrong())?;
        let value = HeaderValue::try_from(value).map_err(|_| wrong())?;
        self.program.headers.insert(name, value);
        Ok(())
    }

    /// Sends a request to the team's own site and keeps the answer. Redirects are not followed, so a redirect is an
    /// answer.
    ///
    /// # Errors
    /// Fails for an address elsewhere, or if nothing answers.
    pub(crate) async fn send(&mut self, method: &str, address: &str, body: Option<&str>) -> Done {
        let url = self.site(address)?;
        let method = Method::try_from(method).map_err(|error| StepError::Unmet(error.to_string()))?;
        let client = net::client(&url).redirect(Policy::none()).timeout(PATIENCE).user_agent("esia-stand").build();
        let client = client.map_err(|error| StepError::CouldNotAsk(error.to_string().into()))?;
        let mut headers = self.program.headers.clone();
        if let Some(body) = body {
            let is_json = serde_json::from_str::<Value>(body).is_ok();
            let kind = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
            headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
        }
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let request = request.build().map_err(|error| StepError::Unmet(error.to_string()))?;
        let wire = self.test_bed()?.wire.clone();
        let answer = ask(wire.as_deref(), &self.book, &client, request).await.map_err(|error| match error {
            WalkError::Failed(error) => StepError::CouldNotAsk(NoAnswer::from(net::reason(&error))),
            WalkError::Refused(told) => StepError::Unmet(told),
            WalkError::Endless => StepError::Unmet(tr!("перенаправления без конца", "redirects without end")),
        })?;
        self.program.answer = Some(answer);
        Ok(())
    }

    /// Returns the answer to the program's last request.
    ///
    /// # Errors
    /// Fails if the program has not sent a request.
    pub(crate) fn answer(&self) -> Result<&Reply, StepError> {
        self.program.answer.as_ref().ok_or_else(|| {
            StepError::Unmet(tr!(
                "программа ещё ничего не отправляла: сначала «программа отправляет …»",
                "the program has sent nothing yet: first «программа отправляет …»"
            ))
        })
    }

    /// Keeps a value under a name; `{{name}}` stands for it in later steps.
    ///
    /// # Errors
    /// Fails if the name is empty or has braces.
    pub(crate) fn keep_value(&mut self, name: &str, value: String) -> Done {
        if name.trim().is_empty() || name.contains(['{', '}']) {
            return Err(StepError::Unmet(tr!(
                "«{name}» — не имя: нужны слова без фигурных скобок",
                "«{name}» is no name: words without braces are needed"
            )));
        }
        self.program.kept.insert(name.trim().to_owned(), value);
        Ok(())
    }

    /// Replaces kept values in the arguments of a step.
    ///
    /// # Errors
    /// Fails if no value was kept under a name.
    pub(crate) fn filled(&self, mut args: Args) -> Result<Args, StepError> {
        for text in args.values.iter_mut().chain(args.table.iter_mut().flatten()).chain(args.text.as_mut()) {
            *text = self.filled_text(text)?;
        }
        Ok(args)
    }

    fn filled_text(&self, text: &str) -> Result<String, StepError> {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some((before, name, after)) = place(rest) {
            let value = self.program.kept.get(name).ok_or_else(|| {
                let known = self.program.kept.keys().map(String::as_str).collect::<Vec<_>>().join("», «");
                StepError::Unmet(if known.is_empty() {
                    tr!(
                        "значения «{name}» никто не запоминал: сначала «программа запоминает … как «{name}»»",
                        "nobody has kept a value «{name}»: first «программа запоминает … как «{name}»»"
                    )
                } else {
                    tr!(
                        "значения «{name}» программа не запоминала; запомнены: «{known}»",
                        "the program has kept no value «{name}»; kept are: «{known}»"
                    )
                })
            })?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        Ok(filled + rest)
    }
}

/// Splits a text at the first `{{name}}` into the part before, the name, and the part after.
fn place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}
