//! Imports between the files of a crate, and circles among them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

use syn::{
    Macro,
    visit::{self, Visit},
};

use super::code::{self, Crate, Found, for_tests};

/// Each file with the files whose items it names, tests left out.
pub(super) type Edges = BTreeMap<String, BTreeSet<String>>;

/// Reads the edges of a crate: from each private `use` and each path in code to the file that defines the item. A
/// re-export needs nothing by itself.
pub(super) fn edges(of: &Crate) -> Edges {
    let mut edges = Edges::new();
    for (number, module) in of.modules.iter().enumerate().filter(|(_, module)| !module.test) {
        let mut paths = Paths::default();
        module.items.iter().for_each(|item| paths.visit_item(item));
        let to = paths.found.iter().filter_map(|path| match of.find(number, path)? {
            Found::Item(found) => Some(of.modules[found].file.clone()),
            Found::Module(_) => None,
        });
        let to: Vec<_> = to.filter(|file| *file != module.file).collect();
        edges.entry(module.file.clone()).or_default().extend(to);
    }
    edges
}

/// Every path that stands in code, also within the arguments of macros.
#[derive(Default)]
struct Paths {
    found: Vec<Vec<String>>,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !for_tests(code::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let imports = code::imports_of(item);
        self.found.extend(imports.into_iter().filter(|import| import.private).map(|import| import.path));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.found.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, of: &'ast Macro) {
        self.visit_path(&of.path);
        // Tokens have blanks between them: `crate :: words :: count (1)`, `self . words`.
        let mut path = Vec::new();
        let mut before = "";
        for token in of.tokens.to_string().replace("::", " :: ").replace(['(', ')', ',', '&'], " ; ").split_whitespace()
        {
            if token == "::" {
                before = "::";
                continue;
            }
            if before != "::" {
                self.found.push(std::mem::take(&mut path));
            }
            let word = token.trim_start_matches('$');
            let is_word = word.starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
            if is_word && before != "." {
                path.push(word.to_owned());
            }
            before = if token == "." { "." } else { "" };
        }
        self.found.push(path);
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

/// Groups of files that need each other, largest first.
pub(super) fn circles(edges: &Edges) -> Vec<Vec<String>> {
    let reach: BTreeMap<_, _> = edges.keys().map(|file| (file, reached(edges, file))).collect();
    let mut groups = BTreeSet::new();
    for (file, others) in &reach {
        let back = |other: &&String| reach.get(*other).is_some_and(|reached| reached.contains(*file));
        let group: BTreeSet<_> = others.iter().filter(back).cloned().collect();
        if group.len() > 1 {
            groups.insert(group.into_iter().collect::<Vec<_>>());
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

fn reached(edges: &Edges, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![from.to_owned()];
    while let Some(file) = waiting.pop() {
        for next in edges.get(&file).into_iter().flatten() {
            if reached.insert(next.clone()) {
                waiting.push(next.clone());
            }
        }
    }
    reached
}

/// The circles of each group, the shortest through each file, as `a.rs → b.rs → a.rs`.
pub(super) fn told(edges: &Edges) -> String {
    let mut told = String::new();
    for group in circles(edges) {
        let _ = writeln!(told, "{} files need each other:", group.len());
        let walks: BTreeSet<_> = group.iter().filter_map(|file| shortest(edges, file)).collect();
        for walk in walks {
            let _ = writeln!(told, "  {}", walk.join(" → "));
        }
    }
    told
}

/// The shortest way from a file back to itself, begun at the first of its files by name.
fn shortest(edges: &Edges, from: &str) -> Option<Vec<String>> {
    let mut came_from = BTreeMap::<&str, &str>::new();
    let mut waiting = VecDeque::from([from]);
    while let Some(file) = waiting.pop_front() {
        for next in edges.get(file).into_iter().flatten() {
            if next == from {
                let mut walk = vec![file.to_owned()];
                let mut at = file;
                while at != from {
                    at = came_from.get(at)?;
                    walk.push(at.to_owned());
                }
                walk.reverse();
                let first = (0..walk.len()).min_by_key(|number| &walk[*number])?;
                walk.rotate_left(first);
                walk.push(walk[0].clone());
                return Some(walk);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, file);
                waiting.push_back(next);
            }
        }
    }
    None
}
