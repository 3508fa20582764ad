import('../../dist/index.js').then(({ run }) => run('wait-for-views', import.meta.dirname));
