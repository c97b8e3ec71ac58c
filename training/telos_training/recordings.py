"""Reads recordings into arrays: MCAP files with standard ROS 2 messages, as `telos collect` or `ros2 bag record -s
mcap` writes them. It reads each file once and keeps the arrays in a cache beside it.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory

from .kinematics import Arm

LAYOUT = 4  # of the cache
DEPTH = 16  # cells along each side


@dataclass
class Frames:
    """All frames of all episodes, one after the other."""

    images: np.ndarray  # uint8 [N,S,S,3]
    q: np.ndarray  # float32 [N,nq] rad
    features: np.ndarray  # float32 [N,3+2nq]: tool xyz (m, base frame), sin q, cos q
    objects: np.ndarray  # float32 [N,no,3] m, base frame; NaN where not known
    episode: np.ndarray  # int32 [N]
    joints: list[str]
    names: list[str]  # of the objects
    # float32 [N,DEPTH,DEPTH] m along the camera's axis, NaN where not known; None unless every recording has it
    depth: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.episode)

    def windows(self, length: int, episodes: np.ndarray | None = None) -> np.ndarray:
        """The frames that begin a window of `length` frames within one episode (of the given ones)."""
        return windows(self.episode, length, episodes)


def windows(episode: np.ndarray, length: int, episodes: np.ndarray | None = None) -> np.ndarray:
    """The rows that begin a window of `length` rows within one episode (of the given ones). @param episode [N], of each
    row
    """
    last = np.arange(len(episode)) + length - 1
    whole = last < len(episode)
    whole[whole] = episode[last[whole]] == episode[whole]
    if episodes is not None:
        whole &= np.isin(episode, episodes)
    return np.flatnonzero(whole)


def held_out(episode: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The episodes to learn from, and those to measure on: a random share of all, at least one. @param episode [N]"""
    count = int(episode.max()) + 1
    held = np.random.default_rng([seed, 0]).permutation(count)[: max(1, int(count * share))]
    return np.setdiff1d(np.arange(count), held), held


def read_frames(folders: list[Path], dt: float, base: str, tool: str, camera: str = "camera") -> Frames:
    """Every episode of every folder, in the order of their names; dt in s, links by name.

    @raises ValueError for files that lack images or joints, and for folders with other joints or objects than the first
    """
    parts = [_cached(folder, dt, base, tool, camera) for folder in folders]
    joints, names = parts[0].joints, parts[0].names
    for folder, p in zip(folders, parts):
        if p.joints != joints or p.names != names:
            raise ValueError(
                f"{folder}: joints {p.joints} and objects {p.names}, want {joints} and {names} as in {folders[0]}"
            )
    shift = np.cumsum([0] + [int(p.episode[-1]) + 1 for p in parts[:-1]])
    return Frames(  # type: ignore[call-arg]  # the stars are four arguments
        *(np.concatenate([getattr(p, k) for p in parts]) for k in ("images", "q", "features", "objects")),
        np.concatenate([p.episode + s for p, s in zip(parts, shift)]).astype(np.int32),
        joints,
        names,
        _of_all([p.depth for p in parts]),
    )


def _cached(folder: Path, dt: float, base: str, tool: str, camera: str) -> Frames:
    files = sorted(folder.glob("*.mcap"))
    if not files:
        raise ValueError(f"{folder}: no .mcap file; telos collect --out {folder} makes some")
    known: list[Path] = []
    cache = folder / ".frames"
    cache.mkdir(exist_ok=True)
    parts = []
    BLOCK = 250  # files a cache file: new episodes cost only themselves
    for i in range(0, len(files), BLOCK):
        block = files[i : i + BLOCK]
        key = hashlib.sha256(
            json.dumps([LAYOUT, dt, base, tool, camera, *((f.name, f.stat().st_size) for f in block)]).encode()
        ).hexdigest()[:16]
        path = cache / f"{key}.npz"
        known.append(path)
        if not path.exists():
            episodes = [_episode(f, dt, base, tool, camera) for f in block]
            temporary = path.with_suffix(".tmp.npz")
            np.savez(
                temporary,
                **{k: np.concatenate([e[k] for e in episodes]) for k in ("images", "q", "features", "objects")},
                episode=np.repeat(np.arange(len(episodes)), [len(e["q"]) for e in episodes]),
                joints=episodes[0]["joints"],
                names=episodes[0]["names"],
                **({} if (depth := _of_all([e["depth"] for e in episodes])) is None else {"depth": depth}),
            )
            temporary.rename(path)
        with np.load(path) as z:
            parts.append(
                Frames(
                    z["images"],
                    z["q"],
                    z["features"],
                    z["objects"],
                    z["episode"].astype(np.int32) + i,
                    list(z["joints"]),
                    list(z["names"]),
                    z["depth"] if "depth" in z else None,
                )
            )
    for old in set(cache.glob("*.npz")) - set(known):
        old.unlink()
    return Frames(  # type: ignore[call-arg]  # the stars are four arguments
        *(np.concatenate([getattr(p, k) for p in parts]) for k in ("images", "q", "features", "objects", "episode")),
        parts[0].joints,
        parts[0].names,
        _of_all([p.depth for p in parts]),
    )


def _of_all(parts: list[np.ndarray | None]) -> np.ndarray | None:
    """The parts as one array, or None where any is missing."""
    return None if any(p is None for p in parts) else np.concatenate(parts)


