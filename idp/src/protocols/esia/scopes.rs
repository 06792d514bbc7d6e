//! Parameters `scope` and `scope_org` of a request (ESIA §1.5, §4.8).

use esia::{
    EsiaError, Scope, Scopes,
    language::{Told, both},
};
use worlds::{Check, mistakes::named as named_mistake};

use super::judge::Judge;
use crate::{clients::Client, protocols::ParamError, slips};

const SOURCE: &str = "ESIA §1.5, §4.8";

impl Judge<'_> {
    /// Checks that `scope` is well formed, and its scopes are known and registered for the client.
    pub(super) fn scopes(&self, client: &Client) -> Result<Scopes, EsiaError> {
        let text = self.params.one("scope").or_else(|error| match error {
            ParamError::Missing => {
                let found = Check::of(
                    ("scope", SOURCE),
                    both!("scope назван", "a scope is named"),
                    both!("нет или пуст", "missing or empty"),
                    false,
                );
                self.require(found.mistakes(self.lacking("scope")), EsiaError::NoScope).map(|()| "")
            }
            ParamError::Repeated => self.required("scope", SOURCE),
        })?;
        self.known_scopes(client, text)
    }

    /// Checks that `scope_org` is well formed, and its scopes are about organisations and registered for the client.
    pub(super) fn scope_org(&self, client: &Client) -> Result<Option<Scopes>, EsiaError> {
        let Some(text) = self.optional("scope_org")? else { return Ok(None) };
        let scopes = self.known_scopes(client, text)?;
        let personal = named(&scopes, |scope| !scope.is_of_organisation());
        let got = if personal.is_empty() {
            Told::from(text)
        } else {
            both!("не об организации: {personal}", "not about an organisation: {personal}")
        };
        let expected = both!(
            "только области об организации, как org_shortname",
            "only scopes about an organisation, as org_shortname"
        );
        self.require(Check::of(("scope-org", SOURCE), expected, got, personal.is_empty()), EsiaError::InvalidScope)?;
        Ok(Some(scopes))
    }

    fn known_scopes(&self, client: &Client, text: &str) -> Result<Scopes, EsiaError> {
        let read = text.parse::<Scopes>();
        let got = Told::of(|| web::visible(&read.as_ref().map_or_else(ToString::to_string, ToString::to_string)));
        let form = ("scope-form", SOURCE);
        let found = Check::of(
            form,
            both!("области доступа через пробел", "scopes with blanks between them"),
            got,
            read.is_ok(),
        );
        let code = read.as_ref().err().map(|error| error.code().to_owned());
        self.prefer(found.mistakes(slips::scope::malformed(text).or(code)), EsiaError::InvalidScope)?;
        self.tolerate(
            form,
            both!("каждая область один раз, между ними один пробел", "each scope once, one blank between them"),
            text,
            slips::scope::tolerated(text),
        );
        let words = text.split(|sign: char| sign.is_whitespace() || ",;|+".contains(sign));
        let readable = || words.filter(|word| word.parse::<Scope>().is_ok()).collect::<Vec<_>>().join(" ");
        let Ok(scopes) = read.or_else(|_| readable().parse()) else {
            let found = Check::failed(form, both!("хотя бы одна область", "one scope at least"), web::visible(text));
            return Err(self.checks.refuse(found, EsiaError::NoScope));
        };
        let unknown = named(&scopes, |scope| scope.known().is_none() && !client.may_ask(scope));
        let got = if unknown.is_empty() {
            both!("все известны", "all are known")
        } else {
            both!("неизвестны: {unknown}", "unknown: {unknown}")
        };
        let known = ("scope-known", SOURCE);
        let found =
            Check::of(known, both!("области из справочника", "scopes of the directory"), got, unknown.is_empty());
        let found = found.mistakes(unknown.split_whitespace().map(slips::scope::unknown));
        self.prefer(found, EsiaError::InvalidScope)?;
        self.allowed(client, &scopes)?;
        Ok(scopes)
    }

    /// Checks that the client is registered for these scopes.
    pub(super) fn allowed(&self, client: &Client, scopes: &Scopes) -> Result<(), EsiaError> {
        let foreign = named(scopes, |scope| !client.may_ask(scope));
        let got = if foreign.is_empty() {
            Told::from(scopes.to_string())
        } else {
            both!("не разрешены: {foreign}", "not allowed: {foreign}")
        };
        let allowed = both!("только {}", "only {}", client.spec.scopes.join(" "));
        let found = Check::of(("scope-allowed", SOURCE), allowed, got, foreign.is_empty());
        let found = found.mistakes(foreign.split_whitespace().map(|scope| named_mistake("scope-not-allowed", scope)));
        self.prefer(found, EsiaError::NoGrants)
    }
}

fn named(scopes: &Scopes, is_wrong: impl Fn(&Scope) -> bool) -> String {
    scopes.iter().filter(|scope| is_wrong(scope)).map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
