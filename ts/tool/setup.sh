#!/usr/bin/env bash
# Sets up what is lacking for one purpose: setup.sh [--for demo|build|test|lint|fuzz|mutants|coverage].
# Writes to this clone and the cache folder; apt and rustup are announced before they are asked.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
  local purpose=test
  case "${1:-} ${2:-}" in
    ' ') ;;
    '--for demo' | '--for build' | '--for test' | '--for lint' | '--for fuzz' | '--for mutants' | '--for coverage') purpose=$2 ;;
    *) die "usage: ts/tool/setup.sh [--for demo|build|test|lint|fuzz|mutants|coverage]" ;;
  esac
  need_commands
  npm_packages "$purpose"
  case $purpose in
    build) wasm_build ;;
    test)
      wasm_build
      need_cargo
      wasm_tests
      ;;
    lint)
      need_cargo
      cargo_lints
      ;;
    fuzz)
      cargo_tool cargo-fuzz "$CARGO_FUZZ_VERSION" cargo-fuzz
      has c++ || apt_install g++
      ;;
    mutants) cargo_tool cargo-mutants "$CARGO_MUTANTS_VERSION" cargo-mutants mutants ;;
    coverage)
      cargo_tool cargo-llvm-cov "$CARGO_LLVM_COV_VERSION" cargo-llvm-cov llvm-cov
      llvm_tools
      ;;
  esac
}

need_commands() {
  has git || die "git is lacking" "Debian: apt install git; macOS: xcode-select --install"
  has make || die "make is lacking" "Debian: apt install make; macOS: xcode-select --install"
  has node || die "Node.js is lacking; version $NODE_MAJOR or later is needed" "https://nodejs.org/en/download"
  has npm || die "npm is lacking; it comes with Node.js" "https://nodejs.org/en/download"
  local version
  version=$(node --version)
  version=${version#v}
  ((${version%%.*} >= NODE_MAJOR)) || die "Node.js is $version; version $NODE_MAJOR or later is needed" "https://nodejs.org/en/download"
}

need_cargo() {
  has cargo || die "cargo is lacking" "https://rustup.rs installs it, and so does apt install cargo-web on Debian"
}

# --- npm -------------------------------------------------------------------------------------------------------

# The demo and the build need `dependencies` alone; `devDependencies`, a gigabyte, are for tests and lints.
# `npm ci` would ask the lock file for the binaries of every platform, and npm writes only its own platform's there.
npm_packages() {
  local stamp=node_modules/.all omit=()
  if [[ $1 == demo || $1 == build ]] && [[ ! -e $stamp ]]; then
    stamp=node_modules/.few omit=(--omit=dev)
  fi
  # Not older: git may write the lock file in the same second.
  if [[ ! -e $stamp || $stamp -ot package-lock.json ]]; then
    step "Install npm packages" npm install --no-save --include=optional "${omit[@]:---include=dev}"
    rm -rf build/bin
    touch "$stamp"
  fi
  deno_link deno-1 "$DENO_1_VERSION"
  deno_link deno-2 "$DENO_2_VERSION"
}

# npm's deno is linked to its binary by an install script, which npm may refuse to run; build/bin needs none.
deno_link() {
  local link=build/bin/$1 binary
  [[ ! -x $link ]] || return 0
  mkdir -p build/bin
  for binary in node_modules/"$1"/node_modules/@deno/*/deno node_modules/@deno/*/deno; do
    if [[ -f $binary && $(deno_version "$binary") == "$2" ]]; then
      ln -sf "../../$binary" "$link"
      return
    fi
  done
  die "npm installed no Deno $2 for this machine" "delete node_modules and try again; packages that are optional must not be left out"
}

deno_version() {
  chmod +x "$1"
  "$1" --version 2>/dev/null | sed -n '1s/^deno \([^ ]*\).*/\1/p'
}

# --- Rust for wasm ---------------------------------------------------------------------------------------------

wasm_build() {
  wasm_target
  cargo_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" wasm-bindgen
}

wasm_target() {
  case $(wasm_toolchain) in
    own) own_is_ready || rustup_target || debian_target ;;
    debian) debian_is_ready || debian_target ;;
  esac
}

rustup_target() {
  if ! has rustup; then
    [[ ${WASM_TOOLCHAIN:-} != own ]] || die "rustc has no standard library for $TARGET" "with rustup: rustup target add $TARGET"
    return 1
  fi
  say "rustup target add $TARGET"
  if ! rustup target add "$TARGET"; then
    [[ ${WASM_TOOLCHAIN:-} != own ]] || die "rustup could not add $TARGET"
    say "rustup could not add $TARGET; Debian's packages are tried instead."
    return 1
  fi
  say "rustup component add rust-src"
  rustup component add rust-src || say "Without rust-src the wasm is built on the prebuilt std, and is larger."
}

