//! Every text that the harness prints is there in both languages: a Russian text stands in `tr!` or `pick`, which take both,
//! in a pair of fields, or is a word of Gherkin, of a step or of a page.

use syn::{
    Attribute, Expr, ExprCall, FieldValue, LitStr, Macro, Token,
    punctuated::Punctuated,
    visit::{self, Visit},
};

use super::code::{self, Crate, for_tests};

/// Macros and functions that take a text in each language.
const BOTH: [&str; 2] = ["tr", "pick"];

/// Fields that stand beside their English.
const BESIDE_ENGLISH: [(&str, &str); 2] = [("russian", "english"), ("what", "what_in_english")];

/// Files whose Russian is a language of its own, or stands opposite to English elsewhere.
const OF_ONE_LANGUAGE: [(&str, &str); 31] = [
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
    ("suite/gherkin/lost.rs", "keywords of Gherkin"),
    ("suite/gherkin/read.rs", "a keyword of Gherkin"),
    ("suite/open.rs", "the beginning of a sentence"),
    ("suite/story.rs", "sentences of steps"),
    ("suite/tags.rs", "words that stand for and, or, not"),
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

    // Comments are not printed.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

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
        // A step's sentence and its example are Russian: scenarios are.
        if BOTH.contains(&name.as_str()) || name == "step" {
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
