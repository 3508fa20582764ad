import('../../dist/index.js').then(({ run }) => run('upload-assets', import.meta.dirname));
