//! Every text that the harness prints and every message of the control API is there in both languages: a Russian text stands
//! in `tr!` or `pick`, which take both, in a pair of fields, or is a word of Gherkin, of a step, of a page or of a document.

use syn::{
    Attribute, Expr, ExprCall, ExprMethodCall, FieldValue, LitStr, Macro, Token,
    punctuated::Punctuated,
    visit::{self, Visit},
};

use super::code::{self, Crate, for_tests};

/// Macros, functions and methods that take a text in each language.
const BOTH: [&str; 3] = ["tr", "pick", "t"];

/// Fields that stand beside their English.
const BESIDE_ENGLISH: [(&str, &str); 2] = [("russian", "english"), ("what", "what_in_english")];

/// Files whose Russian is a language of its own, or stands opposite to English elsewhere.
const OF_ONE_LANGUAGE: [(&str, &str); 30] = [
    ("browser/target.rs", "words of a kind of thing, with English in the same struct"),
    ("cli/conformance.rs", "names of a world, a person and a button"),
    ("cli/help.rs", "words around the help of options, where clap has the English"),
    ("cli/new.rs", "the name of a world"),
    ("cli/russian.rs", "the help of options, whose English is the comment of each"),
    ("conformance/walk.rs", "names of buttons and fields"),
    ("lsp/completion.rs", "the beginning of a sentence"),
    ("lsp/snippet.rs", "names of places in sentences"),
    ("possible/pages.rs", "names of buttons and fields"),
    ("run/json.rs", "a keyword of Gherkin"),
    ("scenario/at_stand.rs", "names of a button and a field"),
    ("scenario/signing_in.rs", "names of buttons and fields"),
    ("scenario/tabs.rs", "a word of sentences"),
    ("servers/seed.rs", "the name of a world"),
    ("servers/unopened.rs", "what a store says, whose own words are English"),
    ("steps/at_stand.rs", "names of places in sentences"),
    ("steps/definition.rs", "a word of sentences"),
    ("steps/gosuslugi.rs", "names of buttons and agencies"),
    ("steps/pattern.rs", "names of places in sentences"),
    ("steps/school.rs", "names of buttons and fields"),
    ("steps/their_pages.rs", "names of places in sentences"),
    ("steps/vocabulary.rs", "names of places in sentences"),
    ("suite/composed/handed.rs", "names of places in sentences"),
    ("suite/composed/sentence.rs", "what may stand in places of sentences"),
    ("suite/feature.rs", "sentences of steps"),
    ("suite/gherkin/lines.rs", "keywords of Gherkin"),
    ("suite/gherkin/read.rs", "a keyword of Gherkin"),
    ("suite/open.rs", "the beginning of a sentence"),
    ("suite/story.rs", "sentences of steps"),
    ("suite/tags.rs", "words that stand for and, or, not"),
];

/// What answers developers: the crate, and the beginnings of its files.
const FOR_DEVELOPERS: [(&str, &[&str]); 5] = [
    ("web", &[""]),
    ("worlds", &[""]),
    ("esia", &["ids/", "certificate/error.rs", "certificate/malformed.rs", "certificate/x509.rs", "timestamp.rs"]),
    (
        "idp",
        &[
            "control/",
            "clients/client.rs",
            "clients/handlers.rs",
            "clients/newcomer.rs",
            "clients/oidc.rs",
            "clients/pages.rs",
            "clients/protocol.rs",
            "clients/terms.rs",
            "clients/view.rs",
            "portal/agencies/handlers.rs",
            "portal/organisations/seed.rs",
            "portal/reserved.rs",
            "seed/",
        ],
    ),
    ("diary", &["control.rs", "profile/load.rs", "seed/"]),
];

/// Files among them whose Russian is of one language, or stands beside English in a table.
const OF_DOCUMENTS: [(&str, &str); 24] = [
    ("diary/control.rs", "a letter of the diary, which is Russian"),
    ("diary/seed/read.rs", "the name of a school"),
    ("diary/seed/school.rs", "days of the week, as documents name them"),
    ("esia/certificate/x509.rs", "what a schema says of a value"),
    ("esia/ids/birth_certificate.rs", "letters of a series, and what a schema says of a value"),
    ("esia/ids/email.rs", "what a schema says of a value"),
    ("esia/ids/mnemonic.rs", "what a schema says of a value"),
    ("esia/ids/name.rs", "what a schema says of a value"),
    ("esia/ids/phone.rs", "what a schema says of a value"),
    ("esia/ids/registry.rs", "names of numbers"),
    ("esia/ids/snils.rs", "what a schema says of a value"),
    ("idp/control/faults_page.rs", "a table of both languages"),
    ("idp/portal/agencies/handlers.rs", "a table of both languages"),
    ("idp/portal/reserved.rs", "letters of a series"),
    ("idp/seed/generate.rs", "names of people and of an office"),
    ("idp/seed/people.rs", "what a schema says of a value"),
    ("web/console/requests.rs", "a table of both languages"),
    ("web/console/told.rs", "names of values, with their English in the same place"),
    ("web/control/openapi.rs", "the description of the API"),
    ("web/front/address.rs", "checks of a verdict"),
    ("web/server/handshake.rs", "one text of both languages"),
    ("worlds/day.rs", "what a schema says of a value"),
    ("worlds/journal.rs", "what was cut off a request that is kept"),
    ("worlds/mistakes/", "a table of both languages"),
];