# shellcheck disable=SC2046  # a list of words
debian_target() {
  has apt-get || die "there is no way to Rust for $TARGET here" "rustup has it: https://rustup.rs, then rustup target add $TARGET"
  apt_install $(debian_packages)
  [[ $(/usr/bin/rustc --version) == "rustc $RUST_RECORDED "* ]] ||
    say "Debian's rustc is not the recorded $RUST_RECORDED: sizes differ, and pkg/ cannot be compared byte for byte."
}

# --no-remove: rustc-web would replace an installed rustc, which is not ours to take away.
apt_install() {
  local sudo='' package lacking=()
  for package in "$@"; do
    installed_packages "$package" || lacking+=("$package")
  done
  if ((EUID != 0)); then
    has sudo || die "these Debian packages are lacking: ${lacking[*]}" "as root: apt-get install ${lacking[*]}"
    sudo=sudo
  fi
  say "These Debian packages are lacking and will be installed: ${lacking[*]}"
  [[ -z $sudo ]] || sudo -v
  step "Read the package lists" $sudo apt-get update
  step "Install Debian packages" $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-remove "${lacking[@]}"
}

# --- Tools that cargo builds ------------------------------------------------------------------------------------

cargo_tool() {
  local crate=$1 version=$2 command=("$TOOLS/bin/$3" "${@:4}")
  [[ $("${command[@]}" --version 2>/dev/null || true) != "$3 $version" ]] || return 0
  need_cargo
  step "Build $crate $version, one to two minutes" cargo_install "$crate" "$version"
}

# The versions that a tool's lock file names may have been withdrawn; then the newest that fit are taken.
cargo_install() {
  local install=(env CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off cargo install --root "$TOOLS" "$1" --version "=$2")
  "${install[@]}" --locked || "${install[@]}"
}

# --- What the tests in wasm need -------------------------------------------------------------------------------

wasm_tests() {
  cargo_tool wasm-pack "$WASM_PACK_VERSION" wasm-pack
  [[ $(wasm_toolchain) != debian || -d $(sysroot) ]] || step "Build std for $TARGET, about a minute" build_sysroot
  browser
}

build_sysroot() {
  local work host
  work=$(mktemp -d "$CACHE/sysroot.XXXXXX")
  mkdir -p "$work/crate/src" "$work/sysroot/bin" "$work/sysroot/lib/rustlib/$TARGET/lib"
  printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n' >"$work/crate/Cargo.toml"
  echo '#![no_std]' >"$work/crate/src/lib.rs"
  # These rlibs are what a distribution would ship: a plain release build that ends on panic.
  env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_PROFILE_RELEASE_PANIC=abort \
    /usr/bin/cargo build --release --target "$TARGET" -Zbuild-std=std,panic_abort,test \
    --manifest-path "$work/crate/Cargo.toml" --target-dir "$work/target"
  rm "$work/target/$TARGET/release/deps/"libempty-*
  cp "$work/target/$TARGET/release/deps/"*.rlib "$work/sysroot/lib/rustlib/$TARGET/lib/"
  for host in /usr/lib/rustlib/*; do
    ln -s "$host" "$work/sysroot/lib/rustlib/"
  done
  ln -s /usr/bin/cargo "$work/sysroot/bin/cargo"
  wrap rustc "$work/sysroot/bin"
  wrap rustdoc "$work/sysroot/bin"
  mv -T "$work/sysroot" "$(sysroot)" || [[ -d $(sysroot) ]] # another clone may have been quicker
  rm -rf "$work"
}

wrap() {
  printf '#!/bin/sh\nexec /usr/bin/%s --sysroot %q "$@"\n' "$1" "$(sysroot)" >"$2/$1"
  chmod +x "$2/$1"
}

# Browser tests are left out where there is no browser, but not in CI.
browser() {
  [[ -z $(chromedriver_path) ]] || return 0
  if has apt-get && [[ ${CI:-} == true || $(wasm_toolchain) == debian ]]; then
    apt_install chromium chromium-driver
  elif [[ ${CI:-} == true ]]; then
    die "chromedriver is lacking"
  fi
}

# --- Coverage --------------------------------------------------------------------------------------------------

# They must be of the LLVM that the compiler has, or of a later one.
llvm_tools() {
  [[ ! -x $(llvm_tool cov) ]] || return 0
  if has apt-get; then
    apt_install "llvm-$LLD_VERSION"
  elif has rustup; then
    say "rustup component add llvm-tools"
    rustup component add llvm-tools
  else
    die "llvm-cov is lacking" "with rustup: rustup component add llvm-tools"
  fi
}

# --- Lints -----------------------------------------------------------------------------------------------------

cargo_lints() {
  if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then
    return
  elif has rustup; then
    say "rustup component add rustfmt clippy"
    rustup component add rustfmt clippy
  elif has apt-get; then
    apt_install rustfmt-web rust-web-clippy
  else
    die "cargo fmt or cargo clippy is lacking"
  fi
}

main "$@"
