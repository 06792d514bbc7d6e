//! Errors of a store of worlds in the language of the run.

use diary::StartError;
use worlds::{
    WorldError,
    store::{Failure, FailureKind, StoreError},
};

use crate::language::{self, Language, tr};

/// Returns the message for an error of the store. The store's text is English; in Russian it is quoted after the kind
/// of failure.
pub(super) fn told(error: &StoreError) -> String {
    match (language::spoken(), error) {
        (Language::Russian, StoreError::Medium(failure)) => in_russian(failure),
        _ => error.to_string(),
    }
}

/// Returns the message for an error of the world `main`.
pub(super) fn of_world(error: &WorldError) -> String {
    match error {
        WorldError::Store(error) => told(error),
        other => other.to_string(),
    }
}

/// Returns the message for an error at the start of the diary.
pub(super) fn of_diary(error: &StartError) -> String {
    match error {
        StartError::World(error) => tr!("мир main: {}", "world main: {}", of_world(error)),
        StartError::Store(error) => told(error),
        StartError::Http(error) => format!("HTTP: {error}"),
    }
}

fn in_russian(failure: &Failure) -> String {
    let file = failure.file.as_ref().map(|file| format!(" {}", file.display())).unwrap_or_default();
    format!("хранилище{file}: {} («{}»)", of_kind(failure.kind), failure.reason)
}

const fn of_kind(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Full => "на диске нет места",
        FailureKind::Busy => "файл слишком долго занят другой программой",
        FailureKind::Lost => "файл удалён или заменён другим",
        FailureKind::Taken => "в этом файле держит миры другой esia-stand: остановите его или возьмите другой файл",
        FailureKind::Foreign => "это не хранилище esia-stand или оно от более новой версии",
        FailureKind::Damaged => "файл повреждён",
        FailureKind::ReadOnly => "файл нельзя изменять, поэтому миры в нём не сохранить",
        FailureKind::Unreachable => "база данных не отвечает",
        FailureKind::Other => "не открывается",
    }
}
