/** Reports on standard error what takes long: one line when a step starts, one when it ends. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  process.stderr.write(`${title} …\n`);
  const heartbeat = setInterval(() => process.stderr.write(`${title} … ${seconds(started)} s\n`), 5_000);
  try {
    const result = await work();
    process.stderr.write(`${title}: done in ${seconds(started)} s\n`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
