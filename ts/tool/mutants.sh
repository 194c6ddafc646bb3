#!/usr/bin/env bash
# mutants.sh [FILE…]: changes the core in small ways, one at a time, and tells which changes no test notices. Without files
# all of src/. It works on a copy of the tree in build/mutants and writes what cargo-mutants recorded there into
# docs/mutants.md, which keeps what it says of other files.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ROOT=$PWD/build/mutants
PATH=$TOOLS/bin:$PATH
# What is built is the same each time but for one function. Few cases: what is wrong fails many of them.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$ROOT/target PROPTEST_CASES=32

main() {
  local files=("$@") file
  ((${#files[@]})) || mapfile -t files < <(git ls-files src | grep '\.rs$')
  copy_tree
  for file in "${files[@]}"; do
    mutate "$file"
  done
  node --import tsx ts/tool/mutants-table.ts "$ROOT/outcomes"
  say "docs/mutants.md has the table."
}

copy_tree() {
  rm -rf "$ROOT/tree"
  mkdir -p "$ROOT/tree" "$ROOT/outcomes"
  git ls-files -z | xargs -0 cp --parents --preserve=timestamps -t "$ROOT/tree"
  ln -s "$PWD/node_modules" "$ROOT/tree/node_modules"
  touch "$ROOT/tree/src/lib.rs" # what an interrupted run built is of a changed tree
}

# The tests nearest to a file, without the longest of them, notice most changes; what they let pass is put before all tests.
mutate() {
  local file=$1 out=$ROOT/outcomes/${1//\//.} near timeout=10
  rm -rf "$out"
  mkdir -p "$out"
  mapfile -t near < <(nearest_tests "$file")
  ((${#near[@]} == 0)) || timeout=30
  run "$file" "$out" "$timeout" -C=--lib "${near[@]/#/-C=--test=}" -- -- --skip time_grows
  [[ -e $out/mutants.out ]] || return 0
  # A change that never ends has been noticed.
  cat "$out/mutants.out/timeout.txt" >>"$out/mutants.out/caught.txt"
  [[ ! -s $out/mutants.out/missed.txt ]] || run "$file" "$out" 300 --baseline skip --iterate -C=--tests
}

run() {
  local file=$1 out=$2 timeout=$3
  say "$file, ${*:4}"
  # A changed loop may never end, and take memory on its way. It fails when a change was missed, which is what the table is for.
  (ulimit -v 6000000 && cd "$ROOT/tree" && cargo mutants --in-place --no-shuffle --timeout "$timeout" -f "$file" -o "$out" "${@:4}") || (($? == 2 || $? == 3))
}

nearest_tests() {
  local module=${1#src/}
  module=${module%.rs}
  case $module in
    decide | engine) printf '%s\n' matrix password_mail providers ;;
    message) printf '%s\n' matrix password_mail config_errors ;;
    text) printf '%s\n' matrix envelope providers ;;
    values) printf '%s\n' matrix ;;
    event) printf '%s\n' matrix recipient_locale ;;
    locale) printf '%s\n' recipient_locale ;;
    recipient) printf '%s\n' recipient_locale password_mail ;;
    filter | envelope) printf '%s\n' "$module" ;;
    trace) printf '%s\n' envelope ;;
    config) printf '%s\n' config_errors recipient_locale ;;
    problems | schema) printf '%s\n' config_errors ;;
    password/*) printf '%s\n' passwords ;;
    provider/*) printf '%s\n' providers ;;
    signature) printf '%s\n' receive ;;
    template/*) printf '%s\n' mustache_spec password_mail ;;
  esac
}

main "$@"
