import('../../dist/index.js').then(({ post }) => post('rollback'));
