//! The code of a crate as a tree of modules, and the file that defines the item behind a path.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::Path,
};

use syn::{Attribute, Item, ItemUse, UseTree, Visibility};
use tests::repository;

/// Maximum number of re-exports on one path: one that imports itself leads nowhere.
const HOPS: usize = 32;

/// A crate that was read: every module that `lib.rs` declares, in files or inline.
pub(super) struct Crate {
    pub(super) modules: Vec<Module>,
    numbers: HashMap<Vec<String>, usize>,
}

/// A module with its items; the items of child modules are not among them.
pub(super) struct Module {
    path: Vec<String>,
    /// From the folder `src` on, as `suite/mod.rs`.
    pub(super) file: String,
    pub(super) items: Vec<Item>,
    /// Whether it is compiled for tests alone.
    pub(super) test: bool,
    children: Vec<Child>,
    /// Names of its items.
    names: HashSet<String>,
    imports: Vec<Import>,
}

struct Child {
    name: String,
    public: bool,
    test: bool,
}

/// One name that a `use` brings into a module; `*` brings all of them.
#[derive(Clone)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    name: String,
    pub(super) private: bool,
}

/// Target of a path, by the number of its module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Item(usize),
    Module(usize),
}

/// The file of a module, and what its children inherit.
struct Source<'p> {
    file: &'p str,
    /// The folder in which the files of its children are.
    folder: String,
    test: bool,
}

impl Crate {
    /// A crate of the workspace, by its folder.
    pub(super) fn read(name: &str) -> Self {
        let mut files = BTreeMap::new();
        collect(&repository().join(name).join("src"), "", &mut files);
        Self::of(&files)
    }

    /// A crate of these files, each named from `src` on.
    pub(super) fn of(files: &BTreeMap<String, String>) -> Self {
        let mut read = Self { modules: Vec::new(), numbers: HashMap::new() };
        let root = Source { file: "lib.rs", folder: String::new(), test: false };
        read.module(files, Vec::new(), &root, parsed(files, "lib.rs").expect("lib.rs"));
        read
    }

    fn module(&mut self, files: &BTreeMap<String, String>, path: Vec<String>, source: &Source<'_>, all: Vec<Item>) {
        let mut own = Vec::new();
        let mut children = Vec::new();
        for item in all {
            let Item::Mod(module) = item else {
                own.push(item);
                continue;
            };
            let name = module.ident.to_string();
            let test = source.test || for_tests(&module.attrs);
            let below = [path.as_slice(), std::slice::from_ref(&name)].concat();
            let folder = format!("{}{name}/", source.folder);
            let public = matches!(module.vis, Visibility::Public(_));
            if let Some((_, items)) = module.content {
                self.module(files, below, &Source { file: source.file, folder, test }, items);
            } else {
                let candidates = [format!("{}{name}.rs", source.folder), format!("{folder}mod.rs")];
                let found = candidates.iter().find_map(|file| Some((file, parsed(files, file)?)));
                let (file, items) = found.unwrap_or_else(|| panic!("no file of module {}", below.join("::")));
                self.module(files, below, &Source { file, folder, test }, items);
            }
            children.push(Child { name, public, test });
        }
        let imports = own.iter().flat_map(imports).collect();
        let names = own.iter().filter_map(name).collect();
        self.numbers.insert(path.clone(), self.modules.len());
        let (file, test) = (source.file.to_owned(), source.test);
        self.modules.push(Module { path, file, items: own, test, children, names, imports });
    }

    /// What a path in a module leads to, through re-exports; nothing for what another crate defines.
    pub(super) fn find(&self, from: usize, path: &[String]) -> Option<Found> {
        self.follow(from, path, HOPS)
    }

    fn follow(&self, from: usize, path: &[String], hops: usize) -> Option<Found> {
        let (first, mut rest) = path.split_first()?;
        let module = &self.modules[from];
        let mut at = match first.as_str() {
            "crate" | "$crate" => Found::Module(self.numbers[&Vec::new()]),
            "self" => Found::Module(from),
            "super" => Found::Module(*self.numbers.get(module.path.split_last()?.1)?),
            name => self.lookup(from, name, rest.is_empty(), hops)?,
        };
        while let (Found::Module(number), Some((name, after))) = (at, rest.split_first()) {
            at = match name.as_str() {
                "self" => at,
                "super" => Found::Module(*self.numbers.get(self.modules[number].path.split_last()?.1)?),
                name => self.lookup(number, name, after.is_empty(), hops)?,
            };
            rest = after;
        }
        Some(at)
    }

