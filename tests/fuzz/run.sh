#!/bin/sh
# Runs the fuzz targets that are built in FOLDER, two at a time: run.sh FOLDER [NAME...], without names all.
# MAILASSAY_FUZZ_SECONDS (60) each. FOLDER/corpus keeps what was learned, FOLDER/crashes the inputs of findings.
set -eu

# Inputs of earlier findings go first; one that no longer fails has been mended.
retry_crashes() { # NAME
  for input in "$folder/crashes/$1"-*; do
    [ -e "$input" ] || continue
    "$folder/tests/fuzz/fuzz_$1" -timeout=10 "$input" >"$folder/logs/$1.log" 2>&1 || return 1
    rm "$input"
  done
}

# Choosing inputs evenly runs three times as many in a minute as weighing their features (entropic).
fuzz() { # NAME
  mkdir -p "$folder/corpus/$1" "$folder/seeds/$1"
  "$folder/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
    -entropic=0 -artifact_prefix="$folder/crashes/$1-" "$folder/corpus/$1" "$folder/seeds/$1" \
    >"$folder/logs/$1.log" 2>&1
}

# The last line with a count is the state at the end: "#12345  DONE   cov: 678 ft: …".
one() { # NAME
  began=$(date +%s)
  status=0
  { retry_crashes "$1" && fuzz "$1"; } || status=$?
  took=$(($(date +%s) - began))
  awk -v name="$1" -v took="$took" -v finding="$status" '
    /^#[0-9]+/ { runs = substr($1, 2); for (i = 2; i < NF; ++i) if ($i == "cov:") coverage = $(i + 1) }
    END { printf "%-24s %10d runs  coverage %5d  %4d s%s\n", name, runs, coverage, took, finding ? "  FINDING" : "" }
  ' "$folder/logs/$1.log"
  [ "$status" -eq 0 ] && return 0
  grep -hE 'ERROR:|SUMMARY:|runtime error:|Test unit written' "$folder/logs/$1.log" | sed 's/^/    /' || true
  return 1
}

folder=$(cd "$1" && pwd)
shift
seconds=${MAILASSAY_FUZZ_SECONDS:-60}
export ASAN_SYMBOLIZER_PATH="${ASAN_SYMBOLIZER_PATH:-/usr/bin/llvm-symbolizer-16}"
if [ "${1:-}" = --one ]; then
  one "$2"
  exit
fi
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- $(cd "$here" && ls -- *.cpp | sed 's/\.cpp$//')
mkdir -p "$folder/crashes" "$folder/logs"
/usr/bin/python3 "$here/seeds.py" "${MAILASSAY_CONFORMANCE:-$here/../../../shared/conformance}" "$folder/seeds"
printf '%s\n' "$@" | xargs -P 2 -n 1 sh "$0" "$folder" --one || {
  echo "findings: their inputs are in $folder/crashes, what was seen in $folder/logs"
  exit 1
}
