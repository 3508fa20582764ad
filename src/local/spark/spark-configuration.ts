import type { LocalLake } from '../lake.ts';
import { isOn, type JobArguments, sparkSettings } from './job-arguments.ts';

/** The JARs of one run: Glue's own Iceberg (when asked for) and the job's own, as paths. */
export type RunJars = { readonly own: readonly string[]; readonly managed: readonly string[] };

/** Whether the job asks for Glue's own Iceberg: without it, and without own JARs, there is none. */
export function usesManagedIceberg(values: JobArguments): boolean {
  return (values['--datalake-formats'] ?? '')
    .split(',')
    .some((format) => format.trim().toLowerCase() === 'iceberg');
}

/**
 * Spark's settings for one run. The job's `--conf` comes first; what keeps the run on this machine is not the job's to
 * change. `folder` is the run's own; its path may contain spaces. `moreJavaOptions` are quoted where they need to be.
 */
export function sparkConfiguration(
  lake: LocalLake,
  values: JobArguments,
  jars: RunJars,
  folder: string,
  moreJavaOptions: readonly string[] = [],
): Record<string, string> {
  const classPath = isOn(values, '--user-jars-first')
    ? [...jars.own, ...jars.managed]
    : [...jars.managed, ...jars.own];
  return {
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.shuffle.partitions': '4',
    ...sparkSettings(values),
    ...localEndpoints(lake, values),
    'spark.master': 'local[2]',
    'spark.driver.memory': '2g',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.dynamicAllocation.enabled': 'false',
    'spark.eventLog.enabled': 'false',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.warehouse.dir': `${folder}/spark-warehouse`,
    'spark.driver.extraJavaOptions': [...javaOptions(folder), ...moreJavaOptions].join(' '),
    ...(classPath.length > 0 ? { 'spark.driver.extraClassPath': classPath.join(':') } : {}),
  };
}

/**
 * Endpoints that the job itself names in `--conf` (AWS's documentation asks for `glue.endpoint` under fine-grained
 * access control) become local ones. The launcher sets the others when it sees which catalogs there are.
 */
function localEndpoints(lake: LocalLake, values: JobArguments): Record<string, string> {
  return Object.fromEntries(
    Object.keys(sparkSettings(values)).flatMap((key) => {
      if (/^spark\.sql\.catalog\.[^.]+\.glue\.endpoint$/.test(key)) return [[key, lake.endpoint]];
      if (/^spark\.sql\.catalog\.[^.]+\.s3\.endpoint$/.test(key)) return [[key, lake.endpoint]];
      return [];
    }),
  );
}

/**
 * Short runs on few cores: one garbage collector thread, and only the first, quick compiler, which halves the processor
 * time of a small job. The JVM itself says errors only: its output is the job's.
 */
export const SHORT_RUN_JAVA_OPTIONS =
  '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr';

function javaOptions(folder: string): string[] {
  return [
    SHORT_RUN_JAVA_OPTIONS,
    `"-Djava.io.tmpdir=${folder}/tmp"`,
    `"-Duser.home=${folder}"`,
    `"-Dlog4j2.configurationFile=${folder}/${LOG4J_FILE}"`,
    '-Duser.timezone=UTC',
  ];
}

/** A Java properties file, as Spark reads `spark-defaults.conf`. */
export function propertiesFile(settings: Readonly<Record<string, string>>): string {
  const escaped = (text: string) =>
    text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return Object.entries(settings)
    .map(([key, value]) => {
      const name = escaped(key).replace(/[ :=#!]/g, '\\$&');
      return `${name} ${escaped(value).replace(/^ /, '\\ ')}\n`;
    })
    .join('');
}

export const LOG4J_FILE = 'log4j2.properties';

/** Spark's own log goes to standard error: warnings and errors. */
export const LOG4J_PROPERTIES = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss,SSS} %p [%t] %c{1}: %m%n%ex
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.utils.name = org.apache.spark.util.Utils
logger.utils.level = error
`;
