//! Every URL of the diary.

use axum::{
    Extension, Router,
    routing::{get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{access, app::App, console, control, feedback, outbox, pupil, school, signin, teacher};

/// Pages.
pub(crate) fn pages(app: App) -> Router {
    Router::new()
        .route("/", get(console::start))
        .route("/login", get(signin::sign_in).post(signin::with_password))
        .route("/login/show", post(signin::show))
        .route("/login/forgotten", get(signin::forgotten).post(signin::forgot))
        .route("/login/recovery/{secret}", get(signin::new_password).post(signin::make_anew))
        .route("/login/gosuslugi", get(signin::to_gosuslugi))
        .route("/callback", get(signin::callback))
        .route("/refusal", get(signin::refused))
        .route("/logout", post(signin::logout))
        .route("/logout/backchannel", post(signin::backchannel))
        .route("/feedback", get(feedback::form).post(feedback::leave))
        .route("/desk", get(pupil::desk))
        .route("/diary", get(pupil::home))
        .route("/diary/{pupil}", get(pupil::diary))
        .route("/school", get(school::pages::list))
        .route("/school/pupils/{pupil}", get(school::pages::card).post(school::pages::correct))
        .route("/school/pupils/{pupil}/parents", post(school::pages::add_parent))
        .route("/school/pupils/{pupil}/parents/{parent}", post(school::pages::correct_parent))
        .route("/school/pupils/{pupil}/parents/{parent}/remove", post(school::pages::remove_parent))
        .route("/school/lessons", get(teacher::pages::week))
        .route("/school/lessons/{class}/{subject}/{date}", get(teacher::pages::lesson).post(teacher::pages::record))
        .route("/school/applications", get(access::queue::list))
        .route("/school/applications/{id}", get(access::queue::one))
        .route("/school/applications/{id}/accept", post(access::queue::accept))
        .route("/school/applications/{id}/decline", post(access::queue::decline))
        .route("/access", get(access::pages::list))
        .route("/access/application", get(access::pages::form).post(access::pages::apply))
        .route("/access/applications/{id}", get(access::pages::application))
        .layer(Extension(app.clone()))
        .with_state(app)
}

/// JSON endpoints, each described.
pub(crate) fn api(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(control::people))
        .routes(routes!(control::session))
        .routes(routes!(outbox::outbox))
        .routes(routes!(signin::api::login))
        .routes(routes!(signin::recovery::forgot_json))
        .routes(routes!(signin::recovery::make_anew_json))
        .routes(routes!(signin::api::logout))
        .routes(routes!(signin::api::refusal))
        .routes(routes!(pupil::api::me))
        .routes(routes!(pupil::api::diary))
        .routes(routes!(feedback::leave_json))
        .routes(routes!(school::api::list))
        .routes(routes!(school::api::card, school::api::correct))
        .routes(routes!(school::api::add_parent))
        .routes(routes!(school::api::correct_parent, school::api::remove_parent))
        .routes(routes!(teacher::api::week))
        .routes(routes!(teacher::api::lesson, teacher::api::record))
        .routes(routes!(access::api::list, access::api::apply))
        .routes(routes!(access::api::one))
        .routes(routes!(access::queue_api::list))
        .routes(routes!(access::queue_api::one))
        .routes(routes!(access::queue_api::accept))
        .routes(routes!(access::queue_api::decline))
        .layer(Extension(app))
}
