//! Console page of the provider's keys: keys, planned changes, and a button for each possible change.

use askama::Template;
use axum::{Router, response::Response, routing::get};
use serde::Deserialize;
use web::{Form, Frame, InWorld, Page, Problem, ReaderLanguage, filled, see_other};
use worlds::moscow::date_time;

use super::keys::{KeyOrder, KeyView, Order, change_in, keys_of};
use crate::{clients::TokenAlgorithm, signing::KeyUse, state::Gosuslugi};

const PAGE: &str = "/control/console/keys";

/// Returns the console pages of the keys.
pub(crate) fn keys_pages() -> Router {
    Router::new().route(PAGE, get(page).post(change))
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    frame: Frame,
    reads: ReaderLanguage,
    keys: Vec<KeyView>,
}

impl KeysPage {
    fn algorithm(&self, key: &KeyView) -> &'static str {
        match key.algorithm {
            TokenAlgorithm::Rs256 => "RS256",
            TokenAlgorithm::Gost => self.reads.t("ГОСТ Р 34.10-2012", "GOST R 34.10-2012"),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn planned(&self, what: &KeyUse) -> &'static str {
        match what {
            KeyUse::Publish => self.reads.t("будет опубликован", "to be published"),
            KeyUse::Use => self.reads.t("начнёт подписывать", "to sign tokens"),
            KeyUse::Withdraw => self.reads.t("будет отозван из публикации", "to be withdrawn"),
        }
    }
}

async fn page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
) -> Result<Page<KeysPage>, Problem> {
    Ok(Page(KeysPage { frame, reads, keys: keys_of(&world).await? }))
}

/// Form that changes the keys; empty fields count as left out.
#[derive(Debug, Deserialize)]
struct KeyForm {
    #[serde(rename = "do")]
    order: Order,
    key: Option<u64>,
    algorithm: Option<TokenAlgorithm>,
    after: Option<String>,
    overlap: Option<String>,
}

async fn change(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Form(KeyForm { order, key, algorithm, after, overlap }): Form<KeyForm>,
) -> Result<Response, Problem> {
    let order = KeyOrder { order, key, algorithm, at: None, after: filled(after), overlap: filled(overlap) };
    change_in(&world, order).await?;
    Ok(see_other(&world_url, PAGE))
}
