#!/usr/bin/env bash
# Looks at all that is built with: lock files, licences, sources, advisories. What cannot be asked here is said, and fails nothing.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkdir -p build/log
say "Lock files"
cargo metadata --locked --format-version 1 >/dev/null || die "Cargo.lock does not fit Cargo.toml"
npm ls --all >build/log/npm-ls.log 2>&1 || die "package-lock.json and node_modules differ" "see build/log/npm-ls.log"

PATH=$TOOLS/bin:$PATH
if has cargo-deny; then
  deny=(cargo deny --all-features --locked)
  say "Licences, bans and sources of crates"
  "${deny[@]}" check --hide-inclusion-graph licenses bans sources
  say "Advisories about crates"
  if "${deny[@]}" fetch db >build/log/advisories.log 2>&1; then
    "${deny[@]}" check --disable-fetch advisories
  else
    say "  not checked: their database cannot be fetched here (build/log/advisories.log)."
  fi
else
  say "Crates are not checked: cargo install --locked cargo-deny --version $CARGO_DENY_VERSION"
fi

say "Advisories about what npm bundles"
npm audit --omit=dev --json >build/log/npm-audit.json 2>build/log/npm-audit.log && reported=yes || reported=no
if grep -q auditReportVersion build/log/npm-audit.json; then
  [[ $reported == yes ]] || die "npm knows of vulnerabilities" "npm audit --omit=dev"
else
  say "  not checked: the registry does not answer that question here (build/log/npm-audit.log)."
fi

say "Signatures of npm's packages"
if npm audit signatures >build/log/npm-signatures.log 2>&1; then
  tail -n 3 build/log/npm-signatures.log
elif grep -q 'invalid\|missing' build/log/npm-signatures.log; then
  die "a package's signature is wrong" "see build/log/npm-signatures.log"
else
  say "  not checked: the keys cannot be fetched here (build/log/npm-signatures.log)."
fi
