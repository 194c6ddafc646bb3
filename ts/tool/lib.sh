# shellcheck shell=bash disable=SC2034  # its variables are used by those who source it
# What the scripts beside this one share: the cache folder, messages, the choice of a toolchain.
# Sourcing it leads to the root of the clone.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source-path=SCRIPTDIR source=versions.sh
source ts/tool/versions.sh

CACHE=${AUTHGEAR_INVITE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/authgear-invite}
mkdir -p "$CACHE"
CACHE=$(cd "$CACHE" && pwd)
TOOLS=$CACHE/cargo-tools
TARGET=wasm32-unknown-unknown

bold='' red='' green='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi

say() { printf '%s\n' "$*"; }

die() {
  printf '%sError:%s %s\n' "$red" "$plain" "$1" >&2
  [[ $# -lt 2 ]] || printf '       %s\n' "${@:2}" >&2
  exit 1
}

has() { command -v "$1" >/dev/null; }

# Shows that time passes: one line that counts on a terminal, a line per half minute elsewhere.
count_seconds() {
  local title=$1 seconds=0
  while sleep 1 >/dev/null; do
    seconds=$((seconds + 1))
    if [[ -t 1 ]]; then
      printf '\r  … %s, %d s' "$title" "$seconds"
    elif ((seconds % 30 == 0)); then
      say "  … $title, $seconds s so far"
    fi
  done
}

# step <title> <command…>: runs quietly and shows the end of the log when the command fails.
step() {
  local title=$1 log started=$SECONDS ticker status=0
  shift
  mkdir -p build/log
  log=build/log/$(tr -cs '[:alnum:].\n' - <<<"$title").log
  [[ -t 1 ]] || say "  … $title"
  count_seconds "$title" &
  ticker=$!
  # shellcheck disable=SC2064  # the ticker's id is wanted as it is now
  trap "kill $ticker 2>/dev/null || true" EXIT
  set +e # in a subshell behind `||`, a failing command would not end a function
  (set -e && "$@") >"$log" 2>&1 </dev/null
  status=$?
  set -e
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  trap - EXIT
  [[ ! -t 1 ]] || printf '\r\e[K'
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    die "$title failed; the whole log is $log"
  fi
  say "  ${green}✓${plain} $title ($((SECONDS - started)) s)"
}

debian_packages() { echo rustc-web cargo-web rust-web-src "lld-$LLD_VERSION"; }

installed_packages() {
  local states
  has dpkg-query && states=$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null) && ! grep -qvx installed <<<"$states"
}

# shellcheck disable=SC2046  # a list of words
debian_is_ready() { installed_packages $(debian_packages); }

# Whether the rustc on PATH, rustup's or a distribution's own, has the target.
own_is_ready() { has rustc && [[ -d $(rustc --print target-libdir --target "$TARGET" 2>/dev/null) ]]; }

# The way to Rust for wasm: `debian`, which is the recorded toolchain, or `own`, which is what PATH has.
wasm_toolchain() {
  local way=${WASM_TOOLCHAIN:-}
  case $way in
    debian | own) echo "$way" ;;
    '')
      if [[ ${CI:-} == true ]] || debian_is_ready; then
        echo debian
      elif own_is_ready || has rustup; then
        echo own
      else
        echo debian
      fi
      ;;
    *) die "WASM_TOOLCHAIN is \"$way\"; it can be debian or own" ;;
  esac
}

recorded_toolchain() {
  [[ $(wasm_toolchain) == debian && $(/usr/bin/rustc --version) == "rustc $RUST_RECORDED "* ]]
}

linker() { echo "/usr/lib/llvm-$LLD_VERSION/bin/wasm-ld"; }

# llvm_tool cov|profdata: Debian's of the recorded LLVM, else rustup's. Nothing where there is neither.
llvm_tool() {
  local tool
  for tool in "/usr/lib/llvm-$LLD_VERSION/bin/llvm-$1" "$(rustc --print sysroot)"/lib/rustlib/*/bin/"llvm-$1"; do
    [[ ! -x $tool ]] || { echo "$tool"; return; }
  done
}

# Debian's rustc has no std for wasm; this folder is that rustc's sysroot with one added.
sysroot() { echo "$CACHE/sysroot-$(dpkg-query -W -f '${Version}' rustc-web)"; }

chromedriver_path() { command -v chromedriver || true; }
