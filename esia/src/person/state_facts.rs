//! `stateFacts`: the constant that names the kind of an entity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! state_fact {
    ($name:ident, $wire:literal, $of:literal) => {
        #[doc = concat!("`stateFacts` of ", $of, ".")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            #[doc = concat!("`", $wire, "`.")]
            #[default]
            #[serde(rename = $wire)]
            $name,
        }
    };
}
state_fact!(EntityRoot, "EntityRoot", "a person or a document");
state_fact!(Identifiable, "Identifiable", "a contact, an address, a vehicle or a child's card");
state_fact!(HasSize, "hasSize", "a collection");
