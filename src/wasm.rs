//! The boundary to JavaScript: the only file that knows wasm-bindgen.

use wasm_bindgen::prelude::*;

/// The paste-in file's boundary: JSON text in and out, since every import costs glue that is transpiled on each run.
#[cfg(feature = "hook")]
#[expect(unsafe_code, reason = "the allocator's promise")]
mod text {
    use super::*;

    // One decision in a process that ends: nothing needs to be freed.
    #[global_allocator]
    static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::LeakingAllocator> =
        // SAFETY: this wasm is built without threads.
        unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::LeakingAllocator::new()) };

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
