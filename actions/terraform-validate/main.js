import('../../dist/index.js').then(({ run }) => run('terraform-validate', import.meta.dirname));
