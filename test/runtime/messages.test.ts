import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScene } from "../../src/config/index.js";
import { messageOf } from "../config/located.js";

const scene = (body: string): string => messageOf(`name: s\n${body}`, parseScene);
const object = "objects:\n  - { id: puck, sphere: { radius: 3 cm }, position: [0, 0, 0]";

/** Each fault: what is written, with ▸ at the place that must be named, and the message after that place. */
const faults: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    "an unknown key",
    "▸robt: arm7",
    ": got key 'robt' (did you mean 'robot'?), want one of: name, robot, servo, start, fixed, objects, bodies, " +
      "camera, cameras, random",
  ],
  [
    "an unknown nested key",
    `${object}, ▸mas: 1 }`,
    " objects[0]: got key 'mas' (did you mean 'mass'?), want one of: id, mass, friction, position, orientation, " +
      "colour, box, sphere, capsule, cylinder, cup, bin",
  ],
  [
    "a wrong unit",
    `${object}, mass: ▸2 cm }`,
    " objects[0].mass: got '2 cm', want a mass ('0.2 kg' or a number in kg)",
  ],
  [
    "an unknown unit",
    `${object}, mass: ▸2 stone }`,
    " objects[0].mass: got '2 stone', want a mass ('0.2 kg' or a number in kg)",
  ],
  ["NaN", `${object}, mass: ▸.nan }`, " objects[0].mass: got NaN, want a mass ('0.2 kg' or a number in kg)"],
  [
    "a number beyond the finite",
    `${object}, mass: ▸1e400 }`,
    " objects[0].mass: got Infinity, want a mass ('0.2 kg' or a number in kg)",
  ],
  [
    "the same with a unit",
    `${object}, mass: ▸1e400 kg }`,
    " objects[0].mass: got '1e400 kg', want a mass ('0.2 kg' or a number in kg)",
  ],
  ["a sign that cannot be", `${object}, mass: ▸-1 kg }`, " objects[0].mass: got '-1 kg', want more than 0 (kg)"],
  ["a value outside its range", `${object}, friction: ▸9 }`, " objects[0].friction: got 9, want at most 5"],
  [
    "a missing key",
    "objects:\n  - ▸{ id: puck, sphere: { radius: 3 cm } }",
    " objects[0].position: got nothing, want a list",
  ],
  [
    "a list too short",
    "fixed: [{ id: a, sphere: { center: ▸[0, 1], radius: 1 } }]",
    " fixed[0].sphere.center: got 2 items, want at least 3 items",
  ],
  [
    "an item of a list",
    "start: [0, 5 deg, ▸2 kg]",
    " start[2]: got '2 kg', want an angle ('15 deg' or a number in rad; of a sliding joint in m)",
  ],
  ["a map where a list stands", "objects: ▸{ a: 1 }", " objects: got a map, want a list"],
  [
    "no shape",
    "fixed: [▸{ id: a }]",
    " fixed[0]: got no shape, want one of: box, sphere, capsule, cylinder, half_space, bin, shelf",
  ],
  [
    "two shapes",
    "fixed: [{ id: a, sphere: { radius: 1 }, ▸box: { size: [1, 1, 1] } }]",
    " fixed[0]: got 'sphere' and 'box' together, want one of them in each entry",
  ],
  [
    "a quaternion that is none",
    `${object}, orientation: ▸[1, 1, 1, 1] }`,
    " objects[0].orientation: got a quaternion of norm 2.00, want an orientation: a unit quaternion [x, y, z, w] or " +
      "{ rpy: [roll, pitch, yaw] } (rad)",
  ],
  [
    "an id twice",
    "fixed: [{ id: a, sphere: { radius: 1 } }]\nobjects: [{ id: ▸a, sphere: { radius: 1 }, position: [0, 0, 0] }]",
    " objects[0].id: got 'a' twice, want unique ids",
  ],
  [
    "a choice among names",
    "bodies: [{ id: a, kind: ▸robot, capsules: [{ p0: [0, 0, 0], p1: [0, 0, 0], radius: 1 }] }]",
    " bodies[0].kind: got 'robot', want one of: person, object",
  ],
  [
    "times out of order",
    "bodies: [{ id: a, capsules: [{ p0: [0, 0, 0], p1: [0, 0, 0], radius: 1 }], path: [{ at: 2 s, move: [0, 0, 0] " +
      "}, { at: ▸1 s, move: [0, 0, 0] }] }]",
    " bodies[0].path[1].at: got 1, want later than 2 (s)",
  ],
  [
    "a random path that names nothing",
    `${object} }\nrandom: { objects.pack.position: ▸{ low: [0, 0, 0], high: [1, 1, 1] } }`,
    " random.objects.pack.position: got 'objects.pack.position' (did you mean 'objects.puck.position'?), want one " +
      "of: objects.puck.position, objects.puck.mass, objects.puck.friction, objects.puck.yaw",
  ],
  [
    "a random range upside down",
    `${object} }\nrandom: { objects.puck.mass: { low: ▸2 kg, high: 1 kg } }`,
    " random.objects.puck.mass.low: got 2, want at most high, 1",
  ],
  [
    "a random value of another kind",
    `${object} }\nrandom: { objects.puck.mass: { choices: [1 kg, ▸2 cm] } }`,
    " random.objects.puck.mass.choices[1]: got '2 cm', want finite quantities of the same kind as objects.puck.mass",
  ],
  ["an empty field", "▸camera:", " camera: got null, want a map"],
  ["no map at all", "▸- 1", ": got invalid YAML: Implicit keys need to be on a single line, want YAML 1.2"],
];

for (const [what, marked, message] of faults) {
  test(`${what} is told at its place`, () => {
    const before = `name: s\n${marked}`.split("▸")[0].split("\n");
    const place = `f.yaml:${before.length}:${before.at(-1)!.length + 1}`;
    assert.equal(scene(marked.replace("▸", "")).split("\n")[0], place + message);
  });
}

test("all problems are told at once, in the order of the file", () => {
  const lines = scene("robot: 3\nstart: [2 kg]\nnonsense: 1").split("\n");
  assert.deepEqual(
    lines.map((line) => line.slice(0, line.indexOf(" "))),
    ["f.yaml:2:8", "f.yaml:3:9", "f.yaml:4:1:"],
  );
});

test("control characters of a file never reach the terminal", () => {
  assert.match(scene('robot: "\\e[31m\\n"\n"\\e[31mkey": 1'), /got key '\\u001b\[31mkey'/);
});
