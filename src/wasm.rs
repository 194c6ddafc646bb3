//! The boundary to JavaScript: the only file that knows wasm-bindgen.

use wasm_bindgen::prelude::*;

#[cfg(all(feature = "npm", not(feature = "hook")))]
pub use values::{Engine, classify};

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

    /// `{"event", "config", "builtin"}` to the lines of a `Decision`.
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

/// The npm package's boundary: JavaScript values in and out, and a webhook's bytes.
#[cfg(all(feature = "npm", not(feature = "hook")))]
mod values {
    use super::*;
    use crate::arena::Arena;
    use crate::json::{Json, Tree};
    use crate::{engine, provider};
    use serde_wasm_bindgen::{Deserializer, Error};

    /// A configuration that is read and checked once.
    #[wasm_bindgen]
    pub struct Engine(engine::Engine);

    #[wasm_bindgen]
    impl Engine {
        /// From a configuration, whose functions must have been taken out, and the built-in texts.
        ///
        /// # Errors
        /// A `TypeError` for a value that JSON does not know, or one that nests too deep.
        #[wasm_bindgen(constructor)]
        pub fn new(config: JsValue, builtin: JsValue) -> Result<Engine, JsError> {
            Ok(Engine(engine::Engine::new(|arena| Ok::<_, Error>([read(config, arena)?, read(builtin, arena)?]))?))
        }

        /// All that is wrong in the configuration.
        pub fn problems(&self) -> Vec<String> {
            self.0.problems().to_vec()
        }

        /// An event to the lines of a `Decision`. What JSON does not know is no event.
        pub fn decide(&self, event: JsValue) -> String {
            self.0.decide(|arena| read(event, arena).ok())
        }

        /// A webhook's body and its signature to the lines of a `Received`.
        pub fn receive(&self, body: &[u8], signature: &str) -> String {
            self.0.receive(body, signature)
        }
    }

    /// A `Reply` to a `Verdict`.
    ///
    /// # Errors
    /// A `TypeError` for a value that JSON does not know.
    #[wasm_bindgen]
    pub fn classify(reply: JsValue) -> Result<JsValue, JsError> {
        let arena = Arena::default();
        let verdict = provider::classify(&read(reply, &arena)?, &arena);
        js_sys::JSON::parse(&verdict).map_err(|_| JsError::new("the core wrote no JSON"))
    }

    fn read(value: JsValue, arena: &Arena) -> Result<Json<'_>, Error> {
        Tree::read(Deserializer::from(value), arena)
    }
}
