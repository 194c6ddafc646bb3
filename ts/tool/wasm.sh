#!/usr/bin/env bash
# Builds the crate to wasm and its JavaScript glue: wasm.sh hook|inflate|npm <folder>, by the feature's name.
# The same sources and the recorded toolchain give the same bytes in any clone.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[[ $# == 2 && $1 =~ ^(hook|inflate|npm)$ ]] || die "usage: ts/tool/wasm.sh hook|inflate|npm <folder>"
kind=$1 out=$2

# Of what wasm has gained since 2017 only what makes it smaller.
TARGET_FEATURES=+bulk-memory,+multivalue,+sign-ext
WASM_OPT_FEATURES=(--mvp-features --enable-bulk-memory --enable-bulk-memory-opt --enable-multivalue --enable-sign-ext)
# Flattened in between, branches come out shorter.
optimise_for=(-Oz --flatten --rereloop -Oz -Oz)
NO_PATHS=-Zlocation-detail=none
profile=$([[ $kind == npm ]] && echo npm || echo hook)
WASM=build/target-wasm/$TARGET/$profile/authgear_invite.wasm

main() {
  use_toolchain
  mkdir -p build
  [[ $kind != inflate ]] || optimise_for+=(--one-caller-inline-max-function-size=0) # its functions are to stay small
  if [[ $kind == npm ]]; then
    compile_fast
  elif std_can_be_built && return_values_in_pairs; then
    compile_with_std
  else
    compile_on_prebuilt_std
  fi
  bind
  optimise
  refuse_paths
  [[ $kind != hook ]] || pack
  [[ $kind != npm ]] || printf 'export const base64 = "%s";\n' "$(base64 <"$out/authgear_invite_bg.wasm" | tr -d "\n")" >"$out/base64.js"
  say "$out: $(wc -c <"$out/authgear_invite_bg.wasm" | tr -d ' ') bytes of wasm by $("$RUSTC" --version)"
}

use_toolchain() {
  CARGO=cargo RUSTC=rustc
  if [[ $(wasm_toolchain) == debian ]]; then
    CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(linker)
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
  fi
  # BOOTSTRAP: std can be built, and panics can end at once, only behind unstable flags.
  export RUSTC RUSTC_BOOTSTRAP=1 CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=build/target-wasm
}

std_can_be_built() {
  [[ -d $("$RUSTC" --print sysroot)/lib/rustlib/src/rust/library/std ]] &&
    "$CARGO" -Z help 2>/dev/null | grep -q panic-immediate-abort
}

# rustc's own target, but for how functions return a text or an Option: as two values, not through memory. That is
# 6 % of the wasm. LLVM does so only under this ABI. Rust's helpers for 128 bits do not know it, so the core must not call them.
return_values_in_pairs() {
  target=build/$TARGET.json
  "$CARGO" -Z help | grep -q json-target-spec &&
    "$RUSTC" --print target-spec-json -Zunstable-options --target "$TARGET" |
    sed '1s/^{$/{ "llvm-abiname": "experimental-mv",/' >"$target"
}

compile_with_std() {
  # A stack of 64 KiB makes addresses shorter: 1 %.
  rustflags -Ctarget-cpu=mvp -Ctarget-feature="$TARGET_FEATURES" "$NO_PATHS" -Clink-arg=-zstack-size=65536
  compile "-Zbuild-std=std,panic_abort" -Zbuild-std-features=optimize_for_size \
    -Zjson-target-spec -Zpanic-immediate-abort --config 'profile.hook.panic="immediate-abort"'
  # The linker only warns of them, and lets the call trap.
  ! grep -qaF signature_mismatch: "$WASM" || die "the core calls a helper for 128 bits: see return_values_in_pairs"
}

# For processes that live: all that every engine of the last years has, SIMD too.
compile_fast() {
  TARGET_FEATURES=+bulk-memory,+multivalue,+mutable-globals,+nontrapping-fptoint,+sign-ext,+simd128
  WASM_OPT_FEATURES+=(--enable-mutable-globals --enable-nontrapping-float-to-int --enable-simd)
  optimise_for=(-O3)
  rustflags -Ctarget-cpu=mvp -Ctarget-feature="$TARGET_FEATURES" "$NO_PATHS"
  target=$TARGET
  if std_can_be_built; then
    compile "-Zbuild-std=std,panic_abort" -Zpanic-immediate-abort --config 'profile.npm.panic="immediate-abort"'
  else
    compile
  fi
}

# The prebuilt std was made with all that rustc enables, so all the rest must be.
compile_on_prebuilt_std() {
  say "This rustc cannot build std: the prebuilt one is linked, and the wasm is larger than the committed one."
  WASM_OPT_FEATURES+=(--enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types)
  rustflags "$NO_PATHS"
  target=$TARGET
  compile
}

rustflags() {
  local IFS=$'\x1f'
  export CARGO_ENCODED_RUSTFLAGS="$*"
}

# As a cdylib alone: what is to be an rlib as well, cargo does not optimise as a whole.
compile() {
  "$CARGO" rustc --locked --lib --crate-type cdylib --profile "$profile" --target "$target" --no-default-features --features "$kind" "$@"
}

# Only the npm package has glue.
bind() {
  mkdir -p "$out"
  if [[ $kind == npm ]]; then
    "$TOOLS/bin/wasm-bindgen" --target web --omit-default-module-path --remove-name-section --remove-producers-section \
      --out-dir "$out" "$WASM"
  else
    cp "$WASM" "$out/authgear_invite_bg.wasm"
  fi
}

optimise() {
  local wasm=$out/authgear_invite_bg.wasm wasm_opt=node_modules/.bin/wasm-opt
  [[ $("$wasm_opt" --version) == "wasm-opt version $WASM_OPT_VERSION "* ]] ||
    die "node_modules has another wasm-opt than $WASM_OPT_VERSION" "ts/tool/versions.sh and package.json must agree"
  # The low memory is the end of the stack.
  "$wasm_opt" --low-memory-unused "${optimise_for[@]}" "${WASM_OPT_FEATURES[@]}" --strip-debug --strip-producers --strip-target-features -o "$wasm" "$wasm"
}

# The paste-in file holds the core deflated.
pack() {
  CARGO_ENCODED_RUSTFLAGS='' "$CARGO" run --locked --quiet --release --no-default-features --features pack --bin pack \
    <"$out/authgear_invite_bg.wasm" >"$out/core.deflate"
}

# A path of this machine in the wasm would make it differ from everybody else's.
refuse_paths() {
  ! LC_ALL=C grep -qaF -e "$PWD/" -e "${CARGO_HOME:-$HOME/.cargo}/" "$out/authgear_invite_bg.wasm" ||
    die "$out/authgear_invite_bg.wasm names a folder of this machine"
}

main
