//! Sentences of the timeline, one per event.

use esia::language::{pick, tr};

use crate::{
    clients::ClientEvent,
    event::Event,
    faults, grants,
    portal::{
        binding::BindingEvent,
        consents::{ConsentEvent, Ending},
        family::CardId,
        notices::NoticeEvent,
        outbox::OutboxEvent,
    },
    state::Gosuslugi,
};

/// Returns the timeline sentence of an event. Names of people and clients are those of the current state.
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
            tr!("{}: уведомление «{text}»", "{}: the notice «{text}»", state.portal.name_of(*to))
        }
        Event::Notice(NoticeEvent::Seen { by }) => {
            tr!("{}: уведомления просмотрены", "{}: the notices were looked at", state.portal.name_of(*by))
        }
        Event::Outbox(OutboxEvent::Sent { message }) => {
            let subject = message.subject.as_deref().unwrap_or(&message.text);
            tr!("Отправлено на {}: «{subject}»", "Sent to {}: «{subject}»", message.to)
        }
        Event::Client(ClientEvent::Registered { client, .. }) => {
            tr!("Зарегистрирована система {}", "Client {} was registered", client.mnemonic)
        }
        Event::Client(ClientEvent::Removed { mnemonic }) => {
            tr!("Удалена система {mnemonic}", "Client {mnemonic} was removed")
        }
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
        BindingEvent::CodeIssued { guardian, child, code, expires_at, .. } => tr!(
            "{}: получен код привязки {code} для учётной записи {}, действует до {}",
            "{}: got the binding code {code} for the account of {}, in force until {}",
            state.portal.name_of(*guardian),
            state.portal.name_of(*child),
            worlds::moscow::date_time(*expires_at)
        ),
        BindingEvent::CodeMissed { child } => tr!(
            "{}: введён неверный код привязки",
            "{}: a wrong binding code was entered",
            state.portal.name_of(*child)
        ),
        BindingEvent::CodeLapsed { card } => {
            tr!("Карточка {}: срок кода привязки истёк", "Card {}: the binding code has expired", card_of(state, *card))
        }
        BindingEvent::Bound { guardian, child, .. } => {
            tr!(
                "{}: учётная запись привязана, родитель — {}",
                "{}: the account was bound, the parent is {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::LoginsChanged { guardian, child, .. } => {
            tr!(
                "{}: почта и телефон изменены, родитель — {}",
                "{}: e-mail address and phone were changed, the parent is {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::PasswordChanged { guardian, child, .. } => tr!(
            "{}: пароль сменён, сеансы завершены, родитель — {}",
            "{}: the password was changed, the sessions are ended, the parent is {}",
            state.portal.name_of(*child),
            state.portal.name_of(*guardian)
        ),
        BindingEvent::AccountDeleted { guardian, child } => {
            tr!(
                "{}: учётная запись удалена, родитель — {}",
                "{}: the account was deleted, the parent is {}",
                state.portal.name_of(*child),
                state.portal.name_of(*guardian)
            )
        }
        BindingEvent::CameOfAge { person } => {
            tr!(
                "{}: исполнилось 18 лет, полномочия родителей прекращены",
                "{}: came of age, the parents' rights are ended",
                state.portal.name_of(*person)
            )
        }
    }
}

/// Returns the title of a client, or its mnemonic if it is no longer registered.
fn title(state: &Gosuslugi, client: &esia::Mnemonic) -> String {
    state.clients.get(client).map_or_else(|| client.to_string(), |client| client.spec.title.clone())
}

/// Returns the English reason for the end of a consent or consent request.
const fn in_english(why: Ending) -> &'static str {
    match why {
        Ending::Term => "its term is over",
        Ending::OfAge => "the child came of age",
        Ending::NoGuardian => "the parent has nothing to do with the child's account any more",
        Ending::AccountDeleted => "the account was deleted",
        Ending::Replaced => "the client sent another request",
    }
}

fn ended(why: Ending) -> &'static str {
    pick(why.text(), in_english(why))
}

fn consent(state: &Gosuslugi, event: &ConsentEvent) -> String {
    match event {
        ConsentEvent::Requested { request, .. } => {
            let subject = state.portal.name_of(request.subject);
            let of_whom = match request.to.len() {
                1 if request.to.contains(&request.subject) => {
                    pick("у владельца данных", "whose data they are").to_owned()
                }
                1 => pick("у одного родителя", "one parent").to_owned(),
                count => tr!("у {count} родителей", "{count} parents"),
            };
            tr!(
                "{subject}: система «{}» запросила согласие {of_whom}",
                "{subject}: client «{}» asked {of_whom} for a consent",
                title(state, &request.client)
            )
        }
        ConsentEvent::Granted { consent, .. } => {
            let gave = state.portal.fitting(consent.given_by, ["дал", "дала", "даёт"]);
            let (by, title) = (state.portal.name_of(consent.given_by), title(state, &consent.client));
            let subject = (consent.given_by != consent.subject).then(|| state.portal.name_of(consent.subject));
            let subject =
                subject.map(|name| tr!(", владелец данных — {name}", ", the data are of {name}")).unwrap_or_default();
            tr!("{by} {gave} согласие системе «{title}»{subject}", "{by} gave a consent to client «{title}»{subject}")
        }
        ConsentEvent::Refused { by, .. } => {
            tr!("{}: отказ в согласии", "{}: refused a consent", state.portal.name_of(*by))
        }
        ConsentEvent::Revoked { by, .. } => {
            tr!("{}: согласие отозвано", "{}: revoked a consent", state.portal.name_of(*by))
        }
        ConsentEvent::Lapsed { why, .. } => tr!("Согласие прекращено: {}", "A consent has ended: {}", ended(*why)),
        ConsentEvent::Reached { to, .. } => tr!(
            "Запрос согласия дошёл и до новых родителей: {}",
            "A request for a consent has reached new parents too: {}",
            to.len()
        ),
        ConsentEvent::RequestClosed { why, .. } => {
            tr!("Запрос согласия закрыт: {}", "A request for a consent was closed: {}", ended(*why))
        }
    }
}
