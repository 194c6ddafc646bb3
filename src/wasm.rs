//! The boundary to JavaScript: the only file that knows wasm-bindgen.

#[cfg(all(feature = "npm", not(feature = "hook")))]
pub use values::{Engine, Passwords, classify, render, sha256, violations};

/// The paste-in file's boundary, without glue, since that is compiled on each run: texts in UTF-8 at places in memory.
#[cfg(any(feature = "hook", feature = "inflate"))]
#[expect(unsafe_code, reason = "the allocator's promise, and the caller's about places in memory")]
mod plain {
    use core::slice;
    use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};
    use std::alloc::{Layout, alloc};

    // One piece of work in a process that ends: nothing needs to be freed.
    // SAFETY: this wasm is built without threads.
    #[global_allocator]
    static ALLOCATOR: AssumeSingleThreaded<LeakingAllocator> =
        unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };

    /// A place for so many bytes.
    ///
    /// # Safety
    /// They must be more than none.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn reserve(length: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { alloc(Layout::from_size_align_unchecked(length, 1)) }
    }

    /// `{"event", "config", "builtin"}` to the lines of a `Decision`.
    ///
    /// # Safety
    /// A text must stand there.
    #[cfg(feature = "hook")]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn decide(text: *const u8, length: usize) -> u64 {
        // SAFETY: the caller's promise.
        answer(crate::text::decide(unsafe { read(text, length) }))
    }

    /// `{"provider", "status", "errorType", "body"}` to a `Verdict`.
    ///
    /// # Safety
    /// A text must stand there.
    #[cfg(feature = "hook")]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn classify(text: *const u8, length: usize) -> u64 {
        // SAFETY: the caller's promise.
        answer(crate::text::classify(unsafe { read(text, length) }))
    }

    #[cfg(feature = "hook")]
    unsafe fn read<'t>(text: *const u8, length: usize) -> &'t str {
        // SAFETY: the caller's promise.
        unsafe { str::from_utf8_unchecked(slice::from_raw_parts(text, length)) }
    }

    /// Where a text stands, in the upper half, and its length.
    #[cfg(feature = "hook")]
    fn answer(text: String) -> u64 {
        let text = text.leak();
        (text.as_ptr() as u64) << 32 | text.len() as u64
    }

    /// From base 85 to what is packed in it, and its length; 0 when it is broken, or needs more room than there is.
    ///
    /// # Safety
    /// A text must stand there, and nothing in the room.
    #[cfg(feature = "inflate")]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn unpack(text: *mut u8, length: usize, out: *mut u8, room: usize) -> usize {
        use crate::inflate::{decode_base85, inflate};
        // SAFETY: the caller's promise.
        let (text, out) = unsafe { (slice::from_raw_parts_mut(text, length), slice::from_raw_parts_mut(out, room)) };
        let length = decode_base85(text);
        text.get(..length).and_then(|packed| inflate(packed, out)).unwrap_or(0)
    }
}

/// The npm package's boundary: JavaScript values in and out, and a webhook's bytes.
#[cfg(all(feature = "npm", not(feature = "hook")))]
mod values {
    use crate::arena::Arena;
    use crate::json::{Json, Tree};
    use crate::password::{Generator, Options, Policy};
    use crate::{engine, provider, render, signature};
    use js_sys::JsString;
    use serde_wasm_bindgen::{Deserializer, Error};
    use wasm_bindgen::prelude::*;
    use zeroize::Zeroizing;

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

        /// An event made by hand, and the password of its user, to the lines of a `Decision`.
        #[wasm_bindgen(js_name = decidePassword)]
        pub fn decide_password(&self, event: JsValue, password: JsString) -> String {
            let password = Zeroizing::new(String::from(password));
            self.0.decide_password(|arena| read(event, arena).ok(), &password)
        }

        /// An event to a `Preview`, as JSON text; a locale stands in for the user's own.
        pub fn preview(&self, event: JsValue, locale: Option<String>) -> String {
            self.0.preview(|arena| read(event, arena).ok(), locale.as_deref())
        }

        /// Why an event leads to that: a `Trace`, as JSON text.
        pub fn trace(&self, event: JsValue, locale: Option<String>) -> String {
            self.0.trace(|arena| read(event, arena).ok(), locale.as_deref())
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

    /// `{"template", "values", "options"}` to a `Rendered`, as JSON text.
    ///
    /// # Errors
    /// A `TypeError` for a value that JSON does not know, or one that nests too deep.
    #[wasm_bindgen]
    pub fn render(input: JsValue) -> Result<String, JsError> {
        let arena = Arena::default();
        Ok(render::render(&read(input, &arena)?, &arena))
    }

    /// SHA-256 in hexadecimal, for those who cannot wait for the host's.
    #[wasm_bindgen]
    pub fn sha256(text: &str) -> String {
        signature::sha256(text)
    }

    /// Passwords for one policy. What Rust holds of them is wiped; JavaScript's own copy cannot be.
    #[wasm_bindgen]
    pub struct Passwords(Generator);

    #[wasm_bindgen]
    impl Passwords {
        /// From a policy and options.
        ///
        /// # Errors
        /// A line for each thing that is wrong or cannot be.
        #[wasm_bindgen(constructor)]
        pub fn new(policy: JsValue, options: JsValue) -> Result<Passwords, JsError> {
            let arena = Arena::default();
            let (policy, options) = (read(policy, &arena)?, read(options, &arena)?);
            let policy = Policy::read(&policy).map_err(|problems| told(&problems))?;
            let options = Options::read(&options).map_err(|problems| told(&problems))?;
            Ok(Passwords(Generator::new(&policy, &options).map_err(|problem| told(&[problem]))?))
        }

        /// A password.
        ///
        /// # Errors
        /// The system's generator failed.
        pub fn generate(&self) -> Result<JsValue, JsError> {
            Ok(JsValue::from_str(&self.0.generate()?))
        }

        /// The binary logarithm of the number of passwords that each is drawn from.
        #[wasm_bindgen(getter, js_name = entropyBits)]
        pub fn entropy_bits(&self) -> f64 {
            self.0.entropy_bits
        }
    }

    /// All that a password breaks in a policy, but for how guessable it is.
    ///
    /// # Errors
    /// A line for each thing that is wrong in the policy.
    #[wasm_bindgen]
    pub fn violations(password: JsString, policy: JsValue) -> Result<Vec<String>, JsError> {
        let (arena, password) = (Arena::default(), Zeroizing::new(String::from(password)));
        let policy = read(policy, &arena)?;
        let policy = Policy::read(&policy).map_err(|problems| told(&problems))?;
        Ok(policy.violations(&password).iter().map(|name| (*name).to_owned()).collect())
    }

    fn told(problems: &[String]) -> JsError {
        JsError::new(&problems.join("\n"))
    }

    fn read(value: JsValue, arena: &Arena) -> Result<Json<'_>, Error> {
        Tree::read(Deserializer::from(value), arena)
    }
}
