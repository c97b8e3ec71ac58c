"""What a training says while it runs: to who watches, and into the model's log."""

import sys
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from .descend import leads


def logged(out: Path) -> Callable[[str], None]:
    """A function that prints a line and appends it to out/train.log. Only the process that leads says anything."""
    out.mkdir(parents=True, exist_ok=True)
    log = open(out / "train.log", "a")

    def say(line: str) -> None:
        if not leads():
            return
        tqdm.write(line, file=sys.stdout)
        print(line, file=log, flush=True)

    return say


class Progress:
    """A bar on a terminal, a line now and then in the log."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.bar: tqdm | None = None

    def __call__(self, stage: str, step: int, steps: int, terms: dict[str, float]) -> None:
        """@param step of so many `steps` of this stage, from 1. @param terms of the loss"""
        if self.bar is None:
            self.bar = tqdm(total=steps, desc=stage, initial=0, leave=False, disable=not sys.stderr.isatty())
        self.bar.update(step - self.bar.n)
        self.bar.set_postfix({k: f"{v:.3g}" for k, v in terms.items()})
        if step % 500 == 1 or step == steps:
            self.say(f"{stage} {step}/{steps}: " + ", ".join(f"{k} {v:.4g}" for k, v in terms.items()))
        if step == steps:
            self.bar.close()
