import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { readTask } from "../../../src/agent/setup/readTask.js";
import { withTaskFolder } from "../../../src/agent/setup/taskFolders.js";
import { packageRoot } from "../../../src/config/index.js";

const SECRET = "opensesame";
const TASK = "goal: [{ tool_pose: { position: [0.45, 0.2, 0.3], tolerance: 2 cm } }]\n";
const home = mkdtempSync(join(tmpdir(), "telos-task-"));
after(() => rmSync(home, { recursive: true }));
const listed = join(home, "listed"),
  other = join(home, "listed_not");
for (const folder of [listed, other]) mkdirSync(folder);
writeFileSync(join(listed, "mine.yaml"), TASK);
for (const name of ["secret.yaml", "secret"]) writeFileSync(join(other, name), `${SECRET}: 1\n`);
writeFileSync(join(other, "list.yaml"), `- ${SECRET}\n`);
symlinkSync(join(other, "secret.yaml"), join(listed, "link.yaml"));
symlinkSync(other, join(listed, "folder"));

const plain = loadSetup({ robot: "arm7", agent: "default" });
const setup = { ...plain, agent: { ...plain.agent, task_folders: [listed] } };
const told = (text: string, from = setup): string => {
  const read = readTask(text, from, []);
  return "code" in read ? `${read.code}: ${read.message}` : "taken";
};

test("a task by path is read below the folders that the agent lists, and by name from config/tasks", () => {
  assert.equal(told("reach"), "taken");
  assert.equal(told(join(packageRoot(), "config/tasks/reach.yaml")), "taken");
  assert.equal(told(join(listed, "mine.yaml")), "taken");
  assert.match(
    told(join(listed, "mine.yaml"), plain),
    /^INVALID_TASK: .*got the path .*mine\.yaml', want a file below .*config\/tasks, or one of the names .*reach/,
  );
});

test("of a file elsewhere nothing is told, neither what is in it nor whether it is there", () => {
  const ways = [
    join(other, "secret.yaml"),
    join(other, "secret"),
    join(other, "list.yaml"),
    join(listed, "..", "listed_not", "secret.yaml"),
    join(listed, "link.yaml"),
    join(listed, "folder", "secret.yaml"),
    relative(process.cwd(), join(other, "secret.yaml")),
  ];
  for (const way of ways) {
    const message = told(way);
    assert.match(message, /INVALID_TASK: .*got the path .*want a file below/, way);
    assert.ok(!message.includes(SECRET), message);
  }
  const unlike = (way: string): string => told(way).replaceAll(way, "PATH");
  assert.equal(
    unlike(join(other, "secret.yaml")),
    unlike(join(other, "missing.yaml")),
    "a file that is there and one that is not",
  );
});

test("pictures of a task that a client sends lie below those folders too", () => {
  const seeing = loadSetup({ robot: "arm7", agent: "learned", scene: "pucks" });
  const picture = (path: string): string =>
    told(`goal: [{ goal_image: { path: "${path}" } }]`, {
      ...seeing,
      agent: { ...seeing.agent, task_folders: [listed] },
    });
  for (const path of [join(other, "secret"), "../listed_not/secret", "folder/secret", "/etc/hostname"])
    assert.match(picture(path), /got '.*', want a file below/, path);
  assert.match(picture("none.png"), /no readable file/, "relative to the first folder listed");
  assert.equal(picture(join(packageRoot(), "config/tasks/push_to_image.png")), "taken");
});

test("whoever starts the agent with a task file lists its folder by that", () => {
  const path = join(other, "another.yaml");
  writeFileSync(path, TASK);
  assert.equal(told(path, withTaskFolder(plain, path)), "taken");
  for (const nothing of ["", TASK]) assert.equal(withTaskFolder(plain, nothing), plain);
});

test("thousands of unknown keys, and of wrong items, are an error of a few lines that says how many", () => {
  const keys = Array.from({ length: 7_000 }, (_, i) => `k${i}: 1\n`).join("");
  const items = `${TASK}guardrails: [${Array.from({ length: 40 }, () => "{ keep_out: { a: b, c: d } }").join(", ")}]\n`;
  for (const [text, more] of [
    [TASK + keys, 6_980],
    [items, 60],
  ] as const) {
    const lines = told(text).split("\n");
    assert.equal(lines.length, 21);
    assert.ok(lines.every((line) => line.length < 400));
    assert.match(lines[20], new RegExp(`^… and ${more} more$`));
  }
});
