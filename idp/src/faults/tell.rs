//! The timeline's sentences about faults.

use super::{event::FaultEvent, fault::SetBy};
use crate::state::Gosuslugi;

/// One sentence for an event; names are those of the state now.
pub(crate) fn sentence(state: &Gosuslugi, event: &FaultEvent) -> String {
    match event {
        FaultEvent::Set { number, fault } => {
            let client = fault.client.as_ref().map(|client| format!("система {client}"));
            let person = fault.person.map(|oid| state.portal.name_of(oid));
            let sign_in = fault.state.as_ref().map(|_| "один вход".to_owned());
            let count = fault.requests.map(|count| format!("ответов: {count}"));
            let until = fault.until.map(|until| format!("до {}", worlds::moscow::date_time(until)));
            let parts: Vec<_> = client.into_iter().chain(person).chain(sign_in).chain(count).chain(until).collect();
            let parts = if parts.is_empty() { "для всех".to_owned() } else { parts.join(", ") };
            let by = match fault.set_by {
                SetBy::Control | SetBy::Seed => "",
                SetBy::State => " параметром state",
            };
            format!("Включена{by} ошибка № {number} «{}»: {parts}", fault.id)
        }
        FaultEvent::Lifted { number } => format!("Снята ошибка № {number}"),
        FaultEvent::Used { number, hit: true, left: Some(left) } => {
            format!("Ошибка № {number} сработала, осталось ответов: {left}")
        }
        FaultEvent::Used { number, hit: true, left: None } => format!("Ошибка № {number} сработала"),
        FaultEvent::Used { number, hit: false, .. } => format!("Ошибка № {number} на этот раз не сработала"),
    }
}
