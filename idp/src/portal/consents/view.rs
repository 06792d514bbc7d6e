//! Descriptions of scopes and clients on the pages of consents.

use esia::Mnemonic;

use crate::state::Gosuslugi;

/// Returns the description of a scope, or its name if it is unknown.
pub(super) fn words(scope: &str) -> String {
    let known = scope.parse::<esia::Scope>().ok().and_then(|scope| scope.known());
    known.map_or_else(|| scope.to_owned(), |known| known.description.to_owned())
}

pub(super) fn system(state: &Gosuslugi, client: &Mnemonic) -> (String, String) {
    let spec = state.clients.get(client).map(|client| &client.spec);
    spec.map_or_else(|| (client.to_string(), String::new()), |spec| (spec.title.clone(), spec.organisation.clone()))
}
