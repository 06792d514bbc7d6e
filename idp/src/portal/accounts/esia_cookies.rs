//! Cookies with the names of the real login page (ESIA §6.4).

use web::{Cookies, SetCookie, WorldUrl};

/// How long those of a request for authorization last, seconds.
const MAX_AGE_S: u32 = 10_800;

/// The request for authorization that a browser has come with.
const REQUEST: &str = "ESIA_SESSION";
/// The sign-in under way, between password and second factor.
const ENTRY: &str = "JSESSIONID";

/// The cookies of a browser that a system has sent here with a request.
pub(crate) fn of_request(world_url: &WorldUrl, request: &str) -> [SetCookie; 2] {
    [REQUEST, "bs"].map(|name| SetCookie::bare(name, request, world_url, "", Some(MAX_AGE_S)))
}

/// The cookie of a sign-in under way.
pub(crate) fn of_entry(world_url: &WorldUrl, entry: &str) -> SetCookie {
    SetCookie::bare(ENTRY, entry, world_url, "/aas/oauth2", None)
}

/// The cookies of somebody who has signed in; the sign-in under way ends.
pub(crate) fn of_person(world_url: &WorldUrl, oid: &str) -> [SetCookie; 3] {
    let [u, oid] = ["u", "oid"].map(|name| SetCookie::bare(name, oid, world_url, "", None));
    [u, oid, SetCookie::bare(ENTRY, "", world_url, "/aas/oauth2", Some(0))]
}

/// Takes the cookies of whoever was signed in away.
pub(crate) fn forget_person(world_url: &WorldUrl) -> [SetCookie; 2] {
    ["u", "oid"].map(|name| SetCookie::bare(name, "", world_url, "", Some(0)))
}

/// Requests for authorization that a browser names: worlds share a host, and so cookies of this name.
pub(crate) fn requests(cookies: &Cookies) -> Vec<String> {
    cookies.bare(REQUEST).map(str::to_owned).collect()
}

/// Sign-ins under way that a browser names.
pub(crate) fn entries(cookies: &Cookies) -> Vec<String> {
    cookies.bare(ENTRY).map(str::to_owned).collect()
}
