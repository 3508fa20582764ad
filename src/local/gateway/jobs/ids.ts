import { createHash, randomBytes } from 'node:crypto';

/** `jr_` and 64 hexadecimal digits. A retry appends `_attempt_<n>`. */
export function newJobRunId(): string {
  return `jr_${randomBytes(32).toString('hex')}`;
}

/** `wr_` and 64 hexadecimal digits. */
export function newWorkflowRunId(): string {
  return `wr_${randomBytes(32).toString('hex')}`;
}

/** `j_` and 64 hexadecimal digits, always the same for one job: what the script gets as `--JOB_ID`. */
export function jobId(name: string): string {
  return `j_${digest(name)}`;
}

/** `wnode_` and 64 hexadecimal digits, always the same for one node of a workflow. */
export function nodeId(workflow: string, type: string, name: string): string {
  return `wnode_${digest(`${workflow}\n${type}\n${name}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
