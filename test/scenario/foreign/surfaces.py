"""Whether two surfaces meet, by triangle against triangle."""

import numpy as np


def cut(a, b):
    """Whether a triangle of a [n,3,3] and one of b [m,3,3] cut one another, m."""
    low = np.maximum(a.reshape(-1, 3).min(axis=0), b.reshape(-1, 3).min(axis=0))
    high = np.minimum(a.reshape(-1, 3).max(axis=0), b.reshape(-1, 3).max(axis=0))
    a, b = (v[(v.max(axis=1) >= low).all(axis=1) & (v.min(axis=1) <= high).all(axis=1)] for v in (a, b))
    return pierced(a, b) or pierced(b, a)


def pierced(a, b):
    """Whether an edge of a triangle of a goes through one of b (Möller and Trumbore)."""
    if len(a) == 0 or len(b) == 0:
        return False
    low, high = b.min(axis=1), b.max(axis=1)
    for o, e in ((a[:, k], a[:, (k + 1) % 3]) for k in range(3)):
        for s in range(0, len(o), 64):
            p, d = o[s : s + 64, None], (e - o)[s : s + 64, None]
            near = ((np.minimum(p, p + d) <= high) & (np.maximum(p, p + d) >= low)).all(axis=2)
            i, t = np.nonzero(near)
            if len(i) == 0:
                continue
            p, d, e1, e2, v = p[i, 0], d[i, 0], b[t, 1] - b[t, 0], b[t, 2] - b[t, 0], b[t, 0]
            h = np.cross(d, e2)
            det = (e1 * h).sum(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                u = ((p - v) * h).sum(axis=1) / det
                w = np.cross(p - v, e1)
                x, y = (d * w).sum(axis=1) / det, (e2 * w).sum(axis=1) / det
            if ((np.abs(det) > 1e-18) & (u >= 0) & (x >= 0) & (u + x <= 1) & (y >= 0) & (y <= 1)).any():
                return True
    return False
