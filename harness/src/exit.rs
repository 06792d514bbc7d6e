//! Exit codes of the program, and the errors that lead to them.

use std::process::ExitCode;

use crate::language::pick;

/// Exit codes. A wrong answer has another code than a failure to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything passed, or the command was carried out.
    Passed = 0,
    /// An expectation of a scenario failed; a server is not well; recordings differ.
    Failed = 1,
    /// The command line, a settings file, a scenario or a seed is wrong.
    Wrong = 2,
    /// The command could not run: a server or a browser is missing, silent or gone, or the program itself is at fault.
    CouldNotRun = 3,
    /// Ctrl+C during a run: 128 and the number of the signal, as in shells.
    Interrupted = 130,
    /// SIGTERM during a run.
    Terminated = 143,
}

/// Exit codes as `--help` lists them, in the language of the run.
pub fn codes() -> &'static str {
    pick(
        "Коды возврата:
  0    пройдено или сделано
  1    ожидание сценария не сбылось; health: сервер неисправен; diff: есть неизвестное или исчезнувшее отличие
  2    ошибка в командной строке, настройках, сценарии или мире
  3    запуск не удался: сервера или браузера нет, он молчит или исчез; ошибка в самой программе
  130  остановлено по Ctrl+C посреди прогона, отчёты записаны
  143  остановлено сигналом SIGTERM посреди прогона, отчёты записаны",
        "Exit codes:
  0    passed, or done
  1    an expectation of a scenario failed; `health`: the server is not well; `diff`: a difference is unknown or gone
  2    wrong command line, settings, scenario or seed
  3    could not run: a server or a browser is missing, silent or gone; the program itself is at fault
  130  stopped by Ctrl+C in the middle of a run, reports written
  143  stopped by SIGTERM in the middle of a run, reports written",
    )
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Error that ends a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CliError {
    /// Wrong input; ends with [`Exit::Wrong`].
    #[error("{0}")]
    Wrong(String),
    /// Failure to run; ends with [`Exit::CouldNotRun`].
    #[error("{0}")]
    CouldNotRun(String),
    /// Exit code of a child process, which has already reported the reason.
    #[error("")]
    Told(Exit),
}

impl CliError {
    /// Exit code of the error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Wrong(_) => Exit::Wrong,
            Self::CouldNotRun(_) => Exit::CouldNotRun,
            Self::Told(exit) => *exit,
        }
    }

    /// Failure to run, with its reason.
    pub fn could_not_run(reason: impl std::fmt::Display) -> Self {
        Self::CouldNotRun(reason.to_string())
    }

    /// Wrong input, with its reason.
    pub fn wrong(reason: impl std::fmt::Display) -> Self {
        Self::Wrong(reason.to_string())
    }
}
