import { sharedLake } from './lake.ts';

const place = () => `${sharedLake().endpoint}/_mydatahub/faults`;

/** A fault for the next call that matches: see src/local/gateway/faults.ts. */
export async function injectFault(fault: Record<string, unknown>): Promise<void> {
  const response = await fetch(place(), { method: 'POST', body: JSON.stringify(fault) });
  if (!response.ok) throw new Error(`the fault was not taken: ${await response.text()}`);
}

/** Removes the faults that no call has met. */
export async function withoutFaults(): Promise<void> {
  await fetch(place(), { method: 'DELETE' });
}
