import('../../dist/index.js').then(({ run }) => run('smoke-test', import.meta.dirname));
