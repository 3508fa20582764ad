import type { Principal } from './identity/principal.ts';

/** A JSON value as it travels in AWS's JSON 1.1 protocol. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Who called: the key that the request is signed with, and to whom it belongs. */
export type Caller = {
  readonly accessKeyId: string;
  readonly principal: Principal;
  /** For whom Spark asks under fine-grained access control; absent for every other caller. */
  readonly fineGrained?: FineGrained;
};

/** The caller's own reading of whole tables, or a view's reading of its base tables for the caller. */
export type FineGrained = 'tables' | 'views';

/** One operation of one AWS service: input members in, output members out. Refusals are thrown as {@link AwsError}. */
export type Operation = (input: JsonObject, caller: Caller) => Promise<JsonObject> | JsonObject;
export type Operations = Readonly<Record<string, Operation>>;

/**
 * A refusal as AWS sends it: HTTP status, `__type`, message and further members of the body.
 * Never 500 for what is merely not modelled: SDKs retry it for minutes.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: JsonObject;

  constructor(code: string, message: string, options: { status?: number; members?: JsonObject } = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

/** Now, in the form of JSON 1.1 timestamps: seconds since 1970 with a fraction. */
export function epochSeconds(milliseconds = Date.now()): number {
  return milliseconds / 1000;
}
