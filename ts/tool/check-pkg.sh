#!/usr/bin/env bash
# Builds pkg/ again, here and in another folder, and compares it with the one that was here. What differs stays, to be looked
# at and committed.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ts/tool/setup.sh --for build
if ! recorded_toolchain; then
  say "pkg/ is not compared: that takes Debian's rustc $RUST_RECORDED (WASM_TOOLCHAIN=debian), here is another."
  exit 0
fi
rm -rf build/pkg-before
mkdir -p build
cp -R pkg build/pkg-before
make rebuild
diff -rq build/pkg-before pkg || die "pkg/ was not what its sources build; it has been rebuilt"

# What CI was given was built in another folder than CI's.
if [[ -n ${CI:-} ]]; then
  say "pkg/ is byte for byte what its sources build here."
  exit 0
fi
elsewhere=$(mktemp -d "$PWD/build/elsewhere.XXXXXX")
trap 'rm -rf "$elsewhere"' EXIT
git ls-files -z | xargs -0 cp -p --parents -t "$elsewhere"
cp -al node_modules "$elsewhere" # a symbolic link would lead the bundler back here
make -C "$elsewhere" rebuild
diff -rq "$elsewhere/pkg" pkg || die "pkg/ is another one when it is built in another folder"
say "pkg/ is byte for byte what its sources build, in two folders."
