use std::sync::Arc;
pub mod idp {
    use super::*;
    pub struct Options {
        pub main: worlds::SeedDocument,
        pub diary: Option<url::Url>,
    }
    pub async fn server(
        _: web::Settings,
        _: Arc<dyn worlds::store::Store>,
        _: Arc<dyn worlds::WallClock>,
        _: Options,
    ) -> Result<axum::Router, String> {
        Ok(axum::Router::new())
    }
}
pub mod diary {
    use super::*;
    pub struct Options {
        pub seed: worlds::SeedDocument,
        pub provider: Option<url::Url>,
    }
    pub async fn server(
        _: web::Settings,
        _: Arc<dyn worlds::store::Store>,
        _: Arc<dyn worlds::WallClock>,
        _: Options,
    ) -> Result<axum::Router, String> {
        Ok(axum::Router::new())
    }
}
