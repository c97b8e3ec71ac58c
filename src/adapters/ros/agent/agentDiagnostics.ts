import type { AgentStatus, BodiesStatus } from "../../../agent/AgentPort.js";
import { told } from "../../../runtime/LatchedStop.js";
import { strain } from "../../../runtime/strain.js";
import type { Seconds } from "../../../core/Seconds.js";
import { ERROR, OK, WARN, type DiagnosticStatus } from "../cdr/DiagnosticArray.js";
import type { ControllerFinding, ControllerParameters } from "./controllerFindings.js";
import type { Silences } from "./Silences.js";

/** The state of the agent and of its node, from which diagnostics are made; rates over the last second. */
export interface Look {
  readonly node: string; // fully qualified name
  readonly robot: string;
  readonly lifecycle: string;
  readonly starting?: boolean; // it has just begun, or is starting up: missing inputs are no fault
  readonly staleAfter: Seconds; // of joint states
  readonly period: Seconds; // of the reflex
  readonly status: AgentStatus | undefined; // undefined: not configured
  readonly inputs: Readonly<
    Record<
      string,
      {
        readonly rate: number;
        readonly malformed: number;
        readonly lately?: number;
        readonly fault: string;
        readonly others?: number;
      }
    >
  >; // by topic; lately: of the malformed, those of the last seconds
  readonly refused?: number; // messages that failed ingress in the last seconds; absent: all
  readonly skew: Seconds; // of joint_states' stamps behind the clock
  readonly controller?: {
    readonly findings: readonly ControllerFinding[];
    readonly parameters: ControllerParameters | undefined;
  }; // absent: another node sends the commands
  readonly shape?: readonly string[]; // guesses about the arm's shape, and pairs that are not kept apart
  readonly silences: Silences; // between joint_states
  readonly commands: number; // Hz
  readonly missed: number; // reflex deadlines a second
  readonly clock: {
    readonly simulated: boolean;
    readonly rate: number;
    readonly silence: Seconds;
    readonly resets: number;
  };
  readonly loop: { readonly p50: Seconds; readonly p99: Seconds; readonly max: Seconds }; // delay of the event loop
  readonly cpu: number; // cores
  readonly memory: number; // MB
}

type Finding = readonly [level: number, message: string];

const SKEWED: Seconds = 1; // a larger difference between stamps and clock means two clocks
const SILENT: Seconds = 3; // of /clock: a simulator may still be starting
const SOURCES: Readonly<Record<string, string>> = {
  bodies: "the agent's guardrails.person.required wants a people tracker; is it up, and is the topic remapped?",
  wrench:
    "the robot's guardrails.contact_force wants a force sensor; is its broadcaster active, and is the topic remapped?",
};
const HIDDEN: Seconds = 1; // after which a part that the tracker no longer reports becomes a finding
const FIRST = 1; // plan, which is late because its code runs for the first time
const SLOW_LOOP: Seconds = 0.02; // two periods of the reflex

