import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { XMLParser } from "fast-xml-parser";
import rclnodejs from "rclnodejs";
import { packageRoot } from "../../src/config/index.js";

const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(join(packageRoot(), "node_modules/rclnodejs/build/Release/rclnodejs.node"));
const KINDS = ["publish", "subscribe", "reply", "request"] as const;
type Kind = (typeof KINDS)[number];
type Names = Readonly<Record<Kind, ReadonlySet<string>>>;

/** What is allowed and not used here, and when it is. */
const OTHERWISE: Readonly<Record<string, Partial<Record<Kind, readonly string[]>>>> = {
  // of a robot with a bound on contact force; where tf2_msgs is; of one whose file names no URDF; of one whose
  // controller takes goals
  telos: { subscribe: ["wrench", "tf_static", "robot_description", "telos_guard/commands"] },
  telos_guard: {
    subscribe: ["wrench", "tf_static", "robot_description"],
    publish: ["telos_guard/commands"],
    request: ["joint_trajectory_controller/follow_joint_trajectory"],
  },
  telos_sim: {
    publish: ["wrench"],
    subscribe: ["clock"],
    reply: ["joint_trajectory_controller/follow_joint_trajectory"],
  },
};

/** The policy as the ROS graph names things: an action is three services and two topics. */
function policyOf(node: string): Record<Kind, Set<string>> {
  const array = ["enclave", "profile", "topics", "services", "actions", "topic", "service", "action"];
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => array.includes(name),
  });
  const { policy } = parser.parse(readFileSync(join(packageRoot(), "config", "security", "policy.xml"), "utf8"));
  const profile = policy.enclaves.enclave.flatMap((e: any) => e.profiles.profile).find((p: any) => p.node === node);
  const names: Record<Kind, Set<string>> = {
    publish: new Set(),
    subscribe: new Set(),
    reply: new Set(),
    request: new Set(),
  };
  for (const kind of KINDS)
    for (const group of [...(profile.topics ?? []), ...(profile.services ?? [])])
      if (group[kind] === "ALLOW") for (const name of group.topic ?? group.service) names[kind].add(name);
  for (const group of profile.actions ?? []) {
    for (const action of group.action) {
      const [serves, tells] =
        group.execute === "ALLOW" ? (["reply", "publish"] as const) : (["request", "subscribe"] as const);
      for (const s of ["send_goal", "cancel_goal", "get_result"]) names[serves].add(`${action}/_action/${s}`);
      for (const t of ["feedback", "status"]) names[tells].add(`${action}/_action/${t}`);
    }
  }
  return names;
}

function usedBy(asker: rclnodejs.Node, node: string): Names {
  const set = (found: readonly { name: string }[]): Set<string> => new Set(found.map(({ name }) => name.slice(1)));
  return {
    publish: set(asker.getPublisherNamesAndTypesByNode(node, "/", false) as never),
    subscribe: set(asker.getSubscriptionNamesAndTypesByNode(node, "/", false) as never),
    reply: set(asker.getServiceNamesAndTypesByNode(node, "/") as never),
    request: set(asker.getClientNamesAndTypesByNode(node, "/") as never),
  };
}

/** What a node publishes and subscribes to, serves and asks for, with its types. */
function typesOf(asker: rclnodejs.Node, node: string): { name: string; types: string[] }[] {
  return [
    asker.getPublisherNamesAndTypesByNode(node, "/", false),
    asker.getSubscriptionNamesAndTypesByNode(node, "/", false),
    asker.getServiceNamesAndTypesByNode(node, "/"),
  ].flat() as never;
}

test(
  "what each running node publishes, hears, serves and asks for is allowed to it, and nothing more",
  { skip: ready ? false : "ROS 2 is not in the environment", timeout: 240_000 },
  async () => {
    process.env.ROS_DOMAIN_ID = String(180 + (process.pid % 20));
    const folder = mkdtempSync(join(tmpdir(), "telos-security-"));
    const children: ChildProcess[] = [],
      said: string[] = [];
    const start = (...args: string[]): void => {
      const child = spawn(process.execPath, [join(packageRoot(), "dist", "src", "main.js"), ...args], {
        env: process.env,
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (d) => said.push(String(d)));
      children.push(child);
    };
    start("sim", "--scene", "table", "--objects");
    start("guard", "--scene", "table", "--sim-time", "--json", "--ros-args", "-p", `latch_folder:=${folder}`);
    start(
      "agent",
      "--scene",
      "table",
      "--sim-time",
      "--guard",
      "apart",
      "--json",
      "--ros-args",
      "-p",
      `latch_folder:=${folder}`,
    );
    await rclnodejs.init();
    const asker = new rclnodejs.Node("asker");
    try {
      for (
        const limit = Date.now() + 180_000;
        said.join("").split('"state":"active"').length < 3;
        await new Promise((r) => setTimeout(r, 200))
      )
        assert.ok(Date.now() < limit, said.join(""));
      await new Promise((r) => setTimeout(r, 4000)); // the graph is told of in its own time
      const wrong: string[] = [];
      for (const node of ["telos", "telos_guard", "telos_sim"]) {
        const allowed = policyOf(node),
          used = usedBy(asker, node);
        for (const kind of KINDS) {
          assert.ok(used[kind].size > 0 || kind === "request", `${node}: nothing known of what it may ${kind}`);
          const forbidden = [...used[kind]].filter((name) => !allowed[kind].has(name)),
            idle = [...allowed[kind]].filter((name) => !used[kind].has(name));
          const excused = (name: string): boolean =>
            (OTHERWISE[node][kind] ?? []).some((o) => name === o || name.startsWith(`${o}/_action/`)) ||
            /^joint_trajectory_controller\/follow_joint_trajectory\/_action/.test(name);
          wrong.push(
            ...forbidden.map((name) => `${node} may not ${kind} ${name}, and does`),
            ...idle.filter((name) => !excused(name)).map((name) => `${node} may ${kind} ${name}, and does not`),
          );
        }
      }
      const names = (await import(join(packageRoot(), "scripts", "docs", "names.mjs"))) as Record<
        "TOPICS" | "SERVICES",
        Readonly<Record<string, readonly [type: string, meaning: string]>>
      >;
      const told = new Map(Object.entries({ ...names.TOPICS, ...names.SERVICES }));
      for (const node of ["telos", "telos_guard", "telos_sim"])
        for (const { name, types } of typesOf(asker, node)) {
          const want = told.get(name.slice(1))?.[0];
          if (want !== undefined && !types.includes(want))
            wrong.push(`${node}: ${name} is a ${types.join(", ")}; docs/reference/topics.md says ${want}`);
        }
      assert.deepEqual(wrong, []);
    } finally {
      for (const child of children) child.kill("SIGKILL");
      asker.destroy();
      rclnodejs.shutdown();
      setTimeout(() => {
        rmSync(folder, { recursive: true, force: true });
        process.exit();
      }, 500).unref();
    }
  },
);
