//! Faults of a token's signature.

use crate::faults::{
    act::SignatureFault,
    fault::Fault,
    jwt::{After, Jwt, Sign},
    token_answer::TokenAnswer,
};

/// Changes the tokens of a response. Returns whether the fault has changed any.
pub(in crate::faults) fn signature(act: SignatureFault, fault: &Fault, answer: &mut TokenAnswer) -> bool {
    let mut is_changed = false;
    for jwt in answer.named(fault.parameter("token")) {
        is_changed |= of_token(act, fault, jwt).is_some();
    }
    is_changed
}

fn of_token(act: SignatureFault, fault: &Fault, jwt: &mut Jwt) -> Option<()> {
    let after = match act {
        SignatureFault::BitFlipped => After::BitFlipped,
        SignatureFault::PayloadEdited => {
            let mut claims = jwt.claims.clone();
            claims.insert("exp".to_owned(), (jwt.number("exp") + 1).into());
            After::Claims(claims)
        }
        SignatureFault::Stripped => After::Stripped,
        SignatureFault::Stranger => {
            jwt.sign = Sign::Stranger;
            return Some(());
        }
        SignatureFault::GostReversed | SignatureFault::GostZero if !jwt.is_gost() => return None,
        SignatureFault::GostReversed if fault.parameter("how") == "bytes" => After::BytesReversed,
        SignatureFault::GostReversed => After::HalvesSwapped,
        SignatureFault::GostZero => After::Zero,
        SignatureFault::Parts => After::Parts(if fault.parameter("parts") == "5" { 2 } else { 1 }),
    };
    jwt.after.push(after);
    Some(())
}
