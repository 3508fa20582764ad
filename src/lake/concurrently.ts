/**
 * Runs `task` over all items, at most `atOnce` of them at a time; results in the order of the items.
 * After the first error no further item is begun, and that error is thrown.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const pending = items.entries();
  let failed = false;
  async function worker(): Promise<void> {
    for (const [index, item] of pending) {
      try {
        results[index] = await task(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (failed) return;
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
