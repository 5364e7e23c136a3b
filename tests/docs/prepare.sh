#!/usr/bin/env bash
# Fills the current folder with what the commands of the pages name: photos, datasets, models, indexes and runs.
# Everything is small. $CHECKPOINTS has tiny checkpoints with random weights; the models of the pages are made of them.
set -euo pipefail

# Writes a program that stands for one that is missing here, or that needs a network.
stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
  chmod +x "bin/$1"
}

# Exports a checkpoint under the name of a model that matcher knows, with another description.
export_as() {
  matcher export "tiny-$1" --checkpoint "$CHECKPOINTS/$2" --output tiny.pt >/dev/null
  unzip -p tiny.pt '*/matcher.yaml' | sed -e "s/^name: .*/name: $1/" -e "s/^file: .*/file: $1.pt/" >"matcher-work/models/$1.yaml"
  rm tiny.pt
  matcher export "$1" --checkpoint "$CHECKPOINTS/$2" >/dev/null
}

# Gives a model a second name.
same_model() {
  sed "s/^name: .*/name: $1/" "matcher-work/models/$2.yaml" >"matcher-work/models/$1.yaml"
}

mkdir -p bin matcher-work/models checkpoints
stand_in curl 'cat photo.jpg'
stand_in xdg-open :
stand_in srun 'exec "$@"'
stand_in sbatch 'echo 1'
for program in apt cmake docker pip sudo systemctl; do
  stand_in "$program" "echo '$program is not run: add the command to tests/docs/commands.txt' >&2; exit 1"
done

matcher-demo-photos --output demo-photos --products 16 --query-views 3 --unknown 6 --size 64 >/dev/null
cp demo-photos/queries/p0001/1.jpg photo.jpg
cp -r demo-photos/gallery photos
cp photo.jpg photos/1.jpg
cp -r demo-photos/queries shop
sed -E 's#^(gallery|queries)/#demo-photos/&#' demo-photos/items.csv >photos.csv
cp photos.csv products.csv
for name in cub-200 gldv2 grocery-store in-shop products products-10k rp2k stanford-online-products D; do
  mkdir -p "matcher-work/datasets/$name"
  sed -e "s/^name: .*/name: $name/" -e "s#^root: .*#root: $PWD/demo-photos#" demo-photos/dataset.yaml \
    >"matcher-work/datasets/$name/dataset.yaml"
done
mkdir -p data flat annotations shards expected
cp -r demo-photos data/photos
(echo 'filename;sku'; cd flat; for n in 1 2; do cp "../photos/p0001/$n.jpg" .; echo "$n.jpg;tea"; done) >flat/products.csv
cp flat/1.jpg annotations/1.jpg
echo '{"images": [{"id": 1, "file_name": "1.jpg"}], "categories": [{"id": 1, "name": "tea"}],
 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [4, 4, 40, 40]}]}' >annotations/instances_val.json
(cd flat; cp 1.jpg 0001.jpg; echo tea >0001.cls; tar cf ../shards/train-000000.tar 0001.jpg 0001.cls)
rm flat/0001.*
# The grocery store dataset: numbers as labels, of which docs/commands/adapt.md knows those of `known`.
known=(70 13 54 7 57 17 47 26)
for part in gallery:train query:test; do
  grep ",${part%:*}," photos.csv | while IFS=, read -r path label _; do
    n=$((10#${label:1} - 1))
    echo "$path, ${known[n]:-$((100 + n))}, 1"
  done >"${part#*:}.txt"
done

export_as my-model clip-words
export_as dinov2-base dinov2-up
export_as dinov2-large dinov2-same
export_as mobilenet-v2 dinov2-same-count
export_as mobilenet-v3-small dinov2-no-bias
same_model M my-model
same_model A mobilenet-v2
same_model B mobilenet-v3-small
cp -r "$CHECKPOINTS/dinov2-same" checkpoints/dinov2-large
cp -r "$CHECKPOINTS/clip-words" tuned

matcher index --model colour-layout --dataset demo --output demo-index
matcher index --model my-model --dataset demo --output clip-index
cp -r clip-index photo-index
for shard in 1 2; do
  matcher embed --model my-model --dataset demo --shard "$shard/2" --output "shard-$shard"
done
matcher embed --model dinov2-large --dataset demo --output photo-vectors
grep -m1 -o '"fingerprint": *"[0-9a-f]*' photo-vectors/manifest.json | grep -o '[0-9a-f]*$' | cut -c1-12 >version
matcher embed --model my-model --dataset flat --output flat-vectors
cp matcher-work/models/my-model.pt .
cp flat/*.jpg expected
cp flat-vectors/vectors.npy expected
for run in reference tonight run-a run-b nights/2026-01-20 nights/2026-01-21 nights/2026-01-22; do
  matcher eval --model my-model --dataset photos.csv --output "$run" >/dev/null
done
