//! Faults of the connection.

use std::time::Duration;

use axum::body::Bytes;
use web::Wire;

use super::{act::NetworkFault, answer::Answer, fault::Fault, response::seconds};

/// Bytes that are sent instead of a response and are not HTTP.
const GARBAGE: &[u8] = b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1 this is not HTTP \xff\xfe\x00\x00";
/// Chunked response whose first chunk has an invalid length.
const BROKEN_CHUNK: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{\"access_token\":\"";

/// Returns the response with the fault that the connection applies to it.
pub(super) fn network(act: NetworkFault, fault: &Fault, answer: &Answer) -> Answer {
    let number = |name: &str, least: u64| u64::try_from(fault.number(name)).unwrap_or_default().max(least);
    answer.clone().carried(match act {
        NetworkFault::Refused | NetworkFault::Reset => Wire::Reset,
        NetworkFault::Empty => Wire::Raw(Bytes::new()),
        NetworkFault::Garbage => Wire::Raw(Bytes::from_static(GARBAGE)),
        NetworkFault::BrokenChunk => Wire::Raw(Bytes::from_static(BROKEN_CHUNK)),
        NetworkFault::Drip => Wire::Drip(Duration::from_millis(number("milliseconds", 1).min(60_000))),
        NetworkFault::Cut => Wire::Cut(usize::try_from(number("bytes", 0)).unwrap_or_default()),
        NetworkFault::Slow => Wire::Late(seconds(fault)),
    })
}
