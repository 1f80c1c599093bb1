#!/bin/bash
# Compiles and links the resources and the manifest: resources.sh debug|release.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
flavour=$1
AAPT2=$OUT/tools/aapt2

mkdir -p $OUT/tools $OUT/resources $OUT/robolectric $OUT/assets
if [[ ! -x $AAPT2 ]]; then
  unzip -oq -j "$REPOSITORY/org/apktool/apktool-lib/$APKTOOL/apktool-lib-$APKTOOL.jar" prebuilt/linux/aapt2_64 -d $OUT/tools
  mv $OUT/tools/aapt2_64 $AAPT2 && chmod +x $AAPT2
fi
for name in "${TEST_SDKS[@]}"; do
  ln -sf "$REPOSITORY/org/robolectric/android-all-instrumented/$name/android-all-instrumented-$name.jar" $OUT/robolectric/
done

$AAPT2 compile --dir src/main/res -o $OUT/res.zip
overlay=()
if [[ $flavour == debug ]]; then
  $AAPT2 compile --dir src/debug/res -o $OUT/res-debug.zip
  overlay=(-R $OUT/res-debug.zip --debug-mode)
fi
$AAPT2 link -I "$ANDROID_JAR" --manifest src/main/AndroidManifest.xml \
  --version-code $VERSION_CODE --version-name $VERSION --auto-add-overlay --java $OUT/resources --proguard $OUT/manifest-keep.pro \
  -o $OUT/res-"$flavour".apk "${overlay[@]}" $OUT/res.zip
