//! Catalogue of faults as a page of the documentation, in Markdown.

use std::fmt::Write as _;

use idp::{Fault, FaultParameter, Right};

use crate::language::{self, pick, tr};

/// Page of these faults, with a table for each family.
pub(super) fn page(faults: &[&Fault]) -> String {
    let mut text = head(faults.len());
    for (index, fault) in faults.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|index| faults.get(index));
        if previous.is_none_or(|previous| family(previous) != family(fault)) {
            text.push_str(&table(family(fault)));
        }
        text.push_str(&row(fault));
    }
    text
}

fn head(count: usize) -> String {
    tr!(
        "# Ошибки\n\n\
         Что поставщик умеет делать неверно — всего {count} — и что тогда делает верный клиент. Страница записана из кода: \
         `esia-stand faults --markdown --lang ru`. Включить ошибку можно на странице «Ошибки» консоли, вызовом `POST /control/faults`, \
         предложением сценария или началом `state`; `esia-stand conformance` играет их все против клиента.\n\n\
         Извне верный ответ виден так:\n\n\
         - `S` — никто не вошёл (или вошёл, где ответ верен);\n\
         - `T` — код не обменян;\n\
         - `U` — с этим маркером никто не пришёл за данными;\n\
         - `K` — сколько раз запрошены ключи;\n\
         - `P` — страница, которую можно прочесть: ответ ниже 500, без маркера и трассы, не позже чем через 30 секунд, и с неё можно \
         попробовать снова;\n\
         - `C` — сколько раз повторён запрос;\n\
         - `N` — следующий вход удаётся без перезапуска;\n\
         - `L` — сеанс кончается вовремя;\n\
         - `H` — на чужой адрес никто не пришёл.\n",
        "# Faults\n\n\
         What the provider can do wrong on purpose — {count} in all — and what a right client does then. Written from the code: \
         `esia-stand faults --markdown --lang en`. A fault is set on the page of faults of the console, by `POST /control/faults`, by a \
         sentence of a scenario, or by the beginning of a `state`; `esia-stand conformance` plays all of them against a client.\n\n\
         By these a right answer is seen from outside:\n\n\
         - `S` — nobody is signed in (or somebody is, where the answer is right);\n\
         - `T` — the code was not exchanged;\n\
         - `U` — nobody asked for data with that token;\n\
         - `K` — how often keys were fetched;\n\
         - `P` — a page that can be read: a status below 500, neither token nor trace on it, within 30 seconds, and with a way to try \
         again;\n\
         - `C` — how often a request was repeated;\n\
         - `N` — the next sign-in works without a restart;\n\
         - `L` — the session ends in time;\n\
         - `H` — nobody came to the foreign address.\n",
    )
}

fn family(fault: &Fault) -> &'static str {
    fault.id.split('.').next().unwrap_or_default()
}

/// Subject of a family of faults.
fn about(family: &str) -> &'static str {
    match family {
        "hdr" => pick("заголовок маркера", "the header of a token"),
        "sig" => pick("подпись маркера", "the signature of a token"),
        "claim" => pick("содержимое маркера", "what a token says"),
        "keys" => pick("ключи, как они опубликованы", "keys as they are published"),
        "disc" => pick("описание поставщика", "the discovery document"),
        "ac" => pick("ответ на запрос входа", "the answer to an authorization request"),
        "user" => pick("что делает не так человек", "what a person does wrong"),
        "te" => pick("ответ с маркерами", "the answer of the token endpoint"),
        "rs" => pick("данные человека", "personal data"),
        "out" => pick("выход", "signing out"),
        "net" => pick("соединение", "the connection"),
        _ => pick("часы и сроки", "clocks and terms"),
    }
}

fn table(family: &str) -> String {
    let about = about(family);
    let columns = pick(
        "| ошибка | протокол | что делает поставщик | верный клиент | видно | источник |",
        "| fault | protocol | the provider | a right client | seen by | source |",
    );
    format!("\n## `{family}`: {about}\n\n{columns}\n|---|---|---|---|---|---|\n")
}

fn row(fault: &Fault) -> String {
    let right = match fault.right {
        Right::Refuse => pick("отказывает", "refuses"),
        Right::Accept => pick("принимает", "accepts"),
        Right::Degrade => pick("объясняет человеку", "tells the person"),
    };
    let does = fault.does.told(language::spoken(), None);
    let parameters: Vec<_> = fault.parameters.iter().map(parameter).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!(" {}", parameters.join(", ")) };
    let cells = [
        format!("`{}`", fault.id),
        fault.protocols.join(", "),
        format!("{}{parameters}", cell(&does)),
        right.to_owned(),
        fault.seen_by.join(" "),
        cell(fault.source),
    ];
    let mut line = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(line, "| {} |", cells.join(" | "));
    line
}

/// Parameter of a fault with its default first and other values after it.
fn parameter(known: &FaultParameter) -> String {
    let others = known.one_of.iter().filter(|other| **other != known.default);
    let values: Vec<_> = std::iter::once(&known.default).chain(others).copied().collect();
    format!("`{}={}`", known.name, values.join("\\|"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::in_english;

    #[test]
    fn the_page_of_the_documentation_is_what_the_code_says() {
        let now = in_english(|| page(&idp::faults().collect::<Vec<_>>()));
        let published = include_str!("../../../docs/src/en/faults.md");
        assert!(published == now, "esia-stand faults --markdown --lang en > docs/src/en/faults.md");
    }

    #[test]
    fn every_fault_is_a_row_of_six_cells_and_every_family_has_a_heading_of_its_own() {
        let faults: Vec<_> = idp::faults().collect();
        for text in [page(&faults), in_english(|| page(&faults))] {
            let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
            assert_eq!(rows.len(), faults.len());
            for row in rows {
                assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
            }
            let mut headings: Vec<_> = text.lines().filter(|line| line.starts_with("## ")).collect();
            let all = headings.len();
            headings.sort_unstable();
            headings.dedup();
            assert_eq!(headings.len(), all, "{headings:?}");
        }
    }
}
