//! `sig.*`: faults of a token's signature.

use super::entry::{BOTH, ESIA, Entry, Parameter, WHICH_TOKEN};
use crate::faults::act::{Act, SignatureFault as Signature};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Signature) -> Entry {
    Entry::new(id, protocols, Act::Signature(act))
}

const HOW: Parameter = Parameter { name: "how", default: "halves", one_of: &["halves", "bytes"] };
const PARTS: Parameter = Parameter { name: "parts", default: "4", one_of: &["4", "5"] };

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("sig.bit-flipped", BOTH, Signature::BitFlipped)
        .does("В подписи маркера изменён один бит.", "One bit of the token's signature is changed.")
        .refused(&["S", "U"])
        .source("RFC 7515 §5.2")
        .with(&[WHICH_TOKEN]),
    row("sig.payload-edited", BOTH, Signature::PayloadEdited)
        .does("Содержимое маркера изменено после подписи.", "The token's claims are changed after it was signed.")
        .refused(&["S", "U"])
        .source("RFC 7515 §5.2")
        .with(&[WHICH_TOKEN]),
    row("sig.stripped", BOTH, Signature::Stripped)
        .does(
            "Третья часть маркера пуста, алгоритм прежний.",
            "The third part of the token is empty, the algorithm is the same.",
        )
        .refused(&["S", "U"])
        .source("RFC 7515 §5.2")
        .with(&[WHICH_TOKEN]),
    row("sig.stranger", BOTH, Signature::Stranger)
        .does(
            "Верная подпись ключом, который нигде не опубликован.",
            "A valid signature by a key that is published nowhere.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7")
        .with(&[WHICH_TOKEN]),
    row("sig.gost-reversed", ESIA, Signature::GostReversed)
        .does(
            "Числа подписи по ГОСТ переставлены, или все её байты в обратном порядке.",
            "The two numbers of the ГОСТ signature change places, or all of its bytes are reversed.",
        )
        .refused(&["S"])
        .source("ESIA §2.3")
        .with(&[WHICH_TOKEN, HOW]),
    row("sig.gost-zero", ESIA, Signature::GostZero)
        .does("Подпись по ГОСТ — 64 нулевых байта.", "The ГОСТ signature is 64 zero bytes.")
        .refused(&["S"])
        .source("ГОСТ Р 34.10-2012")
        .with(&[WHICH_TOKEN]),
    row("sig.parts", BOTH, Signature::Parts)
        .does("В маркере четыре или пять частей.", "The token has four or five parts.")
        .refused(&["S", "P"])
        .source("RFC 7515 §3.1")
        .with(&[WHICH_TOKEN, PARTS]),
];
