//! What stands before a server's routes, once for all of them: whom a request is addressed to, which world it is for, who
//! may ask, how large it may be and how long it may take, its verdict and journal entry, and how it ends.

mod address;
mod body;
mod headers;
mod keep;
mod service;

pub use service::Front;
