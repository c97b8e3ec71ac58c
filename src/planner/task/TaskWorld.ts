/** Where the things are, as the task level imagines it. Never changed: an option makes another one. */
export interface TaskWorld {
  readonly poses: ReadonlyMap<string, Float64Array>; // [12] by id, base frame, m; not of the held thing
  readonly held?: { readonly id: string; readonly pose: Float64Array }; // [12] in the tool's frame
  readonly tool: Float64Array; // [12] where the tool is
}
