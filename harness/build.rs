//! The documented suite is inside the program: a scenario that is added or changed makes it anew.

fn main() {
    println!("cargo::rerun-if-changed=../scenarios");
}
