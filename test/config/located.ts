import { ConfigError, parseYaml } from "../../src/config/index.js";
import type { YamlDocument } from "../../src/config/index.js";

/** The whole message of the ConfigError that loading a text makes; anything else thrown is a failure of the test. */
export function messageOf(text: string, load: (document: YamlDocument) => unknown): string {
  try {
    load(parseYaml(text, "f.yaml"));
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "(no error)";
}
