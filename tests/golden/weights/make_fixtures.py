#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the weight files beside this script with PyTorch 2.13 and Python's own pickle and zipfile.

A tiny CLIP (image tower 8 wide, text tower 4 wide, one layer each) is stored in OpenAI's naming as
a state dictionary, inside a training checkpoint and as a TorchScript module, and in Hugging Face's
naming as safetensors; the names are mapped here independently of the program. Hostile archives try
to run a command, to unpack to 64 MB and to leave their folder.
Run: python3 make_fixtures.py
"""
import collections
import hashlib
import io
import json
import os
import pickle
import struct
import zipfile

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
VW, VM, TW, TM, D, PATCH, POSITIONS, CONTEXT, VOCABULARY = 8, 16, 4, 6, 3, 2, 5, 5, 7


def path(name):
    return os.path.join(HERE, name)


class Pair(torch.nn.Module):
    """A weight and a bias, as linear layers and layer norms have them."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(*shape))
        self.bias = torch.nn.Parameter(torch.zeros(shape[0]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Single(torch.nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(*shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Attention(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.in_proj_weight = torch.nn.Parameter(torch.zeros(3 * width, width))
        self.in_proj_bias = torch.nn.Parameter(torch.zeros(3 * width))
        self.out_proj = Pair(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Mlp(torch.nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.c_fc = Pair(hidden, width)
        self.c_proj = Pair(width, hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Block(torch.nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.attn = Attention(width)
        self.ln_1 = Pair(width)
        self.mlp = Mlp(width, hidden)
        self.ln_2 = Pair(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Transformer(torch.nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.resblocks = torch.nn.Sequential(Block(width, hidden))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Visual(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.class_embedding = torch.nn.Parameter(torch.zeros(VW))
        self.conv1 = Single(VW, 3, PATCH, PATCH)
        self.positional_embedding = torch.nn.Parameter(torch.zeros(POSITIONS, VW))
        self.ln_pre = Pair(VW)
        self.transformer = Transformer(VW, VM)
        self.ln_post = Pair(VW)
        self.proj = torch.nn.Parameter(torch.zeros(VW, D))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Clip(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Visual()
        self.transformer = Transformer(TW, TM)
        self.token_embedding = Single(VOCABULARY, TW)
        self.positional_embedding = torch.nn.Parameter(torch.zeros(CONTEXT, TW))
        self.ln_final = Pair(TW)
        self.text_projection = torch.nn.Parameter(torch.zeros(TW, D))
        self.logit_scale = torch.nn.Parameter(torch.zeros([]))
        self.register_buffer("input_resolution", torch.tensor(4))
        self.register_buffer("context_length", torch.tensor(CONTEXT))
        self.register_buffer("vocab_size", torch.tensor(VOCABULARY))
        self.register_buffer("attn_mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Writer(torch.nn.Module):
    """Would create a file if its forward were ever run."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.from_file("clwb-executed-marker", True, 4)


def filled():
    """Numbers that float16 holds exactly, different in every tensor."""
    model = Clip()
    for k, (_, tensor) in enumerate(sorted(model.named_parameters())):
        i = torch.arange(tensor.numel(), dtype=torch.float32)
        tensor.data = (((i * 5 + k * 11) % 97 - 48) / 64).reshape(tensor.shape)
    for name, tensor in model.named_parameters():  # as OpenAI's files: matrices in half precision
        if tensor.dim() >= 2 and "embedding" not in name:
            tensor.data = tensor.data.half()
    return model


def hugging_face(state):
    names = {}
    blocks = {"ln_1": "layer_norm1", "ln_2": "layer_norm2", "mlp.c_fc": "mlp.fc1",
              "mlp.c_proj": "mlp.fc2", "attn.out_proj": "self_attn.out_proj"}
    for tower, prefix in (("vision_model", "visual.transformer"), ("text_model", "transformer")):
        old, new = prefix + ".resblocks.0.", tower + ".encoder.layers.0."
        for a, b in blocks.items():
            for kind in (".weight", ".bias"):
                names[new + b + kind] = state[old + a + kind]
        for kind in ("weight", "bias"):
            for letter, part in zip("qkv", state[old + "attn.in_proj_" + kind].chunk(3)):
                names[new + "self_attn." + letter + "_proj." + kind] = part
    v, t = "vision_model.", "text_model."
    names[v + "embeddings.class_embedding"] = state["visual.class_embedding"]
    names[v + "embeddings.patch_embedding.weight"] = state["visual.conv1.weight"]
    names[v + "embeddings.position_embedding.weight"] = state["visual.positional_embedding"]
    names[t + "embeddings.token_embedding.weight"] = state["token_embedding.weight"]
    names[t + "embeddings.position_embedding.weight"] = state["positional_embedding"]
    for kind in (".weight", ".bias"):
        names[v + "pre_layrnorm" + kind] = state["visual.ln_pre" + kind]
        names[v + "post_layernorm" + kind] = state["visual.ln_post" + kind]
        names[t + "final_layer_norm" + kind] = state["ln_final" + kind]
    names["visual_projection.weight"] = state["visual.proj"].t()
    names["text_projection.weight"] = state["text_projection"].t()
    names["logit_scale"] = state["logit_scale"]
    return {name: tensor.float().contiguous().numpy() for name, tensor in names.items()}


def write_safetensors(name, arrays):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key in sorted(arrays):
        raw = arrays[key].astype("<f4").tobytes()
        header[key] = {"dtype": "F32", "shape": list(arrays[key].shape),
                       "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def model_sha256(arrays):
    digest = hashlib.sha256()
    for key in sorted(arrays, key=str.encode):
        shape = ",".join(str(n) for n in arrays[key].shape)
        digest.update(key.encode() + b"\0F32\0" + shape.encode() + b"\0")
        digest.update(arrays[key].astype("<f4").tobytes())
    return digest.hexdigest()


class Command:
    def __reduce__(self):
        return os.system, ("touch clwb-executed-marker",)


def write_zip(name, entries):
    """Stores entries plainly, as PyTorch does, but packs what is larger than 1 MB."""
    with zipfile.ZipFile(path(name), "w") as archive:
        for entry, data in entries:
            packed = len(data) > 1 << 20
            archive.writestr(zipfile.ZipInfo(entry), data,
                             zipfile.ZIP_BZIP2 if packed else zipfile.ZIP_STORED)


def main():
    torch.manual_seed(0)
    model = filled()
    state = model.state_dict()
    torch.save(state, path("state_dict.pt"))
    torch.save({"epoch": 3, "name": "tiny", "optimizer": {"lr": 1e-6, "betas": (0.9, 0.999)},
                "state_dict": collections.OrderedDict(("module." + k, v) for k, v in state.items())},
               path("checkpoint.pt"))
    torch.jit.script(model).save(path("torchscript.pt"))
    torch.jit.script(Writer()).save(path("writes_in_forward.pt"))

    base = torch.arange(24, dtype=torch.float32)
    torch.save({"whole": base, "part": base[6:12].reshape(2, 3),
                "transposed": base.reshape(4, 6).t(), "bf16": torch.tensor([1.5, -2.0]).bfloat16(),
                "double": torch.tensor([0.1], dtype=torch.float64), "long": torch.tensor([7])},
               path("views.pt"))

    arrays = hugging_face(state)
    write_safetensors("hugging_face.safetensors", arrays)
    with open(path("expected.json"), "w", encoding="utf-8") as file:
        json.dump({"made_by": "make_fixtures.py", "source": "torch " + torch.__version__ + ", hashlib",
                   "tolerance": 0, "model_sha256": model_sha256(arrays)}, file, indent=2)
        file.write("\n")

    hostile = pickle.dumps(Command(), protocol=2)
    write_zip("hostile_command.pt", [("archive/data.pkl", hostile), ("archive/version", b"3\n")])
    with zipfile.ZipFile(path("state_dict.pt")) as archive:
        entries = [(i.filename, archive.read(i)) for i in archive.infolist()]
    write_zip("hostile_path.pt", [("archive/../../evil", b"x")] +
              [e for e in entries if e[0].endswith("data.pkl")])
    bomb = io.BytesIO()
    torch.save({"logit_scale": torch.zeros(16 << 20)}, bomb)
    with zipfile.ZipFile(bomb) as archive:
        write_zip("hostile_bomb.pt", [(i.filename, archive.read(i)) for i in archive.infolist()])
    for name in sorted(os.listdir(HERE)):
        print(os.path.getsize(path(name)), name)


if __name__ == "__main__":
    main()
