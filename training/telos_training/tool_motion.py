"""Inverse kinematics of a moving tool, for a whole batch in PyTorch: as `src/worldmodel/ToolDisplacement` does it, but
without a preferred posture and without limits.
"""

import torch
from torch import Tensor

from .kinematics import Arm

DAMPING, LEVER, STEPS = 0.006, 0.25, 2  # as src/kinematics/DampedLeastSquares has them; steps of Newton's method a knot


class ToolMotion:
    def __init__(self, arm: Arm):
        """@raises ValueError for an arm with sliding joints"""
        if any(kind == "prismatic" for kind, *_ in arm.chain):
            raise ValueError("got an arm with a sliding joint, want turning ones")
        self.chain: list[
            tuple[Tensor, Tensor | None, Tensor, Tensor]
        ] = []  # origin; of a joint its axis [3] and [k]×, [k]×² as [4,4]
        for kind, origin, axis in arm.chain:
            x, y, z = axis
            cross = torch.zeros(4, 4)
            cross[:3, :3] = torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]])
            self.chain.append(
                (
                    torch.tensor(origin, dtype=torch.float32),
                    None if kind == "fixed" else torch.tensor(axis, dtype=torch.float32),
                    cross,
                    cross @ cross,
                )
            )

    def linearise(self, q: Tensor) -> tuple[Tensor, Tensor]:
        """q [K,nq] rad → the tool's pose [K,4,4], its geometric Jacobian [K,6,nq]"""
        pose = torch.eye(4).expand(len(q), 4, 4)
        axes, places = [], []
        for origin, axis, cross, square in self.chain:
            pose = pose @ origin
            if axis is None:
                continue
            angle = q[:, len(axes), None, None]
            axes.append(pose[:, :3, :3] @ axis)
            places.append(pose[:, :3, 3])
            pose = pose @ (torch.eye(4) + torch.sin(angle) * cross + (1 - torch.cos(angle)) * square)  # Rodrigues
        z = torch.stack(axes, -1)
        return pose, torch.cat([torch.linalg.cross(z, pose[:, :3, 3:] - torch.stack(places, -1), dim=1), z], 1)

    def follow(self, q: Tensor, to: Tensor, orientation: Tensor) -> Tensor:
        """Joints [K,nq] rad that bring the tool to `to` [K,3] m, turned as `orientation` [3,3], from nearby q [K,nq].

        STEPS times damped least squares, with the turning rows of J and e multiplied by LEVER (m):

            q ← q + Jᵀ (J Jᵀ + DAMPING² I)⁻¹ e,     e = [p* − p; ½ Σ_i r_i × r*_i],     r_i the columns of R

        Source: Wampler, Manipulator inverse kinematic solutions based on vector formulations and damped least-squares
        methods, IEEE Transactions on Systems, Man, and Cybernetics 16(1), 1986.
        """
        weight = torch.tensor([1, 1, 1, LEVER, LEVER, LEVER])
        for _ in range(STEPS):
            pose, J = self.linearise(q)
            turn = 0.5 * torch.linalg.cross(pose[:, :3, :3], orientation.expand(len(q), 3, 3), dim=1).sum(-1)
            J = J * weight[:, None]
            e = torch.cat([to - pose[:, :3, 3], turn], -1) * weight
            q = q + (J.mT @ torch.linalg.solve(J @ J.mT + DAMPING**2 * torch.eye(6), e[..., None]))[..., 0]
        return q
