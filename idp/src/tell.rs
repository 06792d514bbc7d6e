//! The timeline's sentences.

use crate::{
    clients::ClientEvent,
    event::Event,
    faults, grants,
    portal::{
        binding::BindingEvent, consents::ConsentEvent, family::CardId, notices::NoticeEvent, outbox::OutboxEvent,
    },
    state::Gosuslugi,
};

/// One sentence for an event; names are those of the state now.
pub(crate) fn tell(state: &Gosuslugi, event: &Event) -> String {
    match event {
        Event::Account(event) => event.tell(state),
        Event::Registration(event) => event.tell(state),
        Event::Factor(event) => event.tell(state),
        Event::Identity(event) => event.tell(state),
        Event::Family(event) => event.tell(state),
        Event::ChildAccount(event) => event.tell(state),
        Event::Agency(event) => event.tell(),
        Event::Binding(event) => binding(state, event),
        Event::Consent(event) => consent(state, event),
        Event::Notice(NoticeEvent::Sent { to, text, .. }) => {
            format!("{}: уведомление «{text}»", state.portal.name_of(*to))
        }
        Event::Notice(NoticeEvent::Seen { by }) => format!("{}: уведомления просмотрены", state.portal.name_of(*by)),
        Event::Outbox(OutboxEvent::Sent { message }) => {
            let subject = message.subject.as_deref().unwrap_or(&message.text);
            format!("Отправлено на {}: «{subject}»", message.to)
        }
        Event::Client(ClientEvent::Registered { client, .. }) => {
            format!("Зарегистрирована система {}", client.mnemonic)
        }
        Event::Client(ClientEvent::Removed { mnemonic }) => format!("Удалена система {mnemonic}"),
        Event::Grant(event) => grants::sentence(state, event),
        Event::Fault(event) => faults::sentence(state, event),
        Event::Key(event) => event.tell(),
    }
}

fn card_of(state: &Gosuslugi, card: CardId) -> String {
    state.portal.family.get(card).map_or_else(|| format!("№ {}", card.0), |card| card.name.to_string())
}

fn binding(state: &Gosuslugi, event: &BindingEvent) -> String {
    match event {
        BindingEvent::CodeIssued { guardian, child, code, expires_at, .. } => format!(
            "{}: получен код привязки {code} для учётной записи {}, действует до {}",
            state.portal.name_of(*guardian),
            state.portal.name_of(*child),
            worlds::moscow::date_time(*expires_at)
        ),
        BindingEvent::CodeMissed { child } => format!("{}: введён неверный код привязки", state.portal.name_of(*child)),
        BindingEvent::CodeLapsed { card } => format!("Карточка {}: срок кода привязки истёк", card_of(state, *card)),
        BindingEvent::Bound { guardian, child, .. } => {
            format!(
                "{}: учётная запись привязана, родитель — {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::LoginsChanged { guardian, child, .. } => {
            format!(
                "{}: почта и телефон изменены, родитель — {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::PasswordChanged { guardian, child, .. } => format!(
            "{}: пароль сменён, сеансы завершены, родитель — {}",
            state.portal.name_of(*child),
            state.portal.name_of(*guardian)
        ),
        BindingEvent::AccountDeleted { guardian, child } => {
            format!(
                "{}: учётная запись удалена, родитель — {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::CameOfAge { person } => {
            format!("{}: исполнилось 18 лет, полномочия родителей прекращены", state.portal.name_of(*person))
        }
    }
}

/// What a system is called; its mnemonic when it is not registered any more.
fn title(state: &Gosuslugi, client: &esia::Mnemonic) -> String {
    state.clients.get(client).map_or_else(|| client.to_string(), |client| client.spec.title.clone())
}

fn consent(state: &Gosuslugi, event: &ConsentEvent) -> String {
    match event {
        ConsentEvent::Requested { request, .. } => {
            let subject = state.portal.name_of(request.subject);
            let of_whom = match request.to.len() {
                1 if request.to.contains(&request.subject) => "у владельца данных".to_owned(),
                1 => "у одного родителя".to_owned(),
                count => format!("у {count} родителей"),
            };
            format!("{subject}: система «{}» запросила согласие {of_whom}", title(state, &request.client))
        }
        ConsentEvent::Granted { consent, .. } => {
            let gave = state.portal.fitting(consent.given_by, ["дал", "дала", "даёт"]);
            let (by, title) = (state.portal.name_of(consent.given_by), title(state, &consent.client));
            let subject = (consent.given_by != consent.subject).then(|| state.portal.name_of(consent.subject));
            let subject = subject.map(|name| format!(", владелец данных — {name}")).unwrap_or_default();
            format!("{by} {gave} согласие системе «{title}»{subject}")
        }
        ConsentEvent::Refused { by, .. } => format!("{}: отказ в согласии", state.portal.name_of(*by)),
        ConsentEvent::Revoked { by, .. } => format!("{}: согласие отозвано", state.portal.name_of(*by)),
        ConsentEvent::Lapsed { why, .. } => format!("Согласие прекращено: {}", why.text()),
        ConsentEvent::Reached { to, .. } => format!("Запрос согласия дошёл и до новых родителей: {}", to.len()),
        ConsentEvent::RequestClosed { why, .. } => format!("Запрос согласия закрыт: {}", why.text()),
    }
}
