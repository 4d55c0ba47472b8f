import { z } from 'zod';
import { deviceStorage } from '../../storage/browser-storage';
import type { ChoosableKind } from './state';

/** The name under which this browser stores which devices the user has chosen. */
const NAME = 'devices';

const schema = z
  .object({
    camera: z.string().max(256),
    microphone: z.string().max(256),
    speaker: z.string().max(256),
  })
  .partial();

/**
 * The devices that the user has chosen, kept for the next visit. A chosen device that is away stays chosen; another one
 * is used until it is back.
 */
export class DeviceChoices {
  private chosen = read();

  get(kind: ChoosableKind): string | undefined {
    return this.chosen[kind];
  }

  keep(kind: ChoosableKind, deviceId: string): void {
    this.chosen = { ...this.chosen, [kind]: deviceId };
    deviceStorage.write(NAME, JSON.stringify(this.chosen));
  }
}

function read(): z.infer<typeof schema> {
  try {
    const parsed = schema.safeParse(JSON.parse(deviceStorage.read(NAME) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
