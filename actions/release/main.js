import('../../dist/index.js').then(({ run }) => run('release', import.meta.dirname));
