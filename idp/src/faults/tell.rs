//! Timeline sentences of the faults.

use esia::language::{pick, tr};

use super::{event::FaultEvent, fault::SetBy};
use crate::state::Gosuslugi;

/// Returns the timeline sentence of an event. Names of people are those of the current state.
pub(crate) fn sentence(state: &Gosuslugi, event: &FaultEvent) -> String {
    match event {
        FaultEvent::Set { number, fault } => {
            let client = fault.client.as_ref().map(|client| tr!("система {client}", "client {client}"));
            let person = fault.person.map(|oid| state.portal.name_of(oid));
            let sign_in = fault.state.as_ref().map(|_| pick("один вход", "one sign-in").to_owned());
            let count = fault.requests.map(|count| tr!("ответов: {count}", "answers: {count}"));
            let until = fault.until.map(|until| tr!("до {}", "until {}", worlds::moscow::date_time(until)));
            let parts: Vec<_> = client.into_iter().chain(person).chain(sign_in).chain(count).chain(until).collect();
            let parts = if parts.is_empty() { pick("для всех", "for all").to_owned() } else { parts.join(", ") };
            let by = match fault.set_by {
                SetBy::Control | SetBy::Seed => "",
                SetBy::State => pick(" параметром state", " by the parameter state"),
            };
            tr!(
                "Включена{by} ошибка № {number} «{}»: {parts}",
                "Fault number {number} was switched on{by}, «{}»: {parts}",
                fault.id
            )
        }
        FaultEvent::Lifted { number } => tr!("Снята ошибка № {number}", "Fault number {number} was taken off"),
        FaultEvent::Used { number, hit: true, left: Some(left) } => {
            tr!(
                "Ошибка № {number} сработала, осталось ответов: {left}",
                "Fault number {number} has struck, answers left: {left}"
            )
        }
        FaultEvent::Used { number, hit: true, left: None } => {
            tr!("Ошибка № {number} сработала", "Fault number {number} has struck")
        }
        FaultEvent::Used { number, hit: false, .. } => {
            tr!("Ошибка № {number} на этот раз не сработала", "Fault number {number} has not struck this time")
        }
    }
}
