# Versions, folders and words that the scripts share; to be sourced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TZ=UTC LC_ALL=C.UTF-8

VERSION=0.1.0
VERSION_CODE=1
MIN_SDK=26
TARGET_SDK=35
COMPILE_SDK=15-robolectric-13954326
TEST_SDKS=(8.0.0_r4-robolectric-r1-i7 11-robolectric-6757853-i7 13-robolectric-9030017-i7 15-robolectric-13954326-i7)
APKTOOL=2.12.1
FETCH=org.apache.maven.plugins:maven-dependency-plugin:3.6.1

# A local repository of its own: the lock says what may be in it.
REPOSITORY=${SMSKIT_MAVEN_REPOSITORY:-${XDG_CACHE_HOME:-$HOME/.cache}/smskit/maven}
ANDROID_JAR=$REPOSITORY/org/robolectric/android-all/$COMPILE_SDK/android-all-$COMPILE_SDK.jar
OUT=target

say() { printf '[%3ss] %s\n' "$SECONDS" "$*"; }
fail() { echo "phone/android: $*" >&2; exit 1; }
maven() { nice -n 5 mvn --batch-mode --no-transfer-progress --quiet --strict-checksums -Dstyle.color=never -Dmaven.repo.local="$REPOSITORY" "$@"; }

# Fails with one line that names everything that is missing.
need() {
  local missing=() name
  for name in "$@"; do command -v "$name" > /dev/null || missing+=("$name"); done
  ((${#missing[@]} == 0)) || fail "not found on this machine: ${missing[*]} (make android-tools installs them on Debian)"
  [[ $(javac -version 2>&1) == "javac 17"* ]] || fail "needs JDK 17, not $(javac -version 2>&1)"
}

# Says how many tests Maven has just run; fails if there were none.
count() {
  [[ -n $(ls $OUT/surefire-reports/TEST-*.xml 2> /dev/null) ]] || fail "no test ran"
  local counted
  counted=$(grep -ho '<testsuite .*' $OUT/surefire-reports/TEST-*.xml | grep -oE ' (tests|errors|skipped|failures)="[0-9]+"' | tr -d '"' \
    | awk -F= '{n[$1] += $2} END {bad = n[" errors"] + n[" failures"]; printf "%d passed, %d failed, %d skipped\n", n[" tests"] - bad - n[" skipped"], bad, n[" skipped"]}')
  [[ $counted != "0 passed"* ]] || fail "no test ran: $counted"
  say "$counted: $1"
}
