#!/usr/bin/env bash
# Runs a command under a heading and says how long it took: section.sh <title> <command…>.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

title=$1
shift
printf '\n%s\n' "$bold== $title$plain"
status=0
"$@" || status=$?
if ((status == 0)); then
  say "$green✓$plain $title, $SECONDS s"
else
  say "$red✗$plain $title, $SECONDS s, exit status $status"
fi
exit "$status"
