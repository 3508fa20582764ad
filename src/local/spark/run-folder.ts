import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localEnvironment } from '../environment.ts';
import type { Credentials, LocalLake } from '../lake.ts';
import { REPOSITORY, toolchain } from '../toolchain.ts';
import { classArchiveOptions } from './class-archive.ts';
import { isFineGrained } from './fine-grained-access.ts';
import { javaHome } from './java-home.ts';
import { type JobArguments, urls } from './job-arguments.ts';
import { nameOf, type Objects } from './objects.ts';
import type { RunKeys } from './run-keys.ts';
import {
  LOG4J_FILE,
  LOG4J_PROPERTIES,
  propertiesFile,
  type RunJars,
  SHORT_RUN_JAVA_OPTIONS,
  sparkConfiguration,
  usesManagedIceberg,
} from './spark-configuration.ts';
import type { JobRequest, RunRequest } from './spark-engine.ts';

export type PreparedRun = { readonly runFile: string; readonly environment: NodeJS.ProcessEnv };

const SETTINGS_FILE = 'spark.properties';
const LAUNCHER = fileURLToPath(new URL('python', import.meta.url));
const STAND_IN = fileURLToPath(new URL('stand-in', import.meta.url));

/** Settings of other Sparks, Javas and Pythons of the user, and ways out of this machine. */
const FOREIGN =
  /^(SPARK_|PYSPARK_|PYTHON|HADOOP_|HIVE_|VIRTUAL_ENV$|JAVA_TOOL_OPTIONS$|_JAVA_OPTIONS$|JDK_JAVA_OPTIONS$|(https?|all)_proxy$)/i;

/** Fills the folder of one run: script, Python files, Spark's settings, and `run.json` for the launcher. */
export async function prepareRun(parts: {
  readonly lake: LocalLake;
  readonly objects: Objects;
  readonly keys: RunKeys;
  readonly request: RunRequest | JobRequest;
  readonly folder: string;
}): Promise<PreparedRun> {
  const { objects, keys, request, folder } = parts;
  const lake = { ...parts.lake, credentials: keys.role };
  for (const name of ['tmp', 'spark', 'python', 'script']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  const isJob = 'scriptLocation' in request;
  const script = isJob ? join(folder, 'script', nameOf(request.scriptLocation)) : '';
  const [home, jars, pythonPath, modules] = await Promise.all([
    javaHome(),
    runJars(objects, request.arguments),
    pythonFiles(objects, request.arguments, join(folder, 'python')),
    pythonModules(objects, request.arguments, join(folder, 'python')),
    extraFiles(objects, request.arguments, folder),
    isJob ? objects.download(request.scriptLocation, script) : undefined,
  ]);
  const options = request.javaOptions ?? classArchiveOptions();
  const settings = sparkConfiguration(lake, request.arguments, jars, folder, options);
  await writeFile(join(folder, SETTINGS_FILE), propertiesFile(settings));
  await writeFile(join(folder, LOG4J_FILE), LOG4J_PROPERTIES);
  const runFile = join(folder, 'run.json');
  await writeFile(
    runFile,
    JSON.stringify({
      mode: isJob ? 'job' : 'session',
      script,
      arguments: isJob ? request.scriptArguments : [],
      fine_grained: isFineGrained(request.arguments),
      role: request.role,
      region: lake.region,
      account_id: lake.accountId,
      glue_endpoint: lake.endpoint,
      s3_endpoint: lake.endpoint,
      keys: launcherKeys(keys.role),
      data_keys: launcherKeys(keys.data),
    }),
  );
  return { runFile, environment: environment(lake, home, folder, [...pythonPath, ...modules]) };
}

function launcherKeys({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    session_token: sessionToken ?? null,
  };
}

function environment(
  lake: LocalLake,
  home: string,
  folder: string,
  pythonPath: readonly string[],
): NodeJS.ProcessEnv {
  const kept = Object.entries(localEnvironment(lake)).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(kept),
    JAVA_HOME: home,
    // Not SPARK_CONF_DIR: a folder of the run's own in the class path would make Java refuse the class archive.
    PYSPARK_SUBMIT_ARGS: `--properties-file '${join(folder, SETTINGS_FILE).replaceAll("'", `'"'"'`)}' pyspark-shell`,
    SPARK_LOCAL_DIRS: join(folder, 'spark'),
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LAUNCHER_OPTS: SHORT_RUN_JAVA_OPTIONS,
    PYSPARK_PYTHON: toolchain().python,
    PYTHONPATH: [...pythonPath, LAUNCHER, STAND_IN].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    TMPDIR: join(folder, 'tmp'),
    TZ: 'UTC',
  };
}

/** What `--extra-files` copies to the working directory of the script. */
async function extraFiles(objects: Objects, values: JobArguments, folder: string): Promise<void> {
  const found = urls(values, '--extra-files');
  await Promise.all(found.map((url) => objects.download(url, join(folder, nameOf(url)))));
}

/** Both kinds in one order, that of jars/pom.xml: Java uses the class archive only for the class path it was made with. */
async function runJars(objects: Objects, values: JobArguments): Promise<RunJars> {
  const own = await Promise.all(urls(values, '--extra-jars').map((url) => objects.jar(url)));
  if (!usesManagedIceberg(values)) return { own, managed: [] };
  const folder = toolchain().jars;
  const names = await readdir(folder).catch(() => {
    throw new Error(`the JARs of the local lake are missing in ${folder}\n  cure: make setup`);
  });
  const pom = await readFile(join(REPOSITORY, 'jars', 'pom.xml'), 'utf8');
  const place = (name: string) =>
    pom.indexOf(`<artifactId>${name.replace(/-\d[^-]*\.jar$/, '')}</artifactId>`);
  const managed = names
    .filter((name) => name.endsWith('.jar'))
    .sort((one, other) => place(one) - place(other));
  return { own, managed: managed.map((name) => join(folder, name)) };
}

/** What `--extra-py-files` adds to the import path, of the driver and of Spark's Python workers alike. */
async function pythonFiles(objects: Objects, values: JobArguments, folder: string): Promise<string[]> {
  const found = urls(values, '--extra-py-files');
  const files = found.map((url) => join(folder, nameOf(url)));
  await Promise.all(found.map((url, index) => objects.download(url, files[index] ?? folder)));
  return [folder, ...files.filter((file) => /\.(zip|egg|whl)$/.test(file))];
}

/**
 * What `--additional-python-modules` installs: wheels of pure Python in S3, which Python imports as they are. Glue gives
 * everything in it to pip; what pip would ask a package index for is not modelled.
 */
async function pythonModules(objects: Objects, values: JobArguments, folder: string): Promise<string[]> {
  const found = urls(values, '--additional-python-modules');
  const other = found.find((module) => !/^s3:.*-none-any\.whl$/.test(module));
  if (other !== undefined) {
    throw new Error(
      `the local lake installs no Python module ${other}: it takes wheels of pure Python in S3 (s3://…-none-any.whl)\n` +
        '  cure: put the wheel beside the Glue scripts and name it by its place in S3',
    );
  }
  const files = found.map((url) => join(folder, nameOf(url)));
  await Promise.all(found.map((url, index) => objects.download(url, files[index] ?? folder)));
  return files;
}
