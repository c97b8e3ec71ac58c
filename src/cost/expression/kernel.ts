import type { KnotView } from "../KnotView.js";
import { positionOf } from "../positionOf.js";
import type { Program } from "./Program.js";

/**
 * Runs a program and its derivative. `value` holds every step's value after `forward`; `backward(o)` then fills `slope`
 * with ∂(entry o of the result)/∂(step).
 *
 * The derivative is reverse-mode over the program's steps (Griewank & Walther 2008, ch. 3) and not mathjs's symbolic
 * one: that has no max, min, norm or dot, grows with products, and would need mathjs in the planners' threads. One
 * sweep is exact and costs about as much as the value. Where no derivative exists it is a subgradient: 0 for abs,
 * atan2, and roots (so norm) at 0, the first argument's for ties of min and max. Neither direction allocates.
 */
export interface Kernel {
  readonly value: Float64Array; // [steps], SI
  readonly slope: Float64Array; // [steps]
  /** @throws UnknownObjectError if memory no longer has an object of the program */
  forward(x: KnotView): void;
  backward(o: number): void;
}

const enum Op {
  constant,
  tool,
  q,
  v,
  object,
  negate, // the first with an argument that is a step
  abs,
  sqrt,
  exp,
  log,
  sin,
  cos,
  tan,
  add, // the first with two
  subtract,
  multiply,
  divide,
  pow,
  min,
  max,
  atan2,
}

const OPS: Readonly<Record<Program["steps"][number][0], Op>> = {
  constant: Op.constant,
  tool: Op.tool,
  q: Op.q,
  v: Op.v,
  object: Op.object,
  negate: Op.negate,
  abs: Op.abs,
  sqrt: Op.sqrt,
  exp: Op.exp,
  log: Op.log,
  sin: Op.sin,
  cos: Op.cos,
  tan: Op.tan,
  add: Op.add,
  subtract: Op.subtract,
  multiply: Op.multiply,
  divide: Op.divide,
  pow: Op.pow,
  min: Op.min,
  max: Op.max,
  atan2: Op.atan2,
};

export function createKernel(program: Program): Kernel {
  const n = program.steps.length;
  const ops = Uint8Array.from(program.steps, (step) => OPS[step[0]]);
  const first = Int32Array.from(program.steps, (step) => (step[0] === "constant" ? 0 : step[1]));
  const second = Int32Array.from(program.steps, (step) => step[2] ?? 0);
  const value = Float64Array.from(program.steps, (step) => (step[0] === "constant" ? step[1] : 0));
  const slope = new Float64Array(n);
  const { objects, out } = program;

  return {
    value,
    slope,
    forward(x) {
      for (let i = 0; i < n; i++) {
        const op: Op = ops[i];
        const a = first[i];
        if (op >= Op.negate) operate(value, i, op, a, second[i]);
        else if (op === Op.tool) value[i] = x.tool[x.it + 4 * a + 3];
        else if (op === Op.q) value[i] = x.q[x.iq + a];
        else if (op === Op.v) value[i] = x.v[x.iq + a];
        else if (op === Op.object) {
          value[i] = positionOf(x, objects[a], second[i]);
        }
      }
    },
    backward(o) {
      slope.fill(0);
      slope[out[o]] = 1;
      for (let i = out[o]; i >= 0; i--) {
        const op: Op = ops[i];
        if (slope[i] === 0 || op < Op.negate) continue;
        propagate(slope, value, i, op, first[i], second[i]);
      }
    },
  };
}

// Both functions write into the arrays and return nothing: V8 puts a number that a large function returns on the heap.

/** value[i] = op(value[ia], value[ib]). */
function operate(value: Float64Array, i: number, op: Op, ia: number, ib: number): void {
  const a = value[ia];
  const b = value[ib];
  switch (op) {
    case Op.negate:
      value[i] = -a;
      break;
    case Op.abs:
      value[i] = Math.abs(a);
      break;
    case Op.sqrt:
      value[i] = Math.sqrt(a);
      break;
    case Op.exp:
      value[i] = Math.exp(a);
      break;
    case Op.log:
      value[i] = Math.log(a);
      break;
    case Op.sin:
      value[i] = Math.sin(a);
      break;
    case Op.cos:
      value[i] = Math.cos(a);
      break;
    case Op.tan:
      value[i] = Math.tan(a);
      break;
    case Op.add:
      value[i] = a + b;
      break;
    case Op.subtract:
      value[i] = a - b;
      break;
    case Op.multiply:
      value[i] = a * b;
      break;
    case Op.divide:
      value[i] = a / b;
      break;
    case Op.pow:
      value[i] = a ** b;
      break;
    case Op.min:
      value[i] = Math.min(a, b);
      break;
    case Op.max:
      value[i] = Math.max(a, b);
      break;
    case Op.atan2:
      value[i] = Math.atan2(a, b);
      break;
    default: // a leaf
  }
}

/** slope[ia] += slope[i]·∂y/∂a and slope[ib] += slope[i]·∂y/∂b at y = op(a, b). */
function propagate(slope: Float64Array, value: Float64Array, i: number, op: Op, ia: number, ib: number): void {
  const s = slope[i];
  const a = value[ia];
  const b = value[ib];
  const y = value[i];
  switch (op) {
    case Op.negate:
      slope[ia] -= s;
      break;
    case Op.abs:
      slope[ia] += s * Math.sign(a);
      break;
    case Op.sqrt:
      if (y !== 0) slope[ia] += (s * 0.5) / y;
      break;
    case Op.exp:
      slope[ia] += s * y;
      break;
    case Op.log:
      slope[ia] += s / a;
      break;
    case Op.sin:
      slope[ia] += s * Math.cos(a);
      break;
    case Op.cos:
      slope[ia] -= s * Math.sin(a);
      break;
    case Op.tan:
      slope[ia] += s * (1 + y * y);
      break;
    case Op.add:
      slope[ia] += s;
      slope[ib] += s;
      break;
    case Op.subtract:
      slope[ia] += s;
      slope[ib] -= s;
      break;
    case Op.multiply:
      slope[ia] += s * b;
      slope[ib] += s * a;
      break;
    case Op.divide:
      slope[ia] += s / b;
      slope[ib] -= (s * y) / b;
      break;
    case Op.pow:
      if (b !== 0 && (a !== 0 || b >= 1)) slope[ia] += s * b * a ** (b - 1);
      // the exponent of a base ≤ 0 is a constant, or the value is no number anyway
      if (a > 0) slope[ib] += s * y * Math.log(a);
      break;
    case Op.min:
      slope[a <= b ? ia : ib] += s;
      break;
    case Op.max:
      slope[a >= b ? ia : ib] += s;
      break;
    case Op.atan2:
      if (a === 0 && b === 0) break;
      slope[ia] += (s * b) / (a * a + b * b);
      slope[ib] -= (s * a) / (a * a + b * b);
      break;
    default: // a leaf
  }
}
