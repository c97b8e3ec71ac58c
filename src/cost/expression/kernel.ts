import { UnknownObjectError } from "../BindError.js";
import type { Instant } from "../Instant.js";
import type { Program } from "./Program.js";

/**
 * Runs a program and its derivative. `value` holds every step's value after `forward`; `backward(o)` then fills `slope` with ∂(entry o of the result)/∂(step).
 *
 * The derivative is reverse-mode over the program's steps (Griewank & Walther 2008, ch. 3) and not mathjs's symbolic one: that knows no max, min, norm or dot,
 * grows with products, and would need mathjs in the planners' threads. One sweep is exact and costs about as much as the value.
 * Where no derivative exists it is a subgradient: 0 for abs and sqrt (so norm) at 0, the first argument's for ties of min and max.
 * Neither direction allocates.
 */
export interface Kernel {
  readonly value: Float64Array; // [steps], SI
  readonly slope: Float64Array; // [steps]
  /** @throws UnknownObjectError where an object of the program is no longer believed in */
  forward(x: Instant): void;
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

// prettier-ignore
const OPS: Readonly<Record<Program["steps"][number][0], Op>> = {
  constant: Op.constant, tool: Op.tool, q: Op.q, v: Op.v, object: Op.object, negate: Op.negate, abs: Op.abs, sqrt: Op.sqrt, exp: Op.exp, log: Op.log, sin: Op.sin,
  cos: Op.cos, tan: Op.tan, add: Op.add, subtract: Op.subtract, multiply: Op.multiply, divide: Op.divide, pow: Op.pow, min: Op.min, max: Op.max, atan2: Op.atan2,
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
        if (op >= Op.negate) value[i] = operate(op, value[a], value[second[i]]);
        else if (op === Op.tool) value[i] = x.tool[x.it + 4 * a + 3];
        else if (op === Op.q) value[i] = x.q[x.iq + a];
        else if (op === Op.v) value[i] = x.v[x.iq + a];
        else if (op === Op.object) {
          const belief = x.from.objects.get(objects[a]);
          if (belief === undefined) throw new UnknownObjectError(objects[a], [...x.from.objects.keys()]);
          value[i] = belief.position[second[i]];
        }
      }
    },
    backward(o) {
      slope.fill(0);
      slope[out[o]] = 1;
      for (let i = out[o]; i >= 0; i--) {
        const op: Op = ops[i];
        const s = slope[i];
        if (s === 0 || op < Op.negate) continue;
        const a = first[i];
        const b = second[i];
        slope[a] += s * slopeOfFirst(op, value[a], value[b], value[i]);
        if (op >= Op.add) slope[b] += s * slopeOfSecond(op, value[a], value[b], value[i]);
      }
    },
  };
}

/** y = op(a, b). */
function operate(op: Op, a: number, b: number): number {
  switch (op) {
    case Op.negate:
      return -a;
    case Op.abs:
      return Math.abs(a);
    case Op.sqrt:
      return Math.sqrt(a);
    case Op.exp:
      return Math.exp(a);
    case Op.log:
      return Math.log(a);
    case Op.sin:
      return Math.sin(a);
    case Op.cos:
      return Math.cos(a);
    case Op.tan:
      return Math.tan(a);
    case Op.add:
      return a + b;
    case Op.subtract:
      return a - b;
    case Op.multiply:
      return a * b;
    case Op.divide:
      return a / b;
    case Op.pow:
      return a ** b;
    case Op.min:
      return Math.min(a, b);
    case Op.max:
      return Math.max(a, b);
    case Op.atan2:
      return Math.atan2(a, b);
    default:
      return NaN;
  }
}

/** ∂y/∂a at y = op(a, b). */
function slopeOfFirst(op: Op, a: number, b: number, y: number): number {
  switch (op) {
    case Op.negate:
      return -1;
    case Op.abs:
      return Math.sign(a);
    case Op.sqrt:
      return y === 0 ? 0 : 0.5 / y;
    case Op.exp:
      return y;
    case Op.log:
      return 1 / a;
    case Op.sin:
      return Math.cos(a);
    case Op.cos:
      return -Math.sin(a);
    case Op.tan:
      return 1 + y * y;
    case Op.add:
    case Op.subtract:
      return 1;
    case Op.multiply:
      return b;
    case Op.divide:
      return 1 / b;
    case Op.pow:
      return b === 0 ? 0 : b * a ** (b - 1);
    case Op.min:
      return a <= b ? 1 : 0;
    case Op.max:
      return a >= b ? 1 : 0;
    case Op.atan2:
      return b / (a * a + b * b);
    default:
      return 0;
  }
}

/** ∂y/∂b at y = op(a, b). */
function slopeOfSecond(op: Op, a: number, b: number, y: number): number {
  switch (op) {
    case Op.add:
      return 1;
    case Op.subtract:
      return -1;
    case Op.multiply:
      return a;
    case Op.divide:
      return -y / b;
    case Op.pow:
      return a > 0 ? y * Math.log(a) : 0; // the exponent of a base ≤ 0 is a constant, or the value is no number anyway
    case Op.min:
      return a <= b ? 0 : 1;
    case Op.max:
      return a >= b ? 0 : 1;
    case Op.atan2:
      return -a / (a * a + b * b);
    default:
      return 0;
  }
}
