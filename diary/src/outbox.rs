//! Letters of the diary, which go nowhere: a tester reads them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{InWorld, Json, Problem, Query};

use crate::state::Diary;

/// A letter of the diary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterView {
    seq: usize,
    at: chrono::DateTime<chrono::Utc>,
    channel: &'static str,
    to: String,
    subject: &'static str,
    text: String,
    link: String,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct To {
    /// Only letters to this address.
    to: Option<String>,
}

/// Letters that the diary has sent, the newest first.
#[utoipa::path(get, path = "/control/outbox", tag = "people", params(To), responses((status = 200, body = [LetterView])))]
pub(crate) async fn outbox(
    InWorld { world, world_url }: InWorld<Diary>,
    Query(To { to }): Query<To>,
) -> Result<Json<Vec<LetterView>>, Problem> {
    let letters = world.read(|diary, _| diary.letters.clone()).await?;
    let wanted = letters.into_iter().enumerate().filter(|(_, letter)| to.as_ref().is_none_or(|to| *to == letter.to));
    let views = wanted.map(|(number, letter)| {
        let link = world_url.url(&format!("/login/recovery/{}", letter.secret));
        let text = format!("Чтобы задать новый пароль для «{}», перейдите по ссылке: {link}", letter.login);
        let (to, subject) = (letter.to, "Новый пароль электронного дневника");
        LetterView { seq: number + 1, at: letter.at, channel: "email", to, subject, text, link }
    });
    let mut views: Vec<_> = views.collect();
    views.reverse();
    Ok(Json(views))
}
