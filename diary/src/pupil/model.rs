//! Rules for who may open which diaries. Pure.

use worlds::DayError;

use crate::{
    register::{Pupil, Who},
    signin::Words,
    state::Diary,
};

/// Reason why a diary is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiaryError {
    /// The parent may not enter; holds the texts of the refusal of the sign-in.
    #[error("{}", .0.text)]
    Refused(Words),
    /// The visitor is neither a pupil nor a parent, like most employees.
    #[error("Дневника, который вы могли бы открыть, нет")]
    None,
    /// The pupil does not exist or is not one of the visitor's.
    #[error("Такого дневника у вас нет")]
    Unknown,
    /// The week in the query is not a valid day.
    #[error(transparent)]
    Week(#[from] DayError),
    /// The school year has no term with this number.
    #[error("Такой четверти нет")]
    Term,
}

/// Returns the pupils, with keys, whose diaries a person may open now: the person's own, and those of the children on
/// whose cards the person is, as an active user.
///
/// # Errors
/// Returns the reason if there is none.
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

/// Checks whether a person may open a pupil's diary.
pub(crate) fn is_open_to(diary: &Diary, who: &Who, key: &str) -> bool {
    open_to(diary, who).is_ok_and(|open| open.iter().any(|(pupil, _)| *pupil == key))
}
