"""What a model must show before it ships. A low loss shows nothing: a model can pass every check against collapse and
yet hardly encode the arm, or encode the arm alone.
"""

AT_LEAST = {
    "moved objects after 1 steps: persistence / error": 3.0,
    "moved objects after 5 steps: persistence / error": 1.5,
}
AT_MOST = {"objects: read-out error / spread": 0.15, "tool: read-out error / spread": 0.15}


def gates(
    metrics: dict[str, float], at_least: dict[str, float] = AT_LEAST, at_most: dict[str, float] = AT_MOST
) -> list[str]:
    """A sentence for each gate that these metrics do not pass; the default gates are a world model's."""
    low = [f"{k} is {metrics[k]:.3g}, want at least {v}" for k, v in at_least.items() if not metrics[k] >= v]
    high = [f"{k} is {metrics[k]:.3g}, want at most {v}" for k, v in at_most.items() if not metrics[k] <= v]
    return low + high
