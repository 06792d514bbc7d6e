//! Language server: messages over standard input and output, processed one by one.

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types::{
    CompletionOptions, CompletionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, GotoDefinitionParams, HoverParams, HoverProviderCapability, InitializeParams, OneOf,
    SaveOptions, ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    notification::{
        DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Notification as _,
        PublishDiagnostics,
    },
    request::{Completion, GotoDefinition, HoverRequest, Request as _},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    completion::{Abilities, completion},
    definition::definition,
    diagnostics::Told,
    documents::Documents,
    hover::hover,
};
use crate::exit::CliError;

/// Serves an editor until it ends the session.
///
/// # Errors
/// Fails if a message does not belong to the protocol.
pub(crate) fn serve() -> Result<(), CliError> {
    let (connection, threads) = Connection::stdio();
    serve_over(&connection).map_err(CliError::could_not_run)?;
    drop(connection);
    threads.join().map_err(CliError::could_not_run)
}

/// Serves an editor over any connection.
pub(super) fn serve_over(connection: &Connection) -> Result<(), ProtocolError> {
    let (id, asked) = connection.initialize_start()?;
    let version = env!("CARGO_PKG_VERSION");
    let told = json!({ "capabilities": capabilities(), "serverInfo": { "name": "esia-stand", "version": version } });
    connection.initialize_finish(id, told)?;
    let mut editor = Editor::of(&serde_json::from_value(asked).unwrap_or_default());
    for message in &connection.receiver {
        match message {
            Message::Request(request) if connection.handle_shutdown(&request)? => return Ok(()),
            Message::Request(request) => send(connection, editor.answer(request).into()),
            Message::Notification(notification) => editor.hear(notification),
            Message::Response(_) => {}
        }
        // While the user types, diagnostics of the latest text are enough.
        if editor.is_changed && connection.receiver.is_empty() {
            editor.is_changed = false;
            for params in editor.told.again(&editor.documents) {
                let method = PublishDiagnostics::METHOD.to_owned();
                send(connection, Notification::new(method, params).into());
            }
        }
    }
    Ok(())
}

/// Sends a message. If the editor is gone, it is lost, and the missing next message ends the server.
fn send(connection: &Connection, message: Message) {
    if connection.sender.send(message).is_err() {
        tracing::debug!("the editor does not listen any more");
    }
}

fn capabilities() -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::FULL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: None })),
        ..TextDocumentSyncOptions::default()
    };
    let letters = ["@", "«", "\"", " "].map(str::to_owned).to_vec();
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(letters),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

/// State of the session with an editor.
struct Editor {
    documents: Documents,
    told: Told,
    can: Abilities,
    /// Whether diagnostics may have changed since they were published.
    is_changed: bool,
}

impl Editor {
    fn of(asked: &InitializeParams) -> Self {
        let of_completion = asked.capabilities.text_document.as_ref().and_then(|text| text.completion.as_ref());
        let item = of_completion.and_then(|completion| completion.completion_item.as_ref());
        let can = Abilities { snippets: item.and_then(|item| item.snippet_support).unwrap_or(false) };
        Self { documents: Documents::default(), told: Told::default(), can, is_changed: false }
    }

    fn answer(&self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let unsaved = self.documents.texts();
        let answer = match method.as_str() {
            Completion::METHOD => read::<CompletionParams>(params).map(|asked| {
                let TextDocumentPositionParams { text_document, position } = asked.text_document_position;
                let file = self.documents.file(&text_document.uri);
                told(file.map(|file| completion(&file, &unsaved, position, self.can)))
            }),
            HoverRequest::METHOD => read::<HoverParams>(params).map(|asked| {
                let TextDocumentPositionParams { text_document, position } = asked.text_document_position_params;
                let file = self.documents.file(&text_document.uri);
                told(file.and_then(|file| hover(&file, &unsaved, position)))
            }),
            GotoDefinition::METHOD => read::<GotoDefinitionParams>(params).map(|asked| {
                let TextDocumentPositionParams { text_document, position } = asked.text_document_position_params;
                let file = self.documents.file(&text_document.uri);
                told(file.and_then(|file| definition(&file, &unsaved, position)))
            }),
            _ => return Response::new_err(id, ErrorCode::MethodNotFound as i32, method),
        };
        match answer {
            Ok(answer) => Response::new_ok(id, answer),
            Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
        }
    }

    fn hear(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Ok(DidOpenTextDocumentParams { text_document }) = read(params) {
                    self.documents.put(&text_document.uri, text_document.text);
                }
            }
            DidChangeTextDocument::METHOD => {
                if let Ok(DidChangeTextDocumentParams { text_document, content_changes }) = read(params)
                    && let Some(whole) = content_changes.into_iter().last()
                {
                    self.documents.put(&text_document.uri, whole.text);
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Ok(DidCloseTextDocumentParams { text_document }) = read(params) {
                    self.documents.close(&text_document.uri);
                }
            }
            DidSaveTextDocument::METHOD => {}
            _ => return,
        }
        self.is_changed = true;
    }
}

fn read<T: DeserializeOwned>(params: Value) -> serde_json::Result<T> {
    serde_json::from_value(params)
}

fn told(answer: impl serde::Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}
