//! The length that the header of a DER element declares.

use der::{Decode as _, Encode as _, Header, SliceReader, Tag};

/// Length of a DER `SEQUENCE` with its header, bytes. `None` for other elements and for indefinite lengths (BER).
pub(crate) fn der_length(bytes: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(bytes.get(..bytes.len().min(16))?).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let content = usize::try_from(u32::from(header.length())).ok()?;
    let size = usize::try_from(u32::from(header.encoded_len().ok()?)).ok()?;
    (header.tag() == Tag::Sequence).then_some(content + size)
}
