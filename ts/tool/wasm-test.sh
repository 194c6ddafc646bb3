#!/usr/bin/env bash
# Runs the Rust tests that are marked for wasm: wasm-test.sh node|chrome [arguments of cargo test].

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
  local host=${1:-}
  [[ $host == node || $host == chrome ]] || die "usage: ts/tool/wasm-test.sh node|chrome [arguments of cargo test]"
  shift
  cargo_arguments=(--locked "$@")
  use_toolchain
  if [[ $host == node ]]; then
    wasm_pack_test --node
  elif [[ -n $(chromedriver_path) ]]; then
    wasm_pack_test --headless --chrome --chromedriver "$(chromedriver_path)"
  else
    say "No chromedriver on PATH: the tests in a browser are left out."
  fi
}

use_toolchain() {
  export PATH=$TOOLS/bin:$PATH CARGO_TARGET_DIR=build/target-wasm-test CARGO_PROFILE_DEV_DEBUG=0
  export WASM_BINDGEN_TEST_WEBDRIVER_JSON=$PWD/ts/tool/webdriver.json
  if [[ $(wasm_toolchain) == debian ]]; then
    PATH=$(sysroot)/bin:$PATH
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(linker)
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
    unset RUSTC
  fi
}

wasm_pack_test() { wasm-pack test "$@" --mode no-install . "${cargo_arguments[@]}"; }

main "$@"
