import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { Collector } from "../../src/collect/Collector.js";
import type { MakeExplorer } from "../../src/collect/Explorer.js";
import { explorerOf } from "../../src/collect/explorerOf.js";
import { ModelExplorer } from "../../src/collect/ModelExplorer.js";
import { modelPolicy } from "../../src/collect/modelPolicy.js";
import { loadAgentConfig } from "../../src/agent/setup/AgentConfig.js";
import { loadCollectConfig, packageRoot } from "../../src/config/index.js";
import { loadRecording } from "../../src/memory/episodes/loadRecording.js";
import { loadModel } from "../../src/worldmodel/learned/onnx/index.js";
import { ImageEncoder } from "../../src/perception/ImageEncoder.js";
import { learnedAgent } from "../agent/learned.js";
import { copyModel, modelFolder } from "../worldmodel/learned/onnx/models.js";

const folder = mkdtempSync(join(tmpdir(), "telos-model-policy-"));
const short = join(folder, "short.yaml");
writeFileSync(
  short,
  readFileSync(join(packageRoot(), "config/collect/pucks.yaml"), "utf8").replace("steps: 20", "steps: 4"),
);
const main = join(packageRoot(), "dist/src/main.js");
const collect = (out: string, ...rest: string[]) =>
  spawnSync(
    process.execPath,
    [main, "collect", "--config", short, "--episodes", "1", "--workers", "1", "--out", join(folder, out), ...rest],
    { encoding: "utf8" },
  );

describe("episodes that a learned model's plans drive", () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it(
    "are the same bits for the same seed and number, " +
      "whatever was lived before, with a model that remembers and draws",
    async () => {
      const make = await explorerOf(modelPolicy(modelFolder("noisy")));
      const [one, other] = [
        await Collector.create(loadCollectConfig(short), make),
        await Collector.create(loadCollectConfig(short), make),
      ];
      await one.live(3, 4);
      const [a, b] = [await one.live(3, 5), await other.live(3, 5)];
      assert.deepEqual(a, b);
      assert.equal(a.purpose, "plan");
      assert.notDeepEqual(a.sent, (await other.live(4, 5)).sent);
      (one.dispose(), other.dispose());
    },
  );

  it(
    "shift the tool as the model has it that the object comes to its place, " +
      "an object and a place within the box drawn anew after some steps",
    async () => {
      const quiet = readFileSync(join(packageRoot(), "config/collect/pucks.yaml"), "utf8")
        .replace("steps: 20", "steps: 30")
        .replace(/\nobjects:/, "\nexplorer: { noise: { low: 0, high: 0 } }\nobjects:");
      writeFileSync(join(folder, "quiet.yaml"), quiet);
      const config = loadCollectConfig(join(folder, "quiet.yaml")),
        { low, high } = config.objects;
      const model = await loadModel(modelFolder("tiny")),
        perception = new ImageEncoder(model);
      const [level] = loadAgentConfig(learnedAgent("tiny", ["nearness: 0.5", "nearness: 0"])).levels;
      const goals = new Set<unknown>();
      let asked = 0,
        toward = 0;
      const watched: MakeExplorer = (...o) => {
        const explorer = new ModelExplorer(...o, model, level);
        return {
          purpose: explorer.purpose,
          start: (objects) => explorer.start(objects),
          act: async (a, view) => {
            await explorer.act(a, view);
            const goal = explorer.goal!,
              first = !goals.has(goal);
            goals.add(goal);
            assert.ok(
              goal.position.every((x, c) => x >= low[c] && x <= high[c]),
              `${goal.position.join()} is out of the box`,
            );
            if (goal.object !== "red") return; // the one that this model lets follow the tool
            const { position: p } = (
              await perception.see({ stamp: 0, width: 64, height: 64, data: view.image })
            ).objects.find((o) => o.id === "red")!;
            const x = goal.position[0] - p[0],
              y = goal.position[1] - p[1],
              d = Math.hypot(x, y);
            if (first) assert.ok(d < 0.15 + 1e-6);
            if (d < 0.03) return;
            asked++;
            if (a[0] * x + a[1] * y > 0.3 * d) toward++;
          },
        };
      };
      const collector = await Collector.create(config, watched);
      for (let i = 0; i < 2; i++) await collector.live(1, i);
      assert.ok(goals.size >= 4, `${goals.size} goals`);
      assert.ok(
        asked > 10 && toward > 0.65 * asked, // by chance it would be 0.4; the box and the safety filter forbid some
        `${toward} of ${asked} actions toward the goal`,
      );
      collector.dispose();
    },
  );

  it("say policy and checksum, and neither a folder of another policy nor of another model takes them", () => {
    const tiny = ["--policy", "model", "--model", modelFolder("tiny")];
    const { status, stderr } = collect("plans", ...tiny);
    assert.equal(status, 0, stderr);
    const { metadata } = loadRecording(join(folder, "plans", "episode-000000.mcap"));
    assert.equal(metadata.get("policy"), "model");
    assert.equal(
      metadata.get("model"),
      createHash("sha256")
        .update(readFileSync(join(modelFolder("tiny"), "manifest.json")))
        .digest("hex"),
    );
    assert.match(
      collect("plans").stderr,
      /plans: holds episodes of policy model, got policy explore; want the same, or another folder/,
    );
    const changed = copyModel("tiny", (manifest) => (manifest.name = "changed"));
    assert.match(
      collect("plans", "--policy", "model", "--model", changed).stderr,
      /plans: holds episodes of model [0-9a-f]{64}, got model [0-9a-f]{64}/,
    );
    assert.equal(collect("pushes").status, 0);
    assert.match(collect("pushes", ...tiny).stderr, /pushes: holds episodes of policy explore, got policy model/);
  });

  it("want a model that is there, and fits", () => {
    assert.match(collect("none", "--policy", "model", "--model", "no_such").stderr, /models: got 'no_such'/);
    assert.match(collect("none", "--model", modelFolder("tiny")).stderr, /--model: .*want --policy model/);
    assert.match(
      collect(
        "none",
        "--policy",
        "model",
        "--model",
        copyModel("tiny", (manifest) => (manifest.dt = 0.5)),
      ).stderr,
      /dt: got 0\.5 s, want 0\.4 s/,
    );
  });
});
