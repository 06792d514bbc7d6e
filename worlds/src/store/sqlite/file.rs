//! The file itself: one process has it, it is nobody else's business, and it is still there.

use std::{
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::store::{Failure, FailureKind};

/// Sessions and passwords are in it.
const OWNER_ONLY: u32 = 0o600;

/// A file that this process alone keeps worlds in.
///
/// The lock is of the open file, so it ends with the process however that ends, and it is found by whatever name the file is
/// opened. `SQLite` uses locks of another kind: who reads or copies the file with `sqlite3` meanwhile is not in the way.
#[derive(Debug)]
pub(super) struct DataFile {
    path: PathBuf,
    file: File,
    /// Device and inode.
    id: (u64, u64),
}

/// The first bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// Nothing is in it yet.
    Empty,
    /// `SQLite` of this application, and of this version of our tables.
    Sqlite {
        application_id: u32,
        user_version: u32,
    },
    Unknown,
}

impl DataFile {
    /// Opens or makes the file and locks it. Nothing is written.
    ///
    /// # Errors
    /// Not a file, not to be written, or another process has it.
    pub(super) fn take(path: &Path) -> Result<Self, Failure> {
        let at = |failure| Failure { file: Some(path.to_owned()), ..failure };
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => return Err(at(Failure::new(FailureKind::Foreign, "is not a file"))),
            // Permissions do not stop root, so the mode is looked at.
            Ok(found) if found.permissions().readonly() => return Err(at(read_only("it is read-only"))),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(OWNER_ONLY);
        let file = options.open(path).map_err(|error| at(unopened(&error)))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(at(Failure::new(
                    FailureKind::Taken,
                    "another process keeps its worlds in this file: stop that one, or give this one a file of its own",
                )));
            }
            Err(TryLockError::Error(error)) => return Err(at(Failure::new(FailureKind::Other, error))),
        }
        let found = file.metadata().map_err(|error| at(unopened(&error)))?;
        Ok(Self { path: path.to_owned(), file, id: (found.dev(), found.ino()) })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A failure of this file.
    pub(super) fn failure(&self, kind: FailureKind, reason: impl std::fmt::Display) -> Failure {
        Failure { file: Some(self.path.clone()), ..Failure::new(kind, reason) }
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn header(&self) -> Result<Header, Failure> {
        let mut bytes = [0; 100];
        let read = self.file.read_at(&mut bytes, 0).map_err(|error| self.failure(FailureKind::Other, error))?;
        let number = |at: usize| bytes[at..].first_chunk().map_or(0, |four| u32::from_be_bytes(*four));
        Ok(match read {
            0 => Header::Empty,
            100 if bytes.starts_with(b"SQLite format 3\0") => {
                Header::Sqlite { application_id: number(68), user_version: number(60) }
            }
            _ => Header::Unknown,
        })
    }

    /// Takes it from everybody but its owner, with the files that `SQLite` has put beside it; those to come are as it is.
    pub(super) fn make_private(&self) {
        for path in [self.path.clone(), self.beside("-wal"), self.beside("-shm")] {
            let is_open = fs::metadata(&path).is_ok_and(|found| found.mode() & 0o777 != OWNER_ONLY);
            if is_open && let Err(error) = fs::set_permissions(&path, Permissions::from_mode(OWNER_ONLY)) {
                tracing::warn!(%error, file = %path.display(), "others may read this file: it holds sessions and passwords");
            }
        }
    }

    /// A file of `SQLite` beside it.
    pub(super) fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        name.into()
    }

    /// Whether its name still means the file that is written to.
    ///
    /// # Errors
    /// [`FailureKind::Lost`] when it was deleted, or another one put in its place.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let lost = |what| self.failure(FailureKind::Lost, format!("{what}: what would be written now is lost"));
        match fs::metadata(&self.path) {
            Ok(found) if (found.dev(), found.ino()) == self.id => Ok(()),
            Ok(_) => Err(lost("another file has been put in its place")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(lost("it has been deleted")),
            Err(error) => Err(self.failure(FailureKind::Other, error)),
        }
    }
}

fn read_only(reason: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::ReadOnly, format!("{reason}, and worlds could not be kept in it"))
}

fn unopened(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => read_only(error),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Failure::new(FailureKind::Full, error),
        _ => Failure::new(FailureKind::Other, error),
    }
}