/** One status for each part. The worst finding gives its level and message. */
export function agentDiagnostics(look: Look): DiagnosticStatus[] {
  const entry = (
    part: string,
    findings: readonly Finding[],
    well: string,
    values: Record<string, string>,
  ): DiagnosticStatus => {
    const [level, message] = findings.reduce((worst, f) => (f[0] > worst[0] ? f : worst), [OK, well] as Finding);
    return { level, name: `${look.node.slice(1)}: ${part}`, message, hardwareId: look.robot, values };
  };
  const node = entry("node", nodeFindings(look), look.lifecycle, {
    lifecycle: look.lifecycle,
    "event loop delay p50": ms(look.loop.p50),
    "event loop delay p99": ms(look.loop.p99),
    "event loop delay max": ms(look.loop.max),
    cpu: `${look.cpu.toFixed(2)} cores`,
    memory: `${look.memory.toFixed(0)} MB`,
  });
  const clock = entry("clock", clockFindings(look), look.clock.simulated ? "simulated time" : "system time", {
    use_sim_time: String(look.clock.simulated),
    "joint_states behind the clock": ms(look.skew),
    ...(look.clock.simulated && {
      "/clock rate": look.clock.rate.toFixed(3),
      "/clock silent for": `${look.clock.silence.toFixed(1)} s`,
      "set back": String(look.clock.resets),
    }),
  });
  const { status } = look;
  if (status === undefined) return [node, clock];
  const inputs: Record<string, string> = {};
  for (const [topic, { rate, malformed, others }] of Object.entries(look.inputs))
    inputs[topic] =
      `${rate.toFixed(1)} ` + `Hz${malformed ? `, ${malformed} malformed` : ""}${others ? `, ${others} ignored` : ""}`;
  inputs["joint_states silent"] = `p99 ${ms(look.silences.quantile(0.99))}, max ${ms(look.silences.quantile(1))}`;
  for (const [input, age] of Object.entries(status.inputs))
    inputs[`age of ${input}`] = Number.isFinite(age) ? `${age.toFixed(3)} s` : "never";
  const planning: Record<string, string> = {};
  for (const l of status.levels)
    planning[l.name] =
      `${l.rate.toFixed(1)} Hz, p50 ${ms(l.p50)}, p99 ${ms(l.p99)}, max ${ms(l.max)}, ${l.plans} plans, ${l.late} ` +
      `late, ${l.rollouts} rollouts`;
  const { controller, shape = [] } = look;
  return [
    node,
    clock,
    ...(controller === undefined
      ? []
      : [
          entry(
            "controller",
            controller.findings.map(({ breaks, words }): Finding => [breaks ? ERROR : WARN, words]),
            controller.parameters === undefined ? "it offers no parameters to read" : "its parameters fit",
            Object.fromEntries(
              Object.entries(controller.parameters ?? {}).map(([name, value]) => [name, String(value)]),
            ),
          ),
        ]),
    ...(shape.length === 0
      ? []
      : [
          entry(
            "shape",
            shape.map((words): Finding => [WARN, words]),
            "",
            Object.fromEntries(shape.map((words, i) => [`${i + 1}`, words])),
          ),
        ]),
    entry("inputs", inputFindings(look, status), "fresh", {
      ...inputs,
      rejected: String(status.rejected),
      "last rejection": status.lastRejection,
    }),
    ...(status.bodies === undefined || status.bodies.known === 0
      ? []
      : [
          entry("people", peopleFindings(status.bodies), `${status.bodies.known} reported`, {
            regions: String(status.bodies.known),
            "kept clear of": String(status.bodies.handed),
            "not reported now": hiddenWords(status.bodies),
          }),
        ]),
    entry(
      "planning",
      status.task === "" ? [] : planFindings(status),
      status.task === "" ? "no task" : `task ${status.task}`,
      { task: status.task, ...planning },
    ),
    entry("reflex", reflexFindings(look, status), "on time", {
      "tick rate": `${status.rate.toFixed(1)} Hz`,
      "commands sent": `${look.commands.toFixed(1)} Hz`,
      "missed deadlines": String(status.missed),
    }),
    entry("guardrails", guardrailFindings(status), status.mode, {
      mode: status.mode,
      "last stop": status.stoppedBy,
      checks: String(status.guardrail.checks),
      limited: String(status.guardrail.limited),
      stopped: String(status.guardrail.stopped),
      stops: Object.entries(status.guardrail.trips)
        .map(([by, n]) => `${by} ${n}`)
        .join(", "),
      ...Object.fromEntries(status.margins.map((m) => [`margin ${m.name}`, `${m.value.toFixed(4)} ${m.unit}`])),
    }),
  ];
}

function nodeFindings({ lifecycle, starting, loop, status }: Look): Finding[] {
  const findings: Finding[] = [];
  if (lifecycle !== "active" && !starting)
    findings.push([WARN, `${lifecycle}: nothing moves until the node is active`]);
  if (status?.unlogged) findings.push([WARN, status.unlogged]);
  if (loop.p99 > SLOW_LOOP) findings.push([WARN, `the main thread is busy: messages wait ${ms(loop.p99)} (p99)`]);
  return findings;
}

function clockFindings({ clock, skew, inputs }: Look): Finding[] {
  if (clock.simulated && clock.silence > SILENT)
    return [[ERROR, "use_sim_time is set, but nothing comes on /clock: start the simulator or bridge /clock"]];
  if ((inputs.joint_states?.rate ?? 0) === 0 || !(Math.abs(skew) > SKEWED)) return [];
  const by = `joint_states are stamped ${Math.abs(skew).toFixed(1)} s ${skew > 0 ? "behind" : "ahead of"} the clock`;
  return [
    [
      ERROR,
      clock.simulated
        ? `${by}: does their publisher use simulated time too?`
        : `${by}: with a simulator set use_sim_time, else synchronise the machines' clocks`,
    ],
  ];
}

