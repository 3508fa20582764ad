import('../../dist/index.js').then(({ run }) => run('history', import.meta.dirname));
