import { ConfigError, loadYaml, parseYaml } from "../../config/index.js";

/** A value that a user gives to a parameter of the nodes that `node` matches. */
export interface ParameterRule {
  readonly node: string; // "/**", "/ns/name", "name" …
  readonly name: string;
  readonly value: unknown;
  readonly text: string | undefined; // as typed on the command line
}

/** A parsed command line: our arguments, those for rcl, and the parameters, which we read ourselves. */
export interface RosArguments {
  readonly command: readonly string[];
  readonly rcl: readonly string[];
  readonly rules: readonly ParameterRule[]; // in the order given; later ones win
}

// one topic for all nodes; rclnodejs 2.2.0 has one in each namespace
const PARAMETER_EVENTS = "parameter_events:=/parameter_events";

/**
 * Splits argv at `--ros-args` … `--`. Parameters are kept from rcl and rclnodejs because of what rclnodejs does with
 * them: it takes rules only for `/**` or the bare node name (those of a launch file come as `/ns/name`), and one array
 * of integers anywhere in a parameter file makes every node's constructor throw.
 * @throws ConfigError for a parameter file that cannot be read; RangeError for an invalid rule
 */
export function rosArguments(argv: readonly string[]): RosArguments {
  const command: string[] = [],
    rcl: string[] = [],
    rules: ParameterRule[] = [];
  let ros = false;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i];
    if (argument === "--ros-args") ros = true;
    else if (ros && argument === "--") ros = false;
    else if (!ros) command.push(argument);
    else if (argument === "-p" || argument === "--param") rules.push(parseRule(following(argv, i++)));
    else if (argument === "--params-file") rules.push(...loadRules(following(argv, i++)));
    else rcl.push(argument);
  }
  return { command, rcl: ["--ros-args", ...rcl, "-r", PARAMETER_EVENTS], rules };
}

function following(argv: readonly string[], i: number): string {
  if (i + 1 >= argv.length) throw new RangeError(`${argv[i]}: got nothing after it, want a value`);
  return argv[i + 1];
}

/** `[node:]name:=value` */
function parseRule(text: string): ParameterRule {
  const at = text.indexOf(":=");
  const [left, right] = [text.slice(0, at), text.slice(at + 2)];
  const colon = left.lastIndexOf(":");
  const name = left.slice(colon + 1);
  if (at < 0 || !/^[A-Za-z_/][\w./]*$/.test(name))
    throw new RangeError(`-p ${text}: want name:=value or node:name:=value`);
  return { node: colon < 0 ? "/**" : left.slice(0, colon), name, value: scalar(right), text: right };
}

/** The value of a YAML text; a text that is not YAML stands for itself. */
function scalar(text: string): unknown {
  try {
    return parseYaml(text, "-p").value;
  } catch (error) {
    if (error instanceof ConfigError) return text;
    throw error;
  }
}

function loadRules(file: string): ParameterRule[] {
  const document = loadYaml(file);
  const rules: ParameterRule[] = [];
  const visit = (node: string, value: unknown): void => {
    if (!isMap(value))
      throw document.error([], `got a value under ${node || "the top"}, want node names with ros__parameters below`);
    for (const [key, below] of Object.entries(value)) {
      if (key === "ros__parameters") flatten(node, "", below);
      else visit(`${node}${node === "" || key.startsWith("/") ? "" : "/"}${key}`, below);
    }
  };
  const flatten = (node: string, prefix: string, value: unknown): void => {
    if (isMap(value))
      for (const [key, below] of Object.entries(value)) flatten(node, prefix === "" ? key : `${prefix}.${key}`, below);
    else rules.push({ node, name: prefix, value, text: undefined });
  };
  visit("", document.value);
  return rules;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
