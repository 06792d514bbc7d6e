//! Checks of a description beyond its form; each mistake names its field.

use diary::{Profile, profile_names};
use worlds::SeedError;

use super::{
    action::Action,
    description::{Client, DEFAULT_PROFILE},
    sign::Sign,
};
use crate::language::{pick, tr};

impl Client {
    /// Returns the mistakes in the content, in the order of the fields.
    pub fn mistakes(&self) -> Vec<SeedError> {
        let mut found = Found(Vec::new());
        if let Err(error) = self.at("any-world", "") {
            found.add("base", tr!("адрес не читается: {error}", "the address cannot be read: {error}"));
        }
        found.needed_sign("signed-in", &self.signed_in);
        found.needed_sign("refused", &self.refused);
        let register = &self.register;
        let actions = [
            ("register.prepare", &register.prepare),
            ("register.reset", &register.reset),
            ("register.correct", &register.correct),
            ("clock", &self.clock),
        ];
        for (at, action) in actions {
            found.action(at, action.as_ref());
        }
        if let Some(staff) = &self.staff {
            found.needed_sign("staff.shows", &staff.shows);
        }
        let codes: Vec<String> =
            Profile::built_in(DEFAULT_PROFILE).map(|own| own.texts.keys().cloned().collect()).unwrap_or_default();
        for (code, sign) in &self.refusals {
            let at = format!("refusals.{code}");
            if codes.contains(code) {
                found.needed_sign(&at, sign);
            } else {
                found.unknown(at, "field", code, &codes);
            }
        }
        if let Some(sign) = &self.no_icon {
            found.needed_sign("no-icon", sign);
        }
        for (name, section) in &self.sections {
            found.sign(&format!("sections.{name}.shows"), &section.shows);
        }
        let known: Vec<_> = profile_names().map(str::to_owned).collect();
        for (index, profile) in self.profiles.iter().enumerate().filter(|(_, profile)| !known.contains(profile)) {
            found.unknown(format!("profiles[{index}]"), "variant", profile, &known);
        }
        found.0
    }
}

struct Found(Vec<SeedError>);

impl Found {
    fn add(&mut self, at: &str, message: String) {
        self.0.push(SeedError { path: at.to_owned(), message });
    }

    /// Adds an unknown name in the words of serde, which the reader of files translates into the run's language.
    fn unknown(&mut self, path: String, what: &str, name: &str, known: &[String]) {
        let message = format!("unknown {what} `{name}`, expected one of `{}`", known.join("`, `"));
        self.0.push(SeedError { path, message });
    }

    fn needed_sign(&mut self, at: &str, sign: &Sign) {
        if sign.is_empty() {
            let needed = pick("нужны css, data-test, text или url", "css, data-test, text or url is needed");
            return self.add(at, needed.to_owned());
        }
        self.sign(at, sign);
    }

    fn sign(&mut self, at: &str, sign: &Sign) {
        if let Some(key) = sign.blank() {
            let told = pick("здесь пусто, и подошла бы любая страница", "this is blank, and any page would do");
            return self.add(&format!("{at}.{key}"), told.to_owned());
        }
        if let Some(css) = sign.unreadable() {
            let told = tr!("селектор «{css}» не читается", "the selector \"{css}\" cannot be read");
            self.add(&format!("{at}.css"), told);
        }
    }

    fn action(&mut self, at: &str, action: Option<&Action>) {
        if let Some(mistake) = action.and_then(Action::mistake) {
            self.add(at, mistake);
        }
    }
}
