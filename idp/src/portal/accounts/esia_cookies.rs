//! Cookies that the real ЕСИА login page sets, under the same names (ESIA §6.4).

use web::{Cookies, SetCookie, WorldUrl};

/// Life of the cookies of an authorization request, seconds.
const MAX_AGE_S: u32 = 10_800;

/// Cookie with the identifier of the browser's authorization request.
const REQUEST: &str = "ESIA_SESSION";
/// Cookie with the identifier of an unfinished sign-in, between password and second factor.
const ENTRY: &str = "JSESSIONID";

/// Returns the cookies that name an authorization request.
pub(crate) fn of_request(world_url: &WorldUrl, request: &str) -> [SetCookie; 2] {
    [REQUEST, "bs"].map(|name| SetCookie::bare(name, request, world_url, "", Some(MAX_AGE_S)))
}

/// Returns the cookie that names an unfinished sign-in.
pub(crate) fn of_entry(world_url: &WorldUrl, entry: &str) -> SetCookie {
    SetCookie::bare(ENTRY, entry, world_url, "/aas/oauth2", None)
}

/// Returns the cookies of a person who has signed in, and removes that of the unfinished sign-in.
pub(crate) fn of_person(world_url: &WorldUrl, oid: &str) -> [SetCookie; 3] {
    let [u, oid] = ["u", "oid"].map(|name| SetCookie::bare(name, oid, world_url, "", None));
    [u, oid, SetCookie::bare(ENTRY, "", world_url, "/aas/oauth2", Some(0))]
}

/// Returns headers that remove the cookies of the person who was signed in.
pub(crate) fn forget_person(world_url: &WorldUrl) -> [SetCookie; 2] {
    ["u", "oid"].map(|name| SetCookie::bare(name, "", world_url, "", Some(0)))
}

/// Returns the authorization requests that the browser's cookies name. There may be several: worlds share a host, and
/// so the cookie's name.
pub(crate) fn requests(cookies: &Cookies) -> Vec<String> {
    cookies.bare(REQUEST).map(str::to_owned).collect()
}

/// Returns the unfinished sign-ins that the browser's cookies name.
pub(crate) fn entries(cookies: &Cookies) -> Vec<String> {
    cookies.bare(ENTRY).map(str::to_owned).collect()
}
