//! What a person is asked before a client gets a code, whichever protocol the client speaks.

mod asking;

pub(crate) use asking::{Asking, ConsentAnswer, ConsentForm, ConsentPage, PendingRequest, RequestGone};
