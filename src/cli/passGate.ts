/**
 * For a process that another one starts (`--gate`): resolves when the parent gives the signal to start, and when the
 * parent ends. The pipe closes even if the parent is killed.
 */
export function passGate(): { passed: Promise<unknown>; ended: Promise<void> } {
  const { stdin } = process;
  return {
    passed: new Promise((resolve) => stdin.once("data", resolve)),
    ended: new Promise((resolve) => stdin.once("close", resolve)),
  };
}
