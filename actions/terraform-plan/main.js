import('../../dist/index.js').then(({ run }) => run('terraform-plan', import.meta.dirname));
