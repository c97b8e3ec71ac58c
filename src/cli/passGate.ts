/**
 * For a process that another one starts (`--gate`): the parent's word to begin, and its end, which even a killed parent
 * tells: its pipe closes.
 */
export function passGate(): { passed: Promise<unknown>; ended: Promise<void> } {
  const { stdin } = process;
  return {
    passed: new Promise((resolve) => stdin.once("data", resolve)),
    ended: new Promise((resolve) => stdin.once("close", resolve)),
  };
}
