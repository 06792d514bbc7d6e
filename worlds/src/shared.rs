//! A part of a state that copies of a world share until it changes.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

/// A part of a state that a fork shares with its parent until either changes it: then the one that does gets its own. Reading
/// and changing look as if it stood there by itself, so a change is asked for only where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// A part that nobody shares yet.
    pub fn new(part: T) -> Self {
        Self(Arc::new(part))
    }

    /// Whether it is the same in memory, not only equal.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_shares_what_it_reads_and_has_its_own_of_what_it_changes() {
        let mut parent = Shared::new(vec![1, 2]);
        let mut fork = parent.clone();
        assert_eq!(fork.first(), Some(&1));
        assert!(parent.is_shared_with(&fork));
        fork.push(3);
        assert!(!parent.is_shared_with(&fork));
        assert_eq!((parent.len(), fork.len()), (2, 3));
        let before = Arc::as_ptr(&parent.0);
        parent.push(9);
        assert_eq!(Arc::as_ptr(&parent.0), before, "nobody shares it any more: it is changed where it stands");
    }
}
