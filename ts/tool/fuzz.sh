#!/usr/bin/env bash
# fuzz.sh [TARGET…]: runs each fuzz target for FUZZ_SECONDS (60) from its seeds and from what earlier runs found.
# A run of all of them writes docs/fuzzing.md. An input that fails is kept in build/fuzz/found.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SECONDS_EACH=${FUZZ_SECONDS:-60}
WORK=build/fuzz
DOCUMENT=docs/fuzzing.md
PATH=$TOOLS/bin:$PATH

main() {
  local targets=("$@") target rows=''
  ((${#targets[@]})) || mapfile -t targets < <(all_targets)
  step "Build the fuzz targets" cargo_fuzz build
  mkdir -p $WORK/found
  for target in "${targets[@]}"; do
    fuzz "$target"
    rows+="| $(row "$target") |"$'\n'
  done
  say '' '| target | executions | edges | features | inputs kept |'
  printf '%s' "$rows"
  (($#)) || document "$rows" >$DOCUMENT
}

all_targets() { sed -n 's/^path = "targets\/\(.*\)\.rs"/\1/p' fuzz/Cargo.toml; }

# Coverage of edges needs no sanitizer, and neither does code without `unsafe`. The flags are those of a nightly compiler.
cargo_fuzz() {
  RUSTC_BOOTSTRAP=1 cargo fuzz "$1" --fuzz-dir fuzz --target-dir $WORK --sanitizer none "${@:2}"
}

fuzz() {
  mkdir -p "$WORK/corpus/$1"
  step "Fuzz $1, $SECONDS_EACH s" cargo_fuzz run "$1" "$WORK/corpus/$1" "fuzz/seeds/$1" -- \
    -max_total_time="$SECONDS_EACH" -timeout=30 -max_len=4096 -len_control=0 -artifact_prefix="$WORK/found/$1-" -print_final_stats=1
  cp "build/log/Fuzz-$1-$SECONDS_EACH-s.log" "$WORK/$1.log"
}

# What libFuzzer said at the end, as cells of a table.
row() {
  awk -v target="$1" '
    $2 == "DONE" { edges = $4; features = $6; split($8, corpus, "/"); kept = corpus[1] }
    /number_of_executed_units/ { executions = $2 }
    END { printf "%s | %s | %s | %s | %s", target, executions, edges, features, kept }' "$WORK/$1.log"
}

document() {
  local target
  cat <<END
# Fuzzing

\`make fuzz\` wrote this on $(date -u +%F), at commit $(git rev-parse --short HEAD), after $SECONDS_EACH s for each target on $(nproc) processors. A run goes on
from what earlier ones on the same machine found. Edges and features are libFuzzer's measures of what was reached, the
target's own code included.

| target | executions | edges | features | inputs kept |
|---|--:|--:|--:|--:|
$1
What each holds the core to (\`fuzz/targets/\`):

END
  for target in $(all_targets); do
    printf -- '- **%s**: %s\n' "$target" "$(sed -n 's/^\/\/! \?//p' "fuzz/targets/$target.rs" | tr '\n' ' ' | sed 's/ *$//')"
  done
}

main "$@"
