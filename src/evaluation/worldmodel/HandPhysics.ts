import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { SceneConfig } from "../../config/index.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import { segmentDistance } from "../../core/geometry/segmentDistance.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Solid } from "../../config/geometry.js";
import { partsOf } from "../../config/hollow.js";
import type { Seconds } from "../../core/Seconds.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import { invertTransform } from "../../core/geometry/invertTransform.js";
import type { Arm } from "../../kinematics/index.js";
import { placeLinks } from "../../kinematics/urdf/placeLinks.js";
import type { Urdf, UrdfPart } from "../../kinematics/urdf/Urdf.js";
import { fixedMjcf, objectMjcf } from "../../sim/physics/buildMjcf.js";
import { mujoco } from "../../sim/physics/mujoco.js";
import type { Simulation } from "../../sim/physics/Simulation.js";
import { xml } from "../../sim/export/xml.js";
import type { Physics } from "./Physics.js";

const SETTLING: Seconds = 0.4;
const AWAY = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 10);
const MASS = 3; // kg, about the mass that the servos move
const INERTIA = 1e3; // kg·m²: so large that nothing turns the hand
const OMEGA = 40; // rad/s: bandwidth of its servo
const FORCE = 100; // N, largest force of the servo

/**
 * A reduced simulation: the objects, and the arm's last link, which a servo of limited force moves along the path.
 * MuJoCo runs at a coarser step, objects at rest stay asleep, and nothing is simulated before hand and objects can
 * touch. It is much faster than a simulation of the whole arm, and objects move nearly as they do there.
 */
export class HandPhysics implements Physics {
  private start = new Float64Array(0); // MuJoCo's state: objects in their present places and asleep, the hand far above

  private readonly offset = 1; // of qpos in that state; the time comes first
  private readonly capsules: readonly number[]; // indices of the hand's capsules
  private readonly reach: readonly number[]; // m from an object's centre to its farthest point
  private readonly segment = new Float64Array(6);
  private readonly point = new Float64Array(6);
  private readonly distance = new Float64Array(1);
  private readonly quat = new Float64Array(4);
  private readonly pose = new Float64Array(7);
  private readonly velocity = new Float64Array(6);
  private readonly force = new Float64Array(3);

  private constructor(
    private readonly mj: MainModule,
    private readonly model: MjModel,
    private readonly data: MjData,
    private readonly simulation: Simulation,
    private readonly step: Seconds,
  ) {
    const { arm, scene } = simulation;
    this.capsules = [...arm.capsules.keys()].filter((c) => arm.capsules[c].link === arm.nq);
    this.reach = scene.objects.map((o) => Math.max(...partsOf<Solid>(o).map(farthest)));
  }

  static async create(urdf: Urdf, simulation: Simulation, step: Seconds = 0.008): Promise<HandPhysics> {
    const mj = await mujoco();
    const model = mj.MjModel.from_xml_string(mjcf(urdf, simulation.arm, simulation.scene, step));
    const data = model && new mj.MjData(model);
    if (!model || !data) throw new Error("MuJoCo cannot build the model of the hand");
    return new HandPhysics(mj, model, data, simulation, step);
  }

  begin(objects?: Float64Array): void {
    const { mj, model, data, step } = this;
    mj.mj_resetData(model, data);
    this.simulation.objects().forEach(({ position, orientation: [x, y, z, w] }, i) => {
      // only x and y are taken from beliefs, so that an object does not sink into the table
      const p = objects === undefined ? position : [objects[3 * i], objects[3 * i + 1], position[2]];
      (data.qpos as Float64Array).set([...p, w, x, y, z], 7 * (i + 1));
    });
    for (let t = 0; t < SETTLING; t += step) {
      this.place(AWAY, 0, 0, 0, 0, 0);
      mj.mj_step(model, data);
    }
    const all = mj.mjtState.mjSTATE_INTEGRATION.value;
    const buffer = new mj.DoubleBuffer(mj.mj_stateSize(model, all));
    mj.mj_getState(model, data, buffer, all);
    this.start = Float64Array.from(buffer.GetView() as Float64Array);
    buffer.delete();
  }

