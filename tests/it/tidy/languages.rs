//! Every text that the harness prints and every message of the control API is there in both languages: a Russian text stands
//! in `tr!` or `pick`, which take both, in a pair of fields, or is a word of Gherkin, of a step, of a page or of a document.

use syn::{
    Attribute, Expr, ExprCall, ExprMethodCall, FieldValue, LitStr, Macro, Token,
    punctuated::Punctuated,
    visit::{self, Visit},
};
use tests::{is_russian, russian_in};

use super::code::{self, Crate, for_tests};

/// Macros, functions and methods that take a text in each language.
const BOTH: [&str; 4] = ["tr", "both", "pick", "t"];

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
    (
        "esia",
        &[
            "base64_any.rs",
            "certificate/",
            "cms/",
            "ids/",
            "secret/",
            "text.rs",
            "timestamp.rs",
            "token/",
            "visible.rs",
        ],
    ),
    (
        "idp",
        &[
            "control/",
            "grants/asking.rs",
            "grants/entry.rs",
            "grants/error.rs",
            "grants/redirect_uri.rs",
            "grants/tell.rs",
            "params.rs",
            "faults/tell.rs",
            "portal/accounts/tell.rs",
            "portal/family/tell.rs",
            "tell.rs",
            "protocols/esia/",
            "protocols/judge.rs",
            "protocols/oidc/",
            "protocols/rs/access.rs",
            "protocols/rs/handlers.rs",
            "protocols/rs/organisations.rs",
            "protocols/rs/permissions.rs",
            "signing/jwt.rs",
            "clients/",
            "portal/agencies/handlers.rs",
            "portal/family/centre.rs",
            "portal/organisations/seed.rs",
            "portal/reserved.rs",
            "seed/",
        ],
    ),
    (
        "diary",
        &[
            "access/apply.rs",
            "control.rs",
            "messages/apply.rs",
            "profile/load.rs",
            "register/recognise.rs",
            "seed/",
            "signin/callback.rs",
            "signin/esia_client.rs",
            "signin/esia_person.rs",
            "signin/esia_tokens.rs",
            "signin/http.rs",
            "signin/oidc/",
            "signin/provider_error.rs",
            "teacher/event.rs",
            "tell.rs",
        ],
    ),
];

/// Files among them whose Russian is of one language, or stands beside English in a table.
const OF_DOCUMENTS: [(&str, &str); 35] = [
    ("diary/control.rs", "a letter of the diary, which is Russian"),
    ("diary/seed/read.rs", "the name of a school"),
    ("diary/signin/callback.rs", "pages of the diary, which is Russian"),
    ("diary/signin/oidc/client.rs", "what a guardian is asked for"),
    ("diary/seed/school.rs", "days of the week, as documents name them"),
    ("esia/certificate/x509.rs", "what a schema says of a value"),
    ("esia/secret/explain/whole.rs", "letters of windows-1251"),
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
    ("idp/protocols/esia/authorize.rs", "pages of the site, which is Russian"),
    ("idp/protocols/esia/login/", "messages of the site, which is Russian"),
    ("idp/protocols/esia/public.rs", "a page of the site, which is Russian"),
    ("idp/protocols/oidc/authorize.rs", "pages of the site, which is Russian"),
    ("idp/protocols/oidc/claims.rs", "a country"),
    ("idp/protocols/oidc/logout.rs", "pages of the site, which is Russian"),
    ("idp/protocols/oidc/requested.rs", "names of claims"),
    ("idp/protocols/rs/permissions.rs", "what a guardian is asked for"),
    ("idp/seed/generate.rs", "names of people and of an office"),
    ("idp/seed/people.rs", "what a schema says of a value"),
    ("idp/tell.rs", "forms of one word"),
    ("web/console/requests.rs", "a table of both languages"),
    ("web/console/told.rs", "names of values, as checks write them"),
    ("web/control/openapi.rs", "the description of the API"),
    ("web/server/handshake.rs", "one text of both languages"),
    ("worlds/day.rs", "what a schema says of a value"),
    ("worlds/journal.rs", "what was cut off a request that is kept"),
    ("worlds/mistakes/", "a table of both languages"),
];

/// Functions and methods that write a check down.
const CHECKS: [&str; 9] =
    ["of", "passed", "failed", "tolerated", "new", "expect", "tolerate", "detail", "explain_failure"];

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
        // One letter is no text: «е» stands for «ё».
        if text.chars().filter(|letter| is_russian(*letter)).count() > 1 {
            self.found.push(format!("{}: {text}", self.file));
        }
    }
}

/// What stands in `#[error(…)]`; nothing for any other attribute.
fn what_an_error_says(attribute: &Attribute) -> Punctuated<Expr, Token![,]> {
    let arguments = || attribute.parse_args_with(Punctuated::parse_terminated).ok();
    attribute.path().is_ident("error").then(arguments).flatten().unwrap_or_default()
}

