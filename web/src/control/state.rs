use std::sync::Arc;

use crate::AnyWorlds;

/// State of the handlers that concern all worlds.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) worlds: Arc<dyn AnyWorlds>,
}
