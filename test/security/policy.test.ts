import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { packageRoot } from "../../src/config/index.js";

type Direction = "publish" | "subscribe" | "reply" | "request" | "execute" | "call";
interface Group {
  readonly [direction: string]: string | readonly string[] | undefined;
}
interface Profile {
  readonly ns: string;
  readonly node: string;
  readonly topics?: readonly Group[];
  readonly services?: readonly Group[];
  readonly actions?: readonly Group[];
}

const text = readFileSync(join(packageRoot(), "config", "security", "policy.xml"), "utf8");
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  isArray: (name) =>
    ["enclave", "profile", "topics", "services", "actions", "topic", "service", "action"].includes(name),
});
const { policy } = parser.parse(text) as {
  policy: {
    version: string;
    enclaves: { enclave: readonly { path: string; profiles: { profile: readonly Profile[] } }[] };
  };
};
const profiles = policy.enclaves.enclave.flatMap((e) => e.profiles.profile);

/** Names that a node may use one way. */
function allowed(node: string, direction: Direction): readonly string[] {
  const { topics = [], services = [], actions = [] } = profiles.find((p) => p.node === node)!;
  return [...topics, ...services, ...actions]
    .filter((g) => g[direction] === "ALLOW")
    .flatMap((g) => (g.topic ?? g.service ?? g.action) as readonly string[]);
}