function inputFindings({ inputs, staleAfter, lifecycle, starting, refused }: Look, status: AgentStatus): Finding[] {
  const findings: Finding[] = [];
  const age = status.inputs.joint_states ?? Infinity;
  if (starting && lifecycle !== "active" && !Number.isFinite(age)) return findings;
  if (!Number.isFinite(age))
    findings.push([
      ERROR,
      `${status.hindrance || "no joint_states ever came"}: is the joint_state_broadcaster active, and is the topic ` +
        "remapped?",
    ]);
  else if (!(age <= staleAfter))
    findings.push([
      lifecycle === "active" ? ERROR : WARN,
      `joint_states are ${age.toFixed(2)} s old, want at most ${staleAfter} s: the arm brakes`,
    ]);
  for (const [input, most] of Object.entries(status.needs)) {
    const age = status.inputs[input] ?? Infinity;
    if (input === "joint_states" || age <= most) continue;
    findings.push([
      lifecycle === "active" ? ERROR : WARN,
      Number.isFinite(age)
        ? `${input}: ${age.toFixed(2)} s old, want at most ${most} s: nothing moves without it`
        : `no message ever came on ${input}, and nothing moves without it: ${SOURCES[input]}`,
    ]);
  }
  if (Number.isFinite(age) && status.hindrance) findings.push([WARN, status.hindrance]);
  for (const [topic, { malformed, lately = malformed, fault }] of Object.entries(inputs))
    if (lately > 0)
      findings.push([topic === "bodies" ? ERROR : WARN, `${topic}: ${lately} messages could not be read: ${fault}`]);
  if ((status.cameraMoves ?? 0) > 0)
    findings.push([
      WARN,
      "the camera was moved since its model was trained: its images are corrected by where the arm appears in " +
        "them; put it back, or train again",
    ]);
  const refusals = refused ?? status.rejected;
  if (refusals > 0) findings.push([WARN, `${refusals} messages refused, last: ${status.lastRejection}`]);
  return findings;
}

function peopleFindings({ known, handed, hidden }: BodiesStatus): Finding[] {
  const findings: Finding[] = [];
  if (handed < known)
    findings.push([
      WARN,
      `${known} regions where a person or mover may be, merged to ${handed}: does the tracker keep ` + "its ids?",
    ]);
  const long = hidden.filter(({ age }) => age > HIDDEN);
  if (long.length > 0)
    findings.push([
      WARN,
      `${hiddenWords({ hidden: long })}: may still be there, so the arm keeps clear; let the tracker ` +
        "report all parts again, or declare guardrails.person.forget_after",
    ]);
  return findings;
}

/** A few hidden parts, the nearest first. */
const hiddenWords = ({ hidden }: Pick<BodiesStatus, "hidden">): string =>
  hidden
    .slice(0, 4)
    .map(({ id, age }) => `${id.slice(0, 40)} not reported for ${age.toFixed(1)} s`)
    .join(", ") + (hidden.length > 4 ? ` and ${hidden.length - 4} more` : "");

function planFindings({ levels }: AgentStatus): Finding[] {
  const busy = strain(levels);
  if (busy !== "") return [[WARN, busy]];
  return levels.flatMap((l): Finding[] =>
    l.late > Math.max(FIRST, 0.01 * l.plans)
      ? [[WARN, `level ${l.name}: ${l.late} of ${l.plans} plans took longer than its period (p99 ${ms(l.p99)})`]]
      : [],
  );
}

function reflexFindings({ lifecycle, missed, period }: Look, { rate }: AgentStatus): Finding[] {
  const findings: Finding[] = [];
  if (lifecycle === "active" && rate * period < 0.5)
    findings.push([WARN, `the reflex ticks at ${rate.toFixed(0)} Hz: is the machine overloaded?`]);
  if (lifecycle === "active" && missed > 0)
    findings.push([
      WARN,
      `${missed.toFixed(0)} deadlines missed in the last second: the arm followed its fail-safe trajectory`,
    ]);
  return findings;
}

function guardrailFindings({ mode, stoppedBy, latch }: AgentStatus): Finding[] {
  if (mode === "latched")
    return [
      [
        ERROR,
        latch?.silence ||
          `${told(latch ?? { by: stoppedBy || "a fault", since: "" })}: make the situation safe, then call ` +
            `${latch?.resetAt ?? "~/reset"}${latch?.trouble ? `; a restart would release it (${latch.trouble})` : ""}`,
      ],
    ];
  return mode === "stopping" ? [[WARN, `stopping: ${stoppedBy}`]] : [];
}

const ms = (t: Seconds): string => `${(1000 * t).toFixed(1)} ms`;
