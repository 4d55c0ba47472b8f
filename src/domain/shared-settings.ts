/** Marks of the settings that all nodes of an installation have in common, by name; equal marks are equal settings. */
export type SharedSettings = Readonly<Record<string, string>>;

/** A setting that other nodes have otherwise. */
export interface DifferentSetting {
  /** The variable's name, or `version`. */
  readonly setting: string;
  /** How many of the other nodes have it otherwise. */
  readonly nodes: number;
}

/** In which settings other nodes differ from this one. A setting that a node does not name is not compared. */
export function differentSettings(
  own: SharedSettings,
  others: readonly SharedSettings[],
): DifferentSetting[] {
  return Object.entries(own)
    .map(([setting, mark]) => ({
      setting,
      nodes: others.filter((other) => (other[setting] ?? mark) !== mark).length,
    }))
    .filter(({ nodes }) => nodes > 0);
}
