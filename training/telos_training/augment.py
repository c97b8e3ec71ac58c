"""Random light and colour, drawn anew for every frame. What changes without a cause cannot be predicted, so the encoder
learns not to keep it.
"""

import torch
from torch import Tensor


def augment(images: Tensor, strength: float, rng: torch.Generator) -> Tensor:
    """uint8 [...,S,S,3] → float [...,S,S,3], 0…255, at strength s:

        x' = clamp(g x + 40 s o + 10 s n),     g = exp(s a + s b / 2)

    a and o are drawn for each image, b for each of its channels, n = n_pixel n_image for each pixel; all are N(0,1).
    """
    if strength == 0:
        return images
    lead = (*images.shape[:-3], 1, 1)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=rng)

    gain = torch.exp(strength * normal(*lead, 1) + 0.5 * strength * normal(*lead, 3))
    noise = normal(*images.shape[-3:]).expand(images.shape)  # one pattern a batch is noise enough, and cheap
    return (images * gain + 40 * strength * normal(*lead, 1) + 10 * strength * noise * normal(*lead, 1)).clamp(0, 255)
