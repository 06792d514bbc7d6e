//! Shapes of code that are counted: tuple parameters, short doc comments, code in `mod.rs`, where a type is implemented.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    FnArg, Item, Pat, Type,
    visit::{self, Visit},
};

use super::code::{self, Crate, for_tests};

/// Functions with a parameter that is a tuple, as `file: name`, once for each such parameter.
pub(super) fn tuple_parameters(of: &Crate) -> Vec<String> {
    let mut found = Vec::new();
    for module in of.modules.iter().filter(|module| !module.test) {
        let mut tuples = Tuples { file: &module.file, found: &mut found };
        module.items.iter().for_each(|item| tuples.visit_item(item));
    }
    found
}

struct Tuples<'t> {
    file: &'t str,
    found: &'t mut Vec<String>,
}

impl<'ast> Visit<'ast> for Tuples<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let tuples = signature.inputs.iter().filter(|input| match input {
            FnArg::Typed(typed) => is_tuple(&typed.pat),
            FnArg::Receiver(_) => false,
        });
        self.found.extend(tuples.map(|_| format!("{}: {}", self.file, signature.ident)));
    }
}

fn is_tuple(pattern: &Pat) -> bool {
    match pattern {
        Pat::Reference(reference) => is_tuple(&reference.pat),
        Pat::Tuple(_) => true,
        _ => false,
    }
}

/// Doc comments of at most two words, as `line: text`.
pub(super) fn short_docs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines().zip(1_usize..).peekable();
    while let Some((line, number)) = lines.next() {
        let Some(first) = documented(line) else { continue };
        let mut whole = first.to_owned();
        while let Some(more) = lines.next_if(|(line, _)| documented(line).is_some()) {
            whole.push(' ');
            whole.push_str(documented(more.0).unwrap_or_default());
        }
        if whole.split_whitespace().count() <= 2 {
            found.push(format!("{number}: {}", whole.trim()));
        }
    }
    found
}

/// Text of a line of a doc comment of an item.
fn documented(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("///")?;
    (!text.starts_with('/')).then_some(text)
}

/// Each `mod.rs` that does more than declare: it has a function, a type, a trait or an `impl`.
pub(super) fn busy_mod_files(of: &Crate) -> Vec<String> {
    let mut found = BTreeMap::new();
    for module in of.modules.iter().filter(|module| !module.test && module.file.ends_with("mod.rs")) {
        let own = module.items.iter().filter(|item| !for_tests(code::attributes(item)) && has_a_body(item)).count();
        *found.entry(&module.file).or_insert(0) += own;
    }
    let busy = found.into_iter().filter(|(_, own)| *own > 0);
    busy.map(|(file, own)| format!("{file}: {own} items")).collect()
}

const fn has_a_body(item: &Item) -> bool {
    matches!(item, Item::Enum(_) | Item::Fn(_) | Item::Impl(_) | Item::Struct(_) | Item::Trait(_) | Item::Union(_))
}

/// The files in which a type has its methods: `impl Name { … }`, not `impl Trait for Name`.
pub(super) fn files_with_methods_of(name: &str, of: &Crate) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for module in of.modules.iter().filter(|module| !module.test) {
        let here = module.items.iter().any(|item| match item {
            Item::Impl(own) if own.trait_.is_none() && !for_tests(&own.attrs) => match &*own.self_ty {
                Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == name),
                _ => false,
            },
            _ => false,
        });
        found.extend(here.then(|| module.file.clone()));
    }
    found
}

/// The names of the types that a file defines, in tests and outside of them.
pub(super) fn types_of(text: &str) -> BTreeSet<String> {
    struct Types(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Types {
        fn visit_item(&mut self, item: &'ast Item) {
            if matches!(item, Item::Enum(_) | Item::Struct(_) | Item::Trait(_) | Item::Type(_) | Item::Union(_)) {
                self.0.extend(code::name(item));
            }
            visit::visit_item(self, item);
        }
    }
    let mut types = Types(BTreeSet::new());
    types.visit_file(&syn::parse_file(text).expect("Rust"));
    types.0
}
