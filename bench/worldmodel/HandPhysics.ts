import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { SceneConfig } from "../../src/config/index.js";
import { mulTransform } from "../../src/core/mulTransform.js";
import { quatFromTransform } from "../../src/core/quatFromTransform.js";
import type { Rollouts } from "../../src/core/Rollouts.js";
import type { Seconds } from "../../src/core/Seconds.js";
import { transformFromRpy } from "../../src/core/transformFromRpy.js";
import { invertTransform } from "../../src/core/invertTransform.js";
import type { Arm } from "../../src/kinematics/index.js";
import { placeLinks } from "../../src/kinematics/placeLinks.js";
import type { Urdf, UrdfPart } from "../../src/kinematics/Urdf.js";
import { fixedMjcf, objectMjcf } from "../../src/sim/buildMjcf.js";
import { mujoco } from "../../src/sim/mujoco.js";
import type { Simulation } from "../../src/sim/Simulation.js";
import { xml } from "../../src/sim/xml.js";
import type { Physics } from "./Physics.js";

const MASS = 1e4; // kg: nothing on the table moves the hand

/**
 * The simulator's objects and the arm's last link alone, which goes where the path says: MuJoCo at a coarser step, what lies still asleep. Some twenty times as
 * fast as the whole arm; the objects move as in the simulator but for its servos' lag and the step.
 */
export class HandPhysics implements Physics {
  private readonly start: Float64Array; // qpos, then qvel of the objects

  private constructor(
    private readonly mj: MainModule,
    private readonly model: MjModel,
    private readonly data: MjData,
    private readonly simulation: Simulation,
    private readonly step: Seconds,
  ) {
    this.start = new Float64Array(7 * simulation.objects().length);
  }

  static async create(urdf: Urdf, simulation: Simulation, step: Seconds = 0.005): Promise<HandPhysics> {
    const mj = await mujoco();
    const model = mj.MjModel.from_xml_string(mjcf(urdf, simulation.arm, simulation.scene, step));
    const data = model && new mj.MjData(model);
    if (!model || !data) throw new Error("MuJoCo makes no model of the hand");
    return new HandPhysics(mj, model, data, simulation, step);
  }

  begin(): void {
    this.simulation.objects().forEach(({ position: p, orientation: [x, y, z, w] }, i) => this.start.set([...p, w, x, y, z], 7 * i));
  }

  roll(r: Rollouts, k: number): void {
    const { mj, model, data, step } = this;
    const no = this.start.length / 7;
    mj.mj_resetData(model, data);
    (data.qpos as Float64Array).set(this.start, 7);
    const knot = r.dt / r.sub;
    const n = Math.round(knot / step);
    const pose = new Float64Array(12), q = new Float64Array(4), p = new Float64Array(7);
    for (let h = 0; h <= r.H; h++) {
      if (h > 0)
        for (let m = 1; m <= r.sub; m++) {
          const a = 12 * (k * r.N + (h - 1) * r.sub + m - 1), b = a + 12;
          quatFromTransform(q, 0, r.tool, a);
          const vx = (r.tool[b + 3] - r.tool[a + 3]) / knot, vy = (r.tool[b + 7] - r.tool[a + 7]) / knot, vz = (r.tool[b + 11] - r.tool[a + 11]) / knot;
          for (let i = 0; i < n; i++) {
            const t = i * step;
            p[0] = r.tool[a + 3] + t * vx, p[1] = r.tool[a + 7] + t * vy, p[2] = r.tool[a + 11] + t * vz;
            p[3] = q[3], p[4] = q[0], p[5] = q[1], p[6] = q[2];
            (data.qpos as Float64Array).set(p);
            const v: Float64Array = data.qvel;
            v[0] = vx, v[1] = vy, v[2] = vz, v[3] = v[4] = v[5] = 0;
            mj.mj_step(model, data);
          }
        }
      const x: Float64Array = data.qpos;
      for (let o = 0; o < no; o++) for (let c = 0; c < 3; c++) r.objects[((k * (r.H + 1) + h) * no + o) * 3 + c] = x[7 * (o + 1) + c];
    }
    void pose;
  }

  dispose(): void {
    this.data.delete();
    this.model.delete();
  }
}

function mjcf(urdf: Urdf, arm: Arm, scene: SceneConfig, step: Seconds): string {
  const moving = arm.jointNames.map((name) => urdf.joints.get(name)!);
  const held = new Set([...urdf.joints.values()].filter((j) => !moving.includes(j)));
  const toTool = invertTransform(new Float64Array(12), 0, arm.toolOffset, 0);
  const parts = placeLinks(urdf, arm.base, moving, held)
    .filter((l) => l.frame === arm.nq)
    .flatMap((l) => urdf.links.get(l.link)!.collisions.map((c) => partMjcf(c, mulTransform(new Float64Array(12), 0, toTool, 0, l.poses[0], 0))));
  return xml("mujoco", { model: "hand" }, [
    xml("option", { timestep: step, integrator: "implicitfast", cone: "elliptic", impratio: 3 }, [xml("flag", { sleep: "enable" })]),
    xml("default", {}, [xml("geom", { solref: [0.008, 1], solimp: [0.95, 0.99, 0.001], friction: [0.6, 0.005, 0.0005] })]),
    xml("worldbody", {}, [xml("body", { name: "hand", gravcomp: 1 }, [xml("freejoint", {}), ...parts]), ...scene.fixed.map(fixedMjcf), ...scene.objects.map(objectMjcf)]),
  ]);
}

/** A collision primitive in the tool's frame; it meets objects alone. */
function partMjcf({ origin, geometry: g }: UrdfPart, link: Float64Array): string {
  const T = mulTransform(new Float64Array(12), 0, link, 0, transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy), 0);
  const [x, y, z, w] = quatFromTransform(new Float64Array(4), 0, T, 0);
  const at = { pos: [T[3], T[7], T[11]], quat: [w, x, y, z], mass: MASS, contype: 0, conaffinity: 4 };
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
