#!/usr/bin/env bash
# Which lines of the core its native tests reach: coverage.sh test [arguments of cargo test], as often as there are builds to
# test, then coverage.sh report.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LLVM_COV=$(llvm_tool cov) LLVM_PROFDATA=$(llvm_tool profdata)
export LLVM_COV LLVM_PROFDATA CARGO_LLVM_COV_TARGET_DIR=build/coverage
# The tests are the same without debug information, and with optimisation they are done sooner.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1
PATH=$TOOLS/bin:$PATH

case ${1:-} in
  test) cargo llvm-cov test --locked --no-report "${@:2}" ;;
  report)
    cargo llvm-cov report --summary-only --ignore-filename-regex '/tests(/|\.rs$)' 2>/dev/null |
      awk 'BEGIN { print "file                            lines   missed   reached" }
           $1 == "TOTAL" || $1 ~ /\.rs$/ { printf "%-28s %8s %8s %9s\n", $1, $8, $9, $10 }'
    cargo llvm-cov clean --profraw-only
    ;;
  *) die "usage: ts/tool/coverage.sh test [arguments of cargo test] | report" ;;
esac
