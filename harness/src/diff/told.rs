//! Output of a comparison: text for people, and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{compare::Difference, judged::Judged, known::KnownDifference};
use crate::{
    language::{pick, tr},
    paint::Paint,
    words::visible,
};

/// Maximum number of scenarios that are listed under a difference.
const NAMED: usize = 3;

/// Comparison as text for people.
pub fn as_text(judged: &Judged) -> String {
    let mut text = String::new();
    list(
        &mut text,
        pick("Неизвестные отличия", "Unknown differences"),
        &judged.unknown,
        |text, one| {
            differs(text, one, Paint::Bad);
        },
    );
    list(
        &mut text,
        pick("Известные отличия", "Known differences"),
        &judged.known,
        |text, (one, known)| {
            differs(text, one, Paint::Good);
            answers(text, known);
        },
    );
    let gone = pick(
        "Известны, но их больше нет: уберите из файла",
        "Known, but not there any more: take them out of the file",
    );
    list(&mut text, gone, &judged.vanished, |text, known| {
        let _ = writeln!(text, "  {}", Paint::Bad.on(visible(&known.id)));
        answers(text, known);
    });
    for (names, told) in judged.alone.iter().zip([
        pick("Есть только в первой записи", "In the first recording alone"),
        pick("Есть только во второй записи", "In the second recording alone"),
    ]) {
        if !names.is_empty() {
            let _ = writeln!(text, "{told}: {}", names.len());
        }
    }
    let (compared, unknown, known, vanished) =
        (judged.compared.len(), judged.unknown.len(), judged.known.len(), judged.vanished.len());
    text.push_str(&tr!(
        "Сравнено сценариев: {compared}; отличий неизвестных: {unknown}, известных: {known}, исчезнувших: {vanished}\n",
        "Scenarios compared: {compared}; differences unknown: {unknown}, known: {known}, vanished: {vanished}\n"
    ));
    text
}

fn list<T>(text: &mut String, title: &str, items: &[T], tell: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for item in items {
        tell(text, item);
    }
    text.push('\n');
}

fn differs(text: &mut String, one: &Difference, paint: Paint) {
    let (left, right) = (visible(&one.left), visible(&one.right));
    let _ = writeln!(text, "  {}: {left} → {right}", paint.on(visible(&one.id)));
    let named: Vec<_> = one.scenarios.iter().take(NAMED).map(|name| visible(name)).collect();
    let more = one.scenarios.len().saturating_sub(NAMED);
    let more = if more > 0 { tr!(" и ещё {more}", " and {more} more") } else { String::new() };
    if !named.is_empty() {
        let _ = writeln!(text, "      {}{more}", named.join(", "));
    }
}

fn answers(text: &mut String, known: &KnownDifference) {
    let KnownDifference { reason, owner, date, .. } = known;
    let _ = writeln!(text, "      {} ({}, {})", visible(reason), visible(owner), visible(date));
}

/// Comparison as JSON for programs.
pub fn as_json(judged: &Judged) -> Value {
    let difference =
        |one: &Difference| json!({ "id": one.id, "left": one.left, "right": one.right, "scenarios": one.scenarios });
    let known = judged.known.iter().map(|(one, known)| {
        let mut told = difference(one);
        told["known"] = json!({ "reason": known.reason, "owner": known.owner, "date": known.date });
        told
    });
    json!({
        "compared": judged.compared,
        "only-left": judged.alone[0],
        "only-right": judged.alone[1],
        "unknown": judged.unknown.iter().map(difference).collect::<Vec<_>>(),
        "known": known.collect::<Vec<_>>(),
        "vanished": judged.vanished,
    })
}
