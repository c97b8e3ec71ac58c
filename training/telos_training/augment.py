"""Light and colour, varied in every frame anew: what changes without reason cannot be predicted, so the encoder learns
not to keep it.
"""

import torch
from torch import Tensor


def augment(images: Tensor, strength: float, rng: torch.Generator) -> Tensor:
    """uint8 [...,S,S,3] → float, 0…255. Gain and offset of each image, gain of each of its channels, noise of each
    pixel; at strength s their spreads are s, 40 s, s/2 and 10 s.
    """
    if strength == 0:
        return images
    lead = (*images.shape[:-3], 1, 1)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=rng)

    gain = torch.exp(strength * normal(*lead, 1) + 0.5 * strength * normal(*lead, 3))
    noise = normal(*images.shape[-3:]).expand(images.shape)  # one pattern a batch is noise enough, and cheap
    return (images * gain + 40 * strength * normal(*lead, 1) + 10 * strength * noise * normal(*lead, 1)).clamp(0, 255)
