use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `gender`: `M` or `F`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Gender {
    /// A man or a boy.
    M,
    /// A woman or a girl.
    F,
}
