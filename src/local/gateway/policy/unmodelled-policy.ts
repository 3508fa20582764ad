import { AwsError } from '../protocol.ts';

/**
 * A policy says something that the local lake cannot judge. It refuses the call: guessing would let pass what AWS
 * would not. Its code is none of AWS's.
 */
export class UnmodelledPolicy extends AwsError {
  constructor(what: string) {
    super(
      'LocalLakeUnmodelledPolicy',
      `The local lake cannot judge a policy: ${what}. It refuses the call rather than guess.`,
      { status: 400 },
    );
  }
}
