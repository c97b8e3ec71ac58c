import type { AgentPort, AgentStatus, TaskResult } from "../../../agent/AgentPort.js";

/**
 * The task that a node is started with. It begins once, when the agent is first active and all needed inputs are fresh.
 * An arm that is activated a second time does not start to move by itself.
 */
export class FirstTask {
  private over = false;

  /** @param task value of the parameter; "" for none */
  constructor(
    private readonly task: () => string,
    private readonly onResult: (task: string, result: TaskResult) => void,
  ) {}

  follow(port: AgentPort): void {
    port.status.subscribe((status) => {
      const task = this.task();
      if (status.mode === "latched") this.over = true; // after a reset nothing moves by a request from before it
      if (this.over || task === "" || status.mode !== "active" || !allFresh(status)) return;
      this.over = true;
      const handle = port.accomplish(task, 0);
      void handle.result.then((result) => this.onResult(handle.name, result));
    });
  }
}

const allFresh = ({ needs, inputs }: AgentStatus): boolean =>
  Object.entries(needs).every(([input, most]) => inputs[input] <= most);
