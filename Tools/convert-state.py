#!/usr/bin/env python3
"""Writes a state dictionary that PyTorch saved as a safetensors file that Truce loads by name.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy safetensors
    venv/bin/python Tools/convert-state.py resnet50-11ad3fa6.pth resnet50.safetensors

Truce knows the names of torchvision's residual networks (the trunk option `weights` of resnet18, resnet50 and
deeplabv3) and those of the repositories of CAGrad, LibMTL and FAMO (a whole network, wherever a checkpoint is asked
for). Every tensor must be there in its shape, and no other. Reads data only: a file that would run code is refused.
"""

import argparse
import pickle
import sys

import torch
from safetensors.torch import save_file

WRAPPINGS = ("state_dict", "model_state_dict", "model", "net")


def loaded(path):
    """What was saved; a file that is none, or that would run code, ends the program."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        sys.exit(f"convert-state: {path}: {error.strerror}")
    except (RuntimeError, EOFError, pickle.UnpicklingError):
        sys.exit(f"convert-state: {path}: not what torch.save wrote, or more than tensors; save network.state_dict()")


def state_of(content):
    """The dictionary of tensors in what was saved: itself, or under one of the usual keys."""
    if not isinstance(content, dict):
        sys.exit("convert-state: the file holds no dictionary; save network.state_dict()")
    for key in WRAPPINGS:
        if isinstance(content.get(key), dict):
            return state_of(content[key])
    strangers = [str(key) for key, value in content.items() if not isinstance(value, torch.Tensor)]
    if strangers:
        sys.exit(f"convert-state: '{strangers[0]}' is no tensor; save network.state_dict() alone")
    return content


def renamed(state):
    """The tensors without the prefix that DataParallel gives them."""
    if state and all(name.startswith("module.") for name in state):
        return {name.removeprefix("module."): tensor for name, tensor in state.items()}
    return state


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="what torch.save wrote")
    parser.add_argument("target", help="the safetensors file")
    arguments = parser.parse_args()
    content = loaded(arguments.source)
    state = renamed(state_of(content))
    # Tensors that share memory are written as often as they have names.
    save_file({name: tensor.clone().contiguous() for name, tensor in state.items()}, arguments.target)
    print(f"{arguments.target}: {len(state)} tensors")


if __name__ == "__main__":
    main()
