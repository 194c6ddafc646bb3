//! The core as wasm in a browser.

#![cfg(target_arch = "wasm32")]

mod common;

use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_case_is_decided_alike() {
    common::every_case_is_decided_alike();
}

#[wasm_bindgen_test]
fn nonsense_is_answered() {
    common::nonsense_is_answered();
}

#[wasm_bindgen_test]
fn previews_and_templates_are_shown() {
    common::previews_and_templates_are_shown();
}
