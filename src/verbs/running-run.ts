import type { RunProperties, WorkflowRun } from '../aws/glue.ts';

/** What a run was asked to do although nothing says that it is needed: only its own caller can mean the same run. */
const AGAIN = ['refresh', 'full', 'republish'] as const;
/** A run that has one of these does less, or something else, than one without it: source files stay where they are. */
const OTHERWISE = ['refresh', 'rollback_to'] as const;
/** A run that has one of these does what one without it does, and more. */
const MORE = ['full', 'republish', 'confirm_removals'] as const;

export function isUnderWay(run: WorkflowRun): boolean {
  return run.status === 'RUNNING' || run.status === 'STOPPING';
}

/**
 * Whether a run under way does all that a run with the properties `wanted` would do, so that it need only be followed. It
 * says so by its own properties: `covers` is the state of the lake that it was started for (`workState`), `origin` who has
 * started it, which the attempts of one GitHub run have in common.
 */
export function coversWork(run: WorkflowRun, wanted: RunProperties): boolean {
  if (run.status !== 'RUNNING' || run.unsuccessful > 0) return false;
  const has = run.properties;
  if (OTHERWISE.some((name) => has[name] !== wanted[name])) return false;
  if (wanted.rollback_to !== undefined) return true;
  if (wanted.covers === undefined || has.covers !== wanted.covers) return false;
  if (MORE.some((name) => wanted[name] !== undefined && has[name] !== wanted[name])) return false;
  const again = AGAIN.some((name) => wanted[name] !== undefined);
  return !again || (wanted.origin !== undefined && has.origin === wanted.origin);
}