const COMMAND = "joint_trajectory_controller/joint_trajectory";
const CALLS: readonly (readonly [RegExp, Direction])[] = [
  [/(?:createPublisher|advertise|listened)(?:<[^>]*>)?\(/g, "publish"],
  [/(?:createSubscription|\blisten)\(/g, "subscribe"],
  [/(?:createService|\bserve(?:Trigger)?)\(/g, "reply"],
  [/createClient\(/g, "request"],
];
const adapter = join(packageRoot(), "src", "adapters", "ros");
const sources = readdirSync(adapter, { recursive: true, encoding: "utf8" }).map((path) => join(adapter, path));
const NAME = /["`]((?:~\/|\/|\$\{GUARD\}\/|\$\{camera\}\/)?[a-z_]+(?:\/[a-z_]+)*)["`]/g;

/** What stands between a parenthesis that has just opened and the one that closes it. */
function argumentsAt(source: string, begin: number): string {
  let end = begin;
  for (let depth = 1; depth > 0 && end < source.length; end++)
    depth += Number(source[end] === "(") - Number(source[end] === ")");
  return source.slice(begin, end);
}

/**
 * What a source file says a node uses: the first name in each call that makes a publisher, subscription, service or
 * client.
 */
function used(file: string, node: string): { name: string; direction: Direction }[] {
  const source = readFileSync(
    sources.find((path) => basename(path) === `${file}.ts`)!,
    "utf8",
  )
    .split("\n")
    .filter((line) => !/^\s*(\*|\/|private |function )/.test(line))
    .join("\n");
  return CALLS.flatMap(([call, direction]) =>
    [...source.matchAll(call)].flatMap((m) =>
      [...argumentsAt(source, m.index + m[0].length).matchAll(NAME)]
        .map(([, name]) =>
          name.replace("${GUARD}", "telos_guard").replace("${camera}", "camera").replace(/^~/, node).replace(/^\//, ""),
        )
        .filter((name) => !/\/(msg|srv|action)$|\/(msg|srv|action)\//.test(name))
        .slice(0, 1) // what follows a name are other words
        .map((name) => ({ name, direction })),
    ),
  );
}

test("the policy is well-formed and has the shape of SROS 2's schema", () => {
  assert.equal(XMLValidator.validate(text), true);
  assert.equal(policy.version, "0.2.0");
  assert.deepEqual(
    policy.enclaves.enclave.map((e) => [e.path, ...e.profiles.profile.map((p) => p.ns + p.node)]),
    [
      ["/telos", "/telos"],
      ["/telos_guard", "/telos_guard"],
      ["/operator", "/operator"],
      ["/telos_sim", "/telos_sim"],
      ["/driver", "/driver"],
      ["/controller", "/joint_trajectory_controller"],
      ["/tracker", "/tracker"],
      ["/camera", "/camera"],
    ],
  );
  for (const p of profiles)
    for (const group of [...(p.topics ?? []), ...(p.services ?? []), ...(p.actions ?? [])])
      assert.equal(Object.values(group).filter((x) => x === "ALLOW").length, 1);
});

/** Who may write a DDS topic, by the wire. */
const writers = (topic: string): string[] => profiles.map((p) => p.node).filter((node) => mayWrite(node, topic));

test(
  "the guard alone may publish commands, or send and cancel the controller's goals; " +
    "where the arm is, people are and what pictures show is told by those whose it is",
  () => {
    for (const topic of [
      `rt/${COMMAND}`,
      ...["send_goal", "cancel_goal", "get_result"].map(
        (s) => `rq/joint_trajectory_controller/follow_joint_trajectory/_action/${s}Request`,
      ),
    ])
      assert.deepEqual(writers(topic), ["telos_guard"], topic);
    for (const topic of ["joint_states", "robot_description", "wrench"])
      assert.deepEqual(writers(`rt/${topic}`), ["telos_sim", "driver"], topic);
    for (const topic of ["bodies", "bodies_void_until"])
      assert.deepEqual(writers(`rt/${topic}`), ["telos_sim", "tracker"], topic);
    assert.deepEqual(writers("rt/camera/image_raw"), ["telos_sim", "camera"]);
    assert.deepEqual(writers("rt/clock"), ["telos_sim"]);
    assert.deepEqual(writers("rq/telos/accomplish/_action/send_goalRequest"), ["operator"]);
    assert.deepEqual(
      profiles.map((p) => p.node).filter((node) => allowed(node, "subscribe").includes(COMMAND)),
      ["telos", "telos_sim", "joint_trajectory_controller"],
    ); // the agent overhears what its guard sends
  },
);

for (const [node, files] of [
  [
    "telos",
    ["AgentNode", "DiagnosticsTopic", "AgentInputs", "AgentOutputs", "GuardClient", "SimClock", "awaitDescription"],
  ],
  ["telos_guard", ["AgentNode", "DiagnosticsTopic", "AgentOutputs", "GuardTopics", "SimClock", "awaitDescription"]],
  ["telos_sim", ["SimOutputs", "SimInputs", "serveScene"]],
] as const) {
  test(`whatever ${node} uses it may use`, () => {
    const uses = files.flatMap((file) => used(file, node));
    assert.ok(uses.length > 4, JSON.stringify(uses));
    for (const { name, direction } of uses)
      assert.ok(allowed(node, direction).includes(name), `${node} may not ${direction} ${name}`);
  });
}

test("the agent serves its action", () => assert.deepEqual(allowed("telos", "execute"), ["telos/accomplish"]));

/** What a rule lets through on the wire, as SROS 2's templates write it: DDS topics with their prefix. */
const WIRE: Readonly<
  Record<Direction, (name: string) => { readonly publish: readonly string[]; readonly subscribe: readonly string[] }>
> = {
  publish: (n) => ({ publish: [`rt/${n}`], subscribe: [] }),
  subscribe: (n) => ({ publish: [], subscribe: [`rt/${n}`] }),
  request: (n) => ({ publish: [`rq/${n}Request`], subscribe: [`rr/${n}Reply`] }),
  reply: (n) => ({ publish: [`rr/${n}Reply`], subscribe: [`rq/${n}Request`] }),
  call: (n) => {
    const services = ["send_goal", "cancel_goal", "get_result"].map((s) => `${n}/_action/${s}`);
    return {
      publish: services.map((s) => `rq/${s}Request`),
      subscribe: [...services.map((s) => `rr/${s}Reply`), `rt/${n}/_action/feedback`, `rt/${n}/_action/status`],
    };
  },
  execute: (n) => {
    const services = ["send_goal", "cancel_goal", "get_result"].map((s) => `${n}/_action/${s}`);
    return {
      publish: [...services.map((s) => `rr/${s}Reply`), `rt/${n}/_action/feedback`, `rt/${n}/_action/status`],
      subscribe: services.map((s) => `rq/${s}Request`),
    };
  },
};

/**
 * Whether an enclave's participant could write a DDS topic: its rules as patterns, since DDS permissions know
 * wildcards.
 */
function mayWrite(node: string, topic: string): boolean {
  const patterns = (Object.keys(WIRE) as Direction[]).flatMap((d) =>
    allowed(node, d).flatMap((name) => WIRE[d](name).publish),
  );
  return patterns.some((p) =>
    new RegExp(
      `^${p
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    ).test(topic),
  );
}

const SERVICES = (of: string): readonly string[] => allowed(of, "reply");

test(
  "who may call what: a latch is left, and a lifecycle or a parameter moved, " +
    "by the operator alone; to stop the arm is open to the agent too",
  () => {
    const callers = (service: string): string[] =>
      profiles.map((p) => p.node).filter((node) => mayWrite(node, `rq/${service}Request`));
    for (const of of ["telos", "telos_guard"]) {
      assert.ok(SERVICES(of).length > 10);
      for (const service of SERVICES(of)) {
        const may = callers(service);
        const wanted = service === "telos_guard/emergency_stop" ? ["telos", "operator"] : ["operator"];
        assert.ok(
          may.every((node) => wanted.includes(node)),
          `${may.join(", ")} may call ${service}, want at most ${wanted.join(", ")}`,
        );
      }
      assert.deepEqual(callers(`${of}/reset`), ["operator"]);
      assert.ok(callers(`${of}/emergency_stop`).includes("operator"));
    }
    assert.ok(callers("telos_guard/emergency_stop").includes("telos"), "the agent passes a stop on");
  },
);

test("the operator may not move the arm but through agent and guard", () => {
  for (const topic of [COMMAND, "telos/proposal", "joint_states", "bodies", "wrench", "clock", "robot_description"])
    assert.equal(mayWrite("operator", `rt/${topic}`), false, topic);
});

test(
  "the agent has no client of its guard's reset: " + "nothing in the sources but the operator's tools could call it",
  () => {
    assert.deepEqual(
      used("GuardClient", "telos")
        .filter((u) => u.direction === "request")
        .map((u) => u.name),
      ["telos_guard/emergency_stop"],
    );
  },
);
