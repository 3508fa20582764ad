import('../../dist/index.js').then(({ run }) => run('run-ingestion', import.meta.dirname));
