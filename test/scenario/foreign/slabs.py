import numpy as np


def slabs(points, p, q, n):
    """The corners of what lies of a mesh in each of n slabs across its longest side: its points [k,3] there, and where
    its edges from p to q [e,3] cross the slab's two planes.
    """
    axis = int(np.ptp(points, axis=0).argmax())
    cuts = np.linspace(points[:, axis].min(), points[:, axis].max(), n + 1)

    def crossings(at):
        over = (p[:, axis] - at) * (q[:, axis] - at) < 0
        u = (at - p[over, axis]) / (q[over, axis] - p[over, axis])
        return p[over] + u[:, None] * (q[over] - p[over])

    for low, high in zip(cuts, cuts[1:]):
        slab = np.vstack(
            (points[(points[:, axis] >= low) & (points[:, axis] <= high)], crossings(low), crossings(high))
        )
        if len(slab) > 0:
            yield slab
