import('../../dist/index.js').then(({ run }) => run('terraform-apply', import.meta.dirname));
