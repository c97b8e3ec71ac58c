import type { Shape } from "../../core/geometry/Shape.js";
import type { Thing } from "../../core/Thing.js";

const PARTS = 64; // of one thing
const LARGE = 10; // m
const HEAVY = 1e4; // kg

/** Why a thing's shape cannot be used, "" if it can: sizes within 10 m, finite numbers, a turn that is one. */
export function checkThing({ id, parts, inside, mass, friction }: Thing): string {
  if (parts.length === 0 || parts.length > PARTS) return `got ${parts.length} parts of ${id}, want 1 to ${PARTS}`;
  if (![...parts, ...(inside === undefined ? [] : [inside])].every(usable)) return `got a shape of ${id} that is none`;
  if (!(mass >= 0 && mass <= HEAVY)) return `got mass ${mass} kg of ${id}`;
  return friction >= 0 && friction < Infinity ? "" : `got friction ${friction} of ${id}`;
}

const within = (numbers: readonly number[]): boolean => numbers.every((x) => Math.abs(x) <= LARGE);

function usable(shape: Shape): boolean {
  switch (shape.kind) {
    case "box":
      return (
        within([...shape.center, ...shape.size]) &&
        shape.size.every((x) => x >= 0) &&
        Math.abs(Math.hypot(...shape.orientation) - 1) < 0.01
      );
    case "capsule":
      return within([...shape.p0, ...shape.p1, shape.radius]) && shape.radius >= 0;
    case "halfSpace":
      return false; // endless
    default:
      return shape satisfies never;
  }
}
