/**
 * In which of `buckets` a name belongs. Keys in one bucket share a hash tag, so that one script may change many of
 * them, while the buckets are spread over the servers of a cluster. Every process gets the same result (FNV-1a).
 */
export function bucketOf(name: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % buckets;
}
