import type { SceneConfig } from "../../src/config/index.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { Family } from "./Family.js";

const KINDS = ["block", "can", "ball", "cup"];
const BESIDE = 0.015; // m, between the wanted block and those that leave the fingers no room

const metres = (...x: readonly number[]): string => `[${x.map((v) => `${v.toFixed(4)} m`).join(", ")}]`;
const sizeOf = (scene: SceneConfig, id: string): number => {
  const solid = scene.objects.find((o) => o.id === id)!;
  return solid.kind === "box" ? solid.config.size[2] : NaN;
};

/** A scene with some of its things at these places, not turned, instead of where its own draw would put them. */
function placed(scene: SceneConfig, places: Readonly<Record<string, readonly [number, number, number]>>): SceneConfig {
  const drawn = Object.entries(scene.random).filter(([path]) => !(path.split(".")[1] in places));
  return {
    ...scene,
    random: Object.fromEntries(drawn),
    objects: scene.objects.map((o) => (o.id in places ? { ...o, position: [...places[o.id]] } : o)),
  };
}

/** A place at the right of the table, where pick_and_place and stack have nothing. */
const atRight = (rng: Rng): [number, number] => [rng.range(0.36, 0.5), rng.range(-0.3, -0.18)];

/** One of four kinds of things, at random places, to another place. */
const pick: Family = {
  scene: "pick_and_place",
  limit: 60,
  draw(scene, index, rng) {
    const id = KINDS[index % KINDS.length],
      height = scene.objects.find((o) => o.id === id)!.position[2];
    const at = metres(...atRight(rng), height);
    return {
      words: `${id} to ${at}`,
      task: `goal: [{ object_at: { object: ${id}, position: ${at}, tolerance: 2 cm } }]\ntimeout: 60 s\n`,
      scene,
    };
  },
};

/** Two of three blocks, one on the other. */
const stack: Family = {
  scene: "stack",
  limit: 90,
  draw(scene, index) {
    const ids = scene.objects.map(({ id }) => id);
    const below = ids[index % 3],
      above = ids[(index + 1 + (Math.floor(index / 3) % 2)) % 3];
    return {
      words: `${above} on ${below}`,
      task: `goal: [{ relation: { stacked: [${below}, ${above}] } }]\ntimeout: 90 s\n`,
      scene,
    };
  },
};

/** Six things into the bin. */
const clear: Family = {
  scene: "clear_table",
  limit: 300,
  draw: (scene) => ({ words: "all into the bin", task: "clear_table", scene }),
};

/** A full cup past a person. */
const coffee: Family = {
  scene: "coffee",
  limit: 120,
  spill: (15 * Math.PI) / 180,
  draw: (scene) => ({ words: "the cup to the other side", task: "coffee", scene }),
};

/** A block that cannot be grasped before others are moved, on top of it or beside it. The task says nothing of them. */
const blocked: Family = {
  scene: "stack",
  limit: 120,
  draw(scene, index, rng) {
    const [x, y] = [rng.range(0.4, 0.5), rng.range(0, 0.2)],
      size = sizeOf(scene, "red"),
      low = size / 2,
      step = size + BESIDE;
    const on = index % 2 === 0;
    const at = metres(...atRight(rng), low);
    return {
      words: on ? "red, with blue on it" : "red, between blue and green",
      task: `goal: [{ object_at: { object: red, position: ${at}, tolerance: 2 cm } }]\ntimeout: 120 s\n`,
      scene: placed(scene, {
        red: [x, y, low],
        blue: on ? [x, y, low + size] : [x, y - step, low],
        green: on ? [x - 0.02, y + 0.16, low] : [x, y + step, low],
      }),
    };
  },
};

export const families: Readonly<Record<string, Family>> = { pick, stack, clear, coffee, blocked };
