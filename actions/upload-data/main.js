import('../../dist/index.js').then(({ run }) => run('upload-data', import.meta.dirname));
