import type { SparkEngine } from '../../spark/spark-engine.ts';
import { glueInput } from '../input.ts';
import { AwsError, epochSeconds, type JsonObject } from '../protocol.ts';
import { capacity, DEFAULT_GLUE_VERSION, defaultTimeout } from './run-settings.ts';
import { follow, isOpen, newStatement, type Statement } from './statement.ts';

export type SessionStatus = 'PROVISIONING' | 'READY' | 'FAILED' | 'TIMEOUT' | 'STOPPING' | 'STOPPED';

/** An interactive session: one long-lived Spark, whose statements run one after another. */
export type Session = {
  readonly id: string;
  status(): SessionStatus;
  /** The Glue `Session` structure. */
  structure(): JsonObject;
  statement(id: number): Statement;
  statements(): readonly Statement[];
  /** Throws IllegalSessionStateException unless the session is READY. */
  run(code: string): Statement;
  cancel(statement: Statement): void;
  stop(): void;
  readonly ended: Promise<void>;
};

/** `input` as of CreateSession. The Spark process starts at once; the session is READY when Spark is. */
export function startSession(engine: SparkEngine, id: string, input: JsonObject): Session {
  const glueVersion = glueInput.optionalString(input, 'GlueVersion') ?? DEFAULT_GLUE_VERSION;
  const values = glueInput.stringMap(input, 'DefaultArguments');
  const size = capacity(input);
  const timeout = glueInput.optionalNumber(input, 'Timeout') ?? defaultTimeout(glueVersion);
  const idleTimeout = glueInput.optionalNumber(input, 'IdleTimeout') ?? timeout;
  const createdOn = Date.now();
  const statements: Statement[] = [];
  let status: SessionStatus = 'PROVISIONING';
  let readyOn: number | undefined;
  let completedOn: number | undefined;
  let errorMessage: string | undefined;
  let limit: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  /** What the session becomes when its process has gone. */
  let finalStatus: 'STOPPED' | 'TIMEOUT' | undefined;

  const find = (number: number): Statement => {
    const statement = statements[number - 1];
    if (statement === undefined) {
      throw new AwsError('EntityNotFoundException', `Statement ${number} of session ${id} not found.`);
    }
    return statement;
  };

  const finish = (as: 'STOPPED' | 'TIMEOUT'): void => {
    if (completedOn !== undefined || finalStatus !== undefined) return;
    finalStatus = as;
    status = 'STOPPING';
    spark.kill();
  };

  const restartIdleTimer = (): void => {
    clearTimeout(idle);
    if (status !== 'READY' || statements.some(isOpen)) return;
    idle = setTimeout(() => finish('TIMEOUT'), idleTimeout * 60_000);
  };

  const spark = engine.startSession(
    {
      id,
      arguments: values,
      role: glueInput.string(input, 'Role'),
      glueVersion,
      workers: size.workers,
    },
    (event) => {
      if (event.event === 'running' && status === 'PROVISIONING') {
        status = 'READY';
        readyOn = Date.now();
        limit = setTimeout(() => finish('TIMEOUT'), timeout * 60_000);
      } else if (typeof event.id === 'number') follow(find(event.id), event);
      restartIdleTimer();
    },
  );

  const ended = spark.ended.then((outcome) => {
    clearTimeout(limit);
    clearTimeout(idle);
    completedOn = Date.now();
    status = finalStatus ?? 'FAILED';
    if (finalStatus === undefined && !outcome.succeeded) errorMessage = outcome.message;
    for (const statement of statements.filter(isOpen)) {
      statement.state = 'CANCELLED';
      statement.completedOn = completedOn;
    }
  });

  const seconds = () => (readyOn === undefined ? 0 : ((completedOn ?? Date.now()) - readyOn) / 1000);

  return {
    id,
    ended,
    status: () => status,
    statement: find,
    statements: () => statements,
    stop: () => finish('STOPPED'),
    structure: () => ({
      Id: id,
      CreatedOn: epochSeconds(createdOn),
      Status: status,
      ErrorMessage: errorMessage,
      Description: input.Description,
      Role: input.Role,
      Command: input.Command,
      DefaultArguments: values,
      Progress: status === 'PROVISIONING' ? 0 : 1,
      MaxCapacity: size.dpu,
      GlueVersion: glueVersion,
      NumberOfWorkers: size.workers,
      WorkerType: size.workerType,
      CompletedOn: completedOn === undefined ? undefined : epochSeconds(completedOn),
      ExecutionTime: seconds(),
      DPUSeconds: seconds() * size.dpu,
      IdleTimeout: idleTimeout,
    }),
    run(code) {
      if (status !== 'READY') {
        throw new AwsError(
          'IllegalSessionStateException',
          `Session ${id} is ${status} and takes no statements${errorMessage ? `: ${errorMessage}` : '.'}`,
        );
      }
      const statement = newStatement(statements.length + 1, code);
      statements.push(statement);
      clearTimeout(idle);
      spark.send({ action: 'run', id: statement.id, code });
      return statement;
    },
    cancel(statement) {
      if (!isOpen(statement)) return;
      statement.state = 'CANCELLING';
      spark.send({ action: 'cancel', id: statement.id });
    },
  };
}
