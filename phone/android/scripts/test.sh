#!/bin/bash
# Compiles, holds every call against API level 26, and runs the tests on Robolectric: test.sh [-Dtest=…].
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need javac mvn unzip
scripts/fetch.sh
rm -rf $OUT
scripts/resources.sh debug
say "resources linked"
maven --offline test "$@"
[[ -n $(ls $OUT/surefire-reports/TEST-*.xml 2> /dev/null) ]] || fail "no test ran"
grep -ho '<testsuite .*' $OUT/surefire-reports/TEST-*.xml | grep -oE ' (tests|errors|skipped|failures)="[0-9]+"' | tr -d '"' \
  | awk -F= '{n[$1] += $2} END {bad = n[" errors"] + n[" failures"]; printf "%d passed, %d failed, %d skipped\n", n[" tests"] - bad - n[" skipped"], bad, n[" skipped"]}'
say "API level 26 held, tests passed"
