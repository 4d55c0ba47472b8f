import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const idSchema = z.uuid();

/** The node's id, made at its first start. By it the node recognises records that it wrote before a restart. */
export async function nodeId(folder: string): Promise<string> {
  const file = path.join(folder, 'node-id');
  const kept = await readFile(file, 'utf8').catch(() => '');
  const parsed = idSchema.safeParse(kept.trim());
  if (parsed.success) return parsed.data;
  const id = randomUUID();
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${id}\n`);
  return id;
}
