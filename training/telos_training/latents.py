"""Latents of every frame of the recordings: as the images show them, and with memory."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from .descend import leader_first
from .model import WorldModel
from .recordings import Frames


def encode_all(model: WorldModel, images: np.ndarray, block: int = 512) -> Tensor:
    """uint8 [N,S,S,3] → [N,D], so many images at a time"""
    with torch.inference_mode():
        return torch.cat(
            [
                model.encode(torch.from_numpy(images[i : i + block]))
                for i in tqdm(range(0, len(images), block), "latents", leave=False, disable=None)
            ]
        ).clone()


def encode_once(model: WorldModel, frames: Frames, episodes: np.ndarray, kept: Path) -> Tensor:
    """Latents [N,D] of a frozen encoder, whose principal axes are found from these episodes first. They cost more than
    all that follows, so they are kept in a file.
    """
    with leader_first():
        if not kept.exists():
            model.encoder.fit(frames.images[np.isin(frames.episode, episodes)])
            temporary = kept.with_suffix(".tmp")
            torch.save({"encoder": model.encoder.state_dict(), "seen": encode_all(model, frames.images)}, temporary)
            temporary.rename(kept)
    found = torch.load(kept, weights_only=True)
    model.encoder.load_state_dict(found["encoder"])
    return found["seen"]


def remember_all(model: WorldModel, seen: Tensor, frames: Frames) -> tuple[Tensor, Tensor]:
    """Each frame's latents as predicted one step before, and as believed once it was seen; where an episode begins both
    are as seen. seen [N,D] → [N,D] each
    """
    features = model.standardised(torch.from_numpy(frames.features))
    predicted, believed = seen.clone(), seen.clone()
    begins = np.flatnonzero(np.diff(frames.episode, prepend=-1))
    lengths = np.diff(begins, append=len(seen))
    with torch.inference_mode():
        for k in range(1, int(lengths.max())):
            for at in torch.from_numpy(begins[lengths > k] + k).split(4096):
                predicted[at], believed[at] = model.remember(
                    believed[at - 1], seen[at], torch.stack([features[at - 1], features[at]], 1)
                )
    return predicted, believed
