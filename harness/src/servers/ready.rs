//! The ready line of a server.

use serde_json::{Value, json};

use crate::control::Party;

/// Builds the ready line for the program that started the server: JSON with what is ready (`idp`, `diary`, `serve`),
/// the URL of each server, and as `url` the one for a client.
pub(crate) fn ready_line(what: &str, servers: &[(Party, &str)]) -> Value {
    let mut line = json!({ "ready": what });
    for (party, url) in servers.iter().rev() {
        let url = url.trim_end_matches('/');
        line[party.key()] = url.into();
        line["url"] = url.into();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_line_says_what_is_ready_and_where() {
        let (idp, diary) = ((Party::Idp, "http://127.0.0.1:1/"), (Party::Diary, "http://127.0.0.1:2"));
        assert_eq!(
            ready_line("serve", &[idp, diary]),
            json!({ "ready": "serve", "url": "http://127.0.0.1:1", "idp": "http://127.0.0.1:1", "diary": "http://127.0.0.1:2" })
        );
        assert_eq!(
            ready_line("diary", &[diary]),
            json!({ "ready": "diary", "url": "http://127.0.0.1:2", "diary": "http://127.0.0.1:2" })
        );
    }
}