    /// A name in a module. A folder and an item may share it: before `::` it is the folder.
    fn lookup(&self, number: usize, name: &str, last: bool, hops: usize) -> Option<Found> {
        let hops = hops.checked_sub(1)?;
        let module = &self.modules[number];
        let child = || {
            let path = [module.path.as_slice(), &[name.to_owned()]].concat();
            self.numbers.get(&path).map(|number| Found::Module(*number))
        };
        let imported = || {
            let named = module.imports.iter().filter(|import| import.name == name);
            let mut found = named.filter_map(|import| self.follow(number, &import.path, hops));
            found.next()
        };
        let globbed = || {
            let globs = module.imports.iter().filter(|import| import.name == "*");
            let mut found = globs.filter_map(|glob| match self.follow(number, &glob.path, hops)? {
                Found::Module(other) if other != number => self.lookup(other, name, last, hops),
                _ => None,
            });
            found.next()
        };
        if !last && let Some(child) = child() {
            return Some(child);
        }
        let own = module.names.contains(name).then_some(Found::Item(number));
        own.or_else(imported).or_else(child).or_else(globbed)
    }

    /// The items that another crate can name, each once, as `file::name`.
    pub(super) fn surface(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.exported(self.numbers[&Vec::new()], &mut Vec::new(), &mut found);
        found.sort();
        found.dedup();
        found
    }

    fn exported(&self, number: usize, seen: &mut Vec<usize>, found: &mut Vec<String>) {
        if seen.contains(&number) {
            return;
        }
        seen.push(number);
        let module = &self.modules[number];
        let items = module.items.iter().filter(|item| is_public(item) && !for_tests(attributes(item)));
        found.extend(items.filter_map(name).map(|name| format!("{}::{name}", module.file)));
        for child in module.children.iter().filter(|child| child.public && !child.test) {
            let path = [module.path.as_slice(), std::slice::from_ref(&child.name)].concat();
            self.exported(self.numbers[&path], seen, found);
        }
        let uses = module.items.iter().filter(|item| matches!(item, Item::Use(_)) && is_public(item));
        for import in uses.flat_map(imports) {
            let last = import.path.last().cloned().unwrap_or_default();
            match self.find(number, &import.path) {
                Some(Found::Module(other)) => self.exported(other, seen, found),
                Some(Found::Item(of)) => found.push(format!("{}::{last}", self.modules[of].file)),
                None => found.push(import.path.join("::")),
            }
        }
    }
}

fn collect(root: &Path, inside: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(inside)).expect("folder of sources") {
        let entry = entry.expect("entry");
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.file_type().expect("kind").is_dir() {
            collect(root, &format!("{name}/"), files);
        } else if super::is_rust(&name) {
            files.insert(name.clone(), fs::read_to_string(root.join(&name)).expect("source"));
        }
    }
}

fn parsed(files: &BTreeMap<String, String>, file: &str) -> Option<Vec<Item>> {
    let text = files.get(file)?;
    Some(syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}")).items)
}

/// Whether an item is compiled for tests alone.
pub(super) fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        meta => meta.path().is_ident("test"),
    })
}

/// The names that an item brings: none, unless it is a `use`.
fn imports(item: &Item) -> Vec<Import> {
    match item {
        Item::Use(item) => imports_of(item),
        _ => Vec::new(),
    }
}

/// The names that a `use` brings.
pub(super) fn imports_of(item: &ItemUse) -> Vec<Import> {
    if for_tests(&item.attrs) {
        return Vec::new();
    }
    let mut found = Vec::new();
    leaves(&item.tree, &mut Vec::new(), &mut found);
    let private = matches!(item.vis, Visibility::Inherited);
    found.into_iter().map(|(path, name)| Import { path, name, private }).collect()
}

fn leaves(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    let mut leaf = |last: &syn::Ident, name: &syn::Ident| {
        let (mut path, mut name) = (before.clone(), name.to_string());
        if last == "self" {
            name = path.last().cloned().unwrap_or_default();
        } else {
            path.push(last.to_string());
        }
        found.push((path, name));
    };
    match tree {
        UseTree::Name(one) => leaf(&one.ident, &one.ident),
        UseTree::Rename(one) => leaf(&one.ident, &one.rename),
        UseTree::Glob(_) => found.push((before.clone(), "*".to_owned())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, before, found)),
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
    }
}

/// The name that an item defines; an `impl` and a `use` define none.
pub(super) fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Union(item) => &item.vis,
        Item::Use(item) => &item.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}
