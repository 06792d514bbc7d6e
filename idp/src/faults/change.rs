//! Which part of the faults changes which answer.

use super::{
    act::{Act, HeaderFault},
    answer::Answer,
    fault::Fault,
    keys,
    occasion::Occasion,
    place::Place,
    resource,
};

/// The answer as a fault changes it; none where the fault has nothing to do with it.
pub(super) fn changed(fault: &Fault, occasion: &Occasion, answer: &Answer) -> Option<Answer> {
    match (fault.entry()?.act, occasion.spot.place) {
        (Act::Header(HeaderFault::KidDuplicate), Place::Keys) => keys::duplicate(answer),
        (Act::Header(HeaderFault::KidAbsentManyKeys), Place::Keys) => keys::many(answer),
        (Act::Claims(act), Place::Resource) => resource::claims(act, fault, answer),
        _ => None,
    }
}