/// A Russian text that is there in no other language, as `file: text`.
fn russian_alone(of: &Crate) -> Vec<String> {
    let mut texts = Texts { file: "", found: Vec::new() };
    for module in of.modules.iter().filter(|module| !module.test) {
        texts.file = &module.file;
        module.items.iter().for_each(|item| texts.visit_item(item));
    }
    texts.found
}

struct Texts<'t> {
    file: &'t str,
    found: Vec<String>,
}

impl Texts<'_> {
    fn see(&mut self, text: &str) {
        let is_russian = |letter: &char| matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
        // One letter is no text: «е» stands for «ё».
        if text.chars().filter(is_russian).count() > 1 {
            self.found.push(format!("{}: {text}", self.file));
        }
    }
}

impl<'ast> Visit<'ast> for Texts<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    // Comments are not printed; what an error says is.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("error")
            && let Ok(arguments) = attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            arguments.iter().for_each(|argument| Texts::visit_expr(self, argument));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if BOTH.contains(&call.method.to_string().as_str()) {
            visit::visit_expr(self, &call.receiver);
        } else {
            visit::visit_expr_method_call(self, call);
        }
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.see(&text.value());
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let called = match &*call.func {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        if !called.is_some_and(|called| BOTH.contains(&called.as_str())) {
            visit::visit_expr_call(self, call);
        }
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        let has = |name: &str| literal.fields.iter().any(|field| is_called(field, name));
        for field in &literal.fields {
            let is_pair = |(russian, english): &(&str, &str)| is_called(field, russian) && has(english);
            if !BESIDE_ENGLISH.iter().any(is_pair) {
                self.visit_field_value(field);
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        // A step's sentence and its example are Russian: scenarios are. What a value is matched with is told to nobody.
        if BOTH.contains(&name.as_str()) || ["step", "matches"].contains(&name.as_str()) {
            return;
        }
        match call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            Ok(arguments) => arguments.iter().for_each(|argument| self.visit_expr(argument)),
            Err(_) => self.see(&call.tokens.to_string()),
        }
    }
}

fn is_called(field: &FieldValue, name: &str) -> bool {
    matches!(&field.member, syn::Member::Named(own) if own == name)
}

#[test]
fn every_printed_text_of_the_harness_is_there_in_both_languages() {
    let found = russian_alone(&Crate::read("harness"));
    let is_known = |found: &String| OF_ONE_LANGUAGE.iter().any(|(file, _)| found.starts_with(&format!("{file}: ")));
    let alone: Vec<_> = found.iter().filter(|found| !is_known(found)).collect();
    assert!(alone.is_empty(), "{alone:#?}");
    let unused = |(file, _): &&(&str, &str)| !found.iter().any(|found| found.starts_with(&format!("{file}: ")));
    assert_eq!(OF_ONE_LANGUAGE.iter().find(unused), None, "a file that has no Russian of its own any more");
}

#[test]
fn every_message_of_the_control_api_is_there_in_both_languages() {
    let mut found = Vec::new();
    for (name, beginnings) in FOR_DEVELOPERS {
        let all = russian_alone(&Crate::read(name));
        let is_for_developers = |text: &&String| beginnings.iter().any(|beginning| text.starts_with(beginning));
        found.extend(all.iter().filter(is_for_developers).map(|text| format!("{name}/{text}")));
    }
    let is_known = |found: &&String| OF_DOCUMENTS.iter().any(|(file, _)| found.starts_with(file));
    let alone: Vec<_> = found.iter().filter(|found| !is_known(found)).collect();
    assert!(alone.is_empty(), "{alone:#?}");
    let unused = |(file, _): &&(&str, &str)| !found.iter().any(|found| found.starts_with(file));
    assert_eq!(OF_DOCUMENTS.iter().find(unused), None, "a file that has no Russian of its own any more");
}

#[test]
fn a_text_of_one_language_is_found_wherever_it_stands() {
    let code = r#"
        fn told() -> String {
            tr!("да", "yes"); pick("нет", "no"); Word { russian: "да", english: "yes" };
            format!("форма {}", pick("а", "b")); "строка".to_owned(); Word { russian: "одна" }; crate::language::pick("г", "g")
        }
        #[cfg(test)]
        fn tested() { "проверка"; }
    "#;
    let files = std::collections::BTreeMap::from([("lib.rs".to_owned(), code.to_owned())]);
    let found = russian_alone(&Crate::of(&files));
    assert_eq!(found, ["lib.rs: форма {}", "lib.rs: строка", "lib.rs: одна"]);
}
