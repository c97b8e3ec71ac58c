"""Gradient descent that survives kill -9, draws the same batches again by seed and step, and shares them among
processes.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed, nn


def leads() -> bool:
    """Whether this process is the one that writes: the first of those that share the batches, or the only one."""
    return not distributed.is_initialized() or distributed.get_rank() == 0


@contextmanager
def leader_first() -> Iterator[None]:
    """What is inside is done by the process that leads, then by the others, who find what it kept."""
    if not leads():
        distributed.barrier()
    yield
    if leads() and distributed.is_initialized():
        distributed.barrier()


@dataclass
class Run:
    """One stage of a training: the folder of its checkpoint, its seeds, and who is told of its progress."""

    stage: int
    name: str
    seed: int
    folder: Path
    report: Callable[[str, int, int, dict[str, float]], None]
    save_every: float = 60.0  # s
    curve: list[dict] = field(default_factory=list)
    # s of all threads, of the steps taken since this process began: what others do on the machine counts little
    cpu: float = 0.0
    ran: int = 0  # those steps

    def rng(self, step: int) -> np.random.Generator:
        """For drawing the batch of a step: the same in every process."""
        return np.random.default_rng([self.seed, self.stage, step])

    def generator(self, step: int) -> torch.Generator:
        """For drawing noise in a step."""
        return torch.Generator().manual_seed((self.seed * 16 + self.stage) * 10_000_019 + step)

    def share(self, batch: np.ndarray) -> np.ndarray:
        """This process's part of a batch that all processes draw alike."""
        return batch[distributed.get_rank() :: distributed.get_world_size()] if distributed.is_initialized() else batch

    @property
    def checkpoint(self) -> Path:
        return self.folder / f"{self.name}.pt"


def descend(module: nn.Module, loss: Callable[[int], dict[str, Tensor]], c: dict, run: Run) -> None:
    """AdamW on the sum of the loss's terms, but for those named `_…`. Gradients are clipped at norm 1. The rate warms
    up and falls as a cosine, S = c["steps"]:

        rate_s = rate min(1, (s + 1) / 100) (1 + cos(π s / S)) / 2

    It goes on from the run's checkpoint, where there is one. @param loss the terms of step s. @param c the stage's
    configuration. @raises FloatingPointError when the loss is no number
    """
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=c["rate"], weight_decay=c.get("decay", 1e-3))
    step = 0
    if run.checkpoint.exists():
        kept = torch.load(run.checkpoint, weights_only=True)
        module.load_state_dict(kept["module"])
        optimiser.load_state_dict(kept["optimiser"])
        run.curve[:] = kept["curve"]
        step = kept["step"]
    saved, cpu, began = time.monotonic(), time.process_time(), step
    for step in range(began, c["steps"]):
        for group in optimiser.param_groups:
            group["lr"] = c["rate"] * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / c["steps"]))
        terms = loss(step)
        total = sum(v for k, v in terms.items() if not k.startswith("_"))
        if not torch.isfinite(total):
            raise FloatingPointError(
                f"{run.name}, step {step}: the loss is {total.item()}: "
                + ", ".join(f"{k} {v.item():.3g}" for k, v in terms.items())
            )
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        if distributed.is_initialized():
            _average(parameters)
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if step % 25 == 0 or step + 1 == c["steps"]:
            values = {k: v.item() for k, v in terms.items()}
            run.curve.append({"step": step, **values})
            run.report(run.name, step + 1, c["steps"], values)
        if leads() and (time.monotonic() - saved > run.save_every or step + 1 == c["steps"]):
            temporary = run.checkpoint.with_suffix(".tmp")
            torch.save(
                {
                    "module": module.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "curve": run.curve,
                    "step": step + 1,
                },
                temporary,
            )
            temporary.rename(run.checkpoint)
            saved = time.monotonic()
    run.cpu, run.ran = time.process_time() - cpu, max(0, c["steps"] - began)


def keep_checkpoints_of(state: Path, made_from: list, say: Callable[[str], None]) -> None:
    """Deletes the checkpoints in the folder `state` unless they were made from the same (JSON), and notes it there."""
    state.mkdir(parents=True, exist_ok=True)
    of, mine = state / "of.json", json.dumps(made_from)
    with leader_first():
        if of.exists() and of.read_text() != mine:
            say("another configuration, or other data, than the run before: begun anew")
            for stale in state.glob("*.pt"):
                stale.unlink()
        of.write_text(mine)


def _average(parameters: list[nn.Parameter]) -> None:
    """The mean gradient of all processes, in each of them."""
    for p in parameters:
        if p.grad is not None:
            distributed.all_reduce(p.grad)
            p.grad /= distributed.get_world_size()
