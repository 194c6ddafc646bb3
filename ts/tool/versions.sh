# shellcheck shell=bash disable=SC2034
# Every pinned version. What npm or Cargo installs is checked against these where it is used.

RUST_RECORDED=1.96.0         # Debian's rustc-web; pkg/ is compared byte for byte with what it builds
LLD_VERSION=22               # Debian's lld of the LLVM in that rustc
WASM_BINDGEN_VERSION=0.2.130
WASM_PACK_VERSION=0.15.1
CARGO_FUZZ_VERSION=0.13.2
CARGO_MUTANTS_VERSION=27.1.0
CARGO_LLVM_COV_VERSION=0.9.1
CARGO_DENY_VERSION=0.20.2
WASM_OPT_VERSION=132         # npm: binaryen
DENO_1_VERSION=1.46.3        # npm: deno-1
DENO_2_VERSION=2.9.6         # npm: deno-2
NODE_MAJOR=20                # the least that is supported