  roll(r: Rollouts, k: number): void {
    const { mj, model, data, step } = this;
    mj.mj_setState(model, data, this.start as never, mj.mjtState.mjSTATE_INTEGRATION.value);
    const knot = r.dt / r.substeps;
    const n = Math.round(knot / step);
    const first = this.meeting(r, k);
    for (let h = 0; h <= r.H; h++) {
      for (let m = 0; h > 0 && m < r.substeps; m++) {
        if ((h - 1) * r.substeps + m < first) continue;
        const a = 12 * (k * r.N + (h - 1) * r.substeps + m),
          b = a + 12;
        const vx = (r.tool[b + 3] - r.tool[a + 3]) / knot,
          vy = (r.tool[b + 7] - r.tool[a + 7]) / knot,
          vz = (r.tool[b + 11] - r.tool[a + 11]) / knot;
        if ((h - 1) * r.substeps + m === first) this.place(r.tool, a, 0, vx, vy, vz);
        for (let i = 0; i < n; i++) {
          this.lead(r.tool, a, i * step, vx, vy, vz);
          mj.mj_step(model, data);
        }
      }
      const x: Float64Array = data.qpos;
      for (let o = 0, out = 3 * (k * (r.H + 1) + h) * r.no; o < r.no; o++)
        for (let c = 0; c < 3; c++) r.objects[out++] = x[7 * (o + 1) + c];
    }
  }

  /** The first interval between knots in which the hand may touch an object. Before it no object moves. */
  private meeting(r: Rollouts, k: number): number {
    const { start, capsules, reach, segment, point, distance } = this;
    const last = k * r.N + r.N - 1;
    for (let i = k * r.N; i < last; i++) {
      const a = 12 * i,
        b = a + 12;
      const stride = Math.hypot(
        r.tool[b + 3] - r.tool[a + 3],
        r.tool[b + 7] - r.tool[a + 7],
        r.tool[b + 11] - r.tool[a + 11],
      );
      for (const c of capsules) {
        const from = 6 * (i * r.nc + c);
        for (let e = 0; e < 6; e++) segment[e] = r.capsules[from + e];
        for (let o = 0; o < reach.length; o++) {
          for (let e = 0; e < 3; e++) point[e] = point[e + 3] = start[this.offset + 7 * (o + 1) + e];
          segmentDistance(distance, segment, 0, point, 0);
          if (distance[0] < this.simulation.arm.capsules[c].radius + reach[o] + stride) return i - k * r.N;
        }
      }
    }
    return r.N;
  }

  /** The servo's force toward that state. The hand's orientation is prescribed. */
  private lead(T: Float64Array, it: number, t: Seconds, vx: number, vy: number, vz: number): void {
    const { force, quat, data } = this;
    const x: Float64Array = data.qpos,
      v: Float64Array = data.qvel;
    ((force[0] = T[it + 3] + t * vx - x[0]),
      (force[1] = T[it + 7] + t * vy - x[1]),
      (force[2] = T[it + 11] + t * vz - x[2]));
    ((force[0] = OMEGA * force[0] + 2 * (vx - v[0])),
      (force[1] = OMEGA * force[1] + 2 * (vy - v[1])),
      (force[2] = OMEGA * force[2] + 2 * (vz - v[2])));
    const size = MASS * OMEGA * Math.hypot(force[0], force[1], force[2]);
    const scale = size > FORCE ? (MASS * OMEGA * FORCE) / size : MASS * OMEGA;
    for (let c = 0; c < 3; c++) force[c] *= scale;
    quatFromTransform(quat, 0, T, it);
    ((x[3] = quat[3]), (x[4] = quat[0]), (x[5] = quat[1]), (x[6] = quat[2]));
    v.fill(0, 3, 6);
    (data.qfrc_applied as Float64Array).set(force);
  }

