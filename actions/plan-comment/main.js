import('../../dist/index.js').then(({ run }) => run('plan-comment', import.meta.dirname));
