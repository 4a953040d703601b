#!/usr/bin/env bash
# What the actions run: a report for code scanning where one is asked for, then annotations.
# KOINSPECT is the program; MODULES, OPTIONS are lists; SARIF is a file, or empty.
set -eu
# Words are split on purpose: paths and options are lists.
# shellcheck disable=SC2086
if [ -n "$SARIF" ]; then
  "$KOINSPECT" check --fail-on never --format sarif -o "$SARIF" $OPTIONS $MODULES || status=$?
fi
# shellcheck disable=SC2086
"$KOINSPECT" check --format github $OPTIONS $MODULES || exit $?
# What could not be read fails, also where only the report says so.
exit "${status:-0}"
