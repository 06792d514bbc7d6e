//! Reference page of the mistakes that verdicts name, with cause and remedy.

use std::{collections::BTreeMap, fmt::Write as _};

use worlds::mistakes::{Mistake, all};

use super::markdown::cell;
use crate::language::{self, pick, tr};

pub(super) fn page() -> String {
    let count = all().count();
    let mut text = tr!(
        "# Ошибки в запросах клиента\n\nВердикт называет ошибку клиента по имени, например `slip-missing=state`: до знака «=» — имя с этой \
         страницы, после него — о чём речь. Всего имён {count}. То же на терминале: `esia-stand mistakes slip-missing=state`. Коды самой \
         ЕСИА (`ESIA-007053`) объясняет [описание протокола](../en/esia-protocol.md#1.5), а на терминале — `esia-stand explain \
         ESIA-007053`.\n\n",
        "# Mistakes in a client's requests\n\nA verdict names a client's mistake, as `slip-missing=state`: what stands before the `=` is a \
         name of this page, what stands after it says which. There are {count} names. The same on a terminal: `esia-stand mistakes \
         slip-missing=state`. ЕСИА's own codes (`ESIA-007053`) are explained in [the protocol](esia-protocol.md#1.5), and on a terminal by \
         `esia-stand explain ESIA-007053`.\n\n",
    );
    let mut families: BTreeMap<&str, Vec<&Mistake>> = BTreeMap::new();
    for mistake in all() {
        families.entry(family(mistake)).or_default().push(mistake);
    }
    for (family, mistakes) in families {
        // Writing to a String cannot fail.
        let _ = write!(text, "## {} {family}\n\n", pick("Имена на", "Names with"));
        for mistake in mistakes {
            text.push_str(&section(mistake));
        }
    }
    text.trim_end().to_owned() + "\n"
}

fn family(mistake: &Mistake) -> &'static str {
    mistake.id.split('-').next().unwrap_or_default()
}

fn section(mistake: &Mistake) -> String {
    let language = language::spoken();
    let told = |text: &worlds::mistakes::Text| cell(&text.told(language, None));
    let remedy = pick("**Как исправить.**", "**Remedy.**");
    format!("### {}\n\n{}\n\n{remedy} {}\n\n", mistake.id, told(&mistake.cause), told(&mistake.remedy))
}
