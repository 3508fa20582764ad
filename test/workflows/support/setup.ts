import { installAct } from './install-act.ts';

/** act first, which takes minutes to build once: without Go there is no need to start a lake. */
export default async function setup(): Promise<void> {
  await installAct();
}
