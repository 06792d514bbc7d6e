//! Whole requests at ЕСИА's endpoints: parameters in query and form, `embed`, JSON bodies, cookies, paths. Whatever comes, the
//! answer is never a 500.
//!
//! An input is a request as it stands on the wire. `{token}` is somebody's access token, `{code}` an unused code,
//! `{secret}` a right signature of the request `{v1}` by the built-in diary; so the corpus reaches what is behind them.
#![no_main]

use std::cell::RefCell;

use axum::http::StatusCode;
use fuzz::stand::Stand;
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static STAND: RefCell<Stand> = RefCell::new(Stand::new());
}

fuzz_target!(|text: &str| -> Corpus {
    STAND.with_borrow_mut(|stand| match stand.ask(text) {
        None => Corpus::Reject,
        Some(status) => {
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR);
            Corpus::Keep
        }
    })
});
