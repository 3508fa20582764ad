import('../../dist/index.js').then(({ run }) => run('preview-data', import.meta.dirname));
