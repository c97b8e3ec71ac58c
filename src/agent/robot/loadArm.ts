import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { armFromUrdf, passage, type Arm, type ArmOptions, type Urdf } from "../../kinematics/index.js";
import { partsOf } from "../../kinematics/shapes/capsulesFromUrdf.js";

/**
 * `armFromUrdf` with the result of `passage`, cached: fitting capsules to meshes takes seconds. The cache is in the
 * user's cache folder (XDG_CACHE_HOME, else ~/.cache), under the hash of all inputs: the description, the options,
 * every mesh's bytes, and the program that fits. A cached file contains its own hash; one that is damaged, or cannot be
 * read or written, is ignored. If there is nothing to fit (capsules are given, or no link is a mesh), nothing is
 * cached.
 */
export function loadArm(urdf: Urdf, options: ArmOptions): Arm {
  const uris = new Set(
    [...urdf.links.keys()].flatMap((link) =>
      partsOf(urdf, link).flatMap(({ geometry: g }) => (g.kind === "mesh" ? [g.uri] : [])),
    ),
  );
  const { readMesh, tell, ...choices } = options;
  if (options.capsules !== undefined || uris.size === 0 || readMesh === undefined)
    return seen(armFromUrdf(urdf, options), tell);
  const meshes = new Map([...uris].map((uri) => [uri, readMesh(uri)]));
  const key = sha256(
    Buffer.from(
      JSON.stringify([program(), process.versions.node, [...urdf.links], [...urdf.joints], urdf.name, choices]),
    ),
    ...[...meshes].flatMap(([uri, bytes]) => [Buffer.from(`\n${uri} ${bytes?.length}\n`), bytes ?? Buffer.alloc(0)]),
  );
  const file = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "telos", "arms", `${key}.bin`),
    known = read(file);
  if (known !== undefined) return known;
  const arm = seen(armFromUrdf(urdf, { ...options, readMesh: (uri) => meshes.get(uri) }), tell);
  write(file, arm);
  return arm;
}

function seen(arm: Arm, tell: ArmOptions["tell"]): Arm {
  tell?.("searching for paths from home to other postures");
  return { ...arm, passage: passage(arm) };
}

const HASH = 64; // characters

function read(file: string): Arm | undefined {
  try {
    const bytes = readFileSync(file),
      content = bytes.subarray(HASH);
    return bytes.toString("latin1", 0, HASH) === sha256(content) ? (deserialize(content) as Arm) : undefined;
  } catch {
    return undefined;
  }
}

function write(file: string, arm: Arm): void {
  try {
    const content = serialize(arm),
      temporary = `${file}.${process.pid}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, Buffer.concat([Buffer.from(sha256(content), "latin1"), content]));
    renameSync(temporary, file);
  } catch {
    // the next start fits again
  }
}

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

let own: string | undefined;

/** The hash of the code that makes arms: another version makes other arms. */
function program(): string {
  if (own !== undefined) return own;
  const src = fileURLToPath(new URL("../../", import.meta.url));
  const files = ["kinematics", "core"].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(".js"))
      .sort()
      .map((f) => join(src, room, f)),
  );
  return (own = sha256(...files.map((f) => readFileSync(f))));
}
