import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { warp, WARP } from "../../src/perception/warp.js";
import { lookAt, project } from "../../src/sim/index.js";

const size = { width: 48, height: 32 };

describe("warp", () => {
  it("draws every picture as it is where nothing is moved, and one shifted by whole pixels without a loss", () => {
    const rng = new Rng(1);
    const image = Uint8Array.from({ length: 3 * 48 * 32 }, () => 256 * rng.uniform());
    const out = new Uint8Array(image.length);
    warp(out, image, size, new Float64Array(WARP));
    assert.deepEqual(out, image);
    for (const [du, dv] of [
      [3, -2],
      [-7, 5],
    ]) {
      warp(out, image, size, [(2 * du) / 32, (2 * dv) / 32, 0, 0, 0, 0, 0, 0]);
      for (let v = 0; v < 32; v++)
        for (let u = 0; u < 48; u++) {
          // beyond the border as at the border
          const from = Math.min(31, Math.max(0, v + dv)) * 48 + Math.min(47, Math.max(0, u + du));
          for (let c = 0; c < 3; c++) assert.equal(out[3 * (48 * v + u) + c], image[3 * from + c]);
        }
    }
  });

  it(
    "shows a plane as another camera sees it, " + "for the map that two cameras' pictures of four of its points tell",
    () => {
      const rng = new Rng(2);
      for (let trial = 0; trial < 20; trial++) {
        const near = (x: number, by: number): number => x + rng.range(-by, by);
        const [one, other] = [0, 0.05].map((by) =>
          lookAt([near(0.47, by), near(1.1, by), near(0.8, by)], [near(0.47, by), near(0, by), 0], 0.5, 48, 32),
        );
        const p = between(one, other);
        // a picture of the plane whose brightness is smooth in its coordinates, as each camera sees it
        const shot = (camera: typeof one): Uint8Array => {
          const image = new Uint8Array(3 * 48 * 32);
          const R = camera.rotation;
          for (let v = 0; v < 32; v++)
            for (let u = 0; u < 48; u++) {
              const ray = [(u - camera.cx) / camera.f, (v - camera.cy) / camera.f, 1];
              const d = [0, 1, 2].map((r) => R[3 * r] * ray[0] + R[3 * r + 1] * ray[1] + R[3 * r + 2] * ray[2]);
              const t = -camera.position[2] / d[2],
                x = camera.position[0] + t * d[0],
                y = camera.position[1] + t * d[1];
              image.set(
                [3 * x, 3 * y, 2 * (x + y)].map((a) => Math.round(128 + 100 * Math.sin(a))),
                3 * (48 * v + u),
              );
            }
          return image;
        };
        const want = shot(one),
          out = new Uint8Array(want.length);
        warp(out, shot(other), size, p);
        let compared = 0;
        for (let v = 0; v < 32; v++)
          for (let u = 0; u < 48; u++) {
            const x = (u - 23.5) / 16,
              y = (v - 15.5) / 16,
              W = p[6] * x + p[7] * y + 1;
            const X = ((1 + p[2] + p[4]) * x + (p[5] - p[3]) * y + p[0]) / W,
              Y = ((p[5] + p[3]) * x + (1 + p[2] - p[4]) * y + p[1]) / W;
            if (Math.abs(X) > 1.4 || Math.abs(Y) > 0.9) continue; // beyond the other's picture
            compared++;
            for (let c = 0; c < 3; c++)
              assert.ok(
                Math.abs(out[3 * (48 * v + u) + c] - want[3 * (48 * v + u) + c]) <= 3,
                `trial ${trial}, pixel ${u}, ${v}`,
              );
          }
        assert.ok(compared > 700);
      }
    },
  );
});

/**
 * The warp that takes where `one` sees points of the plane z = 0 to where `other` sees them: eight linear equations, by
 * elimination.
 */
function between(one: ReturnType<typeof lookAt>, other: ReturnType<typeof lookAt>): number[] {
  const rows: number[][] = [];
  for (const point of [
    [0.3, -0.2, 0],
    [0.7, -0.2, 0],
    [0.7, 0.2, 0],
    [0.3, 0.2, 0],
  ] as const) {
    const [x, y, X, Y] = [one, other].flatMap((camera) => {
      const [u, v] = project(camera, [...point]);
      return [(u - 23.5) / 16, (v - 15.5) / 16];
    });
    rows.push([x, y, 1, 0, 0, 0, -X * x, -X * y, X], [0, 0, 0, x, y, 1, -Y * x, -Y * y, Y]);
  }
  for (let i = 0; i < 8; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, _, k) => (Math.abs(rows[i + k][i]) > Math.abs(rows[best][i]) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    for (let j = 0; j < 8; j++)
      if (j !== i) rows[j] = rows[j].map((x, k) => x - (rows[j][i] / rows[i][i]) * rows[i][k]);
  }
  const [xx, xy, tx, yx, yy, ty, e, f] = rows.map((row, i) => row[8] / row[i]);
  return [tx, ty, (xx + yy) / 2 - 1, (yx - xy) / 2, (xx - yy) / 2, (xy + yx) / 2, e, f];
}
