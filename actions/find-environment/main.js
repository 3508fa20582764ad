import('../../dist/index.js').then(({ run }) => run('find-environment', import.meta.dirname));
