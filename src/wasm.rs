//! The boundary to JavaScript: the only file that knows wasm-bindgen.

use wasm_bindgen::prelude::*;

/// The paste-in file's boundary: JSON text in and out, since every import costs glue that is transpiled on each run.
#[cfg(feature = "hook")]
mod text {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

    /// `{"event", "config", "builtin"}` to a `Decision`.
    #[wasm_bindgen]
    pub fn decide(input: &str) -> String {
        crate::text::decide(input)
    }

    /// `{"provider", "status", "errorType", "body"}` to a `Verdict`.
    #[wasm_bindgen]
    pub fn classify(input: &str) -> String {
        crate::text::classify(input)
    }
}
