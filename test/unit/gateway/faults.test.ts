import { describe, expect, it } from 'vitest';
import { createFaults } from '../../../src/local/gateway/faults.ts';

const CALL = { service: 'AmazonAthena', operation: 'StartQueryExecution', mutating: true, accessKeyId: 'a' };

describe('a delay of the execution of statements', () => {
  const slow = { service: 'AmazonAthena', operation: 'execution:DDL', action: 'delay', milliseconds: 2000 };

  it('holds for statements of its type, as often as it says, and hits no call', () => {
    const faults = createFaults();
    faults.add({ ...slow, times: 2 });
    expect(faults.take(CALL)).toBeUndefined();
    expect(faults.leastExecution('DML')).toBe(0);
    expect([1, 2, 3].map(() => faults.leastExecution('DDL'))).toEqual([2000, 2000, 0]);
  });

  it('is not made of a fault of all calls', () => {
    const faults = createFaults();
    faults.add({ action: 'delay', milliseconds: 100 });
    expect(faults.leastExecution('DDL')).toBe(0);
    expect(faults.take(CALL)?.milliseconds).toBe(100);
  });
});
