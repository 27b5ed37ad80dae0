# What the scripts share. Sourced, never run: it moves to the root of the clone and defines say,
# die, usage, configure and run.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 70

say() { printf '== %s\n' "$*"; }

# die CODE SENTENCE...: the exit codes are those of the program (2 unusable input, 69 unavailable).
die() {
  local code=$1
  shift
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "$code"
}

# The comment at the head of the calling script is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "scripts/$(basename "$0")"; }

# configure PRESET: cmake's checks are of interest only when they fail.
configure() {
  local said
  said=$(cmake --preset "$1" 2>&1) || { printf '%s\n' "$said" >&2; return 1; }
}

# run COMMAND...: like the command (or function) itself, but in a process group of its own, which is
# ended by its number when the script is ended first. Not for what asks on the terminal.
run_group=
run() {
  local code=0
  set -m
  "$@" &
  run_group=$!
  set +m
  wait "$run_group" || code=$?
  run_group=
  return "$code"
}
stop_run() {
  if [ -n "$run_group" ]; then kill -- "-$run_group" 2>/dev/null || true; fi
}
trap stop_run EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
