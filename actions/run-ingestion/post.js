import('../../dist/index.js').then(({ post }) => post('run-ingestion'));
