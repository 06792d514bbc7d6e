//! The operations of the control API that this crate asks for. A test holds them, and the fields that are sent and read, against
//! the OpenAPI documents of the program.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

/// One operation of the control API.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// As the document writes it, with parameters in braces.
    pub(crate) path: &'static str,
}

pub(crate) const FORK_WORLD: Call = post("/control/worlds/{name}/fork");
pub(crate) const MAKE_WORLD: Call = post("/control/worlds");
pub(crate) const DROP_WORLD: Call = delete("/control/worlds/{name}");
pub(crate) const RESET_WORLD: Call = post("/control/worlds/{name}/reset");
pub(crate) const READ_CLOCK: Call = get("/control/clock");
pub(crate) const MOVE_CLOCK: Call = post("/control/clock");
pub(crate) const LIST_PEOPLE: Call = get("/control/people");
pub(crate) const OPEN_SESSION: Call = post("/control/people/{key}/session");
pub(crate) const READ_OUTBOX: Call = get("/control/outbox");
pub(crate) const LIST_FAULTS: Call = get("/control/faults");
pub(crate) const SET_FAULT: Call = post("/control/faults");
pub(crate) const LIFT_FAULT: Call = delete("/control/faults/{number}");
pub(crate) const LIFT_FAULTS: Call = delete("/control/faults");
pub(crate) const READ_TIMELINE: Call = get("/control/timeline");
pub(crate) const LIST_REQUESTS: Call = get("/control/requests");
pub(crate) const READ_REQUEST: Call = get("/control/requests/{id}");
pub(crate) const REGISTER: Call = Call { method: Method::PUT, path: "/control/clients/{mnemonic}" };

const fn get(path: &'static str) -> Call {
    Call { method: Method::GET, path }
}

const fn post(path: &'static str) -> Call {
    Call { method: Method::POST, path }
}

const fn delete(path: &'static str) -> Call {
    Call { method: Method::DELETE, path }
}

impl Call {
    /// The path with its parameter, where it has one.
    pub(crate) fn of(&self, parameter: &str) -> String {
        let Some((before, rest)) = self.path.split_once('{') else { return self.path.to_owned() };
        let after = rest.split_once('}').map_or("", |(_, after)| after);
        format!("{before}{}{after}", utf8_percent_encode(parameter, NON_ALPHANUMERIC))
    }
}
