#!/usr/bin/env node
// Starts src/cli/main.ts, which runs unbuilt: Node.js strips its types from 22.18 on. An older Node.js starts the one
// that the checkout pins. This file itself must run on any Node.js that people have.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);

if (stripsTypes) {
  await start();
} else {
  restart(fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url)));
}

async function start() {
  if (!existsSync(fileURLToPath(new URL('../node_modules/commander', import.meta.url)))) {
    refuse('the npm packages of mydatahub are not installed');
    return;
  }
  await import('../src/cli/main.ts');
}

/** @param {string} node the pinned Node.js */
function restart(node) {
  if (!existsSync(node)) {
    refuse(`Node.js ${process.versions.node} is too old: mydatahub needs 22.18 or newer`);
    return;
  }
  const script = fileURLToPath(import.meta.url);
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // An interrupt from the keyboard reaches the whole group; one that was sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => refuse(error.message));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** @param {string} what */
function refuse(what) {
  process.stderr.write(`error: ${what}\n  cure:  run \`make setup\` in the checkout\n`);
  process.exitCode = 1;
}
