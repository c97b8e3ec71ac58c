import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import type { RobotReport } from "../../src/cli/RobotReport.js";
import { telos } from "./telos.js";

test(
  "robot show tells an arm's frames, capsules, excess, " + "pairs with their reasons, and what is kept clear of",
  async () => {
    const { code, stdout } = await telos(["robot", "show", "arm7", "--scene", "table", "--json"], {
      env: { AMENT_PREFIX_PATH: "", LD_LIBRARY_PATH: "", ROS_DISTRO: "" },
    });
    const report = JSON.parse(stdout) as RobotReport;
    assert.equal(code, 0);
    assert.deepEqual(
      report.frames.map((f) => f.link),
      ["base_link", "link1", "link2", "link3", "link4", "link5", "link6", "link7"],
    );
    for (const f of report.frames)
      assert.ok(
        f.declared && f.excess !== undefined && f.excess > 1 && f.excess < 3 && f.out === undefined,
        JSON.stringify(f),
      );
    const pairs = report.frames
      .flatMap((f, i) => report.frames.slice(i + 1).map((g) => f.capsules.length * g.capsules.length))
      .reduce((a, b) => a + b);
    assert.equal(
      report.kept_apart + report.left_out.length,
      pairs,
      "every pair of capsules of two frames is kept apart or left out for a reason",
    );
    assert.ok(report.left_out.some((p) => p.why === "proven never to meet" && p.proven));
    assert.deepEqual(
      report.fixed.map((f) => f.from),
      ["scene"],
    );
    assert.deepEqual(report.notices, []);
    assert.deepEqual([report.hand!.joints, report.hand!.closed, report.hand!.open], [["finger_left_joint"], 0, 0.08]);
    assert.match(report.hand!.words, /from 0 mm at 0 to 80 mm at 0.04, at most 40 N/);
  },
);

const link = (name: string, shape: string): string => `<link name="${name}"><collision>${shape}</collision></link>`;
const joint = (n: number, parent: string, child: string, axis: string): string =>
  `<joint name="j${n}" type="revolute"><parent link="${parent}"/><child link="${child}"/><origin xyz="0 0 ` +
  `0.3"/><axis xyz="${axis}"/><limit lower="-1.5" upper="1.5" velocity="1" effort="9"/></joint>`;

test(
  "what was guessed goes into the table, to stderr of a plan and to the doctor, " +
    "by link and file; a picture shows the arm; --yaml is what a robot's file takes",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "telos-robot-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "arm.urdf"),
      picture = join(folder, "arm.png"),
      task = join(folder, "turn.yaml");
    writeFileSync(
      file,
      `<robot name="arm">${link("base", '<geometry><box size="0.1 0.1 0.2"/></geometry>')}` +
        `${link("a", '<origin xyz="0 0 0.15"/><geometry><cylinder radius="0.05" length="0.2"/></geometry>')}` +
        `${link("b", '<geometry><mesh filename="gone.stl"/></geometry>')}<link ` +
        `name="c"/>${joint(1, "base", "a", "0 0 1")}${joint(2, "a", "b", "0 1 0")}${joint(3, "b", "c", "0 1 0")}` +
        "</robot>",
    );
    writeFileSync(task, "name: turn\ngoal: [{ joint_positions: { positions: { j1: 0.3 rad } } }]\n");
    const words = /link b \(mesh gone\.stl\): is not found: a capsule of 60 mm radius along its bone replaces/;
    const [shown, planned, doctor, { stdout: yaml, stderr }] = await Promise.all([
      telos(["robot", "show", file, "--picture", picture]),
      telos(["plan", "--task", task, "--robot", file, "--scene", "empty", "--deadline", "2"]),
      telos(["doctor", "--robot", file, "--json"]),
      telos(["robot", "show", file, "--yaml"]),
    ]);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, words);
    assert.match(shown.stdout, /b +1 guessed/);
    const { width, height, colours } = readPng(picture);
    assert.deepEqual([width, height], [960, 720]);
    assert.ok(colours > 500, "something is drawn");

    assert.match(planned.stderr, words);
    const check = (
      JSON.parse(doctor.stdout) as { checks: { name: string; ok: boolean; detail: string; fix: string }[] }
    ).checks.find((c) => c.name === "arm's shape")!;
    assert.equal(check.ok, false);
    assert.match(check.detail, words);
    assert.match(check.fix, /telos robot show/);

    assert.match(stderr, words);
    const robot = join(folder, "arm.yaml");
    writeFileSync(robot, `name: arm\nurdf: arm.urdf\n${yaml}`);
    const again = JSON.parse((await telos(["robot", "show", robot, "--json"])).stdout) as RobotReport;
    assert.deepEqual(
      again.frames.map((f) => [f.link, f.capsules.length, f.declared, f.out]),
      [
        ["base", 1, true, undefined],
        ["a", 1, true, undefined],
        ["b", 1, true, undefined],
        ["c", 0, true, undefined],
      ],
    );
  },
);

function readPng(file: string): { width: number; height: number; colours: number } {
  const png = readFileSync(file);
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(data)),
    seen = new Set<number>();
  for (let i = 1; i + 3 <= raw.length; i += 3) seen.add(raw.readUIntBE(i, 3));
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), colours: seen.size };
}
