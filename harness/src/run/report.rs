//! Reports of a run: `JUnit` and JSON by Cucumber's own writers, and the terminal by ours.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex},
};

use cucumber::{
    Event, Writer, WriterExt as _, event, parser,
    writer::{self, JUnit, Json, Normalize},
};

use super::{
    Options, ReportError,
    terminal::{Results, Terminal},
};
use crate::play::{Play, Stage};

/// Bytes that are written to a file at the end, where failing can be told.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Buffer {
    fn save(&self, file: &Path) -> Result<(), ReportError> {
        let bytes = self.0.lock().map(|bytes| bytes.clone()).unwrap_or_default();
        fs::write(file, bytes).map_err(|reason| ReportError { file: file.display().to_string(), reason })
    }
}

/// One of Cucumber's writers, given events in order, and what it writes.
type Report<W> = (Normalize<Play, W>, Buffer);

/// All reports of a run.
pub(super) struct Reports {
    terminal: Terminal,
    junit: Option<Report<JUnit<Play, Buffer>>>,
    json: Option<Report<Json<Buffer>>>,
}

impl Reports {
    pub(super) fn new(stage: Arc<Stage>, options: &Options, total: usize, results: Arc<Mutex<Results>>) -> Self {
        let junit = options.junit.as_ref().map(|_| {
            let buffer = Buffer::default();
            (JUnit::raw(buffer.clone(), 0).normalized(), buffer)
        });
        let json = options.json.as_ref().map(|_| {
            let buffer = Buffer::default();
            (Json::raw(buffer.clone()).normalized(), buffer)
        });
        Self { terminal: Terminal::new(stage, options.terminal, total, results), junit, json }
    }

    pub(super) fn save(&self, options: &Options) -> Result<(), ReportError> {
        let junit = self.junit.as_ref().map(|(_, buffer)| buffer).zip(options.junit.as_ref());
        let json = self.json.as_ref().map(|(_, buffer)| buffer).zip(options.json.as_ref());
        junit.into_iter().chain(json).try_for_each(|(buffer, file)| buffer.save(file))
    }
}

impl writer::Normalized for Reports {}

impl Writer<Play> for Reports {
    type Cli = cucumber::cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<Play>>>, cli: &Self::Cli) {
        if let Some((junit, _)) = &mut self.junit {
            junit.handle_event(event.clone(), &writer::junit::Cli::default()).await;
        }
        if let Some((json, _)) = &mut self.json {
            json.handle_event(event.clone(), cli).await;
        }
        if let Ok(event) = &event {
            self.terminal.take(&event.value);
        }
    }
}
