import { existsSync, lstatSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalLake } from '../lake.ts';

/** The name under which Athena knows the Data Catalog; view texts and error messages carry it. */
export const TRINO_CATALOG = 'awsdatacatalog';

/** Bucket of tables whose place nobody names. It is made when it is first needed. */
export const WAREHOUSE_BUCKET = 'local-warehouse';

/** What one Trino needs to know of its lake. URLs have no trailing slash; `directory` is absolute. */
export type TrinoLake = {
  readonly directory: string;
  /** The gateway, which answers for Glue. */
  readonly endpoint: string;
  /** moto, which keeps S3. */
  readonly motoEndpoint: string;
  readonly region: string;
  /** Those of Trino itself, which nobody else has. */
  readonly credentials: LocalLake['credentials'];
};

/** The files of one Trino, all below the lake's own directory. */
export type TrinoFiles = {
  readonly home: string;
  readonly etc: string;
  readonly plugins: string;
  readonly data: string;
  /** For Java's temporary files: native libraries that it unpacks, which a killed process cannot remove. */
  readonly temporary: string;
  readonly log: string;
  /** Who may read and change which tables; the gateway writes it again when that changes. */
  readonly access: string;
};

/**
 * Heap, query memory and options of the Java virtual machine. The three sizes belong together: Trino refuses to start
 * unless query memory and headroom fit into the heap.
 */
export type TrinoSize = {
  readonly heap: string;
  readonly queryMemory: string;
  readonly headroom: string;
  readonly java: readonly string[];
};

/** A quick start and little idle memory before peak speed. */
export const LAKE_SIZE: TrinoSize = {
  heap: '768M',
  queryMemory: '400MB',
  headroom: '150MB',
  // Two processors and a small heap: the serial collector starts quicker and keeps 50 to 90 MB less than G1.
  java: ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
};

/** Writes Trino's configuration. `pluginFolder` is the one plug-in it loads: each further one costs seconds of start. */
export function writeTrinoConfiguration(
  lake: TrinoLake,
  port: number,
  pluginFolder: string,
  size: TrinoSize,
): TrinoFiles {
  const home = join(lake.directory, 'trino');
  const files = {
    home,
    etc: join(home, 'etc'),
    plugins: join(home, 'plugins'),
    data: join(home, 'data'),
    temporary: join(home, 'tmp'),
    log: join(home, 'trino.log'),
    access: trinoAccessFile(lake),
  };
  mkdirSync(join(files.etc, 'catalog'), { recursive: true });
  mkdirSync(files.plugins, { recursive: true });
  mkdirSync(files.data, { recursive: true });
  mkdirSync(files.temporary, { recursive: true });
  const link = join(files.plugins, 'trino-iceberg');
  if (lstatSync(link, { throwIfNoEntry: false })) unlinkSync(link);
  symlinkSync(pluginFolder, link);
  writeFileSync(join(files.etc, 'config.properties'), properties(serverProperties(port, size)));
  writeFileSync(join(files.etc, 'access-control.properties'), properties(accessProperties(files)));
  if (!existsSync(files.access)) writeFileSync(files.access, JSON.stringify(ENGINE_ONLY));
  writeFileSync(join(files.etc, 'log.properties'), properties({ 'io.trino': 'INFO' }));
  writeFileSync(
    join(files.etc, 'catalog', `${TRINO_CATALOG}.properties`),
    properties(catalogProperties(lake)),
  );
  return files;
}

/** Where the rules are that Trino enforces. Source: https://trino.io/docs/476/security/file-system-access-control.html */
export function trinoAccessFile(lake: Pick<TrinoLake, 'directory'>): string {
  return join(lake.directory, 'trino', 'access.json');
}

/** Trino's user for what the gateway itself asks: everything is open to it. */
export const ENGINE_USER = 'athena';

/** Milliseconds that Trino goes by rules before it looks for newer ones. */
export const ACCESS_REFRESH_MS = 50;

const ENGINE_ONLY = {
  schemas: [{ user: ENGINE_USER, owner: true }],
  tables: [
    {
      user: ENGINE_USER,
      privileges: ['SELECT', 'INSERT', 'DELETE', 'UPDATE', 'OWNERSHIP', 'GRANT_SELECT'],
    },
  ],
};

function accessProperties(files: TrinoFiles): Record<string, string> {
  return {
    'access-control.name': 'file',
    'security.config-file': files.access,
    'security.refresh-period': `${ACCESS_REFRESH_MS}ms`,
  };
}

/** Options of the Java virtual machine. */
export function jvmOptions(size: TrinoSize): readonly string[] {
  return [
    `-Xmx${size.heap}`,
    ...size.java,
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:ReservedCodeCacheSize=256M',
    // No file outside of the lake's folder.
    '-XX:-UsePerfData',
    '-XX:+EnableDynamicAgentLoading',
    '-Djdk.attach.allowAttachSelf=true',
    '-Djdk.nio.maxCachedBufferSize=2000000',
    '-Dfile.encoding=UTF-8',
    '-Duser.timezone=UTC',
  ];
}

/** The system properties that name Trino's files. `environment` tells this Trino from any other. */
export function systemProperties(files: TrinoFiles, environment: string): readonly string[] {
  return [
    `-Dconfig=${join(files.etc, 'config.properties')}`,
    `-Dlog.levels-file=${join(files.etc, 'log.properties')}`,
    `-Dcatalog.config-dir=${join(files.etc, 'catalog')}`,
    `-Dplugin.dir=${files.plugins}`,
    `-Dnode.data-dir=${files.data}`,
    `-Djava.io.tmpdir=${files.temporary}`,
    `-Dnode.environment=${environment}`,
    '-Dnode.id=local',
    '-Dnode.bind-ip=127.0.0.1',
  ];
}

function serverProperties(port: number, size: TrinoSize): Record<string, string> {
  const address = `http://127.0.0.1:${port}`;
  return {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'node.internal-address': '127.0.0.1',
    'discovery.uri': address,
    'query.max-memory': size.queryMemory,
    'query.max-memory-per-node': size.queryMemory,
    'memory.heap-headroom-per-node': size.headroom,
    // Above Athena's own limit of 262,144 bytes, which is checked before.
    'query.max-length': '5000000',
    'query.max-history': '20',
    'query.min-expire-age': '30s',
    'query.max-concurrent-queries': '4',
    'query.max-queued-queries': '1000',
    'web-ui.enabled': 'false',
    'catalog.management': 'static',
    // As in Athena: SELECT * means the columns that the reader may read.
    'hide-inaccessible-columns': 'true',
  };
}

function catalogProperties(lake: TrinoLake): Record<string, string> {
  return {
    'connector.name': 'iceberg',
    'iceberg.catalog.type': 'glue',
    'hive.metastore.glue.region': lake.region,
    'hive.metastore.glue.endpoint-url': lake.endpoint,
    'hive.metastore.glue.aws-access-key': lake.credentials.accessKeyId,
    'hive.metastore.glue.aws-secret-key': lake.credentials.secretAccessKey,
    'hive.metastore.glue.default-warehouse-dir': `s3://${WAREHOUSE_BUCKET}/`,
    'fs.native-s3.enabled': 'true',
    's3.endpoint': lake.motoEndpoint,
    's3.region': lake.region,
    's3.path-style-access': 'true',
    's3.aws-access-key': lake.credentials.accessKeyId,
    's3.aws-secret-key': lake.credentials.secretAccessKey,
  };
}

function properties(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
