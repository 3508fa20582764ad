import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

/**
 * Builds the one bundle of all actions: tsc emits JavaScript, ncc puts it and its packages together, each verb in chunks
 * of its own, terser makes them small. The bytes depend on the sources and the lock file, never on the checkout's path:
 * ncc numbers modules by their path from its working folder, so that folder lies inside node_modules.
 *
 * @param repository the checkout, absolute
 * @param out the folder to fill, absolute; what is there is replaced
 */
export async function bundle(repository: string, out: string): Promise<void> {
  const packages = realpathSync(join(repository, 'node_modules'));
  mkdirSync(join(packages, '.cache'), { recursive: true });
  const room = mkdtempSync(join(packages, '.cache', 'mydatahub-bundle-'));
  try {
    emit(repository, packages, room);
    preferModules(join(room, 'js'));
    const cli = join(packages, '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
    const built = join(room, 'built');
    const entry = join('js', 'actions', 'main.js');
    node(room, cli, 'build', entry, '--out', built, '--no-cache', '--quiet', '--license', 'licenses.txt');
    for (const name of readdirSync(built).filter((file) => file.endsWith('.js'))) {
      const { code } = await minify(readFileSync(join(built, name), 'utf8'), { module: true, ecma: 2020 });
      writeFileSync(join(built, name), `${code}\n`);
    }
    rmSync(out, { recursive: true, force: true });
    cpSync(built, out, { recursive: true });
  } finally {
    rmSync(room, { recursive: true });
  }
}

/** JavaScript of src/actions and all it imports, into `room`/js. */
function emit(repository: string, packages: string, room: string): void {
  const settings = {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rewriteRelativeImportExtensions: true,
      removeComments: true,
      rootDir: join(repository, 'src'),
      outDir: join(room, 'js'),
      typeRoots: [join(packages, '@types')],
    },
    include: [],
    files: [join(repository, 'src', 'actions', 'main.ts')],
  };
  writeFileSync(join(room, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(room, 'package.json'), JSON.stringify({ type: 'module' }));
  node(room, join(packages, 'typescript', 'bin', 'tsc'), '--project', room);
}

/**
 * Lets the SDK's clients come as ES modules: ncc takes their CommonJS form, which brings every operation of a service
 * and half as many bytes again to read at each start.
 */
function preferModules(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/'(@aws-sdk\/client-[\w-]+)'/g, "'$1/dist-es/index.js'"));
  }
}

function node(cwd: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: exit status ${status}\n${stdout}${stderr}`);
}

if (import.meta.main) {
  const repository = join(import.meta.dirname, '..');
  await bundle(repository, join(repository, 'dist'));
}
