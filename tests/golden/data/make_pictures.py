# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes pictures.json and the image files beside it: what Pillow decodes and resizes.

Run in this folder: python make_pictures.py [folder with the COCO sample]
The values were made with Pillow 9.4.0, the version that algorithms.md 9.4 names. Pillow 13 runs the
vertical pass first for some shapes and then differs in single grey levels.
"""
import hashlib
import json
import pathlib
import struct
import sys

import numpy as np
import PIL
from PIL import Image, ImageOps


def noise(width, height, seed):
    """The pictures that tst_resample.cpp makes: a 32-bit linear congruential generator."""
    state, values = seed, bytearray()
    for _ in range(3 * width * height):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append(state >> 24)
    return Image.frombytes("RGB", (width, height), bytes(values))


def prepare(image, side, geometry):
    width, height = image.size
    short, long = min(width, height), max(width, height)
    if geometry == "squash":
        return image.resize((side, side), Image.BICUBIC)
    if geometry == "pad":
        other = max(1, side * short // long)
        size = (side, other) if width > height else (other, side)
        canvas = Image.new("RGB", (side, side))
        canvas.paste(image.resize(size, Image.BICUBIC),
                     (round((side - size[0]) / 2), round((side - size[1]) / 2)))
        return canvas
    other = side * long // short
    size = (other, side) if width > height else (side, other)
    if width == height:
        size = (side, side)
    if size != image.size:
        image = image.resize(size, Image.BICUBIC)
    x, y = round((size[0] - side) / 2), round((size[1] - side) / 2)
    return image.crop((x, y, x + side, y + side))


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def scene():
    """17 x 11 pixels with colours, a ramp and an edge."""
    y, x = np.mgrid[0:11, 0:17]
    rgb = np.stack([x * 15, y * 23, (x * y * 7) % 256], -1).astype(np.uint8)
    rgb[3:6, 4:9] = (250, 20, 60)
    return Image.fromarray(rgb)


def decode_cases():
    rgb = scene()
    grey = rgb.convert("L")
    ramp = (np.arange(17 * 11, dtype=np.uint32).reshape(11, 17) * 350).astype(np.uint16)
    cases = []

    def add(name, expected, tolerance=0, orientation="ignore"):
        cases.append({"file": name, "size": list(expected.size), "tolerance": tolerance,
                      "orientation": orientation, "rgb": expected.convert("RGB").tobytes().hex()})

    def save(image, name, **options):
        image.save(name, **options)
        add(name, Image.open(name))

    save(rgb, "rgb.png")
    save(rgb, "rgb.bmp")
    save(rgb.convert("RGBA"), "rgba32.bmp")
    save(grey, "grey.png")
    save(grey, "grey.bmp")
    save(rgb.convert("1"), "bit.png")
    save(rgb.quantize(7), "palette.png")
    palette = rgb.quantize(7)
    palette.save("palette_alpha.png", transparency=2)
    add("palette_alpha.png", Image.open("palette_alpha.png"))
    alpha = rgb.copy()
    alpha.putalpha(grey)
    save(alpha, "rgba.png")
    two = grey.copy()
    two.putalpha(grey)
    save(two, "grey_alpha.png")
    Image.fromarray(ramp).save("grey16.png")
    add("grey16.png", Image.fromarray((ramp >> 8).astype(np.uint8)))
    save(rgb, "rgb.jpg", quality=85)
    save(rgb, "full.jpg", quality=95, subsampling=0)
    save(rgb, "progressive.jpg", progressive=True)
    save(grey, "grey.jpg")
    save(rgb, "lossy.webp", quality=70)
    save(rgb, "lossless.webp", lossless=True)
    save(alpha, "alpha.webp", lossless=True, exact=True)
    save(rgb, "named_wrongly.png", format="JPEG")
    rgb.convert("CMYK").save("cmyk.jpg")
    add("cmyk.jpg", Image.open("cmyk.jpg"), tolerance=1)
    for orientation in range(1, 9):
        name = f"turned{orientation}.jpg"
        exif = Image.Exif()
        exif[0x0112] = orientation
        rgb.save(name, exif=exif)
        add(name, Image.open(name))
        add(name, ImageOps.exif_transpose(Image.open(name)), orientation="apply")
    return cases


def resize_cases():
    cases = []
    for width, height in ((224, 224), (31, 57), (57, 31), (1, 600), (600, 1), (640, 427), (427, 640),
                          (225, 224), (3, 2), (1, 1), (1000, 37), (276, 554), (223, 500)):
        for side in (224, 48):
            for geometry in ("clip", "pad", "squash"):
                image = noise(width, height, 7 * width + height)
                cases.append({"width": width, "height": height, "seed": 7 * width + height,
                              "side": side, "geometry": geometry,
                              "sha256": digest(prepare(image, side, geometry))})
    return cases


def photo_cases(root):
    cases = []
    for path in sorted(root.glob("*2017/*.jpg")):
        image = Image.open(path).convert("RGB")
        width, height = image.size
        boxes = [(0, 0, width, height), (width // 3, height // 4, width // 3 + 49, height // 4 + 111)]
        for box in boxes:
            box = (box[0], box[1], min(box[2], width), min(box[3], height))
            cases.append({"file": f"{path.parent.name}/{path.name}", "box": list(box),
                          "sha256": digest(prepare(image.crop(box), 224, "clip"))})
    return cases


def damaged_files():
    """Files that must be refused, with a part of the reason."""
    whole = pathlib.Path("rgb.jpg").read_bytes()
    png = bytearray(pathlib.Path("rgb.png").read_bytes())
    pathlib.Path("cut.jpg").write_bytes(whole[:-6])
    pathlib.Path("cut.png").write_bytes(bytes(png[:-40]))
    bad_crc = bytearray(png)
    bad_crc[png.index(b"IDAT") + 12] ^= 0xFF
    pathlib.Path("bad_crc.png").write_bytes(bytes(bad_crc))
    pathlib.Path("page.jpg").write_bytes(b"<html><body>404</body></html>")
    pathlib.Path("empty.jpg").write_bytes(b"")
    bomb = bytearray(png)
    bomb[16:24] = struct.pack(">II", 50000, 50000)
    pathlib.Path("bomb.png").write_bytes(bytes(bomb))
    scene().save("animated.gif")
    return [["cut.jpg", "end marker"], ["cut.png", "cut off"], ["bad_crc.png", "damaged"],
            ["page.jpg", "not a JPEG"], ["empty.jpg", "empty"], ["bomb.png", "32768"],
            ["animated.gif", "not a JPEG"]]


def main():
    result = {"made_by": f"make_pictures.py, Pillow {PIL.__version__}",
              "decode": decode_cases(), "damaged": damaged_files(), "resize": resize_cases()}
    photos = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    result["photos"] = photo_cases(photos) if photos else []
    lines = ["{"]
    for key, value in result.items():
        if isinstance(value, str):
            lines.append(f"{json.dumps(key)}: {json.dumps(value)},")
        else:
            body = ",\n ".join(json.dumps(entry) for entry in value)
            lines.append(f"{json.dumps(key)}: [\n {body}\n]" + ("" if key == "photos" else ","))
    lines.append("}")
    pathlib.Path("pictures.json").write_text("\n".join(lines) + "\n")


main()