def _episode(file: Path, dt: float, base: str, tool: str, camera: str) -> dict:
    """One recording on the grid t_k = t_0 + k dt: the image nearest to each t_k, joints interpolated to that image's
    stamp. Stamps are those in the messages: an image is written down when it has come, which with a true camera is tens
    of milliseconds after it was taken. Images from before the first joint state or after the last are left out.
    """
    with open(file, "rb") as stream:
        said = messages(
            stream, ("joint_states", f"{camera}/image_raw", f"{camera}/depth", "objects", "robot_description")
        )
    known = [t for t, _ in said["joint_states"]] or [0]
    seen = [(t, decode) for t, decode in said[f"{camera}/image_raw"] if min(known) <= t <= max(known)]
    depths = [(stamp(m), _depth(m, file)) for m in (decode() for _, decode in said[f"{camera}/depth"])]
    images = [(stamp(m), _rgb(m, file)) for m in (decode() for _, decode in seen)]
    joints = _around([t for t, _ in seen], said["joint_states"])
    objects = [_poses(decode()) for _, decode in said["objects"]]
    if len(images) < 2 or len(joints) < 2 or not said["robot_description"]:
        raise ValueError(
            f"{file}: {len(images)} images of {camera}, {len(joints)} joint states, "
            f"{len(said['robot_description'])} robot descriptions; want at least 2, 2 and one"
        )
    urdf = said["robot_description"][0][1]().data
    arm = Arm(urdf, base, tool)
    tj = np.array([stamp(m) for m in joints])
    qj = np.array([[m.position[list(m.name).index(n)] for n in arm.joints] for m in joints])
    ti = np.array([t for t, _ in images])
    grid = np.arange(ti[0], ti[-1] + 0.5 * dt, dt)
    nearest = np.abs(ti[None] - grid[:, None]).argmin(1)
    q = np.stack([np.interp(ti[nearest], tj, qj[:, j]) for j in range(qj.shape[1])], 1)
    ids = sorted({i for _, poses in objects for i in poses})
    track = np.full((len(nearest), len(ids), 3), np.nan, np.float32)
    if objects:
        to = np.array([t for t, _ in objects])
        for k, i in enumerate(nearest):
            poses = objects[np.abs(to - ti[i]).argmin()][1]
            for n, name in enumerate(ids):
                if name in poses:
                    track[k, n] = poses[name]
    td = np.array([t for t, _ in depths])
    depth = np.stack([depths[np.abs(td - t).argmin()][1] for t in ti[nearest]]) if depths else None
    features = np.concatenate([arm.tool(q), np.sin(q), np.cos(q)], 1)
    return dict(
        images=np.stack([images[i][1] for i in nearest]),
        q=q.astype(np.float32),
        features=features.astype(np.float32),
        objects=track,
        joints=arm.joints,
        names=ids,
        depth=depth,
    )


def messages(stream, topics: tuple[str, ...]) -> dict[str, list]:
    """Messages by the end of their topic's name, sorted: (stamp in ns, function that decodes the message). Decoding is
    expensive, and most joint states lie between two images.
    """
    said: dict[str, list] = {topic: [] for topic in topics}
    factory, decoders = DecoderFactory(), {}
    for schema, channel, message in make_reader(stream).iter_messages():
        topic = next((t for t in topics if channel.topic.endswith(t)), None)
        if topic is None or schema is None:
            continue
        if schema.id not in decoders:
            decoders[schema.id] = factory.decoder_for(channel.message_encoding, schema)
        sec, nanosec = (
            (0, 0)
            if topic == "robot_description"
            else struct.unpack_from("<iI" if message.data[1] & 1 else ">iI", message.data, 4)
        )  # after CDR's own header: the message's begins with its stamp
        said[topic].append((10**9 * sec + nanosec, lambda decode=decoders[schema.id], data=message.data: decode(data)))
    for topic in topics:
        said[topic].sort(key=lambda m: m[0])
    return said


def _around(times: list[int], messages: list) -> list:
    """The messages last before and first after each of the times, decoded."""
    after = np.searchsorted([t for t, _ in messages], times)
    wanted = sorted(
        {int(i) for i in np.concatenate([after - 2, after - 1, after, after + 1]) if 0 <= i < len(messages)}
    )
    return [messages[i][1]() for i in wanted]


def stamp(message) -> float:
    """Of the message's header, s."""
    return message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec


def _rgb(message, file: Path) -> np.ndarray:
    """uint8 [H,W,3]"""
    if message.encoding not in ("rgb8", "bgr8"):
        raise ValueError(f"{file}: image encoding {message.encoding}, want rgb8 or bgr8")
    image = (
        np.frombuffer(message.data, np.uint8)
        .reshape(message.height, message.step)[:, : 3 * message.width]
        .reshape(message.height, message.width, 3)
    )
    return image if message.encoding == "rgb8" else image[..., ::-1]


def _depth(message, file: Path) -> np.ndarray:
    """float32 [DEPTH,DEPTH] m at the middles of cells, NaN where the message has no finite depth: nothing is there, or
    it is too near or too far to be measured (REP 117).
    """
    if message.encoding != "32FC1":
        raise ValueError(f"{file}: depth encoding {message.encoding}, want 32FC1 (m)")
    image = np.frombuffer(message.data, ">f4" if message.is_bigendian else "<f4").reshape(
        message.height, message.step // 4
    )
    row, column = (((np.arange(DEPTH) + 0.5) * n / DEPTH).astype(int) for n in (message.height, message.width))
    cells = image[row[:, None], column].astype(np.float32)
    return np.where(np.isfinite(cells), cells, np.nan)


def _poses(message) -> tuple[float, dict[str, list[float]]]:
    """The stamp, s, and each object's position, m."""
    positions = {o.id: o.pose.position for o in message.objects}
    return stamp(message), {i: [p.x, p.y, p.z] for i, p in positions.items()}
