import type rclnodejs from "rclnodejs";
import { ASKED, controllerFindings, type ControllerFinding, type ControllerParameters } from "./controllerFindings.js";

/** rclnodejs' form of rcl_interfaces/ParameterValue; type 0 is "not set". */
interface Value {
  readonly type: number;
  readonly [field: string]: unknown;
}
const FIELDS = [
  "",
  "bool_value",
  "integer_value",
  "double_value",
  "string_value",
  "",
  "",
  "",
  "",
  "string_array_value",
];
const EVERY = 2000; // ms: a controller may start after us, or restart with other parameters
const LIST = "rcl_interfaces/srv/ListParameters",
  GET = "rcl_interfaces/srv/GetParameters";

/**
 * Reads the parameters of the arm's controller if its node offers them, and reports what is wrong with them once per
 * change. The node of joint_trajectory_controller is the namespace of its topic. Its version is no parameter: what a
 * release can do is inferred from which parameters it has.
 */
export class ControllerCheck {
  findings: readonly ControllerFinding[] = [];
  parameters: ControllerParameters | undefined; // undefined: not read
  private readonly list: rclnodejs.Client<typeof LIST>;
  private readonly get: rclnodejs.Client<typeof GET>;
  private readonly timer: NodeJS.Timeout;
  private said = "";

  /** @param topic the controller's, resolved */
  constructor(
    private readonly node: rclnodejs.Node,
    topic: string,
    private readonly jointNames: readonly string[],
    private readonly tell: (findings: readonly ControllerFinding[]) => void,
  ) {
    const controller = topic.replace(/\/[^/]*$/, "");
    this.list = node.createClient(LIST, `${controller}/list_parameters`);
    this.get = node.createClient(GET, `${controller}/get_parameters`);
    this.timer = setInterval(() => this.ask(), EVERY);
    this.ask();
  }

  destroy(): void {
    clearInterval(this.timer);
    for (const client of [this.list, this.get]) this.node.destroyClient(client as never);
  }

  private ask(): void {
    if (!this.list.isServiceServerAvailable() || !this.get.isServiceServerAvailable()) return;
    this.list.sendRequest({ prefixes: [], depth: 0n } as never, (answer) => {
      const { names: all } = (answer as unknown as { result: { names: readonly string[] } }).result;
      const names = ASKED.filter((name) => all.includes(name)); // a name that it does not have would empty the answer
      if (names.length > 0)
        this.get.sendRequest({ names: [...names] } as never, (values) =>
          this.read(names, (values as unknown as { values: readonly Value[] }).values),
        );
    });
  }

  private read(names: readonly string[], values: readonly Value[]): void {
    this.parameters = Object.fromEntries(
      names.flatMap((name, i) =>
        values[i] === undefined || values[i].type === 0 ? [] : [[name, values[i][FIELDS[values[i].type]]]],
      ),
    );
    this.findings = controllerFindings(this.parameters, this.jointNames);
    const words = this.findings.map((f) => f.words).join("; ");
    if (words !== this.said) this.tell(this.findings);
    this.said = words;
  }
}