impl<'ast> Visit<'ast> for Texts<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    // Comments are not printed; what an error says is.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        what_an_error_says(attribute).iter().for_each(|argument| Texts::visit_expr(self, argument));
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let method = call.method.to_string();
        if BOTH.contains(&method.as_str()) {
            visit::visit_expr(self, &call.receiver);
        } else if method == "detail" {
            // Its name stands in the table of `worlds::detail_name`: see below.
            self.visit_expr(&call.receiver);
            call.args.iter().skip(1).for_each(|argument| self.visit_expr(argument));
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

/// Where the texts of checks are written: a verdict is kept in both languages, whatever file says it.
struct OfChecks<'t>(Texts<'t>);

impl<'ast> Visit<'ast> for OfChecks<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        visit::visit_expr_call(self, call);
        let Expr::Path(path) = &*call.func else { return };
        let names: Vec<_> = path.path.segments.iter().rev().map(|segment| segment.ident.to_string()).collect();
        if names.get(1).is_some_and(|of| of == "Check") && CHECKS.contains(&names[0].as_str()) {
            call.args.iter().for_each(|argument| self.0.visit_expr(argument));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        let method = call.method.to_string();
        let is_named = method == "detail";
        if CHECKS.contains(&method.as_str()) {
            call.args.iter().skip(usize::from(is_named)).for_each(|argument| self.0.visit_expr(argument));
        }
    }
}

/// Names of details, as checks give them.
#[derive(Default)]
struct Details(Vec<String>);

impl<'ast> Visit<'ast> for Details {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        if let ("detail", Some(Expr::Lit(name))) = (call.method.to_string().as_str(), call.args.first())
            && let syn::Lit::Str(name) = &name.lit
        {
            self.0.push(name.value());
        }
    }
}

/// English texts that stand beside Russian ones, as `file: text`.
struct English<'t> {
    file: &'t str,
    found: Vec<String>,
}

impl English<'_> {
    fn see(&mut self, text: &Expr) {
        if let Expr::Lit(text) = text
            && let syn::Lit::Str(text) = &text.lit
        {
            self.found.push(format!("{}: {}", self.file, text.value()));
        }
    }
}

impl<'ast> Visit<'ast> for English<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        what_an_error_says(attribute).iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        if let ("t", Some(english)) = (call.method.to_string().as_str(), call.args.get(1)) {
            self.see(english);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        visit::visit_expr_call(self, call);
        if let (Expr::Path(path), Some(english)) = (&*call.func, call.args.get(1))
            && path.path.segments.last().is_some_and(|last| last.ident == "pick")
        {
            self.see(english);
        }
    }

    fn visit_field_value(&mut self, field: &'ast FieldValue) {
        visit::visit_field_value(self, field);
        if BESIDE_ENGLISH.iter().any(|(_, english)| is_called(field, english)) {
            self.see(&field.expr);
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let Ok(arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) else { return };
        if let ("tr" | "both", Some(english)) = (name.as_str(), arguments.get(1)) {
            self.see(english);
        }
        arguments.iter().for_each(|argument| self.visit_expr(argument));
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

/// Runs a visitor over what is compiled into the program.
fn walk<'c>(of: &'c Crate, mut visit: impl FnMut(&'c str, &'c syn::Item)) {
    for module in of.modules.iter().filter(|module| !module.test) {
        module.items.iter().for_each(|item| visit(&module.file, item));
    }
}

#[test]
fn every_text_of_a_check_is_there_in_both_languages() {
    let (mut checks, mut details) = (OfChecks(Texts { file: "", found: Vec::new() }), Details::default());
    let crates = ["worlds", "web", "idp", "diary"].map(Crate::read);
    for of in &crates {
        walk(of, |file, item| {
            checks.0.file = file;
            checks.visit_item(item);
            details.visit_item(item);
        });
    }
    assert!(checks.0.found.is_empty(), "{:#?}", checks.0.found);
    let named = russian_beside_english(&crates[0], "check.rs");
    details.0.retain(|name| !named.contains(name));
    assert!(details.0.is_empty(), "names of details without English: {:#?}", details.0);
}

/// Russian texts of a file that stand beside their English.
fn russian_beside_english(of: &Crate, file: &str) -> Vec<String> {
    struct Russian(Vec<String>);
    impl<'ast> Visit<'ast> for Russian {
        fn visit_field_value(&mut self, field: &'ast FieldValue) {
            if let ("russian", Expr::Lit(text)) =
                (if is_called(field, "russian") { "russian" } else { "" }, &field.expr)
                && let syn::Lit::Str(text) = &text.lit
            {
                self.0.push(text.value());
            }
        }
    }
    let mut found = Russian(Vec::new());
    walk(of, |at, item| {
        if at == file {
            found.visit_item(item);
        }
    });
    found.0
}

#[test]
fn no_english_text_has_russian_words() {
    let mut found = Vec::new();
    // Words of Gherkin are Russian in what the harness says in English too.
    for name in ["worlds", "web", "esia", "idp", "diary"] {
        let of = Crate::read(name);
        let mut english = English { file: "", found: Vec::new() };
        walk(&of, |file, item| {
            english.file = file;
            english.visit_item(item);
        });
        assert!(!english.found.is_empty(), "{name}");
        found.extend(english.found.into_iter().map(|text| format!("{name}/{text}")));
    }
    // Values stand in quotes as they are.
    found.retain(|text| !russian_in(text, &[]).is_empty());
    assert!(found.is_empty(), "{found:#?}");
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
