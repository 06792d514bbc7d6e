//! The book is inside the program: a page that is added or changed makes it anew.

fn main() {
    println!("cargo::rerun-if-changed=../docs/src");
}