  /** The hand with its tool t after the pose T[12] from it, moving at (vx, vy, vz). */
  private place(T: Float64Array, it: number, t: Seconds, vx: number, vy: number, vz: number): void {
    const [x, y, z, w] = quatFromTransform(this.quat, 0, T, it);
    const { pose, velocity, data } = this;
    ((pose[0] = T[it + 3] + t * vx), (pose[1] = T[it + 7] + t * vy), (pose[2] = T[it + 11] + t * vz));
    ((pose[3] = w), (pose[4] = x), (pose[5] = y), (pose[6] = z));
    ((velocity[0] = vx), (velocity[1] = vy), (velocity[2] = vz));
    (data.qpos as Float64Array).set(pose);
    (data.qvel as Float64Array).set(velocity);
  }

  dispose(): void {
    this.data.delete();
    this.model.delete();
  }
}

function farthest(o: Solid): number {
  switch (o.kind) {
    case "box":
      return Math.hypot(...o.config.center) + Math.hypot(...o.config.size) / 2;
    case "sphere":
      return Math.hypot(...o.config.center) + o.config.radius;
    case "capsule":
      return Math.max(Math.hypot(...o.config.p0), Math.hypot(...o.config.p1)) + o.config.radius;
    case "cylinder":
      return Math.hypot(...o.config.center) + Math.hypot(o.config.radius, o.config.height / 2);
    default:
      return o satisfies never;
  }
}

function mjcf(urdf: Urdf, arm: Arm, scene: SceneConfig, step: Seconds): string {
  const moving = arm.jointNames.map((name) => urdf.joints.get(name)!);
  const held = new Set([...urdf.joints.values()].filter((j) => !moving.includes(j)));
  const toTool = invertTransform(new Float64Array(12), 0, arm.toolOffset, 0);
  const parts = placeLinks(urdf, arm.base, moving, held)
    .filter((l) => l.frame === arm.nq)
    .flatMap((l) =>
      urdf.links
        .get(l.link)!
        .collisions.map((c) => partMjcf(c, mulTransform(new Float64Array(12), 0, toTool, 0, l.poses[0], 0))),
    );
  return xml("mujoco", { model: "hand" }, [
    xml("option", { timestep: step, integrator: "implicitfast", cone: "elliptic", impratio: 3 }, [
      xml("flag", { sleep: "enable" }),
    ]),
    xml("default", {}, [
      xml("geom", { solref: [0.008, 1], solimp: [0.95, 0.99, 0.001], friction: [0.6, 0.005, 0.0005] }),
    ]),
    xml("worldbody", {}, [
      xml("body", { name: "hand", gravcomp: 1 }, [
        xml("freejoint", {}),
        xml("inertial", { pos: [0, 0, 0], mass: MASS, diaginertia: [INERTIA, INERTIA, INERTIA] }),
        ...parts,
      ]),
      ...scene.fixed.map(fixedMjcf),
      ...scene.objects.map(objectMjcf),
    ]),
  ]);
}

/** A collision primitive in the tool's frame. It collides with objects only. */
function partMjcf({ origin, geometry: g }: UrdfPart, link: Float64Array): string {
  const T = mulTransform(
    new Float64Array(12),
    0,
    link,
    0,
    transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy),
    0,
  );
  const [x, y, z, w] = quatFromTransform(new Float64Array(4), 0, T, 0);
  const at = { pos: [T[3], T[7], T[11]], quat: [w, x, y, z], contype: 0, conaffinity: 4 };
  switch (g.kind) {
    case "box":
      return xml("geom", { type: "box", size: g.size.map((s) => s / 2), ...at });
    case "sphere":
      return xml("geom", { type: "sphere", size: g.radius, ...at });
    case "cylinder":
    case "capsule":
      return xml("geom", { type: g.kind, size: [g.radius, g.length / 2], ...at });
    case "mesh":
      throw new RangeError("the hand's collision geometry is a mesh, want primitives");
    default:
      return g satisfies never;
  }
}
