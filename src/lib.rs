//! authgear-invite: when an admin creates an account in Authgear, its new owner learns how to get in.
//!
//! ```text
//! event ──► decide(event, config)
//!             filter ─► recipient ─► locale ─► message (templates) ─► provider request
//!                      │
//!                      ▼ Decision: Skip, Invalid or Send
//! ```
//! The core is pure: no clock, no network, and no randomness but for passwords. TypeScript delivers what it decides.

pub mod address;
pub mod arena;
pub mod clean;
pub mod config;
pub mod decide;
#[cfg(feature = "npm")]
pub mod engine;
pub mod envelope;
pub mod event;
pub mod filter;
pub mod html;
pub mod inflate;
pub mod json;
pub mod locale;
pub mod message;
#[cfg(feature = "npm")]
pub mod password;
#[cfg(feature = "npm")]
pub mod preview;
pub mod problems;
pub mod provider;
pub mod recipient;
#[cfg(feature = "npm")]
pub mod render;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "npm")]
pub mod signature;
pub mod sms;
pub mod suggest;
pub mod template;
pub mod text;
#[cfg(feature = "npm")]
pub mod trace;
pub mod values;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
