"""python -m telos_training.plan_time FOLDER SETTINGS: how long a plain PyTorch search takes with a shipped model's own
weights, for `npm run bench:worldmodel`.

Every line on standard input asks for `plans` searches, and is answered by one of JSON: [{time (s), rollouts}…]. One
thread, as the agent's. SETTINGS (JSON) are the agent's own level and its arm's URDF, so samples, iterations, elites,
smoothing, patience, energy and inverse kinematics are the same. Left out, all in PyTorch's favour: the posture that the
null space is drawn to, joint limits, the volumes that links sweep, guardrails, the terms of overlap and clearance.
Images are encoded on neither side.
"""

import json
import sys
import time
from pathlib import Path

import torch
from torch import Tensor

from .export import PredictorGraph
from .kinematics import Arm
from .read_predictor import read_predictor
from .tool_motion import ToolMotion


class Task:
    """One search's problem: the tool from where φ(q_0) has it, objects to places of their own."""

    def __init__(
        self, graph: PredictorGraph, inputs: dict[str, Tensor], motion: ToolMotion, c: dict, rng: torch.Generator
    ):
        self.graph, self.z0, self.motion, self.c = graph, inputs["z0"], motion, c
        first = inputs["u"][0, 0]
        n = (len(first) - 3) // 2
        self.q = torch.atan2(first[3 : 3 + n], first[3 + n :])
        self.pose = motion.linearise(self.q[None])[0][0]
        self.low, self.high = torch.tensor(c["box"]["low"]), torch.tensor(c["box"]["high"])
        self.H = inputs["u"].shape[1] - 1
        noise = graph.model.noise
        self.w = torch.randn(c["futures"], self.H, noise, generator=rng) if noise > 0 else None
        self.goal = self.low + (self.high - self.low) * torch.rand(graph.heads["objects"].n // 3, 3, generator=rng)

    def energy(self, a: Tensor) -> Tensor:
        """a [K,H,3] → [K], as cost/ObjectDistance and cost/Uncertainty have it, and the tool's distance from the first
        goal
        """
        c = self.c
        now = self.q.expand(len(a), -1)
        tool, joints = [self.pose[:3, 3].expand(len(a), -1)], [now]
        for h in range(self.H):
            shift = a[:, h] if h < a.shape[1] else 0  # beyond the horizon the arm rests
            tool.append(torch.clamp(tool[-1] + c["step"] * shift, self.low, self.high))
            for m in range(1, c["knots"] + 1):
                now = self.motion.follow(now, torch.lerp(tool[-2], tool[-1], m / c["knots"]), self.pose[:3, :3])
            joints.append(now)
        p, q = torch.stack(tool, 1), torch.stack(joints, 1)  # [K,H+1,·]
        u = torch.cat([p, torch.sin(q), torch.cos(q)], -1)
        S = 1 if self.w is None else len(self.w)
        w = () if self.w is None else (self.w.repeat(len(a), 1, 1),)
        _, objects, _, spread = self.graph(self.z0, u.repeat_interleave(S, 0), *w)
        x = p.repeat_interleave(S, 0)[:, 1:, None]  # [K·S,H,1,3]
        at = objects[:, 1:]
        way = (self.goal - at)[..., :2]
        d = way.norm(dim=-1)
        left = (d - c["done"]).clamp(min=0)
        behind = torch.cat(
            [
                at[..., :2] - c["standoff"] * way / d[..., None].clamp(min=1e-6),
                torch.full_like(at[..., 2:], c.get("height", 0.0)),
            ],
            -1,
        )
        e = (left * (1 + c["nearness"] / d.clamp(min=1e-6) * (x - behind).norm(dim=-1))).sum(-1)
        e = c["objects"] * e + c["tool"] * (p[:, 1:] - self.goal[0]).norm(dim=-1).repeat_interleave(S, 0)
        cost = (c["running"] * c["dt"] * e.sum(1) + c["terminal"] * e[:, -1]) / c["scale"] + c["uncertainty"] * spread[
            :, 1:
        ].mean(1)
        return cost.unflatten(0, (-1, S)).mean(1)


def search(task: Task, c: dict, rng: torch.Generator) -> tuple[Tensor, float, int]:
    """The cross-entropy method as planner/Cem has it, with one branch. @returns the best actions [H,3], their energy,
    and how many sequences were tried
    """
    K, H = c["samples"], c["horizon"]
    best = torch.zeros(H, 3)
    mean, sigma = best.clone(), torch.full((H, 3), float(c["noise"]))
    least = task.energy(best[None])[0].item()
    tried, idle = 1, 0
    for _ in range(c["iterations"]):
        fresh = torch.randn(K, H, 3, generator=rng)
        noise = [fresh[:, 0]]
        for h in range(1, H):
            noise.append(c["smoothing"] * noise[-1] + (1 - c["smoothing"] ** 2) ** 0.5 * fresh[:, h])
        a = (mean + sigma * torch.stack(noise, 1)).clamp(-1, 1)
        a[0], a[1] = best, mean
        energy = task.energy(a)
        tried += K
        elite = energy.topk(max(2, round(c["elites"] * K)), largest=False).indices
        before = least
        if energy[elite[0]] < least:
            least, best = energy[elite[0]].item(), a[elite[0]].clone()
        mean, sigma = a[elite].mean(0), a[elite].std(0, correction=0).clamp(min=c["min_noise"])
        idle = 0 if before - least > c["tolerance"] * abs(before) else idle + 1
        if idle >= c["patience"]:
            break
    return best, least, tried


def main() -> None:
    folder, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
    torch.set_num_threads(1)
    rng = torch.Generator().manual_seed(1)
    graph, inputs = read_predictor(folder)
    config = json.loads((folder / "manifest.json").read_text())["config"]
    motion = ToolMotion(Arm(Path(settings["urdf"]).read_text(), config["base"], config["tool"]))
    for _ in sys.stdin:
        answer = []
        for _ in range(settings["plans"]):
            task = Task(graph, inputs, motion, settings, rng)
            began = time.perf_counter()
            with torch.inference_mode():
                *_, tried = search(task, settings, rng)
            answer.append({"time": time.perf_counter() - began, "rollouts": tried})
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
