//! Whose diaries somebody may open. Pure.

use worlds::DayError;

use crate::{
    register::{Pupil, Who},
    signin::Words,
    state::Diary,
};

/// Why a diary is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiaryError {
    /// A parent who may not come in: the refusal of the sign-in.
    #[error("{}", .0.text)]
    Refused(Words),
    /// Somebody without a pupil or a child, as most of the staff.
    #[error("Дневника, который вы могли бы открыть, нет")]
    None,
    /// A pupil who is none of theirs, or who does not exist.
    #[error("Такого дневника у вас нет")]
    Unknown,
    /// The week is no day.
    #[error(transparent)]
    Week(#[from] DayError),
    /// The school year has no term of this number.
    #[error("Такой четверти нет")]
    Term,
}

/// Pupils whose diaries somebody may open now, with their keys: the own one, and those of the children on whose cards they
/// stand as an active user.
///
/// # Errors
/// When there is none, why.
pub(crate) fn open_to<'d>(diary: &'d Diary, who: &'d Who) -> Result<Vec<(&'d str, &'d Pupil)>, DiaryError> {
    let register = &diary.register;
    let own = who.pupil.iter();
    let parent = who.parent.as_ref().and_then(|key| register.parent(key)).filter(|parent| parent.active);
    let children = parent.into_iter().flat_map(|parent| &parent.children);
    let pupils = own.chain(children).filter_map(|key| Some((key.as_str(), register.pupil(key)?)));
    let pupils: Vec<_> = pupils.collect();
    if !pupils.is_empty() {
        return Ok(pupils);
    }
    match register.admit_parent(who, &mut Vec::new()) {
        Ok(()) => Err(DiaryError::None),
        Err(refusal) => Err(DiaryError::Refused(refusal.words(&diary.config.profile))),
    }
}

/// Whether a pupil's diary is open to somebody.
pub(crate) fn is_open_to(diary: &Diary, who: &Who, key: &str) -> bool {
    open_to(diary, who).is_ok_and(|open| open.iter().any(|(pupil, _)| *pupil == key))
}
