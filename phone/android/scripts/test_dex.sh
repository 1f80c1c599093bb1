#!/bin/bash
# Runs the tests on the dex of an APK, which Debian's enjarify turns back into classes: test_dex.sh APK [-Dtest=…].
# The app's classes and those of its libraries come from the dex alone; what the tests need of OkHttp themselves they
# bring under another name. After test.sh, which compiles them.
apk=$(realpath "$1")
shift
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need javac mvn unzip enjarify
work=$OUT/dex
rm -rf $work $OUT/surefire-reports && mkdir -p $work/tests

unzip -oq "$apk" classes.dex -d $work
# Debian's Python has enjarify; another one that comes first on the PATH has not.
PYTHON=/usr/bin/python3 enjarify -f -o $work/enjarified.jar $work/classes.dex > $work/enjarify.log 2>&1
grep -q ' 0 classes had errors' $work/enjarify.log || { cat $work/enjarify.log >&2; fail "enjarify couldn't translate every class"; }
say "$(grep -o '^[0-9]* classes translated' $work/enjarify.log)"

asm=$(find "$REPOSITORY"/org/ow2/asm/*/9.5 -name '*.jar' | tr '\n' ':')
java -cp "$asm" scripts/JavaEight.java $work/enjarified.jar $work/app.jar "$ANDROID_JAR"

maven --offline "$FETCH:build-classpath" -DincludeScope=test -Dmdep.outputFile=$work/test.cp
libraries=$(tr ':' '\n' < $work/test.cp | grep -E '/(com/squareup/okhttp3|com/squareup/okio|org/jetbrains/kotlin)/')
java -cp "$asm" scripts/Rename.java $work/tests $OUT/test-classes $libraries

maven --offline surefire:test -Dtested="$PWD/$work/app.jar" -Dtests="$PWD/$work/tests" \
  -Dmaven.test.dependency.excludes='com.squareup.okhttp3:*,com.squareup.okio:*,org.jetbrains.kotlin:*' "$@"
count "on the dex"
