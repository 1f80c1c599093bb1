#!/bin/bash
# Draws the app's screens to PNGs with Android's own graphics: pictures.sh FOLDER [PATTERN]. A picture is named
# scene-WIDTHxHEIGHT-light|dark-FONTSCALE-LANGUAGE.png; what is below its fold follows as NAME+1.png, NAME+2.png.
# Without a pattern those of docs/phones.md; `pictures.sh target/pictures '.*'` draws every scene on every display, some 1,300.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need javac mvn unzip
folder=$(realpath -m "${1:?which folder?}")
shown='(pair|pair-not_encrypted|ask|ask-wrong_code|permissions-first|permission-restricted|permission-battery|permission-alarms|status-connected|status-airplane_mode|status-not_connected|status-paused|status-revoked|settings|settings-unpair)-360x800-light-1-en'
shown+='|(status-connected|settings)-360x800-dark-1-sw|(status-connected|permission-battery)-411x891-light-2-sw'
scripts/fetch.sh
scripts/resources.sh debug
rm -f "$folder"/*.png
maven --offline test -Dtest=PicturesTest -Dsmskit.pictures="$folder" -Dsmskit.scenes="${2:-$shown}"
[[ -n ${2:-} ]] || rm -f "$folder"/*+*.png
say "$(find "$folder" -name '*.png' | wc -l) pictures in $folder"
