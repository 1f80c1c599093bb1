#!/bin/bash
# Packs the compiled classes into a signed APK: assemble.sh debug|release FILE. Leaves nothing to chance: the same input, the same bytes.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
flavour=$1 apk=$2
JDK=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
work=$OUT/assemble
rm -rf $work && mkdir -p $work/dex

scripts/resources.sh "$flavour"
maven --offline "$FETCH:build-classpath" -DincludeScope=runtime -Dmdep.outputFile=$work/runtime.cp
maven --offline -f tools.xml "$FETCH:build-classpath" -Dmdep.outputFile="$PWD/$work/tools.cp"
tools() { nice -n 5 java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1500m -cp "$(cat $work/tools.cp)" "$@"; }

{
  echo "-injars $PWD/$OUT/classes"
  tr ':' '\n' < $work/runtime.cp | sed 's/.*/-injars "&"(!META-INF\/**,!**.kotlin_builtins,!**.kotlin_metadata)/'
  echo
  for module in java.base java.logging; do echo "-libraryjars \"$JDK/jmods/$module.jmod\"(!**.jar;!module-info.class)"; done
  echo "-libraryjars \"$ANDROID_JAR\""
  echo "-outjars $PWD/$work/shrunk.jar"
} > $work/jars.pro
tools proguard.ProGuard @$work/jars.pro @shrink.pro @$OUT/manifest-keep.pro > $work/proguard.log 2>&1 || { cat $work/proguard.log >&2; fail "ProGuard failed"; }
# Records are turned into plain classes by D8; OkHttp asks what there is before it uses an adapter of its platforms.
sniffer=$(find "$REPOSITORY"/org/codehaus/mojo/animal-sniffer/1.24 "$REPOSITORY"/org/ow2/asm/asm/9.8 -name '*.jar' | tr '\n' ':')
java -cp "$sniffer" scripts/ApiLevel.java "$REPOSITORY/com/toasttab/android/gummy-bears-api-26/0.15.0/gummy-bears-api-26-0.15.0.signature" \
  $work/shrunk.jar java.lang.Record 'java.lang.runtime.*' > $work/api.log
! grep -v okhttp3/internal/platform/ $work/api.log >&2 || fail "the classes above ask for more than API level $MIN_SDK has"
tools com.android.tools.r8.D8 --release --min-api $MIN_SDK --lib "$JDK" --lib "$ANDROID_JAR" --output $work/dex $work/shrunk.jar > $work/d8.log 2>&1 \
  || { cat $work/d8.log >&2; fail "D8 failed"; }

cp $OUT/res-"$flavour".apk $work/unaligned.apk
touch -d @315532800 $work/dex/classes.dex
(cd $work/dex && zip -q -X -9 ../unaligned.apk classes.dex)
zipalign -f -p 4 $work/unaligned.apk $work/aligned.apk
scripts/sign.sh "$flavour" $work/aligned.apk "$apk"
