//! Ends of a sign-in and their descriptions.

use std::time::Duration;

use crate::language::tr;

/// Time limit for a whole sign-in.
pub(super) const PATIENCE: Duration = Duration::from_secs(45);

/// End of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The client showed a page.
    Returned,
    /// The client sent no authorization request to the provider.
    NeverLeft,
    /// The provider showed a page with this title and did not send the person back.
    AtProvider(String),
    /// The client's page lacks the button or link that the description names.
    Stuck(String),
    /// The client does not answer, for this reason.
    NoAnswer(String),
    /// The sign-in exceeded the time limit.
    Hung,
}

impl End {
    /// Describes the end for people.
    pub(super) fn told(&self, start: &str) -> String {
        match self {
            Self::Returned => tr!("клиент показал страницу", "the client showed a page"),
            Self::NeverLeft => tr!(
                "вход не ведёт на Госуслуги: проверьте sign-in, сейчас это {start}",
                "the sign-in does not lead to Gosuslugi: look at sign-in, which is {start}"
            ),
            Self::AtProvider(title) => tr!(
                "клиент так и не вернулся с Госуслуг: они показывают «{title}»",
                "the client never comes back from Gosuslugi, which shows \"{title}\""
            ),
            Self::Stuck(why) => tr!("на странице клиента: {why}", "on the client's page: {why}"),
            Self::NoAnswer(why) => tr!("клиент не отвечает: {why}", "the client does not answer: {why}"),
            Self::Hung => {
                let seconds = PATIENCE.as_secs();
                tr!("вход не кончился за {seconds} с: {start}", "the sign-in did not end within {seconds} s: {start}")
            }
        }
    }
}
