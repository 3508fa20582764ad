import('../../dist/index.js').then(({ run }) => run('rollback', import.meta.dirname));
