//! The boundary to JavaScript: the only file that knows wasm-bindgen.

use wasm_bindgen::prelude::*;

#[cfg(all(feature = "npm", not(feature = "hook")))]
pub use values::decide;

/// The paste-in file's boundary: JSON text in and out, since every import costs glue that is transpiled on each run.
#[cfg(feature = "hook")]
#[expect(unsafe_code, reason = "the allocator's promise")]
mod text {
    use super::*;
    use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};

    // One decision in a process that ends: nothing needs to be freed.
    // SAFETY: this wasm is built without threads.
    #[global_allocator]
    static ALLOCATOR: AssumeSingleThreaded<LeakingAllocator> =
        unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };

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

/// The npm package's boundary: JavaScript values in and out.
#[cfg(all(feature = "npm", not(feature = "hook")))]
mod values {
    use super::*;
    use crate::arena::Arena;
    use crate::decide;
    use crate::json::{Json, Tree};
    use serde::de::DeserializeSeed;
    use serde_wasm_bindgen::Deserializer;

    /// An event, a configuration and the built-in texts to a `Decision`. Functions must have been taken out.
    ///
    /// # Errors
    /// A `TypeError` for a value that JSON does not know.
    #[wasm_bindgen]
    pub fn decide(event: JsValue, config: JsValue, builtin: JsValue) -> Result<JsValue, JsError> {
        let arena = Arena::default();
        let [event, config, builtin] = [read(event, &arena)?, read(config, &arena)?, read(builtin, &arena)?];
        let decision = decide::decide(&event, &config, &builtin, &arena);
        js_sys::JSON::parse(&decision).map_err(|_| JsError::new("the decision is no JSON"))
    }

    fn read<'a>(value: JsValue, arena: &'a Arena) -> Result<Json<'a>, serde_wasm_bindgen::Error> {
        Tree(arena).deserialize(Deserializer::from(value))
    }
}
