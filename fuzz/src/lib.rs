//! What the fuzz targets share: events and configurations to start from, changes to them, and what must hold of every
//! decision.

#[path = "../../tests/rust/support.rs"]
pub mod support;

mod change;
mod decision;
mod markup;

pub use change::{Change, apply};
pub use decision::{check_decision, decide, engine, preview};
pub use markup::{outline, stands_escaped};

use authgear_invite::arena::Arena;
use authgear_invite::json::Json;

/// Reads a text that the arena keeps.
pub fn read<'a>(text: &str, arena: &'a Arena) -> Option<Json<'a>> {
    Json::parse(arena.text(text.to_owned()), arena)
}
